"""The self-test's own program, its invented people, and what is put away afterwards.

The program stays for the next run; its journal is the record of every test. Each run has a group session and clients
of its own. Its lines are simulated by a constraint of the database: no telephone outside can ring.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from app.calls import simulated
from app.calls.models import SimulatedCall
from app.clients import actions as client_actions
from app.clients import contact_actions, phone_actions, release_actions, views
from app.clients.models import Client
from app.clients.people import local_today
from app.db import Database, Db, conceal, new_id, now_of
from app.errors import Conflict
from app.group_sessions import meetings, scheduling
from app.group_sessions.models import Group, GroupSession, Presence
from app.incidents import actions as incident_actions
from app.incidents.models import Incident
from app.protocols import actions as protocol_actions
from app.rooms import intake
from app.rooms.deliveries import Delivery
from app.rooms.models import PlatformConnection
from app.staff import actions as staff_actions
from app.staff.access import Viewer
from app.staff.models import Program, StaffMember

PROGRAM_NAME = "Handrail self-test"
GROUP_NAME = "Self-test"
ROOM = "self-test"
CALLBACK_NUMBER = "+15035550190"
FIRST_NUMBER, OTHER_NUMBER, CONTACT_NUMBER = "+15035550191", "+15035550192", "+15035550193"
STAFF = (
    ("lead", "Test Lead", ("clinician",), "+15035550194"),
    ("cofacilitator", "Test Colleague", ("clinician",), "+15035550195"),
    ("supervisor", "Test Supervisor", ("supervisor",), "+15035550196"),
    ("backup", "Test Backup", ("supervisor",), "+15035550197"),
)
WHY = "The self-test is over."


@dataclass(frozen=True, slots=True)
class Stage:
    """`viewers` by place: lead, cofacilitator, supervisor, backup."""

    program_id: UUID
    meeting_id: UUID
    connection_id: UUID
    viewers: dict[str, Viewer]


async def set_up(database: Database) -> Stage:
    """Needs the engine's role the first time: it makes a tenant."""
    program_id = await _program(database)
    await put_away(database, program_id)
    async with database.transaction(program_id) as db:
        viewers = await _viewers(db, program_id)
        # The protocol that ships now, approved by an invented director.
        await protocol_actions.publish(db, program_id, "connection-lost", viewers["supervisor"].staff_id)
    async with database.transaction(program_id) as db:
        connection_id = await _connection(db, program_id)
        meeting_id = await _open_meeting(db, viewers, connection_id)
    return Stage(program_id, meeting_id, connection_id, viewers)


async def _program(database: Database) -> UUID:
    async with database.transaction(None) as db:
        known = await db.scalar(
            select(Program.id).where(Program.kind == "selftest", Program.name == PROGRAM_NAME).limit(1)
        )
        if known is not None:
            return known
        program = await staff_actions.create_program(
            db,
            name=PROGRAM_NAME,
            outward_name="the office",
            kind="selftest",
            region="US",
            time_zone="UTC",
            callback_number=CALLBACK_NUMBER,
        )
        await staff_actions.create_admin(db, program, name="Test Administrator", email=_email())
        await db.flush()
        administrator = await _viewer(db, program.id, "Test Administrator")
        for _, name, roles, number in STAFF:
            await staff_actions.add_staff(
                db,
                administrator,
                name=name,
                first_name=None,
                title="",
                email=_email(),
                roles=roles,
                phones=[staff_actions.PhoneGiven("Mobile", number)],
            )
        return program.id


def _email() -> str:
    """Nobody signs in with it, and it can collide with nobody's."""
    return f"self-test-{uuid4().hex}@example.invalid"


async def _viewers(db: Db, program_id: UUID) -> dict[str, Viewer]:
    return {place: await _viewer(db, program_id, name) for place, name, _, _ in STAFF}


async def _viewer(db: Db, program_id: UUID, name: str) -> Viewer:
    person = (
        await db.scalars(
            select(StaffMember).where(StaffMember.program_id == program_id, StaffMember.name == name)
        )
    ).one()
    return Viewer(
        program_id=program_id,
        staff_id=person.id,
        name=person.name,
        first_name=person.first_name,
        roles=frozenset(person.roles),
        # No browser is signed in: the person stands for it.
        sign_in_id=person.id,
        program_kind="selftest",
    )


async def _connection(db: Db, program_id: UUID) -> UUID:
    known = await db.scalar(
        select(PlatformConnection.id).where(PlatformConnection.program_id == program_id).limit(1)
    )
    if known is not None:
        return known
    made = PlatformConnection(program_id=program_id, id=new_id(), platform="generic", label="Self-test")
    conceal(db, made, "secret", secrets.token_urlsafe(32))
    db.add(made)
    await db.flush()
    return made.id


async def _open_meeting(db: Db, viewers: dict[str, Viewer], connection_id: UUID) -> UUID:
    supervisor = viewers["supervisor"]
    group_id = await db.scalar(
        select(Group.id).where(Group.program_id == supervisor.program_id, Group.name == GROUP_NAME)
    )
    if group_id is None:
        group_id = (await scheduling.add_group(db, supervisor, GROUP_NAME)).id
        await db.flush()
    now = now_of(db)
    meeting = await scheduling.schedule(
        db,
        supervisor,
        group_id=group_id,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        **{f"{place}_id": viewer.staff_id for place, viewer in viewers.items()},
        platform="generic",
        platform_connection_id=connection_id,
        platform_ref=ROOM,
    )
    await db.flush()
    await meetings.open_meeting(db, supervisor, meeting.id, None)
    return meeting.id


async def add_client(database: Database, stage: Stage, name: str) -> UUID:
    """At imminent tier, with two numbers, a contact and a release; in the call since now."""
    client_id = new_id()
    supervisor = stage.viewers["supervisor"]
    async with database.transaction(stage.program_id) as db:
        record = views.NewClient(
            name_used=name, safe_name=name, legal_name=f"{name} Invented", tier="imminent", assessed=True
        )
        await client_actions.add_client(db, supervisor, record, client_id)
        for label, number in (("Mobile", FIRST_NUMBER), ("Other", OTHER_NUMBER)):
            phone = views.NewPhone(
                number=number, label=label, voicemail_ok=True, text_ok=True, safe_to_ring=True
            )
            await phone_actions.add_phone(db, supervisor, client_id, phone)
        await _add_contact(db, supervisor, client_id)
        await meetings.add_to_roster(db, supervisor, stage.meeting_id, client_id)
    await says(database, stage, client_id, "joined")
    return client_id


async def _add_contact(db: Db, supervisor: Viewer, client_id: UUID) -> None:
    given = views.NewContact(name="Test Contact", relation="Sister", number=CONTACT_NUMBER)
    contact_id = await contact_actions.add_contact(db, supervisor, client_id, given)
    today = await local_today(db, supervisor.program_id, now_of(db))
    release = views.NewRelease(
        contact_id=contact_id,
        scope="That we lost touch",
        purpose="To find out that they are safe",
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=1),
        method="Invented",
    )
    await release_actions.add_release(db, supervisor, client_id, release)


async def says(database: Database, stage: Stage, client_id: UUID, kind: str) -> None:
    """What the video platform would post, past its signature: `joined`, or `left` as when a cable is pulled."""
    async with database.transaction(stage.program_id) as db:
        connection = await db.get_one(PlatformConnection, (stage.program_id, stage.connection_id))
        delivery = Delivery(
            delivery_id=uuid4().hex,
            room=ROOM,
            person=f"person:{client_id}",
            connection=str(client_id),
            kind="joined" if kind == "joined" else "left",
            occurred_at=now_of(db),
            cause=None if kind == "joined" else "lost",
        )
        await intake.take(db, connection, [delivery])


async def put_away(database: Database, program_id: UUID) -> None:
    """Everything of this program that is still open, also what an interrupted run left behind.

    Phones last: with nobody to hang up, the next run would find their numbers busy.
    """
    async with database.transaction(program_id) as db:
        supervisor = await _viewer(db, program_id, "Test Supervisor")
        incidents = await db.scalars(
            select(Incident.id).where(Incident.program_id == program_id, Incident.state == "open")
        )
        for incident_id in list(incidents):
            await incident_actions.close(db, supervisor, incident_id, "stood_down", WHY)
    async with database.transaction(program_id) as db:
        open_meetings = await db.scalars(
            select(GroupSession.id).where(
                GroupSession.program_id == program_id, GroupSession.state.in_(("open", "paused"))
            )
        )
        for meeting_id in list(open_meetings):
            expected = await db.scalars(
                select(Presence.client_id).where(
                    Presence.program_id == program_id, Presence.group_session_id == meeting_id
                )
            )
            outcomes = dict.fromkeys(expected, "handed_over")
            await meetings.close_meeting(db, supervisor, meeting_id, outcomes, {})
    async with database.transaction(program_id) as db:
        clients = await db.scalars(
            select(Client).where(Client.program_id == program_id, Client.ended_at.is_(None))
        )
        for client in list(clients):
            change = views.ChangeClient(version=client.version, ended=True)
            await client_actions.change_client(db, supervisor, client.id, change)
    async with database.transaction(program_id) as db:
        phones = await db.scalars(
            select(SimulatedCall.attempt_id).where(
                SimulatedCall.program_id == program_id,
                SimulatedCall.state != "ended",
                SimulatedCall.channel == "call",
            )
        )
        for attempt_id in list(phones):
            with suppress(Conflict):
                await simulated.hang_up(db, attempt_id)
