"""Sentences about incidents that people read: trauma-informed, plain, no blame (R25)."""

from dataclasses import dataclass

from app.db import Db, reveal
from app.incidents.cases import Case
from app.incidents.fallback import FALLBACK, TITLES
from app.incidents.models import Incident
from app.incidents.ringing import number_for
from app.protocols import variants

HEADLINES = {
    "staff_lost": "{name}: staff lost sight of them",
    "not_responding": "{name} is not responding",
    "left_early": "{name} left early",
    "unanswered": "{name} is quiet, and nobody has seen them",
    "past_time": "{name} is not back at the time they told us",
    # a concern that a person raised
    "distress": "{name} is in distress",
    "urges": "{name}: urges reported",
    "conflict": "{name}: conflict",
    "medical": "{name}: something medical",
    "observed": "{name}: something seen or said",
    "threat": "{name}: a threat to somebody else",
    "emergency": "{name}: emergency",
    "medical_emergency": "{name}: medical emergency",
    "private_room": "{name}: a private room",
    # a code word that a person heard or saw
    "pause": "{name} asks for a private moment",
    "danger": "{name} used their danger word",
}
# How an incident ended, as every screen says it (frontend/src/words/outcomes.ts; a test holds them together).
OUTCOMES = {
    "rejoined": "Came back to the group",
    "stabilized": "Reached, and steady",
    "stepped_up_care": "More care agreed",
    "ed_voluntary": "Went to a hospital",
    "ed_involuntary": "Taken to a hospital",
    "responders_no_transport": "Responders saw them, stayed home",
    "stood_down": "Stood down",
    "false_alarm": "It was not a drop",
    "handed_over": "Handed over",
    "died": "They have died",
    "other": "Something else, see the note",
    "brief_drop": "Brief drop, seen again",
    "verified": "Recognised live",
    "wrong_client": "It was about somebody else",
    "mispress": "Pressed by mistake",
    "nothing_needed": "Nothing more was needed",
}
BY_HAND = {
    "no_number": "There is no telephone number for {first}. Reach them another way, and note how.",
    "no_safe_number": "No number of {first}'s is marked safe to ring. Handrail does not ring. Decide together how to reach them.",
    "call_failed": "Handrail could not place the call. Ring {first} by hand.",
    "text_failed": "The text to {first} did not arrive. Ring by hand.",
    "voided": "This was due too long ago for Handrail to do it by itself. Decide what happens now.",
    "nobody_spoke": "{first} answered, and nobody of us spoke in time. Ring by hand now.",
    "nobody_to_page": "There is no supervisor or backup with a telephone to ring. Find somebody by hand.",
    "sick": "Handrail could not act on this one. Do it by hand: ring {first}.",
}
RING_BY_HAND = frozenset({"call_failed", "text_failed", "nobody_spoke", "sick", "voided"})


@dataclass(frozen=True, slots=True)
class DoByHand:
    sentence: str
    number: str | None


def first(name_used: str) -> str:
    return name_used.split(" ")[0]


def outcome_word(outcome: str) -> str:
    return OUTCOMES.get(outcome) or outcome.replace("_", " ").capitalize()


def headline(incident: Incident, name_used: str) -> str:
    return HEADLINES.get(incident.reason, "{name} lost connection").format(name=name_used)


def step_title(case: Case, key: str) -> str:
    """The step's title in the protocol with the name and, where one is meant, the last two digits filled in."""
    step = variants.apply(case.protocol, case.facts).find(key) or case.protocol.find(key)
    if step is None:
        return key
    number = number_for(step, case.facts, 0) if "{number}" in step.title else None
    ends = f"ends {number.last2}" if number else "no number we may use"
    return step.title.replace("{client}", first(case.reach.client.name_used)).replace("{number}", ends)


def run_title(case: Case) -> str:
    """Its own title, or while nothing is approved the name of what was asked for."""
    if case.protocol is FALLBACK:
        return TITLES.get(case.protocol_id, case.protocol_id)
    return case.protocol.title


def by_hand_words(db: Db, case: Case) -> DoByHand:
    """With the whole number where somebody must dial now; R2 leaves only numbers that may be rung."""
    code = case.incident.by_hand or "sick"
    sentence = BY_HAND.get(code, BY_HAND["sick"]).format(first=first(case.reach.client.name_used))
    number = None
    allowed = case.facts.callable()
    if code in RING_BY_HAND and allowed:
        number = reveal(db, case.reach.phone(allowed[0].id), "number")
    return DoByHand(sentence, number)
