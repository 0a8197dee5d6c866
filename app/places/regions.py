"""Emergency and help numbers by country: the reviewed table in regions.yaml, read once. Nobody dials from here.

An emergency number reaches the dispatch of wherever it is dialled. That is why the dispatch card shows a ten-digit
line of the client's place and warns against the short one.
"""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

TABLE = Path(__file__).with_name("regions.yaml")
CHECK_EVERY = timedelta(days=365)

Service = Literal["emergency", "emergency_text", "police", "fire", "ambulance", "crisis", "poison"]

# What everybody gets wrong about 988, and about every line that routes by the calling phone.
FOLLOWS_THE_PHONE = (
    "{number} follows the phone that calls. Rung from your phone it reaches a counsellor near you, not near the client. "
    "Ask the client to call or text it on their own phone, or stay on the line with them while they do."
)


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HelpNumber(Closed):
    service: Service
    number: str
    note: str
    source: Annotated[str, Field(min_length=3)]
    checked: date


class Region(Closed):
    """`primary`: the number that people reach for, named in the warning against it."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    name: str
    primary: str
    numbers: tuple[HelpNumber, ...]

    @model_validator(mode="after")
    def _primary_is_listed(self) -> "Region":
        if self.primary not in {row.number for row in self.numbers if row.service == "emergency"}:
            raise ValueError(f"{self.country}: {self.primary} is not among its emergency numbers")
        return self

    def of(self, service: Service) -> list[HelpNumber]:
        return [row for row in self.numbers if row.service == service]

    @property
    def crisis_line(self) -> str | None:
        """The one for print and for a link to dial; the first where there are several."""
        return next((row.number.replace(" ", "") for row in self.of("crisis")), None)

    def sha256(self) -> str:
        """What a program says it compared: a change of the table asks for a fresh comparison."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load(text: str) -> dict[str, Region]:
    rows = TypeAdapter(tuple[Region, ...]).validate_python(yaml.safe_load(text))
    return {row.country: row for row in rows}


REGIONS = load(TABLE.read_text("utf-8"))


def region(country: str) -> Region | None:
    return REGIONS.get(country.upper())


def old(row: HelpNumber, today: date) -> bool:
    return today - row.checked > CHECK_EVERY


def warnings(today: date) -> list[str]:
    """For `make check`: rows that nobody has compared with their source for a year."""
    return [
        f"{place.country} {row.service} {row.number}: last checked {row.checked}, compare it with {row.source}"
        for place in REGIONS.values()
        for row in place.numbers
        if old(row, today)
    ]


def dialling_warning(country: str) -> str:
    """Said above the local line: the reflex to dial the short number sends help to the wrong town."""
    known = region(country)
    short = known.primary if known else "the emergency number"
    return (
        f"Do not dial {short} from here unless you are in the same town: it reaches the dispatch of where you are. "
        "Dial the local line and read the place to them."
    )


def follows_the_phone(country: str) -> str | None:
    """988 and its like, where the country has one number that routes by the calling phone."""
    known = region(country)
    lines = known.of("crisis") if known and country.upper() in ("US", "CA") else []
    return FOLLOWS_THE_PHONE.format(number=lines[0].number) if lines else None
