"""What each kind of recipient is told from the record, and no more (B5): the smallest packet that does the job. Pure.

How to use it. Gather what is known as words by `Item` (never a field that nobody filled in), and ask:

    made = packet("dispatch", {"place": "418 Alder Court", ...}, part2=client.part2)
    for line in made.lines: ...      # say these, in this order; `line.label` stands before `line.words`
    for one in made.kept_back: ...   # known, and not for this recipient: `one.label`, `one.why`
    Telling(..., items=made.items)   # what was told is kept with the disclosure

Whether anything may be told at all is `consent.may_disclose`; this says how much. `signed` is for a release that meets
42 CFR 2.31: it says itself what may be told. Show both lists before anybody speaks. Code words are no item: no packet
holds them. Sources: 45 CFR 164.502(b), 164.514(d); 42 CFR 2.13(a), 2.51; domain section 6.3 (P2-3).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from app.clients.consent_values import Act

To = Literal["dispatch", "police", "medical", "clinician", "contact", "guardian", "in_danger"]
Item = Literal[
    "callback", "place", "way_in", "legal_name", "safe_name", "name_used", "age", "language", "lost_touch", "danger",
    "free_to_talk", "threatened", "keep_safe", "taken", "means", "who_is_there", "near", "animals", "speaker", "access",
    "helps", "family_words", "ask", "medicines", "diagnosis", "tier", "plan", "happened", "agreed", "contacts", "program",
]  # fmt: skip

LABELS: dict[Item, str] = {
    "callback": "Your name and the call-back number",
    "place": "Where they are, and how long ago that was said",
    "way_in": "The way in",
    "legal_name": "Their legal name",
    "safe_name": "The name that is safe to say",
    "name_used": "Name used and pronouns",
    "age": "Age",
    "language": "Language, interpreter, relay",
    "lost_touch": "That contact was lost, and when",
    "danger": "The danger",
    "free_to_talk": "That they may not be free to talk",
    "threatened": "Who is in danger, and from whom",
    "keep_safe": "What they can do to be safe",
    "taken": "What was taken or done, and when",
    "means": "Means at hand, weapons",
    "who_is_there": "Who is there with them",
    "near": "How to come near",
    "animals": "Animals, and what to do first",
    "speaker": "Who of the house speaks to responders",
    "access": "Hearing, sight, mobility",
    "helps": "What helps them",
    "family_words": "What the family agreed to be told at this tier",
    "ask": "What you ask them to do",
    "medicines": "Medicines and conditions that matter now",
    "diagnosis": "Diagnosis and treatment",
    "tier": "Tier, and why",
    "plan": "The safety plan",
    "happened": "What happened",
    "agreed": "What was agreed, and what is still to do",
    "contacts": "Whom they allow us to involve",
    "program": "The program's name",
}
# In the order in which it is said.
GIVEN: dict[To, tuple[Item, ...]] = {
    "dispatch": (
        "callback", "place", "way_in", "legal_name", "name_used", "age", "language", "lost_touch", "danger", "taken",
        "means", "who_is_there", "medicines", "free_to_talk", "near", "access", "animals", "speaker", "ask",
    ),
    "police": ("callback", "legal_name", "age", "place", "threatened", "danger", "means", "near", "ask"),
    "medical": (
        "callback", "place", "legal_name", "name_used", "age", "language", "danger", "taken", "medicines", "diagnosis",
        "happened", "who_is_there", "near", "access", "helps", "ask", "program",
    ),
    "clinician": (
        "callback", "legal_name", "name_used", "age", "language", "access", "tier", "danger", "happened", "taken", "means",
        "plan", "helps", "medicines", "diagnosis", "agreed", "contacts", "ask", "program",
    ),
    "contact": ("callback", "safe_name", "lost_touch", "place", "ask"),
    "guardian": ("callback", "safe_name", "lost_touch", "place", "family_words", "ask"),
    "in_danger": ("callback", "threatened", "keep_safe"),
}  # fmt: skip
# Nobody of these treats the client: under Part 2 they learn the place and the danger, and nothing that tells of care.
OUTSIDE_CARE: frozenset[To] = frozenset({"dispatch", "police", "contact", "guardian", "in_danger"})
TELLS_OF_CARE: frozenset[Item] = frozenset(
    {"medicines", "diagnosis", "tier", "plan", "happened", "agreed", "family_words", "program"}
)
NOT_THEIRS: dict[To, str] = {
    "dispatch": "Responders do not need it to find and help them.",
    "police": "Police do not need it to protect anybody.",
    "medical": "It does not change what they do now.",
    "clinician": "The next clinician does not need it to go on.",
    "contact": "Only that you are concerned, where they may be, and what you ask.",
    "guardian": "A guardian is told what the family agreed on, and no more.",
    "in_danger": "Only who is in danger, from whom, and what they can do.",
}
PART2 = "It would tell that they are in treatment for substance use (42 CFR Part 2)."


@dataclass(frozen=True, slots=True)
class Line:
    item: Item
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class KeptBack:
    item: Item
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Packet:
    to: To
    lines: tuple[Line, ...]
    kept_back: tuple[KeptBack, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(line.item for line in self.lines)


def allowed(to: To, *, part2: bool, signed: bool = False) -> tuple[Item, ...]:
    """What this kind of recipient may be given, in the order in which it is said."""
    narrowed = part2 and not signed and to in OUTSIDE_CARE
    return tuple(item for item in GIVEN[to] if not (narrowed and item in TELLS_OF_CARE))


def packet(to: To, known: Mapping[Item, str], *, part2: bool, signed: bool = False) -> Packet:
    """Of what is known, what is said and what is kept back. Blank words count as not known."""
    held = {item: words.strip() for item, words in known.items() if words.strip()}
    given = [item for item in allowed(to, part2=part2, signed=signed) if item in held]
    return Packet(
        to,
        tuple(Line(item, LABELS[item], held[item]) for item in given),
        tuple(
            KeptBack(item, LABELS[item], PART2 if item in GIVEN[to] else NOT_THEIRS[to])
            for item in LABELS
            if item in held and item not in given
        ),
    )


def withheld(to: To, *, part2: bool, signed: bool = False) -> tuple[KeptBack, ...]:
    """What tells of care and is not for this recipient, whatever is known: said beforehand, so that nobody slips."""
    given = allowed(to, part2=part2, signed=signed)
    return tuple(
        KeptBack(item, LABELS[item], PART2 if item in GIVEN[to] else NOT_THEIRS[to])
        for item in LABELS
        if item in TELLS_OF_CARE and item not in given and (item != "family_words" or to == "guardian")
    )


def recipient(act: Act, *, guardian: bool = False, police: bool = False) -> To | None:
    """Which packet belongs to an act. None: what they get is no packet (plan copies, advice, reports by a state card)."""
    match act:
        case "call":
            return "guardian" if guardian else "contact"
        case "responders":
            return "police" if police else "dispatch"
        case "medical":
            return "medical"
        case "handoff":
            return "clinician"
        case "warning":
            return "in_danger"
        case _:
            return None


# What a young person may have told us because it stays here: never in a guardian's copy, hidden or not.
NOT_FOR_GUARDIANS = frozenset(
    {
        "danger_wish", "unsafe_home", "first_outreach", "no_safe_contact", "household", "household_people",
        "living_together", "contact_times", "help_first",
    }
)  # fmt: skip
# By the name of a part of the record, as its sections have them: which fields go with it.
HIDDEN = {
    "contact_times": ("contact_times",),
    "household": ("household", "household_people", "living_together"),
    "what_helps": ("what_helps", "help_first"),
    "notes": ("responder_notes", "entry_notes", "culture", "accessibility"),
    "tier": ("tier", "assessed"),
}


def left_out_for_guardians(hidden: Collection[str]) -> frozenset[str]:
    """Fields of the record that a guardian's copy does not hold. `hidden`: parts the young person keeps from them (R16)."""
    return NOT_FOR_GUARDIANS | {name for part in hidden for name in HIDDEN.get(part, ())}


# Words by which a stranger would know that somebody is in treatment for substance use, or in treatment at all.
_CARE = re.compile(
    r"\b(addict\w*|alcoholi\w*|buprenorphine|detox\w*|diagnos\w*|iop|intensive outpatient|methadone|naltrexone"
    r"|outpatient|overcom\w* addiction|recovery program|rehab\w*|relaps\w*|sober\w*|sobriety|suboxone"
    r"|substance use|therapy|treatment)\b",
    re.IGNORECASE,
)


def gives_away(words: str, program: str) -> str | None:
    """The first thing in what is to be said that tells of care (P2-3): the program's name, or a word of treatment."""
    if (name := " ".join(program.split())) and name.casefold() in " ".join(words.split()).casefold():
        return name
    found = _CARE.search(words)
    return found.group() if found else None
