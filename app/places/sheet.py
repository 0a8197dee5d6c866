"""The directory as a CSV file: reading one that somebody brings, and writing ours. Slow when large; asks no database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError

from app import tabular
from app.numbers import readable
from app.places import given, hours
from app.places.models import DispatchLine
from app.places.views import NewLine
from app.tabular import Column, Row, Sheet

MAX_LINES = 5_000

COLUMNS = (
    Column("kind", "Kind", ("Type", "Service"), required=True, longest=60),
    Column("agency", "Agency", ("Name", "Organisation", "Organization"), required=True, longest=160),
    Column(
        "number",
        "Number",
        ("Phone", "Telephone", "Phone number", "Ten-digit number"),
        required=True,
        longest=60,
    ),
    Column("area", "Area in words", ("Area", "Region"), longest=160),
    Column("country", "Country", longest=2),
    Column("states", "States", ("State", "Province"), longest=2000),
    Column("counties", "Counties", ("County",), longest=8000),
    Column("towns", "Towns", ("Town", "City", "Cities"), longest=8000),
    Column("zip_prefixes", "ZIP codes", ("ZIP", "ZIP prefixes", "Postal codes"), longest=8000),
    Column("whole_country", "Whole country", longest=20),
    Column("hours", "Hours", ("When it answers", "Opening hours"), longest=160),
    Column("time_zone", "Time zone", longest=60),
    Column("police_involved", "Police come along", ("Police involved", "Police"), longest=20),
    Column("cit", "CIT officers", ("CIT",), longest=20),
    Column("for_clients", "Shown to clients", longest=20),
    Column("text_how", "Text", ("How to text",), longest=200),
    Column("address", "Address", longest=200),
    Column("website", "Website", ("URL",), longest=200),
    Column("contact", "Ask for", ("Contact",), longest=200),
    Column("arrives_minutes", "Minutes to arrive", longest=5),
    Column("agreement_from", "Agreement from", ("MoU from",), longest=20),
    Column("agreement_until", "Agreement until", ("MoU until",), longest=20),
    Column("source", "Source", longest=200),
    Column("notes", "Notes", longest=1000),
    Column("verified_on", "Checked on", longest=20),
)
HEADINGS = {column.key: column.heading for column in COLUMNS}
NOT_CHECKED = "Dates of checks are not taken over: a line is unchecked until somebody here rings it."

_KINDS = {
    "dispatch": "dispatch", "dispatch centre": "dispatch", "dispatch center": "dispatch", "psap": "dispatch",
    "police": "dispatch", "sheriff": "dispatch",
    "mobile crisis": "mobile_crisis", "mobile crisis team": "mobile_crisis", "mobile_crisis": "mobile_crisis",
    "mct": "mobile_crisis", "crisis team": "mobile_crisis",
    "hotline": "hotline", "crisis line": "hotline", "warmline": "hotline", "helpline": "hotline",
    "hospital": "hospital", "ed": "hospital", "er": "hospital", "emergency department": "hospital",
    "urgent care": "urgent_care", "urgent_care": "urgent_care",
    "cit": "cit", "cit contact": "cit", "cit coordinator": "cit",
    "partner": "partner",
}  # fmt: skip
KIND_WORDS = {
    "dispatch": "Dispatch", "mobile_crisis": "Mobile crisis team", "hotline": "Hotline", "hospital": "Hospital",
    "urgent_care": "Urgent care", "cit": "CIT contact", "partner": "Partner",
}  # fmt: skip
_YES, _NO, _UNKNOWN = (
    {"yes", "y", "true", "1", "x"},
    {"no", "n", "false", "0"},
    {"", "?", "unknown", "not known"},
)


@dataclass(slots=True)
class Incoming:
    """`line_id`: of the line that is there already. `what` is wrong exactly when `values` is None."""

    row: Row
    values: dict[str, Any] | None
    line_id: UUID | None = None
    what: Literal["new", "changed", "same", "wrong"] = "wrong"


@dataclass(slots=True)
class Brought:
    sheet: Sheet
    lines: list[Incoming]

    def of(self, what: str) -> list[Incoming]:
        return [line for line in self.lines if line.what == what]


def read(data: bytes, known: Sequence[DispatchLine], country: str, zone: str) -> Brought:
    """Every row of the file, with what it would do and with a sentence for whatever is wrong with it."""
    sheet = tabular.read(data, COLUMNS)
    if len(sheet.rows) > MAX_LINES:
        sheet.refuse(f"This file has more than {MAX_LINES:,} lines. Divide it into smaller ones.")
        sheet.rows = []
    if any(row.values["verified_on"] for row in sheet.rows):
        sheet.note(NOT_CHECKED)
    there = {(line.number, line.kind): line for line in known if line.retired_at is None}
    seen: dict[tuple[str, str], int] = {}
    return Brought(sheet, [_incoming(row, there, seen, country, zone) for row in sheet.rows])


def _incoming(
    row: Row,
    there: Mapping[tuple[str, str], DispatchLine],
    seen: dict[tuple[str, str], int],
    country: str,
    zone: str,
) -> Incoming:
    values = _values(row, country, zone)
    if values is None or not row.accepted:
        return Incoming(row, None)
    key = (values["number"], values["kind"])
    if key in seen:
        row.refuse(f"Line {seen[key]} of the file has the same kind and number.", "number")
        return Incoming(row, None)
    seen[key] = row.line
    line = there.get(key)
    if line is None:
        return Incoming(row, values, None, "new")
    other = [name for name, value in values.items() if getattr(line, name) != value]
    if not other:
        return Incoming(row, values, line.id, "same")
    changes = ", ".join(HEADINGS[name] for name in other if name in HEADINGS)
    row.note(f'There already as "{line.agency}". It changes: {changes}.')
    return Incoming(row, values, line.id, "changed")


def _values(row: Row, country: str, zone: str) -> dict[str, Any] | None:
    said = row.values
    made: dict[str, Any] = {
        name: said[name]
        for name in ("agency", "source", "notes", "text_how", "address", "website", "contact")
    }
    made["country"] = said["country"].upper() or country
    made["hours"] = said["hours"] or hours.ALWAYS
    made["time_zone"] = said["time_zone"] or None

    def take(name: str, read_as: Callable[[str], Any]) -> None:
        try:
            made[name] = read_as(said[name])
        except ValueError as error:
            row.refuse(str(error), name)
            made[name] = None

    take("kind", _kind)
    for name in ("states", "counties", "towns", "zip_prefixes"):
        take(name, _parts)
    for name in ("whole_country", "cit"):
        take(name, lambda text: _yes(text) or False)
    for name in ("police_involved", "for_clients"):
        take(name, _yes)
    take("arrives_minutes", _minutes)
    for name in ("agreement_from", "agreement_until"):
        take(name, _date)
    if not row.accepted:
        return None
    made["number"] = said["number"]
    made["area"] = said["area"] or _area(made)
    return _settled(row, made, zone)


def _settled(row: Row, made: dict[str, Any], zone: str) -> dict[str, Any] | None:
    try:
        checked = NewLine.model_validate(made).model_dump(exclude={"verified"})
        values = given.settled(checked, zone)
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else ""
            row.refuse(f'"{HEADINGS.get(name, name)}" cannot be read. {problem["msg"]}.', name)
        return None
    except given.Wrong as wrong:
        for name, sentence in wrong.fields.items():
            row.refuse(f"{HEADINGS.get(name, name)}: {sentence}", name)
        return None
    if not hours.is_always(values["hours"]) and values["open_hours"] is None:
        row.note(
            "The hours are kept as words: nobody but a person can tell from them whether it is open now.",
            "hours",
        )
    if not given.covers(NewLine.model_validate(made)):
        row.note(
            "It covers no place yet, so no place will find it. Add states, counties, towns or ZIP codes.",
            "states",
        )
    return values


def _kind(text: str) -> str:
    kind = _KINDS.get(" ".join(text.casefold().split()))
    if kind is None:
        raise ValueError(
            f'"{text}" is no kind that Handrail knows. It knows: {", ".join(KIND_WORDS.values())}.'
        )
    return kind


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def _yes(text: str) -> bool | None:
    word = text.casefold().strip()
    if word in _UNKNOWN:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f'"{text}" is neither yes nor no.')


def _minutes(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f'"{text}" is no number of minutes.')
    return int(text)


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no date. Write it as 2026-11-23.') from None


def _area(made: Mapping[str, Any]) -> str:
    named = [
        *made["counties"],
        *made["towns"],
        *made["states"],
        *(f"ZIP {code}" for code in made["zip_prefixes"]),
    ]
    return "; ".join(named)[:160] or made["country"]


def write(lines: Iterable[DispatchLine]) -> bytes:
    return tabular.write(COLUMNS, (_cells(line) for line in lines))


def _cells(line: DispatchLine) -> dict[str, str]:
    made = {column.key: _cell(getattr(line, column.key)) for column in COLUMNS}
    return made | {"kind": KIND_WORDS[line.kind], "number": readable(line.number)}


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(value)
        case _:
            return str(value)
