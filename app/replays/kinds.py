"""Invented clients for a walk: facts that make exactly the chosen variants hold. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.protocols.facts import Facts, Number
from app.protocols.reading import known
from app.protocols.schema import Protocol, VariantName

# Two telephones of somebody invented; the second is safe to ring even where home is not.
FIRST = Number(UUID(int=1), 1, "42", voicemail_ok=True, text_ok=True)
SECOND = Number(UUID(int=2), 2, "17", safe_to_ring=True, text_ok=True)
NUMBERS = {FIRST.id: FIRST, SECOND.id: SECOND}
# What is true of a client for whom a variant holds.
TRUE_OF: dict[VariantName, dict[str, object]] = {
    "language": {"language": "es"},
    "part2": {"part2": True},
    "adolescent": {"minor": True},
    "pet_friendly": {"pets": True},
    "text_first": {"first_outreach": "text_first"},
    "relay": {"first_outreach": "relay"},
    "do_not_ring": {"first_outreach": "do_not_ring"},
    "couple_or_roommate": {"shares_home": True},
    "unsafe_home": {"unsafe_home": True},
}


def invented(protocol: Protocol, variants: Sequence[str], *, has_contacts: bool = True) -> Facts:
    facts = Facts(numbers=(FIRST, SECOND), has_contacts=has_contacts)
    for name in known(protocol, variants):
        if name == "rural":
            farther = (protocol.variants[name].when.travel_minutes_over or 0) + 1
            facts = replace(facts, travel_minutes=farther)
        else:
            facts = replace(facts, **TRUE_OF[name])  # type: ignore[arg-type]
    return facts
