"""Makes the invented program once, through the same actions that people press."""

import secrets
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.client_pages import pins
from app.clients import actions as client_actions
from app.clients import (
    contact_actions,
    disclosure_views,
    disclosures,
    family_actions,
    family_views,
    guardian_actions,
    guardian_views,
    phone_actions,
    release_actions,
    tellings,
    views,
)
from app.clients.models import Client
from app.clients.people import local_today
from app.clients.queries import client_of
from app.db import Database, Db, conceal, new_id, now_of
from app.demo.people import (
    ADMINISTRATOR,
    AFTER_HOURS_NUMBER,
    BACKUP,
    CALLBACK_NUMBER,
    CLIENTS,
    LINES,
    MEETINGS,
    OUTWARD_NAME,
    PROGRAM_NAME,
    STAFF,
    SUPERVISOR,
    TIME_ZONE,
    TOLD,
    Colleague,
    Person,
)
from app.demo.places import add_cards, add_help, add_licences
from app.demo.plans import add_plans
from app.demo.words import add_words
from app.group_sessions import scheduling
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.places import actions as place_actions
from app.places import views as place_views
from app.protocols import actions as protocol_actions
from app.rooms.models import PlatformConnection
from app.staff import actions as staff_actions
from app.staff import passphrases
from app.staff.access import Viewer
from app.staff.demo import DEMO_PROGRAM_ID
from app.staff.models import Program, StaffMember

PLATFORM_LABEL = "Invented video"
# Of everybody in the demo: a screen locks here too, and a keypad takes it.
PIN = "271828"
DE_ESCALATORS = ("Maya Reyes", "Priya Nair")
# Of every invented client, on their own page.
CLIENT_PIN = "2580"


async def seed(database: Database) -> None:
    """Nothing when the program is there already. `database` needs the engine's role: it makes a tenant."""
    async with database.transaction(None) as db:
        if await db.get(Program, DEMO_PROGRAM_ID) is not None:
            return
    pin_hash = await passphrases.hashed(PIN)
    client_pin_hash = await passphrases.hashed(CLIENT_PIN)
    async with database.transaction(None) as db:
        program = await staff_actions.create_program(
            db,
            name=PROGRAM_NAME,
            outward_name=OUTWARD_NAME,
            kind="demo",
            region="US",
            time_zone=TIME_ZONE,
            callback_number=CALLBACK_NUMBER,
            after_hours_number=AFTER_HOURS_NUMBER,
            program_id=DEMO_PROGRAM_ID,
        )
        administrator = await _add_staff(db, program, pin_hash)
        director = await viewer_named(db, SUPERVISOR)
        await protocol_actions.publish_all(db, program.id, director.staff_id)
        lines = await _add_lines(db, director)
        await add_help(db, director)
        await add_cards(db, director)
        leads = tuple([await viewer_named(db, name) for name in ("Jon Bell", "Maya Reyes")])
        await add_licences(db, administrator, leads)
        await _name_de_escalators(db, administrator)
        for person in CLIENTS:
            await _add_client(db, director, person, lines[person.line])
        for client_id in await db.scalars(select(Client.id).where(Client.program_id == program.id)):
            await pins.set_with_staff(db, director, client_id, client_pin_hash)
        await _tell_of_before(db)
        await add_plans(db, director)
        groups = {
            meeting.group: (await scheduling.add_group(db, director, meeting.group)).id
            for meeting in MEETINGS
        }
        await add_words(db, director, groups)
        dial_in = {str(groups[meeting.group]): meeting.dial_in for meeting in MEETINGS}
        program.settings = program.settings | {"dial_in": dial_in}
        await _connect_platform(db, administrator)


async def _name_de_escalators(db: Db, administrator: Viewer) -> None:
    """One in each group."""
    for name in DE_ESCALATORS:
        staff_id = (await viewer_named(db, name)).staff_id
        await staff_actions.change_staff(db, administrator, staff_id, {"de_escalator": True}, None)


async def client_named(db: Db, person: Person) -> Client:
    found = await db.scalars(
        select(Client).where(Client.program_id == DEMO_PROGRAM_ID, Client.name_used == person.name)
    )
    return found.one()


async def viewer_named(db: Db, name: str) -> Viewer:
    """One of the invented colleagues, as if they had signed in."""
    person = (
        await db.scalars(
            select(StaffMember).where(StaffMember.program_id == DEMO_PROGRAM_ID, StaffMember.name == name)
        )
    ).one()
    return Viewer(
        program_id=DEMO_PROGRAM_ID,
        staff_id=person.id,
        name=person.name,
        first_name=person.first_name,
        roles=frozenset(person.roles),
        # No browser is signed in: the person stands for it.
        sign_in_id=person.id,
        program_kind="demo",
    )


async def _add_staff(db: Db, program: Program, pin_hash: str) -> Viewer:
    await staff_actions.create_admin(db, program, name=ADMINISTRATOR.name, email=ADMINISTRATOR.email)
    await db.flush()
    administrator = await viewer_named(db, ADMINISTRATOR.name)
    row = await db.get_one(StaffMember, (program.id, administrator.staff_id))
    row.title = ADMINISTRATOR.title
    await staff_actions.set_phones(db, row, _phones(ADMINISTRATOR))
    for colleague in STAFF:
        await staff_actions.add_staff(
            db,
            administrator,
            name=colleague.name,
            first_name=None,
            title=colleague.title,
            email=colleague.email,
            roles=colleague.roles,
            phones=_phones(colleague),
        )
    for colleague in (ADMINISTRATOR, *STAFF):
        await staff_actions.set_pin(db, await viewer_named(db, colleague.name), pin_hash)
    return administrator


def _phones(colleague: Colleague) -> list[staff_actions.PhoneGiven]:
    return [staff_actions.PhoneGiven("Mobile", colleague.mobile)]


async def _add_lines(db: Db, by: Viewer) -> dict[str, UUID]:
    ids = {}
    for key, given in LINES.items():
        ids[key] = new_id()
        line = place_views.NewLine.model_validate(given)
        await place_actions.add_line(db, by.program_id, by.staff_id, line, ids[key])
    return ids


async def _add_client(db: Db, by: Viewer, person: Person, line_id: UUID) -> None:
    client_id = new_id()
    today = await local_today(db, by.program_id, now_of(db))
    record = person.record | {
        "name_used": person.name,
        "assessed": True,
        "home_dispatch_line_id": line_id,
        "birth_date": _born(today, person.born_years_ago),
    }
    await client_actions.add_client(db, by, views.NewClient.model_validate(record), client_id)
    for phone in person.phones:
        await phone_actions.add_phone(db, by, client_id, views.NewPhone.model_validate(phone))
    named = [await _add_contact(db, by, client_id, contact, today) for contact in person.contacts]
    if person.agreement is not None:
        await _add_agreement(db, by, client_id, person.agreement, named, today)


def _born(today: date, years_ago: int) -> date:
    """Past the birthday, on any day that this runs."""
    return date(today.year - years_ago, 1, 1)


async def _add_contact(db: Db, by: Viewer, client_id: UUID, given: dict[str, Any], today: date) -> UUID:
    beside = ("release", "covers", "signed_by", "barred", "rights")
    fields = {name: value for name, value in given.items() if name not in beside}
    contact_id = await contact_actions.add_contact(db, by, client_id, views.NewContact.model_validate(fields))
    if "release" in given:
        begins, ends = given["release"]
        release = views.NewRelease(
            contact_id=contact_id,
            scope="That we lost touch, and where they may be",
            purpose="To find out that they are safe",
            starts_on=today + timedelta(days=begins),
            ends_on=today + timedelta(days=ends),
            signed_by=given.get("signed_by", "client"),
            signed_on=today + timedelta(days=begins),
            covers=given.get("covers", ["contact_in_crisis"]),
            method="Invented",
        )
        await release_actions.add_release(db, by, client_id, release)
    if "rights" in given:
        await _add_rights(db, by, client_id, contact_id, given["rights"], today)
    if "barred" in given:
        barred = views.NewDoNotContact(name=given["name"], contact_id=contact_id, reason=given["barred"])
        await contact_actions.bar(db, by, client_id, barred)
    return contact_id


async def _add_rights(
    db: Db, by: Viewer, client_id: UUID, contact_id: UUID, given: dict[str, Any], today: date
) -> None:
    """`seen`: the paper, looked at thirty days ago."""
    client = await client_of(db, by.program_id, client_id)
    paper = (
        {"verified_how": given["seen"], "verified_on": today - timedelta(days=30)} if "seen" in given else {}
    )
    plain = {name: value for name, value in given.items() if name != "seen"}
    rights = guardian_views.GivenRights.model_validate({**plain, **paper, "version": client.version})
    await guardian_actions.write_rights(db, by, client_id, contact_id, rights)


async def _add_agreement(
    db: Db, by: Viewer, client_id: UUID, given: dict[str, Any], named: list[UUID], today: date
) -> None:
    """Written and read today by the young person and the first whom they named, their guardian."""
    paper = family_views.NewAgreement.model_validate(
        {**given, "version": 0, "may_call": named[:1], "review_due": today + timedelta(days=90)}
    )
    agreement_id = await family_actions.write_agreement(db, by, client_id, paper)
    for who, contact_id in (("young_person", None), ("guardian", named[0])):
        reading = {"agreement_id": agreement_id, "who": who, "contact_id": contact_id, "how": "on_screen"}
        await family_actions.write_reading(
            db, by, client_id, family_views.NewReading.model_validate({**reading, "read_on": today})
        )


async def _tell_of_before(db: Db) -> None:
    """What was told about Marcus when the demo was younger, and that a second person looked at it."""
    marcus = (await db.scalars(select(Client).where(Client.name_used == "Marcus T."))).one()
    maya, luis = await viewer_named(db, "Maya Reyes"), await viewer_named(db, BACKUP)
    for told in TOLD:
        await tellings.tell(db, maya, marcus.id, disclosure_views.NewTelling.model_validate(told))
    for row in await disclosures.waiting(db, luis):
        note = "Spoke with Maya: right in the end, and the tier is chosen first next time."
        await disclosures.look_again(db, luis, row.id, note)


async def _connect_platform(db: Db, by: Viewer) -> None:
    connection = PlatformConnection(
        program_id=by.program_id, id=new_id(), platform="generic", label=PLATFORM_LABEL
    )
    conceal(db, connection, "secret", secrets.token_urlsafe(32))
    db.add(connection)
    detail = {"platform": "generic", "label": PLATFORM_LABEL}
    await write(
        db, by.program_id, [NewEntry(Kind.platform_connected, by.actor, detail=detail, retention="audit")]
    )
