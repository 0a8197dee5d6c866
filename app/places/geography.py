"""Where an address is: what it says, and what its ZIP code makes likely. Offline, and never from a telephone number.

People keep their number when they move, and a ZIP code may cross a county line: everything that comes from a code is
said as "likely", and a contradiction is said aloud instead of being decided.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import zipcodes

from app.divisions import NAMES, is_state, state_code

_LAST = re.compile(r"(?P<state>[A-Za-z .]+?)?\s*(?P<code>\d{5}(?:-\d{4})?)?")
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")

# Responders cannot go to a box. Written as people write it, in the languages that clients write to us in.
_BOX = re.compile(
    r"\bp\.?\s*o\.?\s*box\b|\bp\.?\s?o\.?\s?b\.?\s*\d|\bpost\s*office\s+box\b|\bpost\s*box\s*(no\.?|#)?\s*\d"
    r"|\bapartado(\s+(postal|de\s+correos)|\s+(n\.?[oº]?\.?|#)?\s*\d)|\bcasilla(\s+postal|\s+(n\.?[oº]?\.?|#)?\s*\d)"
    r"|\bpostfach\b|\bcase\s+postale\b|\b(private|locked)\s+bag\b",
    re.IGNORECASE,
)
BOX = "A post box is not a place where somebody can be found. Write the street address."


@dataclass(frozen=True, slots=True)
class Likely:
    """What a ZIP code makes likely. `boxes_only`: nobody lives there."""

    code: str
    town: str
    county: str
    state: str
    time_zone: str
    boxes_only: bool = False

    @property
    def sentence(self) -> str:
        named = NAMES["US"].get(self.state, self.state)
        place = ", ".join(part for part in (self.town, self.county, named) if part)
        if self.boxes_only:
            return f"Likely {place}. This ZIP code is for post boxes only: ask for the street address."
        return f"Likely {place}."


@dataclass(frozen=True, slots=True)
class Where:
    """A place as far as it is known. `county_likely`: it was not said, the code makes it likely."""

    country: str
    state: str = ""
    county: str = ""
    town: str = ""
    code: str = ""
    state_likely: bool = False
    county_likely: bool = False
    time_zone: str | None = None
    doubts: tuple[str, ...] = field(default=())

    @property
    def known(self) -> bool:
        return bool(self.state or self.county or self.town or self.code)

    @property
    def region(self) -> str:
        """US-OR, or the country alone: what licences and state cards are kept by."""
        return (
            f"{self.country}-{self.state}"
            if self.state and is_state(self.country, self.state)
            else self.country
        )


def post_box(street: str) -> bool:
    return _BOX.search(street) is not None


def likely(code: str) -> Likely | None:
    """None for a code that we do not know, which says nothing about whether it exists."""
    matched = _ZIP.fullmatch(code.strip())
    found = zipcodes.matching(matched[1]) if matched else []  # type: ignore[no-untyped-call]
    if not found:
        return None
    row = found[0]
    return Likely(
        code=row["zip_code"],
        town=str(row["city"] or ""),
        county=str(row["county"] or ""),
        state=str(row["state"] or ""),
        time_zone=str(row["timezone"] or ""),
        boxes_only=row["zip_code_type"] == "PO BOX",
    )


def where(parts: Mapping[str, str | None], country: str) -> Where:
    """Of an address as it is stored, in `country` unless it names another."""
    named = (parts.get("country") or country).upper()
    code = (parts.get("code") or parts.get("postal_code") or "").strip()
    said = Where(
        country=named,
        state=state_code(named, parts.get("state") or ""),
        county=(parts.get("county") or "").strip(),
        town=(parts.get("town") or parts.get("city") or "").strip(),
        code=code,
    )
    if not said.known:
        said = _in_one_line(said, parts.get("street") or "")
        code = said.code
    if named == "US":
        matched = _ZIP.fullmatch(code)
        said = replace(said, code=matched[1] if matched else code)
    guess = likely(code) if named == "US" else None
    return _with(said, guess) if guess else said


def _in_one_line(said: Where, street: str) -> Where:
    """14 Mill Road, Larch Falls, MT 59000: written as people write it, and read no further than it can be."""
    pieces = [piece.strip() for piece in street.split(",")[1:] if piece.strip()]
    if pieces and said.country == "US" and (found := _LAST.fullmatch(pieces[-1])):
        state = state_code(said.country, found["state"] or "")
        if is_state(said.country, state) or not found["state"]:
            pieces.pop()
            said = replace(said, state=state, code=found["code"] or "")
    return replace(said, town=pieces[-1]) if pieces and not any(c.isdigit() for c in pieces[-1]) else said


def _with(said: Where, guess: Likely) -> Where:
    if said.state and said.state != guess.state:
        doubt = f"The ZIP code {guess.code} is in {guess.state}, and the address says {said.state}. Ask which is right."
        return replace(said, doubts=(doubt,))
    return replace(
        said,
        state=guess.state,
        state_likely=not said.state,
        county=said.county or guess.county,
        county_likely=not said.county,
        time_zone=_zone(guess.time_zone),
    )


def _zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return None
