"""The telephone and the rules together, on the real database: what a call's fate leads to."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from app.calls import routes
from app.incidents import actions as incident_actions
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.journal.verify import verify
from app.staff.access import Viewer
from app.staff.models import Program
from tests.calls.conftest import STAFF_NUMBER, Office, make_office
from tests.house import PIN, built


@pytest.fixture
async def ward(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[Office]:
    async with built(database_url, key_ring, routes.router) as house:
        made = await make_office(house)
        yield made
        await made.lines.close()


async def incident(ward: Office) -> Incident:
    async with ward.engine.transaction(None) as db:
        return (await db.scalars(select(Incident))).one()


async def kinds(ward: Office) -> list[str]:
    async with ward.engine.transaction(None) as db:
        found = await db.scalars(select(Entry.kind).where(Entry.incident_id.is_not(None)).order_by(Entry.seq))
        return list(found)


async def attempts(ward: Office) -> list[ContactAttempt]:
    async with ward.engine.transaction(None) as db:
        return list(await db.scalars(select(ContactAttempt).order_by(ContactAttempt.planned_at)))


async def steps(ward: Office) -> dict[str, str]:
    async with ward.engine.transaction(None) as db:
        return {step.key: step.status for step in await db.scalars(select(EscalationStep))}


async def test_a_pin_on_the_keypad_takes_the_incident(ward: Office) -> None:
    client = await ward.plans(due_at=ward.clock.now().replace(minute=5))
    staff = await ward.plans("staff", STAFF_NUMBER, client_leg_id=client)
    await ward.pass_time(2)
    await ward.answers(staff)
    await ward.presses(staff, PIN)
    assert (await incident(ward)).owner_id == ward.staff.id
    await ward.pass_time(2)
    assert await ward.ringing() == ["43"], "staff on the line bring the client's call forward"
    await ward.answers(client)
    phones = await ward.phone(client), await ward.phone(staff)
    assert phones[0].conference == phones[1].conference == str(client)
    assert (await incident(ward)).answered_at == ward.clock.now()


async def test_a_press_of_one_leaves_the_incident_without_an_owner(ward: Office) -> None:
    client = await ward.plans()
    staff = await ward.plans("staff", STAFF_NUMBER, client_leg_id=client)
    await ward.pass_time(2)
    await ward.answers(staff)
    await ward.presses(staff, "1")
    assert (await incident(ward)).owner_id is None


async def test_voicemail_is_not_a_person(ward: Office) -> None:
    client = await ward.plans()
    await ward.pass_time(1)
    await ward.answers(client, "voicemail")
    found = await incident(ward)
    assert found.reached_at is None
    assert (await steps(ward))["first-call"] != "dialing"


async def test_a_call_that_rings_out_moves_the_chain_on(ward: Office) -> None:
    await ward.plans()
    await ward.pass_time(28)
    assert (await steps(ward))["first-call"] == "done"
    assert Kind.attempt_ended in await kinds(ward)


async def test_silence_is_rung_back_with_the_next_staff_phone(ward: Office) -> None:
    client = await ward.plans()
    await ward.pass_time(1)
    await ward.answers(client)
    await ward.pass_time(22)
    told = await kinds(ward)
    assert Kind.attempt_answered in told
    assert (await ward.attempt(client)).result == "silent"


async def test_a_broken_line_is_an_alert(ward: Office) -> None:
    async with ward.engine.transaction(None) as db:
        (await db.get_one(Program, ward.program_id)).settings = {"line_broken": True}
    await ward.plans()
    await ward.pass_time(17, step=1)
    assert (await incident(ward)).by_hand == "call_failed"
    assert Kind.by_hand in await kinds(ward)


async def test_an_old_order_becomes_a_persons_task(ward: Office) -> None:
    await ward.plans()
    ward.clock.move(601)
    await ward.runs()
    assert (await incident(ward)).by_hand is not None
    assert Kind.step_voided in await kinds(ward)
    assert await ward.ringing() == []


async def test_a_lost_order_is_redialled_as_a_new_attempt_in_the_journal(ward: Office) -> None:
    first = await ward.plans()
    now = ward.clock.now()
    await ward.changes(first, status="dialing", dialing_at=now, lease_until=now, claimed_by=ward.step_id)
    await ward.pass_time(7)
    old, new = await attempts(ward)
    assert (old.error_code, new.replaces_id) == ("never_arrived", first)
    told = await kinds(ward)
    assert (
        told.index(Kind.attempt_unknown) < told.index(Kind.attempt_planned) < told.index(Kind.attempt_dialing)
    )
    async with ward.engine.transaction(None) as db:
        assert (await verify(db, ward.program_id)).faults == []


async def test_a_colleague_who_listens_to_the_menu_is_put_through_to_the_newest_call(ward: Office) -> None:
    """Their leg is told of a call that is written in the same transaction."""
    first = await ward.plans()
    staff = await ward.plans("staff", STAFF_NUMBER, client_leg_id=first)
    await ward.pass_time(2)
    await ward.answers(staff)
    me = Viewer(
        program_id=ward.program_id,
        staff_id=ward.staff.id,
        name="Maya Ortiz",
        first_name="Maya",
        roles=frozenset({"clinician"}),
        sign_in_id=ward.staff.id,
        program_kind="demo",
    )
    async with ward.house.database.transaction(ward.program_id) as db:
        await incident_actions.call(db, me, ward.incident_id, ward.phone_id)
    newest = (await attempts(ward))[-1]
    assert newest.id != first
    assert (await ward.attempt(staff)).client_leg_id == newest.id
