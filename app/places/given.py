"""A line as somebody gives it, put into its one form, or a sentence for each field that cannot be right. Pure.

The form and the import both pass here, so a file cannot bring in what a person could not type.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app import numbers
from app.divisions import NAMES, is_state, state_code
from app.places import hours
from app.places.coverage import split
from app.places.geography import post_box

Values = dict[str, Any]

# What a client may ring themselves.
FOR_CLIENTS = ("hotline", "mobile_crisis", "urgent_care", "hospital")


class Wrong(ValueError):
    """A sentence for each field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("a line needs mending")
        self.fields = dict(fields)


def settled(values: Mapping[str, Any], zone: str) -> Values:
    """All fields of one line. `zone`: the program's, where the line names none."""
    made: Values = dict(values)
    wrong: dict[str, str] = {}
    country = made["country"]

    def take(name: str, read: Callable[[], Any]) -> None:
        try:
            made[name] = read()
        except ValueError as error:
            wrong[name] = str(error)

    take("number", lambda: _number(made["number"], country))
    take("states", lambda: _unique(_state(part, country) for part in made["states"]))
    take("counties", lambda: _unique(_named(part, country, "county") for part in made["counties"]))
    take("towns", lambda: _unique(_named(part, country, "town") for part in made["towns"]))
    take("zip_prefixes", lambda: _unique(_prefix(part, country) for part in made["zip_prefixes"]))
    take("address", lambda: _address(made.get("address")))
    take("time_zone", lambda: _zone(made["time_zone"] or zone))
    take("agreement_until", lambda: _until(made["agreement_from"], made["agreement_until"]))
    if wrong:
        raise Wrong(wrong)
    made["open_hours"] = hours.read(made["hours"])
    if made["for_clients"] is None:
        made["for_clients"] = made["kind"] in FOR_CLIENTS
    if hours.is_always(made["hours"]):
        made["hours"] = hours.ALWAYS
    if made["open_hours"] is None:
        made["time_zone"] = None
    return made


def _number(typed: str, country: str) -> str:
    number = numbers.parse(typed, country)
    if isinstance(number, numbers.Refused):
        raise ValueError(number.sentence)
    return number.e164


def _unique(parts: Any) -> list[str]:
    return list(dict.fromkeys(parts))


def _state(typed: str, country: str) -> str:
    code = state_code(country, typed)
    if not is_state(country, code):
        raise ValueError(f'There is no state or province "{typed}" there. Write it as OR, or as Oregon.')
    return code


def _named(typed: str, country: str, what: str) -> str:
    """Two counties of one name in two states must never be one: where states are known, one is asked for."""
    name, state = split(typed)
    if not state and country in NAMES:
        raise ValueError(f'Write the {what} with its state: "{name}, OR".')
    return f"{name}, {_state(state, country)}" if state else name


def _prefix(typed: str, country: str) -> str:
    code = "".join(typed.upper().split())
    if country == "US" and not (code.isascii() and code.isdigit() and 3 <= len(code) <= 5):
        raise ValueError(f'"{typed}" is no beginning of a ZIP code. Write three to five digits.')
    if not code.isalnum() or len(code) > 10:
        raise ValueError(f'"{typed}" is no beginning of a postal code.')
    return code


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is no time zone. Write it as America/New_York.') from None


def _address(typed: str | None) -> str | None:
    if typed and post_box(typed):
        raise ValueError("Nobody can go to a post office box. Write the street, or leave it empty.")
    return typed


def _until(begins: date | None, ends: date | None) -> date | None:
    if begins and ends and ends < begins:
        raise ValueError("The agreement ends before it begins.")
    return ends


def covers(line: Any) -> str:
    """The coverage in words, the widest first."""
    parts: Sequence[str] = [
        *(["The whole country"] if line.whole_country else []),
        *(f"All of {NAMES.get(line.country, {}).get(code, code)}" for code in line.states),
        *line.counties,
        *line.towns,
        *(f"ZIP {code}{'' if len(code) == 5 else '…'}" for code in line.zip_prefixes),
    ]
    return "; ".join(parts)
