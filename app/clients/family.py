"""What a family agreed about telling a guardian (R16), as sentences for whoever is about to ring. Pure.

Adults step in where the young person and the guardian agreed that they do: one line per tier, read by both.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

Told = Literal["not_told", "young_person_first", "at_once"]
Standing = Literal["agreed", "not_read_by_both", "review_due"]

_TOLD: dict[Told, str] = {
    "not_told": "{who} is not told at this tier.",
    "young_person_first": "Tell the young person first, then {who}.",
    "at_once": "{who} is told at once.",
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """The standing agreement. `may_call`: contacts whom the family agreed on. `told`, `words`: by tier."""

    told: Mapping[str, Told]
    may_call: frozenset[UUID]
    standing: Standing
    words: Mapping[str, str] = field(default_factory=dict)


def standing(young_person_read: bool, guardians_read: int, review_due: date, today: date) -> Standing:
    """An agreement that one side has not read binds nobody; one past its review is shown with that said."""
    if not young_person_read or guardians_read == 0:
        return "not_read_by_both"
    return "review_due" if review_due < today else "agreed"


def told_at(agreed: Agreed, tier: str) -> Told | None:
    """Where nobody has chosen a tier, no more is told than at low."""
    return agreed.told.get("low" if tier == "none" else tier)


def about(agreed: Agreed | None, contact_id: UUID, name: str, guardian: bool, tier: str) -> str | None:
    """What the agreement says about ringing this contact now; None where it says nothing."""
    if agreed is None or (not guardian and contact_id not in agreed.may_call):
        return None
    if agreed.standing == "not_read_by_both":
        return "The family agreement has not been read by both yet."
    sentences = []
    if guardian and (told := told_at(agreed, tier)):
        sentences.append(_TOLD[told].format(who=name))
    if contact_id in agreed.may_call:
        sentences.append(f"The family agreed that {name} may be called.")
    else:
        sentences.append(f"The family did not name {name} among those to call.")
    if agreed.standing == "review_due":
        sentences.append("The agreement is past its review.")
    return " ".join(sentences) or None


def unknown(may_call: Collection[UUID], contacts: Collection[UUID]) -> list[UUID]:
    """Whom an agreement names although they are no contact of this client."""
    return sorted(set(may_call) - set(contacts))
