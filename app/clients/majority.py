"""The day somebody comes of age: `minor` is derived from the birth date and the reviewed row of their state, and kept true
while nobody looks (MIN-4).

On that day guardians' access ends by itself, and what they signed holds no more. Thirty days before it is a task.
"""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from app.clients.law import is_minor, laws_of, minors_among, near_majority, of_age_of
from app.clients.models import Client, EmergencyContact
from app.clients.people import birth_date, of_age_on, of_age_soon
from app.clients.record_models import Guardianship
from app.clients.terms import OF_AGE
from app.db import Db, now_of
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write_all
from app.places.models import StateCard
from app.staff.models import Program
from app.tasks.actions import open_task
from app.tasks.models import Task

SOON, TODAY, AGAIN = "of age soon", "of age", "under age"
ABOUT = {
    AGAIN: "By the reviewed row of their state they are under age still. Nothing of a guardian's was put back by itself: "
    "go through guardians, releases and agreements with them.",
    SOON: "They come of age soon: guardians' access ends that day by itself, and what guardians signed with it. "
    "Go through releases, agreements and who may know what, with them.",
    TODAY: "They are of age now: guardians' access has ended, and what guardians signed with it. "
    "Ask them for releases of their own.",
}


async def turn(db: Db) -> int:
    """All programs at once, in the engine's role: minors whose birthday has come on their program's calendar."""
    minors = (
        await db.scalars(select(Client).where(Client.minor.is_(True)).with_for_update(skip_locked=True))
    ).all()
    zones = await _zones(db, {client.program_id for client in minors})
    todays = {program_id: now_of(db).astimezone(zone).date() for program_id, zone in zones.items()}
    grown = [client for client in minors if not await is_minor(db, client, todays[client.program_id])]
    entries: dict[UUID, list[NewEntry]] = {}
    for client in grown:
        client.minor = False
        ended = await _end_guardians(db, client)
        entry = NewEntry(Kind.client_of_age, RULE, client_id=client.id, detail={"guardians_ended": ended})
        entries.setdefault(client.program_id, []).append(entry)
        if ended:
            due = _midnight(todays[client.program_id], zones[client.program_id])
            entries[client.program_id].append(await _task(db, client, TODAY, due))
    for client, day in await _soon(db, [one for one in minors if one.minor], todays):
        due = _midnight(day, zones[client.program_id])
        entries.setdefault(client.program_id, []).append(await _task(db, client, SOON, due))
    for program_id, again in (await _under_age(db)).items():
        entries.setdefault(program_id, []).extend(again)
    if entries:
        await write_all(db, entries)
    return len(grown)


# Programs whose reviewed rows say another age than the one that is assumed: there is no other reason to look.
_OTHER_AGES = select(StateCard.program_id).where(
    StateCard.kind == "minors_consent",
    StateCard.retired_at.is_(None),
    StateCard.body["of_age_at"].as_integer() > OF_AGE,
)


async def _under_age(db: Db) -> dict[UUID, list[NewEntry]]:
    """Who was grown by what was assumed, and is not by the row of their state: it was written or reviewed since."""
    rows = (
        await db.scalars(
            select(Client)
            .where(
                Client.program_id.in_(_OTHER_AGES), Client.minor.is_(False), Client.birth_date.is_not(None)
            )
            .with_for_update(skip_locked=True)
        )
    ).all()
    by_program: dict[UUID, list[Client]] = {}
    for client in rows:
        by_program.setdefault(client.program_id, []).append(client)
    zones = await _zones(db, set(by_program))
    entries: dict[UUID, list[NewEntry]] = {}
    for program_id, clients in by_program.items():
        today = now_of(db).astimezone(zones[program_id]).date()
        born = {client.id: birth_date(db, client) for client in clients}
        near = {one: day for one, day in born.items() if day is not None and near_majority(day, today)}
        under = minors_among(near, await laws_of(db, program_id, near), today)
        for client in (one for one in clients if one.id in under):
            client.minor = True
            entries.setdefault(program_id, []).append(
                NewEntry(Kind.client_under_age, RULE, client_id=client.id)
            )
            if client.ended_at is None:
                due = _midnight(today, zones[program_id])
                entries[program_id].append(await _task(db, client, AGAIN, due))
    return entries


async def _zones(db: Db, programs: set[UUID]) -> dict[UUID, ZoneInfo]:
    found = await db.execute(select(Program.id, Program.time_zone).where(Program.id.in_(programs)))
    return {row.id: ZoneInfo(row.time_zone) for row in found}


async def _end_guardians(db: Db, client: Client) -> int:
    """They stay contacts: whom a grown person names is theirs to say."""
    await db.execute(
        update(Guardianship)
        .where(
            Guardianship.program_id == client.program_id,
            Guardianship.client_id == client.id,
            Guardianship.ended_at.is_(None),
        )
        .values(ended_at=now_of(db))
    )
    ended = await db.scalars(
        update(EmergencyContact)
        .where(
            EmergencyContact.program_id == client.program_id,
            EmergencyContact.client_id == client.id,
            EmergencyContact.guardian.is_(True),
        )
        .values(guardian=False, authority_verified=False)
        .returning(EmergencyContact.id)
    )
    return len(ended.all())


async def _soon(db: Db, minors: list[Client], todays: dict[UUID, date]) -> list[tuple[Client, date]]:
    """Those who come of age within 30 days and of whom nobody has been told yet."""
    near = {}
    for client in minors:
        born, today = birth_date(db, client), todays[client.program_id]
        if born is None or client.ended_at is not None:
            continue
        of_age = await of_age_of(db, client, today)
        if of_age_soon(born, today, of_age):
            near[client.id] = (client, of_age_on(born, of_age))
    if not near:
        return []
    told = set(await db.scalars(select(Task.client_id).where(Task.client_id.in_(near), Task.gap == SOON)))
    return [found for client_id, found in near.items() if client_id not in told]


async def _task(db: Db, client: Client, gap: str, due_at: datetime) -> NewEntry:
    return await open_task(
        db,
        client.program_id,
        about=ABOUT[gap],
        gap=gap,
        client_id=client.id,
        owner_id=None,
        due_at=due_at,
        made_by=None,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
