"""An emergency's entries as sentences of the timeline: declared, dialled, said, done at home, stood down."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from app.journal.kinds import Kind


class Speaker(Protocol):
    @property
    def who(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...
    @property
    def client(self) -> str: ...

    def get(self, key: str, /) -> str: ...


GROUNDS = {
    "danger_self": "danger to themselves",
    "danger_others": "danger to somebody else",
    "medical": "medical instability",
    "intoxication": "serious intoxication or overdose",
    "psychosis": "psychosis that is not under control",
}
# By the keys of marks that are things done; a line read aloud has no sentence of its own.
DONE = {
    "home.means": "moved away from what could harm",
    "home.door": "the door is open, they sit by it",
    "home.animals": "the animals are leashed or shut away",
    "home.medicines": "the list of medicines is ready",
    "home.charger": "the phone charges, the camera stays on",
    "home.light": "the light outside is on",
    "home.arrived": "responders are with them",
    "involve.medical": "medical staff are involved",
    "involve.counsellor": "a counsellor is involved",
}
STATES = {"refused": "not agreed to", "not_needed": "not needed"}
CALLS = {
    "dispatched": "help is on its way",
    "not_needed": "no longer needed",
    "could_not": "they could not send help",
    "wrong_place": "they answer for another place",
    "cut_off": "we were cut off",
    "no_answer": "nobody answered",
}
CHANGES = {"answered": "answered", "on_hold": "put us on hold", "off_hold": "is back on the line"}


def _declared(s: Speaker) -> str:
    grounds = [GROUNDS.get(str(word), str(word)) for word in s.detail.get("grounds") or []]
    return f"{s.who} declared an emergency" + (f": {', '.join(grounds)}" if grounds else "")


TRIGGERS = {
    "harm": "danger to self or others",
    "medical": "the body is failing",
    "intoxication": "a dangerous amount was taken",
    "psychosis": "psychosis beyond control",
}


def _joined(s: Speaker) -> str:
    return f"{s.who} declared it too: {TRIGGERS.get(s.get('trigger'), s.get('trigger'))}"


def _taken_back(s: Speaker) -> str:
    why = "it was about somebody else" if s.get("why") == "wrong_client" else "pressed by mistake"
    return f"{s.who} took the emergency back: {why}"


def _changed(s: Speaker) -> str | None:
    grounds = [GROUNDS.get(str(word), str(word)) for word in s.detail.get("grounds") or []]
    return f"{s.who} said why: {', '.join(grounds)}" if grounds else None


def _marked(s: Speaker) -> str | None:
    what = DONE.get(s.get("key"))
    if what is None:
        return None
    state = s.detail.get("state")
    if state is None:
        return f"{s.who} took back: {what}"
    return f"{s.who}: {what}" + (f", {STATES[str(state)]}" if state in STATES else "")


def dispatch_over(s: Speaker) -> str:
    outcome = CALLS.get(s.get("outcome"), s.get("outcome").replace("_", " "))
    eta = f", in about {s.get('eta_minutes')} minutes" if s.get("eta_minutes") else ""
    return f"{s.who} spoke with {s.get('agency') or 'responders'}: {outcome}{eta}"


SAYS: dict[Kind, Callable[[Any], str | None]] = {
    Kind.emergency_declared: _declared,
    Kind.emergency_joined: _joined,
    Kind.emergency_taken_back: _taken_back,
    Kind.emergency_changed: _changed,
    Kind.emergency_marked: _marked,
    Kind.dispatch_dialed: lambda s: f"{s.who} dials {s.get('agency')}, by hand",
    Kind.dispatch_call_changed: lambda s: f"{s.get('agency')} {CHANGES.get(s.get('what'), s.get('what'))}",
    Kind.stand_down_proposed: lambda s: (
        f"{s.who} proposed to stand responders down; a second person has to agree"
    ),
    Kind.stand_down_agreed: lambda s: f"{s.who} agreed to stand responders down",
    Kind.stand_down_told: lambda s: f"{s.who} told the dispatcher: responders are stood down",
    Kind.stand_down_withdrawn: lambda s: f"{s.who} withdrew the stand-down: responders keep coming",
    Kind.duty_begun: lambda s: f"{s.who} opened duty to protect",
    Kind.duty_joined: lambda s: f"{s.who} joined as supervisor for duty to protect",
    Kind.duty_decided: lambda s: (
        f"{s.who} decided on duty to protect: {', '.join(s.detail.get('choices') or [])}"
    ),
    Kind.card_given: lambda s: f"{s.who} gave the dispatch card in writing to {s.get('recipient')}",
    Kind.card_exported: lambda s: (
        f"{s.who} took the dispatch card out as {'a file' if s.get('form') == 'fhir' else 'paper'}"
    ),
    Kind.asked_of_contact: lambda s: f"{s.who} asked a contact, by voice: {s.get('asked')}",
}
