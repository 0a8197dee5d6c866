"""What a client does on their page. Each is one transaction, repeats of one press are one act."""

import json
from datetime import timedelta

from sqlalchemy import func, select

from app.client_pages.forms import CheckIn, Kit, Place
from app.client_pages.standing import Standing
from app.clients.models import ClientPhone
from app.code_words.queries import listened
from app.db import Db, conceal, new_id, now_of, seal_of
from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.models import ClientNote, LocationCheckIn
from app.group_sessions.signals import Possible, Source, heard
from app.group_sessions.told import EquipmentCheck, ReachToday
from app.incidents import presence
from app.journal.commands import first_time
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write

BACK_IN = timedelta(minutes=5)
LONGEST_LABEL = 80


async def check_in(db: Db, standing: Standing, told: CheckIn, command: str, *, plan: str) -> None:
    """The press also says that the agreed plan for a lost connection was read (P20); `plan` is the one that was shown."""
    if not await _first(db, standing, command, "check_in"):
        return
    detail: dict[str, object] = {"plan_read": plan}
    if told.place is not None:
        _save_place(db, standing, told.place, told.alone or "unknown", told.same_number)
        detail["place"] = _label(standing, told.place)
    if told.phone is not None or told.adult is not None:
        _save_reach(db, standing, told)
    if told.number is not None:
        detail["number_ends"] = await _save_number(db, standing, told.number)
    if told.backup is not None:
        detail["backup_ends"] = await _save_number(db, standing, told.backup, backup=True)
    await _write(db, standing, Kind.checked_in, detail | _said(told))


def _said(told: CheckIn) -> dict[str, object]:
    """The answers that were given, for the journal."""
    said: dict[str, object | None] = {
        "alone": told.alone,
        "same_number": told.same_number,
        "phone_today": "none" if told.phone == "none" else None,
        "adult": told.adult,
        "adult_who": told.adult_who,
    }
    return {name: value for name, value in said.items() if value is not None}


def _save_reach(db: Db, standing: Standing, told: CheckIn) -> None:
    row = ReachToday(
        program_id=standing.program_id,
        id=new_id(),
        group_session_id=standing.group_session_id,
        client_id=standing.client_id,
        at=now_of(db),
        phone=told.phone,
        adult=told.adult,
    )
    conceal(db, row, "adult_who", told.adult_who)
    db.add(row)


async def equipment(db: Db, standing: Standing, told: Kit, command: str) -> None:
    """Once a week (R8): what a group over a screen needs to hold (P18, T4 to T8)."""
    if not await _first(db, standing, command, "equipment"):
        return
    row = EquipmentCheck(
        program_id=standing.program_id,
        id=new_id(),
        group_session_id=standing.group_session_id,
        client_id=standing.client_id,
        at=now_of(db),
        battery=told.battery,
        **dict(told.answers),
    )
    db.add(row)
    detail: dict[str, object] = dict(told.answers)
    if told.battery is not None:
        detail["battery"] = told.battery
    if told.backup is not None:
        detail["backup_ends"] = await _save_number(db, standing, told.backup, backup=True)
    await _write(db, standing, Kind.equipment_told, detail)


async def move(db: Db, standing: Standing, place: Place, command: str) -> None:
    """Somewhere else now (P3). The places before stay; whether they are alone there is not known any more."""
    if not await _first(db, standing, command, "place"):
        return
    _save_place(db, standing, place, "unknown", None)
    await _write(db, standing, Kind.place_told, {"place": _label(standing, place)})


async def give_number(db: Db, standing: Standing, number: str, command: str) -> None:
    if not await _first(db, standing, command, "number"):
        return
    ends = await _save_number(db, standing, number)
    await _write(db, standing, Kind.phone_changed, {"number_ends": ends, "today_only": True})


async def note(db: Db, standing: Standing, words: str, command: str) -> None:
    """For the two staff of the meeting only (R13): the journal says that there is one, never what it says.

    Their own word in it is possible until a person taps, and is kept nowhere; an all-clear by text never counts (R3).
    """
    if not await _first(db, standing, command, "note"):
        return
    kind, rest = await listened(db, standing.client_id, words)
    entries = [_noted(db, standing, rest)] if rest else []
    if kind == "danger" or kind == "pause":
        signalled = await _heard(db, standing, "note", kind)
        entries += [signalled] if signalled else []
    if entries:
        await write(db, standing.program_id, entries)


def _noted(db: Db, standing: Standing, words: str) -> NewEntry:
    row = ClientNote(
        program_id=standing.program_id,
        id=new_id(),
        group_session_id=standing.group_session_id,
        client_id=standing.client_id,
        at=now_of(db),
    )
    conceal(db, row, "words", words)
    db.add(row)
    return _entry(standing, Kind.client_noted, {"note_id": str(row.id)})


async def signal(db: Db, standing: Standing) -> None:
    """The quiet way (B8)."""
    entry = await _heard(db, standing, "page", "quiet") if standing.state == "open" else None
    if entry is not None:
        await write(db, standing.program_id, [entry])


async def _heard(db: Db, standing: Standing, source: Source, possible: Possible) -> NewEntry | None:
    return await heard(
        db,
        standing.program_id,
        standing.group_session_id,
        standing.client_id,
        source=source,
        possible=possible,
        incident_id=standing.incident_id,
    )


async def moment(db: Db, standing: Standing, _: None, command: str) -> None:
    await _tell(db, standing, "moment", None, command)


async def away(db: Db, standing: Standing, _: None, command: str) -> None:
    await _tell(db, standing, "away", BACK_IN, command)


async def leaving(db: Db, standing: Standing, minutes: int, command: str) -> None:
    await _tell(db, standing, "leaving", timedelta(minutes=minutes), command)


async def back(db: Db, standing: Standing, _: None, command: str) -> None:
    await _tell(db, standing, "back", None, command)


async def _tell(db: Db, standing: Standing, kind: str, within: timedelta | None, command: str) -> None:
    """R19: a fact like any other; the rules of presence decide what it means."""
    if not await _first(db, standing, command, kind):
        return
    fact = NewFact(
        client_id=standing.client_id,
        source="client",
        kind=kind,
        until=None if within is None else now_of(db) + within,
        delivery_id=f"page:{standing.link_id}:{command}",
    )
    transitions = await record_facts(db, standing.group_session_id, [fact], program_id=standing.program_id)
    client = Actor("client", standing.client_id)
    # Staff see that it was pressed even where it changes no state, as after their own "not responding" (R7).
    told = NewEntry(
        Kind.client_told,
        client,
        incident_id=standing.incident_id,
        client_id=standing.client_id,
        group_session_id=standing.group_session_id,
        detail={"told": kind} | ({} if fact.until is None else {"until": fact.until}),
    )
    await presence.follow(db, transitions, actor=client, more=[(standing.program_id, told)])


async def _first(db: Db, standing: Standing, command: str, kind: str) -> bool:
    return await first_time(db, standing.program_id, f"{standing.link_id}:{command}", f"client_page.{kind}")


def _label(standing: Standing, place: Place) -> str:
    return standing.home_label or "Usual place" if place.same else place.street[:LONGEST_LABEL]


def _save_place(db: Db, standing: Standing, place: Place, alone: str, same_number: bool | None) -> None:
    row = LocationCheckIn(
        program_id=standing.program_id,
        id=new_id(),
        group_session_id=standing.group_session_id,
        client_id=standing.client_id,
        source="client",
        same_place=place.same,
        alone=alone,
        same_number=same_number,
        dispatch_line_id=standing.home_line_id if place.same else None,
        confirmed_at=now_of(db),
    )
    conceal(db, row, "label", _label(standing, place))
    conceal(db, row, "address", None if place.same else json.dumps(place.address(), ensure_ascii=False))
    db.add(row)


async def _save_number(db: Db, standing: Standing, number: str, *, backup: bool = False) -> str:
    """For this meeting only, tried first; a `backup` stays, after all others. One we already have is not kept twice."""
    key = seal_of(db).keyed_hash("phone", number)
    of_client = (
        ClientPhone.program_id == standing.program_id,
        ClientPhone.client_id == standing.client_id,
        ClientPhone.retired_at.is_(None),
    )
    known = await db.execute(
        select(ClientPhone.id).where(
            *of_client,
            ClientPhone.number_key == key,
            ClientPhone.today_only_for.is_(None) | (ClientPhone.today_only_for == standing.group_session_id),
        )
    )
    if known.first() is None:
        last: int | None = (
            await db.execute(select(func.max(ClientPhone.rank)).where(*of_client))
        ).scalar_one()
        db.add(_phone(db, standing, number, key, (last or 0) + 1, backup=backup))
        await db.flush()
    return number[-2:]


def _phone(db: Db, standing: Standing, number: str, key: bytes, rank: int, *, backup: bool) -> ClientPhone:
    """Not marked safe to ring, for voicemail or for texts: only staff who asked may say so (R2)."""
    row = ClientPhone(
        program_id=standing.program_id,
        id=new_id(),
        client_id=standing.client_id,
        number_key=key,
        last2=number[-2:],
        label="Backup, given on their page" if backup else "Today",
        rank=rank,
        today_only_for=None if backup else standing.group_session_id,
    )
    conceal(db, row, "number", number)
    return row


async def _write(db: Db, standing: Standing, kind: Kind, detail: dict[str, object]) -> None:
    await write(db, standing.program_id, [_entry(standing, kind, detail)])


def _entry(standing: Standing, kind: Kind, detail: dict[str, object]) -> NewEntry:
    return NewEntry(
        kind,
        Actor("client", standing.client_id),
        incident_id=standing.incident_id,
        client_id=standing.client_id,
        group_session_id=standing.group_session_id,
        detail=detail,
    )
