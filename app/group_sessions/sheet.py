"""The printable group sheet (R21): what staff hold in their hand when no screen works. Reading it is one logged reveal."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from app.clients.consent import TICKS, May
from app.clients.known import contact_options
from app.clients.models import Client, ClientPhone, DoNotContact
from app.clients.reach import Reach, reach
from app.db import Db, now_of, reveal
from app.errors import Conflict
from app.group_sessions import dial_in
from app.group_sessions.models import Group, GroupSession, LocationCheckIn, Presence
from app.group_sessions.roster import PlaceNow, Tier, View, newest_places, place_now
from app.group_sessions.scheduling import of_viewer
from app.group_sessions.staffing import PLACES, WORDS
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.numbers import readable
from app.places.queries import Directory, directory, line_for
from app.staff.access import Viewer
from app.staff.models import Program
from app.staff.queries import names as staff_names
from app.staff.queries import numbers as staff_numbers

_ADDRESS = ("street", "unit", "room", "town", "state", "code", "country")


class SheetStaff(View):
    place: Literal["lead", "co-facilitator", "supervisor", "backup"]
    name: str
    numbers: list[str]


class SheetPhone(View):
    number: str
    label: str
    safe_to_ring: bool
    voicemail_ok: bool
    text_ok: bool
    shared: bool


class SheetContact(View):
    name: str
    relation: str
    number: str
    basis: str
    say: str = Field(description="What may be said.")
    first: list[str] = Field(description="What a person must be sure of before ringing.")


class SheetLine(View):
    """`likely`: found by something nobody said, such as the county of a ZIP code; `why` says by what."""

    agency: str
    area: str
    number: str
    verified_on: date | None
    stale: bool
    why: str
    likely: bool


class SheetPerson(View):
    client_id: UUID
    name: str
    pronouns: str
    legal_name: str = Field(description="For responders.")
    safe_name: str = Field(description="At home and on voicemail.")
    tier: Tier
    minor: bool
    language: str
    first_outreach: Literal["ring", "text_first", "relay", "do_not_ring"]
    may_not_be_free: bool = Field(
        description="Unsafe home, or the danger word was used: only safe numbers, R2."
    )
    place: PlaceNow
    address: str | None
    entry_notes: str | None
    pets: str | None
    phones: list[SheetPhone]
    contacts: list[SheetContact] = Field(description="Only whom we may call.")
    never: list[str]
    line: SheetLine | None


class Sheet(View):
    id: UUID
    name: str
    starts_at: datetime
    made_at: datetime
    callback_number: str
    dial_in: str | None
    staff: list[SheetStaff]
    people: list[SheetPerson]


async def of(db: Db, viewer: Viewer, group_session_id: UUID, *, kept: bool = False) -> Sheet:
    """`kept`: for the copy that the viewer's browser keeps, sealed, for when the line is dead."""
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    if meeting.state == "closed":
        raise Conflict("This group session is over. Look in each client's record.", code="closed")
    expected = await db.scalars(
        select(Presence.client_id).where(
            Presence.program_id == meeting.program_id,
            Presence.group_session_id == meeting.id,
            Presence.removed_at.is_(None),
        )
    )
    ids = list(expected)
    known = await reach(db, ids, [meeting.id])
    places = await newest_places(db, meeting.program_id, meeting.id, ids)
    lines = await directory(db, meeting.program_id)
    program = await db.get_one(Program, meeting.program_id)
    group = await db.get_one(Group, (meeting.program_id, meeting.group_id))
    people = [
        await _person(db, known[client_id], places.get(client_id), lines)
        for client_id in sorted(ids, key=lambda client_id: known[client_id].client.name_used)
    ]
    sheet = Sheet(
        id=meeting.id,
        name=group.name,
        starts_at=meeting.starts_at,
        made_at=now_of(db),
        callback_number=readable(program.callback_number),
        dial_in=dial_in.of_group(program.settings, meeting.group_id),
        staff=await _staff(db, meeting),
        people=people,
    )
    entry = NewEntry(
        Kind.sheet_revealed,
        viewer.actor,
        group_session_id=meeting.id,
        detail={"people": len(people)} | ({"kept": True} if kept else {}),
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])
    return sheet


async def _staff(db: Db, meeting: GroupSession) -> list[SheetStaff]:
    placed: Mapping[str, UUID] = {place: person for place in PLACES if (person := getattr(meeting, place))}
    names = await staff_names(db, meeting.program_id, placed.values())
    numbers = await staff_numbers(db, meeting.program_id, placed.values())
    return [
        SheetStaff.model_validate(
            {
                "place": WORDS[place],
                "name": names[person],
                "numbers": [readable(phone.number) for phone in numbers[person]],
            }
        )
        for place, person in placed.items()
    ]


async def _person(db: Db, known: Reach, place: LocationCheckIn | None, lines: Directory) -> SheetPerson:
    client = known.client
    return SheetPerson.model_validate(
        {
            "client_id": client.id,
            "name": client.name_used,
            "pronouns": client.pronouns,
            "legal_name": reveal(db, client, "legal_name") or "",
            "safe_name": reveal(db, client, "safe_name") or "",
            "tier": client.tier,
            "minor": client.minor,
            "language": client.language,
            "first_outreach": client.first_outreach,
            "may_not_be_free": client.unsafe_home or client.danger_word_used_at is not None,
            "place": place_now(db, client, place),
            "address": _address(db, client, place),
            "entry_notes": reveal(db, client, "entry_notes") if place is None or place.same_place else None,
            "pets": reveal(db, client, "pets"),
            "phones": [_phone(db, phone) for phone in known.phones],
            "contacts": await _contacts(db, client),
            "never": await _never(db, client),
            "line": await _line(db, client, place, lines),
        }
    )


def _address(db: Db, client: Client, place: LocationCheckIn | None) -> str | None:
    """Of where they are today: the home address of somebody who is elsewhere would send help to the wrong door."""
    elsewhere = place is not None and not place.same_place
    written = reveal(db, place, "address") if place and elsewhere else reveal(db, client, "home_address")
    if written is None:
        return None
    parts: dict[str, Any] = json.loads(written)
    return ", ".join(str(parts[part]) for part in _ADDRESS if parts.get(part)) or None


def _phone(db: Db, phone: ClientPhone) -> SheetPhone:
    return SheetPhone(
        number=readable(reveal(db, phone, "number") or ""),
        label=phone.label,
        safe_to_ring=phone.safe_to_ring,
        voicemail_ok=phone.voicemail_ok,
        text_ok=phone.text_ok and phone.text_stopped_at is None,
        shared=phone.shared,
    )


async def _contacts(db: Db, client: Client) -> list[SheetContact]:
    options = await contact_options(db, client, client.tier)  # type: ignore[arg-type]  # checked by the table
    return [
        SheetContact(
            name=option.name,
            relation=option.contact.relation,
            number=readable(reveal(db, option.contact, "number") or ""),
            basis=option.verdict.basis,
            say=option.verdict.what_may_be_said,
            first=[TICKS[tick] for tick in option.verdict.ticks],
        )
        for option in options
        if isinstance(option.verdict, May)
    ]


async def _never(db: Db, client: Client) -> list[str]:
    barred = await db.scalars(
        select(DoNotContact)
        .where(
            DoNotContact.program_id == client.program_id,
            DoNotContact.client_id == client.id,
            DoNotContact.ended_at.is_(None),
        )
        .order_by(DoNotContact.made_at, DoNotContact.id)
    )
    return [reveal(db, row, "name") or "" for row in barred]


async def _line(db: Db, client: Client, place: LocationCheckIn | None, lines: Directory) -> SheetLine | None:
    found = await line_for(db, client, place, lines)
    if found is None:
        return None
    line = found.line
    return SheetLine(
        agency=line.agency,
        area=line.area,
        number=readable(line.number),
        verified_on=line.verified_on,
        stale=found.stale,
        why=found.match.why,
        likely=found.match.likely,
    )
