"""The old evening put away, through the actions that staff use, so that the new one begins with nobody lost."""

import contextlib
from uuid import UUID

from sqlalchemy import delete, select, update

from app.calls import simulated
from app.calls.models import SimulatedCall
from app.clients import actions as clients
from app.clients import flags
from app.clients.models import Client, ClientPhone
from app.clients.queries import death_stands
from app.clients.views import ChangeClient
from app.db import Database, Db
from app.demo import afterwards, words
from app.demo.people import CLIENTS, SUPERVISOR
from app.demo.seed import client_named, viewer_named
from app.emergency import death
from app.emergency.death_views import TakenBack
from app.errors import Conflict
from app.group_sessions import meetings
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.signals import ClientSignal
from app.incidents import actions as incident_actions
from app.incidents import callers, lowering, signalled
from app.incidents.models import InboundCaller, Incident
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.lanes.models import StaffBoard
from app.others.opening import GAP as AFTER_GROUP
from app.staff.access import Viewer
from app.staff.demo import DEMO_PROGRAM_ID
from app.staff.models import Program
from app.tasks import actions as task_actions
from app.tasks.models import Task

WHY = "The demo began a new evening."


async def put_away(database: Database) -> None:
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        open_incidents = list(
            await db.scalars(
                select(Incident.id).where(Incident.program_id == DEMO_PROGRAM_ID, Incident.state == "open")
            )
        )
        open_meetings = list(
            await db.scalars(
                select(GroupSession.id).where(
                    GroupSession.program_id == DEMO_PROGRAM_ID, GroupSession.state != "closed"
                )
            )
        )
    for incident_id in open_incidents:
        async with database.transaction(DEMO_PROGRAM_ID) as db:
            supervisor = await viewer_named(db, SUPERVISOR)
            for asked in (await lowering.waiting(db, DEMO_PROGRAM_ID, [incident_id])).values():
                await lowering.decline(db, supervisor, incident_id, asked.id, WHY)
            await incident_actions.close(db, supervisor, incident_id, "stood_down", WHY)
    await _hang_up(database)
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        await _handle_callers(db)
    await _answer_signals(database)
    for meeting_id in open_meetings:
        async with database.transaction(DEMO_PROGRAM_ID) as db:
            await _close(db, meeting_id)
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        await _ring_nobody_else(db)
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        await afterwards.put_away(db)
    await _take_up_again(database)
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        await _put_records_right(db)
        # Nobody of the new evening has had a board yet.
        await db.execute(delete(StaffBoard).where(StaffBoard.program_id == DEMO_PROGRAM_ID))


async def _answer_signals(database: Database) -> None:
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        standing = await db.execute(
            select(ClientSignal.group_session_id, ClientSignal.client_id).where(
                ClientSignal.program_id == DEMO_PROGRAM_ID, ClientSignal.answered_at.is_(None)
            )
        )
        waiting = list(standing)
    for meeting_id, client_id in waiting:
        async with database.transaction(DEMO_PROGRAM_ID) as db:
            supervisor = await viewer_named(db, SUPERVISOR)
            await signalled.answer(db, supervisor, meeting_id, client_id, "not_meant")


async def _handle_callers(db: Db) -> None:
    supervisor = await viewer_named(db, SUPERVISOR)
    standing = await db.scalars(
        select(InboundCaller.id).where(
            InboundCaller.program_id == DEMO_PROGRAM_ID, InboundCaller.state != "over"
        )
    )
    for caller_id in list(standing):
        await callers.handled(db, supervisor, caller_id, "nothing_needed")


async def _ring_nobody_else(db: Db) -> None:
    """Who was to be rung after the old evening's groups: its cards would stand on the new one's board for three days."""
    supervisor = await viewer_named(db, SUPERVISOR)
    standing = await db.scalars(
        select(Task.id).where(
            Task.program_id == DEMO_PROGRAM_ID, Task.gap == AFTER_GROUP, Task.done_at.is_(None)
        )
    )
    for task_id in list(standing):
        await task_actions.finish(db, supervisor, task_id, "not_needed")


async def _hang_up(database: Database) -> None:
    """Whoever is still on the line: their telephone would be busy for the whole new evening."""
    on_the_line = select(SimulatedCall.attempt_id).where(
        SimulatedCall.program_id == DEMO_PROGRAM_ID,
        SimulatedCall.channel == "call",
        SimulatedCall.state != "ended",
    )
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        attempts = list(await db.scalars(on_the_line))
    for attempt_id in attempts:
        # One end of a conversation may have ended the other.
        with contextlib.suppress(Conflict):
            async with database.transaction(DEMO_PROGRAM_ID) as db:
                await simulated.hang_up(db, attempt_id)


async def _close(db: Db, meeting_id: UUID) -> None:
    supervisor = await viewer_named(db, SUPERVISOR)
    meeting = await db.get_one(GroupSession, (DEMO_PROGRAM_ID, meeting_id))
    if meeting.state == "scheduled":
        await meetings.open_meeting(db, supervisor, meeting_id, WHY)
        await db.flush()
    expected = await db.scalars(
        select(Presence.client_id).where(
            Presence.program_id == DEMO_PROGRAM_ID, Presence.group_session_id == meeting_id
        )
    )
    outcomes = dict.fromkeys(expected, "handed_over")
    await meetings.close_meeting(db, supervisor, meeting_id, outcomes, {})


async def _take_up_again(database: Database) -> None:
    """Whose care a visitor ended, or whose death they recorded: the cast comes to every evening."""
    names = [person.name for person in CLIENTS]
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        gone = await db.scalars(
            select(Client.id).where(
                Client.program_id == DEMO_PROGRAM_ID,
                Client.name_used.in_(names),
                Client.ended_at.is_not(None),
            )
        )
        ids = list(gone)
    for client_id in ids:
        async with database.transaction(DEMO_PROGRAM_ID) as db:
            supervisor = await viewer_named(db, SUPERVISOR)
            if await death_stands(db, DEMO_PROGRAM_ID, client_id):
                await death.take_back(db, supervisor, client_id, TakenBack(why=WHY))
                continue
            client = await db.get_one(Client, (DEMO_PROGRAM_ID, client_id))
            given = ChangeClient(version=client.version, ended=False, reason=WHY)
            await clients.change_client(db, supervisor, client_id, given)


async def _put_records_right(db: Db) -> None:
    """What visitors changed about the cast's risk and their numbers' texts is as it was."""
    supervisor = await viewer_named(db, SUPERVISOR)
    for person in CLIENTS:
        client = await client_named(db, person)
        if client.tier != person.record["tier"]:
            await _put_tier_right(db, supervisor, client, person.record["tier"])
        client.danger_word_used_at = None
    await words.fresh_again(db, DEMO_PROGRAM_ID)
    await db.execute(
        update(ClientPhone).where(ClientPhone.program_id == DEMO_PROGRAM_ID).values(text_stopped_at=None)
    )
    program = await db.get_one(Program, DEMO_PROGRAM_ID)
    program.settings = program.settings | {"line_broken": False}


async def _put_tier_right(db: Db, supervisor: Viewer, client: Client, tier: str) -> None:
    """Not as staff lower one, which takes a check and two people: nobody is being assessed here."""
    detail = {"from": client.tier, "to": tier, "reason": WHY}
    entries = await flags.choose(db, client, tier, flags.Chosen(supervisor.staff_id))
    changed = NewEntry(Kind.tier_changed, supervisor.actor, client_id=client.id, detail=detail)
    await write(db, DEMO_PROGRAM_ID, [changed, *entries])
