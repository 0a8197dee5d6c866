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
from app.client_pages.pins import weak
from app.errors import NotValid, Refusal
from app.group_sessions.told import ASKED
from app.places.geography import post_box

LONGEST_BODY = 8192
LONGEST_PLACE = 200
LONGEST_NOTE = 500
LONGEST_WHO = 60
ENOUGH = 50  # percent that outlasts a group of three hours
LEAVE_IN = (5, 10, 15, 20, 30, 45, 60)  # minutes

_COMMAND = re.compile(r"[A-Za-z0-9_-]{22,36}", re.ASCII)


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


Phone = Literal["same", "other", "none"]
Adult = Literal["home", "reachable", "nobody"]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Each answer may be None: skipping is allowed (R8). `adult`: which adult a young person can turn to today (R16)."""

    place: Place | None = None
    alone: Literal["yes", "no"] | None = None
    phone: Phone | None = None
    number: str | None = None
    backup: str | None = None
    adult: Adult | None = None
    adult_who: str | None = None

    @property
    def same_number(self) -> bool | None:
        return None if self.phone is None else self.phone == "same"


_ALONE: dict[str, Literal["yes", "no"]] = {"yes": "yes", "no": "no"}
_PHONE: dict[str, Phone] = {"same": "same", "other": "other", "none": "none"}
_ADULT: dict[str, Adult] = {"home": "home", "reachable": "reachable", "nobody": "nobody"}

Problem = Literal[
    "where", "box", "long", "number", "emergency", "service", "note", "minutes", "pin", "pins", "wish"
]


class Unclear(Exception):
    """The form can be mended by the person who sent it."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__("a form needs mending")
        self.problems = dict(problems)


def check_in(fields: Mapping[str, str], region: str, *, minor: bool = False) -> CheckIn:
    """Raises Unclear, with every problem at once. Only young people are asked about an adult."""
    problems: dict[str, Problem] = {}
    place = number = None
    match fields.get("place"):
        case "same":
            place = Place(same=True)
        case "other":
            place = _elsewhere(fields, problems)
    phone = _PHONE.get(fields.get("phone", ""))
    if phone == "other":
        number = _number(fields, region, problems)
    backup = _number(fields, region, problems, "backup") if fields.get("backup") else None
    adult = _ADULT.get(fields.get("adult", "")) if minor else None
    who = fields.get("who", "") if adult in ("home", "reachable") else ""
    if len(who) > LONGEST_WHO:
        problems["who"] = "long"
    if problems:
        raise Unclear(problems)
    alone = _ALONE.get(fields.get("alone", ""))
    return CheckIn(place, alone, phone, number, backup, adult, who or None)


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


@dataclass(frozen=True, slots=True)
class Kit:
    """The weekly equipment; None is a question that was skipped. `battery` in percent, where the browser told it."""

    answers: Mapping[str, bool]
    battery: int | None = None
    backup: str | None = None


_YES_OR_NO = {"yes": True, "no": False}


def kit(fields: Mapping[str, str], region: str) -> Kit:
    problems: dict[str, Problem] = {}
    backup = _number(fields, region, problems, "backup") if fields.get("backup") else None
    if problems:
        raise Unclear(problems)
    said = {name: _YES_OR_NO[fields[name]] for name in ASKED if fields.get(name) in _YES_OR_NO}
    percent = fields.get("battery", "")
    battery = int(percent) if re.fullmatch(r"[0-9]{1,3}", percent, re.ASCII) else None
    if battery is None or battery > 100:
        return Kit(said, None, backup)
    # Read by the browser: plugged in, or enough for the evening.
    return Kit({"charged": fields.get("power") == "1" or battery >= ENOUGH} | said, battery, backup)


def new_pin(fields: Mapping[str, str]) -> str:
    pin = fields.get("pin", "")
    if weak(pin):
        raise Unclear({"pin": "pin"})
    if fields.get("again", "") != pin:
        raise Unclear({"again": "pins"})
    return pin


@dataclass(frozen=True, slots=True)
class CardAnswer:
    answer: Literal["agreed", "change"]
    wishes: str | None = None


def card_answer(fields: Mapping[str, str]) -> CardAnswer:
    if fields.get("answer") == "agreed":
        return CardAnswer("agreed")
    wishes = fields.get("wishes", "")
    if not wishes or len(wishes) > LONGEST_NOTE:
        raise Unclear({"wishes": "long" if wishes else "wish"})
    return CardAnswer("change", wishes)


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
    elif post_box(street):
        problems["where"] = "box"
    return None if problems else Place(False, street, town, unit)


def _number(
    fields: Mapping[str, str], region: str, problems: dict[str, Problem], name: str = "number"
) -> str | None:
    read_as = numbers.parse(fields.get(name, ""), region)
    if isinstance(read_as, numbers.Number):
        return read_as.e164
    match read_as.code:
        case "emergency":
            problems[name] = "emergency"
        case "short" | "premium" | "extension":
            problems[name] = "service"
        case _:
            problems[name] = "number"
    return None
