"""What stands from the days before: a call to Marcus's brother is owed, and of Skye's check-ins one was missed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.clients.models import Client
from app.clock import MovableClock
from app.db import Database, Db
from app.demo.people import CLIENTS, SUPERVISOR, Person
from app.demo.seed import viewer_named
from app.follow_ups import owing, planning, recording
from app.follow_ups.models import CheckInPlan, FollowUp
from app.follow_ups.views import EndCall, NewCheckIns
from app.journal.write import write
from app.staff.demo import DEMO_PROGRAM_ID

BEFORE = timedelta(hours=30)
WHY = "The demo began a new evening."
CALLED, CHECKED = "Marcus T.", "Skye M."
TOLD = "Said on Monday that the nights are the hardest. These are for the evenings."
# The first was due this afternoon, and nobody made it.
CHECK_INS = (timedelta(hours=24), timedelta(hours=32), timedelta(hours=54))


async def put_away(db: Db) -> None:
    supervisor = await viewer_named(db, SUPERVISOR)
    plans = await db.scalars(
        select(CheckInPlan.id).where(
            CheckInPlan.program_id == DEMO_PROGRAM_ID, CheckInPlan.ended_at.is_(None)
        )
    )
    for plan_id in list(plans):
        await planning.end(db, supervisor, plan_id, WHY)
    calls = await db.scalars(
        select(FollowUp.id).where(
            FollowUp.program_id == DEMO_PROGRAM_ID,
            FollowUp.kind == "caregiver_call",
            FollowUp.ended_at.is_(None),
        )
    )
    for call_id in list(calls):
        await recording.end_call(db, supervisor, call_id, EndCall(why="not_needed", reason=WHY))


async def tell(database: Database, clock: MovableClock, now: datetime) -> None:
    """`clock` is that of `database`, set back before the new evening begins."""
    clock.move((now - BEFORE - clock.now()).total_seconds())
    called, checked = (_person(name) for name in (CALLED, CHECKED))
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        viewer, client = await viewer_named(db, called.meeting.lead), await _client(db, called)
        entries = await owing.owe_call(db, viewer, client.id, "high", None)
        await db.flush()
        await write(db, DEMO_PROGRAM_ID, entries)
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        viewer, client = await viewer_named(db, checked.meeting.lead), await _client(db, checked)
        times = [clock.now() + after for after in CHECK_INS]
        await planning.plan(db, viewer, client.id, NewCheckIns(times=times, why=TOLD))


def _person(name: str) -> Person:
    return next(person for person in CLIENTS if person.name == name)


async def _client(db: Db, person: Person) -> Client:
    found = await db.scalars(
        select(Client).where(Client.program_id == DEMO_PROGRAM_ID, Client.name_used == person.name)
    )
    return found.one()
