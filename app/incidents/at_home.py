"""What the record says about the house and about coming near, for whoever rings and whoever comes (S3 to S7, S9, S10)."""

import json
from datetime import time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app.clients import family, family_queries
from app.clients.models import Client
from app.db import Db, now_of, reveal
from app.staff.models import Program


class AtHome(BaseModel):
    """`animals`: what to do before anybody comes in. `pets`: all by name. `caretakers`: whom to ring about them if the client is taken away.
    `safe_hour`: whether now is an hour they gave as safe for ordinary calls; None when they gave none."""

    model_config = ConfigDict(extra="forbid")
    responder_notes: str | None
    help_first: str | None
    accessibility: str | None
    culture: str | None
    pets: list[str]
    animals: list[str]
    caretakers: list[str]
    soothes: list[str]
    overhears: list[str]
    calm_place: str | None
    speaks_to_responders: str | None
    safe_hour: bool | None
    hours_note: str | None


class AgreementNow(BaseModel):
    """The family agreement, for the tier of now: seen before any call (R16)."""

    model_config = ConfigDict(extra="forbid")
    standing: family.Standing
    told: Literal["not_told", "young_person_first", "at_once"] | None
    told_words: str
    steps_in: str
    stays_private: str
    review_due: str


async def at_home(db: Db, client: Client) -> AtHome:
    pets = _json(db, client, "pet_cards") or []
    house = _json(db, client, "living_together") or {}
    people = _json(db, client, "household_people") or []
    hours = _json(db, client, "contact_times") or {}
    zone = await db.scalar(select(Program.time_zone).where(Program.id == client.program_id))
    now = now_of(db).astimezone(ZoneInfo(zone or "UTC"))
    return AtHome(
        responder_notes=reveal(db, client, "responder_notes"),
        help_first=reveal(db, client, "help_first"),
        accessibility=reveal(db, client, "accessibility"),
        culture=reveal(db, client, "culture"),
        pets=[str(pet["name"]) for pet in pets],
        animals=[f"{_animal(pet)}: {pet['before_responders']}" for pet in pets if pet["before_responders"]],
        caretakers=[f"{pet['name']}: {pet['caretaker']}" for pet in pets if pet["caretaker"]],
        soothes=[f"{pet['name']}: {pet['soothes']}" for pet in pets if pet["soothes"]],
        overhears=[one["name"] for one in people if one["may_overhear"] == "yes"],
        calm_place=house.get("calm_place") or None,
        speaks_to_responders=house.get("speaks_to_responders") or None,
        safe_hour=within(hours.get("windows", []), now.weekday(), now.time()),
        hours_note=hours.get("note") or None,
    )


def within(windows: list[dict[str, Any]], weekday: int, at: time) -> bool | None:
    if not windows:
        return None
    return any(
        weekday in one["days"] and time.fromisoformat(one["starts"]) <= at < time.fromisoformat(one["ends"])
        for one in windows
    )


async def agreement_now(db: Db, client: Client, tier: str) -> AgreementNow | None:
    standing = await family_queries.agreed(db, client)
    shown = await family_queries.agreement(db, client) if standing else None
    if standing is None or shown is None:
        return None
    words = {"low": shown.low, "moderate": shown.moderate, "high": shown.high, "imminent": shown.imminent}
    now = words.get(tier)
    return AgreementNow(
        standing=standing.standing,
        told=now.told if now else None,
        told_words=now.words if now else "",
        steps_in=shown.steps_in,
        stays_private=shown.stays_private,
        review_due=shown.review_due.isoformat(),
    )


def _animal(pet: dict[str, Any]) -> str:
    return f"{pet['name']}, {pet['kind']}" if pet["kind"] else str(pet["name"])


def _json(db: Db, client: Client, name: str) -> Any:
    text = reveal(db, client, name)
    return None if text is None else json.loads(text)
