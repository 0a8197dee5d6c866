"""Which lines cover a place, and in which order a person should look at them. Pure.

A town or ZIP code beats a county, a county beats a state. Lines without police come first where that is safe (P8);
where it is not, dispatch comes first and the reason is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.divisions import county_name, plain
from app.places.geography import Where
from app.places.hours import Open

Level = Literal["chosen", "code", "town", "county", "state", "country"]
LEVELS: tuple[Level, ...] = ("chosen", "code", "town", "county", "state", "country")

# What is looked for when somebody must go there, and what else helps.
GOES_THERE = ("mobile_crisis", "dispatch")


class HasCoverage(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def states(self) -> Sequence[str]: ...
    @property
    def counties(self) -> Sequence[str]: ...
    @property
    def towns(self) -> Sequence[str]: ...
    @property
    def zip_prefixes(self) -> Sequence[str]: ...
    @property
    def whole_country(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Match:
    """`why`: for a person, never empty. `likely`: it rests on something that nobody said."""

    level: Level
    why: str
    likely: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What ordering needs to know of a line besides where it is."""

    match: Match
    kind: str
    police: bool | None
    open: Open
    stale: bool
    wrong: bool
    name: str
    key: str


def chosen() -> Match:
    return Match("chosen", "Chosen for this place")


def match(line: HasCoverage, place: Where) -> Match | None:
    """None: it does not cover the place, or nothing is known that would say so."""
    if line.country != place.country:
        return None
    tests = (_by_code, _by_town, _by_county, _by_state)
    for test in tests:
        if found := test(line, place):
            return found
    return Match("country", "Covers the whole country") if line.whole_country else None


def _by_code(line: HasCoverage, place: Where) -> Match | None:
    if place.doubts or not any(place.code.startswith(prefix) for prefix in line.zip_prefixes if place.code):
        return None
    return Match("code", f"Covers ZIP code {place.code}")


def _by_town(line: HasCoverage, place: Where) -> Match | None:
    for written in line.towns if place.town else ():
        town, state = split(written)
        if plain(town) != plain(place.town):
            continue
        if not state or state == place.state:
            return Match("town", f"Covers {written}", likely=bool(place.doubts))
        if not place.state:
            return Match("town", f"Covers {written}. The state was not said: ask", likely=True)
    return None


def _by_county(line: HasCoverage, place: Where) -> Match | None:
    for written in line.counties if place.county and not place.doubts else ():
        county, state = split(written)
        if county_name(county) == county_name(place.county) and state in ("", place.state):
            return Match(
                "county",
                f"Covers {written}, the likely county" if place.county_likely else f"Covers {written}",
                likely=place.county_likely,
            )
    return None


def _by_state(line: HasCoverage, place: Where) -> Match | None:
    if place.state and place.state in line.states:
        return Match("state", f"Covers all of {place.state}", likely=place.state_likely or bool(place.doubts))
    return None


def split(written: str) -> tuple[str, str]:
    """Harrow County, OR"""
    name, _, state = written.rpartition(",")
    return (name.strip(), state.strip()) if name else (state.strip(), "")


def non_police_first(tier: str) -> bool:
    """At imminent somebody who can act within minutes comes first, whoever that is."""
    return tier != "imminent"


def order(lines: Iterable[Standing], tier: str) -> list[Standing]:
    gentle = non_police_first(tier)

    def rank(line: Standing) -> tuple[object, ...]:
        useless = line.wrong or line.open.now is False
        without_police = line.police is False and line.kind == "mobile_crisis"
        return (
            line.kind not in GOES_THERE,
            line.wrong,
            # Who would not pick up the telephone now does not come first.
            0 if gentle and without_police and not useless else 1 if line.kind == "dispatch" else 2,
            useless,
            LEVELS.index(line.match.level),
            line.match.likely,
            line.stale,
            line.police is not False,
            line.name,
            line.key,
        )

    return sorted(lines, key=rank)
