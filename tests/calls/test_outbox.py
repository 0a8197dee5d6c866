"""What starts when: the rate token, the order of starts, the last look, and what is never dialled."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.calls.models import RateToken, SimulatedCall
from app.incidents.legs import CLIENT_LEG_BEFORE_LIMIT
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.staff.models import Program
from tests.calls.conftest import Office, make_office


async def started(office: Office) -> list[str]:
    """Last two digits of everything that was started, in order."""
    async with office.engine.transaction(None) as db:
        rows = await db.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.dialing_at.is_not(None))
            .order_by(ContactAttempt.dialing_at)
        )
        return [row.last2 for row in rows]


def number(last: int) -> str:
    return f"+150355501{last:02d}"


async def test_at_most_the_rate_and_one_more_start_in_any_second(office: Office) -> None:
    for last in range(50, 56):
        await office.plans(number=number(last))
    starts = []
    for _ in range(70):
        before = len(await started(office))
        await office.runs()
        starts += [office.clock.now()] * (len(await started(office)) - before)
        office.clock.move(0.1)
    assert len(starts) == 6
    for first in starts:
        within = [at for at in starts if first <= at <= first + timedelta(seconds=1)]
        assert len(within) <= 2


async def test_the_round_says_when_the_next_may_start(office: Office) -> None:
    await office.plans(number=number(50))
    office.clock.move(0.1)
    await office.plans(number=number(51))
    wait = await office.runs()
    assert wait is not None
    assert 0.9 < wait <= 1.0
    office.clock.move(1.1)
    await office.runs()
    office.clock.move(1.1)
    assert await office.runs() is None
    assert await started(office) == ["50", "51"]


async def test_the_most_urgent_starts_first_whenever_it_was_planned(office: Office) -> None:
    await office.plans(number=number(53), urgency=3)
    await office.plans(number=number(51), urgency=1)
    office.clock.move(1)
    await office.plans(number=number(50), urgency=0)
    await office.pass_time(4)
    assert await started(office) == ["50", "51", "53"]


async def test_programs_that_share_an_account_take_turns(office: Office) -> None:
    other = await make_office(office.house, kind="drill")
    async with office.engine.transaction(None) as db:
        await db.execute(
            update(Program)
            .where(Program.id.in_([office.program_id, other.program_id]))
            .values(provider_account="shared")
        )
    for last in (50, 51, 52):
        await office.plans(number=number(last))
        office.clock.move(0.1)
    for last in (60, 61):
        await other.plans(number=number(last))
        office.clock.move(0.1)
    await office.pass_time(6)
    assert await started(office) == ["50", "60", "51", "61", "52"]


@pytest.mark.row("T3")
async def test_colleagues_phones_never_cost_a_client_the_limit(office: Office) -> None:
    """Eight clients and thirty colleagues on a line that starts one call a second. Colleagues ring first (R6), as long
    as there is time; then every client within the limit, before their own time if need be; then the other colleagues."""
    due = office.clock.now() + timedelta(seconds=20)
    limit = due + CLIENT_LEG_BEFORE_LIMIT
    clients = [await office.plans(number=number(last), due_at=due) for last in range(50, 58)]
    staff = [await office.plans("staff", number(last)) for last in range(60, 90)]
    await office.pass_time(45, step=0.25)
    rung = [(await office.attempt(client)).dialing_at for client in clients]
    assert all(at is not None and at <= limit for at in rung)
    first = min(at for at in rung if at is not None)
    before = [at for one in staff if (at := (await office.attempt(one)).dialing_at) and at < first]
    assert len(before) >= 15, "colleagues were rung while there was time for both"
    assert all([(await office.attempt(one)).dialing_at for one in staff])


async def test_with_time_for_both_nobody_is_rung_before_their_time(office: Office) -> None:
    due = office.clock.now() + timedelta(seconds=20)
    clients = [await office.plans(number=number(last), due_at=due) for last in (50, 51)]
    for last in (60, 61, 62):
        await office.plans("staff", number(last))
    await office.pass_time(19)
    assert {(await office.attempt(client)).status for client in clients} == {"planned"}


async def test_a_call_by_a_persons_own_press_is_never_brought_forward(office: Office) -> None:
    """Nor is a contact's: both wait for the person who speaks (R1)."""
    due = office.clock.now() + timedelta(seconds=1.5)
    waiting = [
        await office.plans(number=number(50), due_at=due + timedelta(seconds=60), step_id=None),
        await office.plans("contact", number(51), due_at=due + timedelta(seconds=60), step_id=None),
    ]
    for last in range(60, 90):
        await office.plans("staff", number(last))
    for last in range(52, 58):
        await office.plans(number=number(last), due_at=due)
    await office.pass_time(30)
    assert {(await office.attempt(one)).status for one in waiting} == {"planned"}


async def test_texts_do_not_wait_for_calls(office: Office) -> None:
    await office.plans(number=number(50))
    words = {"template": "Hi, it's {staff_first_name}. Call {callback_number}.", "staff_first_name": "Maya"}
    text = await office.plans(
        number=number(51), channel="text", script="text-neutral", words=words | {"callback_number": number(0)}
    )
    await office.runs()
    assert sorted(await started(office)) == ["50", "51"]
    await office.ticks()
    assert (await office.phone(text)).words == "Hi, it's Maya. Call 503-555-0100."
    assert (await office.attempt(text)).result == "delivered"
    assert office.events(text) == ["ended"]


async def test_a_text_with_an_empty_slot_does_not_leave(office: Office) -> None:
    words = {"template": "Hi, it's {staff_first_name}.", "staff_first_name": ""}
    text = await office.plans(channel="text", words=words)
    await office.runs()
    attempt = await office.attempt(text)
    assert (attempt.status, attempt.error_code, attempt.dialing_at) == ("failed", "script_slot", None)
    assert office.events(text) == ["failed"]


@pytest.mark.parametrize("stored", ["911", "+1911", "+1988", "+19005550123", "+15552671", "not a number"])
async def test_emergency_short_premium_and_invalid_numbers_are_never_dialled(
    office: Office, stored: str
) -> None:
    call = await office.plans(number=stored)
    await office.runs()
    attempt = await office.attempt(call)
    assert (attempt.status, attempt.dialing_at) == ("failed", None)
    assert (attempt.error_code or "").startswith("number_")
    assert office.events(call) == ["failed"]
    assert await office.ringing() == []


async def test_nothing_old_dials(office: Office) -> None:
    call = await office.plans(void_after=office.clock.now() + timedelta(minutes=10))
    office.clock.move(10 * 60 + 1)
    await office.runs()
    assert (await office.attempt(call)).status == "voided"
    assert office.events(call) == ["voided"]
    assert await office.ringing() == []


async def test_nothing_rings_before_its_time(office: Office) -> None:
    await office.plans(due_at=office.clock.now() + timedelta(seconds=5))
    await office.pass_time(4)
    assert await office.ringing() == []
    await office.pass_time(2)
    assert await office.ringing() == ["43"]


@pytest.mark.parametrize("over", ["closed", "cancelled", "skipped"])
async def test_an_order_that_is_no_longer_wanted_is_dropped(office: Office, over: str) -> None:
    call = await office.plans()
    async with office.engine.transaction(None) as db:
        if over == "closed":
            await db.execute(update(Incident).values(state="closed"))
        else:
            await db.execute(update(EscalationStep).values(status=over))
    await office.runs()
    attempt = await office.attempt(call)
    assert (attempt.status, attempt.result, attempt.dialing_at) == ("cancelled", "step_over", None)
    assert await office.ringing() == []


async def test_one_number_is_never_rung_twice_at_once(office: Office) -> None:
    await office.plans()
    office.clock.move(0.1)
    again = await office.plans()
    await office.pass_time(5)
    assert await office.ringing() == ["43"]
    assert (await office.attempt(again)).status == "planned"
    await office.pass_time(25)
    assert (await office.attempt(again)).status == "ringing"


async def test_several_processes_start_each_attempt_once(office: Office) -> None:
    await office.plans(number=number(40))
    await office.runs()
    async with office.engine.transaction(None) as db:
        await db.execute(update(RateToken).values(per_second=1000))
    for last in range(50, 80):
        await office.plans(number=number(last))
    office.clock.move(5)

    async def process() -> None:
        for _ in range(40):
            await office.runs()

    async def time_goes_by() -> None:
        for _ in range(200):
            office.clock.move(0.002)
            await asyncio.sleep(0.01)

    await asyncio.gather(process(), process(), process(), time_goes_by())
    async with office.engine.transaction(None) as db:
        calls = list(await db.scalars(select(SimulatedCall.attempt_id)))
    assert len(calls) == len(set(calls)) == 31


async def test_the_start_is_journalled_and_is_the_first_outreach(office: Office) -> None:
    await office.plans()
    await office.runs()
    async with office.engine.transaction(None) as db:
        incident = (await db.scalars(select(Incident))).one()
        kinds = list(await db.scalars(select(Entry.kind).where(Entry.incident_id == incident.id)))
    assert incident.first_outreach_at == office.clock.now()
    assert kinds == [Kind.attempt_dialing]


async def test_a_staff_leg_is_not_an_outreach(office: Office) -> None:
    await office.plans("staff", number(77))
    await office.runs()
    async with office.engine.transaction(None) as db:
        assert (await db.scalars(select(Incident))).one().first_outreach_at is None


async def test_a_broken_line_is_a_signal_and_not_a_loop(office: Office) -> None:
    async with office.engine.transaction(None) as db:
        program = await db.get_one(Program, office.program_id)
        program.settings = {"line_broken": True}
    call = await office.plans()
    await office.pass_time(20)
    attempt = await office.attempt(call)
    assert (attempt.status, attempt.error_code) == ("failed", "line_broken")
    async with office.engine.transaction(None) as db:
        assert (await db.scalars(select(Incident))).one().first_outreach_at is None, "nothing rang"
    assert office.events(call) == ["failed"]


async def test_a_live_program_without_a_line_is_told_at_once(office: Office) -> None:
    live = await make_office(office.house, kind="live")
    live.heard = office.heard
    call = await live.plans()
    await live.runs()
    assert (await live.attempt(call)).error_code == "no_line"
    assert office.events(call) == ["failed"]
    assert await office.ringing() == [], "a real call never falls back to a simulated line"


async def test_one_sick_row_stops_nobody_else(office: Office) -> None:
    """A sealed number that no key opens: a person is told, and the phone behind it rings."""
    sick = await office.plans(number=number(50), urgency=0)
    await office.changes(sick, number=b"not a sealed value")
    well = await office.plans(number=number(51), urgency=3)
    await office.runs()
    assert (await office.attempt(sick)).error_code == "sick"
    assert (await office.attempt(well)).status == "dialing"
    async with office.engine.transaction(None) as db:
        assert (await db.scalars(select(Incident))).one().by_hand == "sick"
        assert Kind.sick_row in list(await db.scalars(select(Entry.kind)))
    await office.pass_time(3)
    assert await office.ringing() == ["51"]
