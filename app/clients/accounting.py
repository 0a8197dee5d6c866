"""Which disclosures a person is told of when they ask, and for how long. Pure.

45 CFR 164.528(a)(1): six years, without treatment, payment and operations, without what the client authorized, and
without what went to people involved in their care. 42 CFR 2.25: three years of what a consent to disclose a substance
use record allowed. What was told without any basis is among what 164.528 does not leave out.
"""

from datetime import date
from typing import Literal

from app.clients.consent_values import NO_BASIS

Counted = Literal["six_years", "three_years"]
# A threat, a warning and what a law asks for: 164.512, none of which 164.528 leaves out.
SIX_YEARS = frozenset({"serious_threat", "duty_to_protect", "law", NO_BASIS})
YEARS: dict[Counted, int] = {"six_years": 6, "three_years": 3}


def counted(basis: str, part2: bool) -> Counted | None:
    if basis in SIX_YEARS:
        return "six_years"
    if part2 and basis == "release":
        return "three_years"
    return None


def in_time(rule: Counted, told_on: date, today: date) -> bool:
    """Told on 29 February: counted to the end of 28 February."""
    years = YEARS[rule]
    return (told_on.year + years, told_on.month, told_on.day) >= (today.year, today.month, today.day)
