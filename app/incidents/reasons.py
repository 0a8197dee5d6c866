"""Why a person raises a concern: what begins, and at which tier (domain 5). Pure.

The tier is where it starts, by the tier rules and without a single answer yet: a clinician chooses it after the check.
"""

from dataclasses import dataclass
from typing import Literal

from app.protocols.schema import TIERS, Tier

Worry = Literal["distress", "urges", "conflict", "medical", "observed", "threat", "pause", "danger"]
# An emergency that was declared opens an incident where none is open, and so does securing the group from a private room:
# they are pressed elsewhere.
Reason = Worry | Literal["emergency", "medical_emergency", "private_room"]
CodeWord = Literal["pause", "danger"]
Trigger = Literal["harm", "medical", "intoxication", "psychosis"]
ORDER: tuple[Tier, ...] = ("none", *TIERS)


@dataclass(frozen=True, slots=True)
class Begins:
    """`rule`: the line of the tier rules that the press alone matches; none where nobody has asked anything yet, which
    is never low."""

    protocol: str
    tier: Tier
    rule: str | None = None


BEGINS: dict[Reason, Begins] = {
    "distress": Begins("deescalate-group", "low", "L2"),
    "urges": Begins("safety-check", "moderate", "M4"),
    "conflict": Begins("deescalate-group", "low", "L2"),
    # What it is decides the alert's own question in one press: one of the four triggers, or no emergency (D2).
    "medical": Begins("breakout-1to1", "moderate"),
    "observed": Begins("breakout-1to1", "moderate"),
    "threat": Begins("duty-to-protect", "high", "H9"),
    "emergency": Begins("imminent-risk", "imminent"),
    "medical_emergency": Begins("medical-emergency", "imminent"),
    # Somebody went aside with them, and nobody has said why: at the client's present tier.
    "private_room": Begins("breakout-1to1", "none"),
    # R12: a private moment at the client's present tier, whatever that is.
    "pause": Begins("code-word", "none"),
    "danger": Begins("code-word", "high", "H4"),
}
# Which word it was is what was pressed: their protocol does not ask again.
CODE_WORDS: frozenset[Reason] = frozenset({"pause", "danger"})

# D2: any one of them is an emergency, and none needs another.
EMERGENCY: dict[Trigger, str] = {
    "harm": "imminent-risk",
    "medical": "medical-emergency",
    "intoxication": "medical-emergency",
    "psychosis": "imminent-risk",
}
DECLARED: dict[Trigger, Reason] = {
    "harm": "emergency",
    "medical": "medical_emergency",
    "intoxication": "medical_emergency",
    "psychosis": "emergency",
}


def higher(one: Tier, other: Tier) -> Tier:
    """A press raises a tier, and never lowers it."""
    return max(one, other, key=ORDER.index)
