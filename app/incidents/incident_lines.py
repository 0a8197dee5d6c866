"""What each kind of entry about an incident says, as a sentence. The kinds of one part of the work have a file beside this."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.incidents import emergency_lines
from app.incidents.calm_lines import CALM_SAYS
from app.incidents.cases import CONCERN, Case
from app.incidents.follow_up_lines import FOLLOW_UP_SAYS
from app.incidents.handoff_lines import HANDOFF_SAYS
from app.incidents.lane_lines import LINES
from app.incidents.reasons import DECLARED
from app.incidents.words import first, headline, outcome_word, run_title, step_title
from app.journal.kinds import Kind


class Speaker:
    """What a sentence needs."""

    def __init__(self, case: Case, detail: dict[str, Any], who: str | None, names: dict[UUID, str]) -> None:
        self.case = case
        self.detail = detail
        self.who = who or "Somebody"
        self.names = names

    @property
    def client(self) -> str:
        return first(self.case.reach.client.name_used)

    @property
    def step(self) -> str:
        return step_title(self.case, str(self.detail.get("step", "")))

    def get(self, key: str) -> str:
        return str(self.detail.get(key) or "")

    @property
    def phone(self) -> str:
        staff = self.detail.get("staff_id")
        if self.get("who") == "client":
            return f"{self.client}'s phone, ends {self.get('last2')}"
        if self.get("who") == "contact":
            return f"The contact's phone, ends {self.get('last2')}"
        return f"{self.names.get(UUID(str(staff)), 'A colleague')}'s phone" if staff else "A staff phone"


TOLD = {"moment": "I need a moment", "away": "back in 5", "leaving": "I have to leave", "back": "I am back"}
SIGNALS = {"page": "on their page", "note": "in a private note", "text": "in a text"}
RESULTS = {
    "no_answer": "rang, no answer",
    "busy": "was busy",
    "failed": "could not be rung",
    "canceled": "stopped ringing: we hung up",
    "completed": "hung up",
    "voicemail": "was answered by voicemail; the neutral message was left",
    "silent": "was answered, and nobody of us spoke in time",
    "delivered": "The text was delivered",
    "undelivered": "The text was not delivered",
    "nobody_to_speak": "was not rung: nobody was on the line to speak",
}
CALLERS = {
    "spoke": "spoke with them",
    "nothing_needed": "nothing is needed",
    "not_ours": "it was nobody of ours",
}
ENDS = {
    "passed_on": "it goes on in another protocol",
    "stopped": "stopped",
    "cancelled": "cancelled",
    "verified": "recognised live",
}
WHY = {"answer": " by that answer", "tier": ", because they chose the tier", "concern": ""}
OUTCOMES = {
    "sent": "done",
    "timeout": "nobody answered in time, so it goes on",
    "accepted": "accepted",
    "no_answer": "no answer",
    "answered": "answered",
    "voicemail": "voicemail",
    "no_number": "no number that we may use",
    "voided": "too old to do by itself",
}


ANSWERS = {
    "crisis": "a crisis, and no emergency now",
    "harm": "an emergency: danger to themselves or others",
    "medical": "an emergency: their body is failing",
    "intoxication": "an emergency: a dangerous amount was taken",
    "psychosis": "an emergency: beyond their control",
}


def _joined_concern(s: Speaker) -> str:
    """Two saw it, or one of them saw something else as well, or says what it is."""
    if s.detail.get("named"):
        return f"{s.who} says what it is: {PRESSED.get(s.get('pressed'), s.get('pressed'))}"
    return f"{s.who} raised it too: {PRESSED.get(s.get('pressed'), s.get('pressed'))}"


PRESSED = {
    "distress": "distress",
    "urges": "urges",
    "conflict": "conflict",
    "medical": "something medical",
    "observed": "something seen or said",
    "threat": "a threat to somebody else",
    "emergency": "an emergency",
    "medical_emergency": "a medical emergency",
    "private_room": "a private room, and the group needs somebody",
    "pause": "their code word for a pause",
    "danger": "their danger word",
}


def _opened(s: Speaker) -> str:
    if s.get("reason") in DECLARED.values():
        return f"{s.who} pressed Emergency: {PRESSED[s.get('reason')]}. Tier {s.get('tier')}."
    if s.case.incident.kind == CONCERN:
        return f"{s.who} raised a concern: {PRESSED.get(s.get('reason'), s.get('reason'))}. Tier {s.get('tier')}."
    learned = float(s.detail.get("learned_after_s") or 0)
    late = f" We learned of it {learned:.0f} s later." if learned >= 2 else ""
    return f"{headline(s.case.incident, s.case.reach.client.name_used)}.{late}"


def _step_done(s: Speaker) -> str | None:
    outcome = s.get("outcome")
    if s.detail.get("by_person"):
        return f"{s.who} answered “{s.step}”: {outcome.replace('_', ' ')}"
    if outcome in ("timeout", "no_number", "voided"):
        return f"“{s.step}”: {OUTCOMES[outcome]}"
    return None


def _run_started(s: Speaker) -> str:
    version = s.get("version")
    title = run_title(s.case)
    which = f"version {version}" if version else "no approved version yet, the barest steps stand in"
    return f"{s.who} began “{title}”{WHY.get(s.get('why'), '')} ({which})"


def _run_ended(s: Speaker) -> str:
    word = s.get("outcome")
    return f"“{run_title(s.case)}” ended: {ENDS.get(word, word.replace('_', ' '))}"


def _ended(s: Speaker) -> str | None:
    result = s.get("result")
    if s.get("channel") == "text":
        return f"{RESULTS.get(result, 'The text ended')}, ends {s.get('last2')}"
    if s.get("event") == "silent":
        return f"{s.phone} {RESULTS['silent']}"
    return f"{s.phone} {RESULTS.get(result, 'ended')}"


def _answered(s: Speaker) -> str | None:
    event = s.get("event")
    if event == "machine":
        return f"{s.phone}: this sounds like a voicemail"
    if event == "human":
        return None
    return f"{s.phone} was answered" + ("" if s.get("who") != "client" else ". Contact is not yet safety")


def _joined(s: Speaker) -> str:
    """A staff leg waits in the room for the other one; the other one's joining is the two of them together."""
    if s.get("who") in ("client", "contact"):
        return f"{s.phone}: on the line together"
    return f"{s.phone}: on the line, ready to speak"


def _tier(s: Speaker) -> str:
    return f"{s.who} changed the tier from {s.get('before')} to {s.get('after')}"


def _verified(s: Speaker) -> str:
    checked = s.detail.get("checked") or []
    how = " and ".join(str(c) for c in checked) or "live"
    asked = s.get("tier_asked")
    more = f" {s.who} judged {asked}; the tier stays until that is confirmed." if asked else ""
    return f"{s.who} recognised {s.client}, by {how}. Tier {s.get('tier')}.{more}"


def _lowering_asked(s: Speaker) -> str:
    return (
        f"{s.who} asked to lower the tier from {s.get('before')} to {s.get('after')}. "
        f"A second clinician decides within 10 minutes"
    )


def _check_done(s: Speaker) -> str:
    suggested = s.get("computed") or "not assessed"
    return f"{s.who} did the safety check: {s.get('chosen')} (the answers: {suggested})"


def _closed(s: Speaker) -> str:
    agreed = s.get("next_contact_at")
    then = f". Next contact agreed for {agreed[:16].replace('T', ' ')} UTC" if agreed else ""
    return f"{s.who} closed it: {outcome_word(s.get('outcome'))}{then}"


def _stopped(s: Speaker) -> str | None:
    if not s.detail.get("by_person"):
        return None
    return f"{s.who} stopped: {s.step}"


def _skipped(s: Speaker) -> str | None:
    if s.detail.get("by_person"):
        return f"{s.who} skipped: {s.step}"
    return f"{s.step}: skipped, {OUTCOMES.get(s.get('outcome'), s.get('outcome').replace('_', ' '))}"


def _dialing(s: Speaker) -> str:
    if s.get("channel") == "text":
        return f"Sends the neutral text, ends {s.get('last2')}"
    return f"Rings {s.phone[0].lower() + s.phone[1:] if s.phone.startswith('A ') else s.phone}"


def _refused(s: Speaker) -> str:
    tried = s.detail.get("phones") or [s.detail]
    phones = dict.fromkeys(Speaker(s.case, detail, None, s.names).phone for detail in tried)
    tries = int(s.detail.get("tries") or 1)
    often = f", {tries} times in {s.get('over_s') or 0} s" if tries > 1 else ""
    return f"The provider refused for now{often}: {', '.join(phones)}"


def _disclosed(s: Speaker) -> str:
    again = ". A supervisor looks at this again" if s.detail.get("second_look") else ""
    return f"{s.who} told {s.get('recipient')}: {s.get('content')} Basis: {s.get('basis').replace('_', ' ')}{again}"


STOPPED = {
    "release_ended": "the release it stood on has ended",
    "do_not_contact": "this person is now on the do-not-contact list",
    "contact_removed": "this person is no longer a contact",
    "contact_changed": "what we know about this person has changed",
}


def _cancelled(s: Speaker) -> str | None:
    """Only what was stopped because a permission ended; other calls end with their step."""
    why = STOPPED.get(s.get("why"))
    return f"{s.phone} is not rung: {why}" if why and s.get("who") in ("client", "contact") else None


SAYS: dict[Kind, Callable[[Speaker], str | None]] = {
    Kind.incident_opened: _opened,
    Kind.concern_joined: _joined_concern,
    Kind.danger_unsaid: lambda s: (
        f"{s.who} said that the danger word was not heard. The search goes on from where it stood"
    ),
    Kind.danger_used: lambda s: (
        f"{s.who} heard the danger word. Handrail rings no number by itself but those marked safe to ring"
    ),
    Kind.triaged: lambda s: f"{s.who} said: {ANSWERS.get(s.get('answer'), s.get('answer'))}",
    Kind.incident_taken: lambda s: f"{s.who} took it",
    Kind.incident_released: lambda s: f"{s.who} gave it back",
    Kind.incident_renewed: lambda s: f"{s.who} still has it",
    Kind.ownership_expired: lambda _: "The acknowledgement ended. Nobody has it now",
    Kind.incident_tier_changed: _tier,
    Kind.lowering_asked: _lowering_asked,
    Kind.lowering_accepted: lambda s: (
        f"{s.who} confirmed: the tier is {s.get('after')} now, it was {s.get('before')}"
    ),
    Kind.lowering_declined: lambda s: f"{s.who} kept the tier at {s.get('tier')}",
    Kind.lowering_withdrawn: lambda s: f"{s.who} took the lowering back. The tier stays {s.get('tier')}",
    Kind.lowering_overtaken: lambda s: f"{s.who} chose the tier anew: the lowering that waited is over",
    Kind.lowering_lapsed: lambda s: (
        f"Nobody confirmed the lower tier within 10 minutes. It stays {s.get('tier')}, and the supervisor is paged"
    ),
    Kind.check_begun: lambda s: f"{s.who} began the safety check",
    Kind.check_done: _check_done,
    Kind.check_stopped: lambda s: f"{s.who} put the safety check away; what was answered is kept",
    Kind.care_noted: lambda s: f"{s.who} noted as done: {s.get('item').replace('_', ' ')}",
    Kind.client_back: lambda s: f"{s.client} is back on screen. Nobody has recognised them yet",
    Kind.client_lost_again: lambda s: f"{s.client} was lost again",
    Kind.reached: lambda s: f"{s.who} spoke with {s.client}, by {s.get('by')}",
    Kind.other_person: lambda s: f"{s.who} says that somebody else answered",
    Kind.verified: _verified,
    Kind.replied: lambda s: f"A text came back from {s.client}'s own number",
    Kind.caller_waiting: lambda s: f"{s.client}'s number called the office line",
    Kind.caller_missed: lambda _: "Nobody could take that call. Ring back",
    Kind.caller_put_through: lambda s: f"{s.client}'s number was put through to one of us",
    Kind.caller_rung_back: lambda s: f"{s.who} rang the missed call back; nobody answered",
    Kind.caller_handled: lambda s: f"{s.who}, of the missed call: {CALLERS.get(s.get('outcome'), 'handled')}",
    Kind.noted: lambda s: f"{s.who}: {s.get('words')}",
    Kind.decided: lambda s: f"{s.who} decided: {s.get('decision').replace('_', ' ')}",
    Kind.dispatch_opened: lambda _: "The dispatch card is open",
    Kind.dispatch_recorded: emergency_lines.dispatch_over,
    Kind.by_hand: lambda _: "Handrail could not act; somebody does it by hand",
    Kind.incident_closed: _closed,
    Kind.outage_joined: lambda _: "Several were lost within ten seconds. Contact and responders are locked",
    Kind.outage_cleared: lambda s: f"{s.who} said: it is not our side",
    Kind.step_done: _step_done,
    Kind.step_stopped: _stopped,
    Kind.step_skipped: _skipped,
    Kind.step_hurried: lambda s: f"{s.who} pressed “do it now”: {s.step}",
    Kind.step_late_ahead: lambda s: f"Not started yet, and its limit is near: {s.step}",
    Kind.step_overdue: lambda s: f"Not answered in time, and still open: {s.step}",
    Kind.run_started: _run_started,
    Kind.run_ended: _run_ended,
    Kind.step_voided: lambda _: "Too old to ring by itself; a person decides",
    Kind.attempt_dialing: _dialing,
    Kind.attempt_answered: _answered,
    Kind.attempt_joined: _joined,
    Kind.attempt_ended: _ended,
    Kind.attempt_cancelled: _cancelled,
    Kind.attempt_failed: lambda s: f"{s.phone} could not be rung",
    Kind.attempt_refused: _refused,
    Kind.attempt_unknown: lambda s: f"We cannot say yet whether {s.phone} rings; asking the provider",
    Kind.attempt_adopted: lambda s: f"The provider confirmed the call to {s.phone}",
    Kind.disclosed: _disclosed,
    Kind.emergency_access_opened: lambda s: f"{s.who} opened emergency access to this client, for an hour",
    Kind.emergency_access_ended: lambda s: f"{s.who} ended the emergency access",
    Kind.attendance_line: lambda _: "Back within moments and recognised: an attendance line, no note",
    Kind.client_told: lambda s: f"{s.client}, on their page: {TOLD.get(s.get('told'), s.get('told'))}",
    Kind.client_noted: lambda s: f"{s.client} sent the two staff a private note",
    Kind.client_signalled: lambda s: f"A possible quiet signal from {s.client}, {SIGNALS[s.get('source')]}",
    Kind.place_told: lambda s: f"A place was told: {s.get('place') or 'see the record'}",
    Kind.phone_changed: lambda s: (
        f"A number for today was given, ends {s.get('number_ends')}" if s.get("today_only") else None
    ),
    Kind.sick_row: lambda _: "Handrail could not act on a step; a person was told",
    **CALM_SAYS,
    **FOLLOW_UP_SAYS,
    **HANDOFF_SAYS,
    **LINES,
    **emergency_lines.SAYS,
}
