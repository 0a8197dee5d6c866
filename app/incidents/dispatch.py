"""The first dispatch card: what a person reads to the right ten-digit line for where the client is now (R21)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app.db import Db, now_of, reveal
from app.incidents.cases import Case
from app.incidents.page_views import PlaceToday
from app.incidents.person_panel import check_in_of, place_today
from app.numbers import readable
from app.places import queries as places
from app.places.models import DispatchLine
from app.staff.access import Viewer


class LineToDial(BaseModel):
    model_config = ConfigDict(extra="forbid")
    agency: str
    kind: str
    area: str
    number: str
    tel: str
    hours: str
    police_involved: bool
    verified_on: str | None
    stale: bool


class DispatchCard(BaseModel):
    """`lines`: non-police first. `warning`: what the caller's own emergency number would reach."""

    model_config = ConfigDict(extra="forbid")
    place: PlaceToday
    place_age_s: int | None
    lines: list[LineToDial]
    warning: str
    script: list[str]
    may_not_be_free_to_talk: bool
    callback_number: str
    lost_at: datetime
    legal_name: str
    name_used: str
    pronouns: str


async def card(db: Db, viewer: Viewer, case: Case) -> DispatchCard:
    place = await place_today(db, case)
    client, program = case.reach.client, case.program
    age = (now_of(db) - place.confirmed_at).total_seconds() if place.confirmed_at else None
    found = await _lines(db, case)
    quiet = case.facts.guarded
    legal = reveal(db, client, "legal_name") or client.name_used
    callback = readable(program.callback_number)
    return DispatchCard(
        place=place,
        place_age_s=int(age) if age is not None else None,
        lines=[
            LineToDial(
                agency=line.agency,
                kind=line.kind,
                area=line.area,
                number=readable(line.number),
                tel=line.number,
                hours=line.hours,
                police_involved=line.police_involved,
                verified_on=line.verified_on.isoformat() if line.verified_on else None,
                stale=places.stale(line, now_of(db)),
            )
            for line in found
        ],
        warning=_warning(place),
        script=_script(viewer, case, place, legal, callback, quiet=quiet),
        may_not_be_free_to_talk=quiet,
        callback_number=callback,
        lost_at=case.incident.drop_at,
        legal_name=legal,
        name_used=client.name_used,
        pronouns=client.pronouns,
    )


async def _lines(db: Db, case: Case) -> list[DispatchLine]:
    """The line for where they are, and others of the same area: teams without police first."""
    now = await places.line_for(db, case.reach.client, await check_in_of(db, case))
    if now is None:
        return []
    same_area = await db.scalars(
        select(DispatchLine).where(
            DispatchLine.program_id == case.incident.program_id,
            DispatchLine.area == now.line.area,
            DispatchLine.id != now.line.id,
            DispatchLine.kind.in_(("dispatch", "mobile_crisis")),
            DispatchLine.retired_at.is_(None),
        )
    )
    return sorted(
        [now.line, *same_area], key=lambda line: (line.police_involved, line.kind != "mobile_crisis")
    )


def _warning(place: PlaceToday) -> str:
    where = f" ({place.label})" if place.label else ""
    return (
        "Do not dial 911 from here. It reaches the dispatch centre of your own place, not of theirs"
        f"{where}. Dial the ten-digit line on this card."
    )


def _script(
    viewer: Viewer, case: Case, place: PlaceToday, legal: str, callback: str, *, quiet: bool
) -> list[str]:
    """Under a minute when read aloud. The minimum: who calls, where, whom, why, what helps, read back."""
    who = f"My name is {viewer.name}. I am a clinician. My call-back number is {callback}."
    where = f"I am asking for a check on a person at: {place.address or 'an address I do not have; the last place known is ' + (place.label or 'unknown')}."
    entry = [f"How to get in: {place.entry_notes.rstrip('. ')}."] if place.entry_notes else []
    person = (
        f"{legal}, {case.reach.client.pronouns}. We lost contact and I could not confirm that they are safe."
    )
    lines = [who, where, *entry, person]
    if quiet:
        lines.append(
            "They may not be free to talk. Do not ring the client, do not say who called, no siren if possible."
        )
    return [*lines, "Please read the address back to me, and tell me when somebody will be there."]
