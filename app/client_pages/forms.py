"""Reading what a form sent: small, text only, never trusted. Pure apart from `read`, which takes the body in pieces."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from app import numbers
from app.errors import NotValid, Refusal

LONGEST_BODY = 8192
LONGEST_PLACE = 200
LONGEST_NOTE = 500
LEAVE_IN = (5, 10, 15, 20, 30, 45, 60)  # minutes

_COMMAND = re.compile(r"[A-Za-z0-9_-]{22,36}", re.ASCII)

# 6.2 of the domain reference: responders cannot go to a box.
_BOX = re.compile(r"\b(p\.?\s*o\.?\s*box|post\s+office\s+box|apartado(\s+postal)?|casilla)\b", re.IGNORECASE)


class TooLarge(Refusal):
    status, code = 413, "too_large"


class NotAForm(Refusal):
    status, code = 415, "not_a_form"


async def read(content_type: str, body: AsyncIterable[bytes]) -> dict[str, str]:
    """The fields of a plain form. Raises a Refusal for anything else, before more than 8 kB have been read."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise NotAForm("This page takes its own forms only. Go back and press the button again.")
    whole = bytearray()
    async for piece in body:
        whole += piece
        if len(whole) > LONGEST_BODY:
            raise TooLarge("That is more text than fits. Shorten it and press again.")
    return parse(bytes(whole))


def parse(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=12
        )
    except ValueError:
        raise NotValid("This did not arrive whole. Press the button again.") from None
    return {name: tidy(value) for name, value in pairs}


def tidy(text: str) -> str:
    """One line: what cannot be seen or would break a line becomes a space."""
    seen = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join(seen.split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody says they are. `same`: at the place they named themselves, such as Home."""

    same: bool
    street: str = ""
    town: str = ""
    unit: str = ""

    def address(self) -> dict[str, str]:
        parts = {"street": self.street, "town": self.town, "unit": self.unit}
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Each answer may be None: skipping is allowed (R8)."""

    place: Place | None
    alone: Literal["yes", "no"] | None
    same_number: bool | None
    number: str | None


_ALONE: dict[str, Literal["yes", "no"]] = {"yes": "yes", "no": "no"}

Problem = Literal["where", "box", "long", "number", "emergency", "service", "note", "minutes"]


class Unclear(Exception):
    """The form can be mended by the person who sent it."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__("a form needs mending")
        self.problems = dict(problems)


def check_in(fields: Mapping[str, str], region: str) -> CheckIn:
    """Raises Unclear, with every problem at once."""
    problems: dict[str, Problem] = {}
    place = same_number = number = None
    match fields.get("place"):
        case "same":
            place = Place(same=True)
        case "other":
            place = _elsewhere(fields, problems)
    match fields.get("phone"):
        case "same":
            same_number = True
        case "other":
            same_number = False
            number = _number(fields, region, problems)
    if problems:
        raise Unclear(problems)
    return CheckIn(place, _ALONE.get(fields.get("alone", "")), same_number, number)


def place(fields: Mapping[str, str], _region: str) -> Place:
    problems: dict[str, Problem] = {}
    told = Place(same=True) if fields.get("place") == "same" else _elsewhere(fields, problems)
    if problems or told is None:
        raise Unclear(problems)
    return told


def number(fields: Mapping[str, str], region: str) -> str:
    problems: dict[str, Problem] = {}
    told = _number(fields, region, problems)
    if told is None:
        raise Unclear(problems)
    return told


def note(fields: Mapping[str, str], _region: str) -> str:
    words = fields.get("note", "")
    if not words or len(words) > LONGEST_NOTE:
        raise Unclear({"note": "long" if words else "note"})
    return words


def nothing(_fields: Mapping[str, str], _region: str) -> None:
    """A button that says it all by itself."""


def minutes(fields: Mapping[str, str], _region: str) -> int:
    told = fields.get("minutes", "")
    if told not in map(str, LEAVE_IN):
        raise Unclear({"minutes": "minutes"})
    return int(told)


def new_command() -> str:
    """An id for the next press of a page's buttons. Shorter than a uuid: the page carries it eight times."""
    return secrets.token_urlsafe(16)


def command(fields: Mapping[str, str], what: str) -> str:
    """Names this very press: the page's own id, and what was said, so that a corrected form is not taken for a repeat."""
    key = fields.get("command", "")
    if not _COMMAND.fullmatch(key):
        raise NotValid("This page is out of date. Reload it and press again.")
    said = sorted((name, value) for name, value in fields.items() if name != "command")
    return hashlib.sha256(repr((what, key, said)).encode()).hexdigest()[:32]


def _elsewhere(fields: Mapping[str, str], problems: dict[str, Problem]) -> Place | None:
    street, town, unit = (fields.get(name, "") for name in ("where", "town", "unit"))
    for name, value in (("where", street), ("town", town), ("unit", unit)):
        if len(value) > LONGEST_PLACE:
            problems[name] = "long"
    if not any(letter.isalpha() for letter in street):
        problems["where"] = "where"
    elif _BOX.search(street):
        problems["where"] = "box"
    return None if problems else Place(False, street, town, unit)


def _number(fields: Mapping[str, str], region: str, problems: dict[str, Problem]) -> str | None:
    read_as = numbers.parse(fields.get("number", ""), region)
    if isinstance(read_as, numbers.Number):
        return read_as.e164
    match read_as.code:
        case "emergency":
            problems["number"] = "emergency"
        case "short" | "premium" | "extension":
            problems["number"] = "service"
        case _:
            problems["number"] = "number"
    return None
