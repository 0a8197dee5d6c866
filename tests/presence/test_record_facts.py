"""Facts in the database: kept once, fused at once, and swept when time alone changes a state."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.sweep import due, waiting
from tests.presence.conftest import START, Meeting


def joined(client_id: UUID, delivery: str, **more: Any) -> NewFact:
    return NewFact(client_id, "platform", "joined", delivery_id=delivery, connection="c1", **more)


async def record(meeting: Meeting, *facts: NewFact) -> list[tuple[str, str]]:
    async with meeting.web.transaction(meeting.program_id) as db:
        changes = await record_facts(db, meeting.group_session_id, facts)
    return [(change.before, change.after) for change in changes]


async def sweep(meeting: Meeting) -> list[tuple[str, str]]:
    async with meeting.engine.transaction(None) as db:
        changes = await due(db, meeting.clock.now())
    return [(change.before, change.after) for change in changes]


async def test_a_drop_is_lost_at_once_and_a_repeat_changes_nothing(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana")
    assert await record(meeting, joined(ana, "d1")) == [("not_here_yet", "present")]
    meeting.clock.move(60)
    left = NewFact(ana, "platform", "left", delivery_id="d2", connection="c1", cause="lost")
    assert await record(meeting, left, left) == [("present", "lost")]
    assert await record(meeting, joined(ana, "d1"), left) == []


async def test_a_late_leave_of_an_old_connection_changes_nothing(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana")
    await record(meeting, joined(ana, "d1"))
    meeting.clock.move(90)
    await record(meeting, NewFact(ana, "platform", "joined", delivery_id="d3", connection="c2"))
    late = NewFact(ana, "platform", "left", START + timedelta(seconds=60), "d2", "lost", "c1")
    assert await record(meeting, late) == []


async def test_leaving_early_is_swept_to_lost_after_a_minute(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana")
    await record(meeting, joined(ana, "d1"))
    left = NewFact(ana, "platform", "left", delivery_id="d2", connection="c1", cause="deliberate")
    assert await record(meeting, left) == [("present", "left")]
    meeting.clock.move(59)
    assert await sweep(meeting) == []
    meeting.clock.move(1)
    assert await sweep(meeting) == [("left", "lost")]
    assert await sweep(meeting) == []


async def test_nobody_who_was_taken_off_the_roster_calls_for_a_look(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana")
    await record(meeting, joined(ana, "d1"))
    await record(
        meeting, NewFact(ana, "platform", "left", delivery_id="d2", connection="c1", cause="deliberate")
    )
    meeting.clock.move(61)

    async def due_by_program() -> dict[UUID, int]:
        async with meeting.engine.transaction(None) as db:
            return await waiting(db, meeting.clock.now())

    assert await due_by_program() == {meeting.program_id: 1}
    async with meeting.engine.transaction(None) as db:
        await db.execute(text("update presence set removed_at = :at"), {"at": meeting.clock.now()})
    assert await due_by_program() == {}
    assert await sweep(meeting) == []


async def test_who_is_not_here_after_ten_minutes_is_told_once(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana", "moderate")
    async with meeting.web.transaction(meeting.program_id) as db:
        await record_facts(db, meeting.group_session_id, [NewFact(ana, "phone", "answered")])
    meeting.clock.move(600)
    async with meeting.engine.transaction(None) as db:
        [change] = await due(db, meeting.clock.now())
    assert (change.after, change.fused.reason, change.tier) == ("not_here_yet", "not_here", "moderate")
    assert await sweep(meeting) == []


async def test_a_new_end_of_a_promise_is_news(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana")
    five = NewFact(ana, "client", "away", until=START + timedelta(minutes=5))
    assert await record(meeting, five) == [("not_here_yet", "away")]
    meeting.clock.move(60)
    ten = NewFact(ana, "client", "away", until=START + timedelta(minutes=10))
    assert await record(meeting, ten) == [("away", "away")]
    meeting.clock.move(600)
    assert await sweep(meeting) == [("away", "lost")]


async def test_people_taken_off_the_roster_and_closed_groups_are_not_swept(meeting: Meeting) -> None:
    ana, ben = await meeting.expects("Ana"), await meeting.expects("Ben")
    for client in (ana, ben):
        await record(meeting, NewFact(client, "client", "away", until=START + timedelta(minutes=5)))
    meeting.clock.move(900)
    async with meeting.engine.transaction(None) as db:
        await db.execute(
            text("update presence set removed_at = :at where client_id = :id"), {"at": START, "id": ana}
        )
    assert await record(meeting, NewFact(ana, "staff", "lost")) == []
    async with meeting.engine.transaction(None) as db:
        await db.execute(text("update group_session set state = 'closed'"))
    assert await sweep(meeting) == []
    async with meeting.engine.transaction(None) as db:
        row = (await db.execute(text("select * from presence where client_id = :id"), {"id": ben})).one()
    assert (row.state, row.check_at) == ("away", None)


async def test_deaf_time_is_read_from_the_database(meeting: Meeting) -> None:
    ana = await meeting.expects("Ana")
    now = START + timedelta(seconds=200)
    async with meeting.engine.transaction(None) as db:
        await db.execute(
            text(
                "update presence set last_beat_at = :at, page_visible = true, check_at = :at, state = 'present'"
            ),
            {"at": START + timedelta(seconds=100)},
        )
        await db.execute(
            text("insert into deaf_interval (id, from_at, until_at) values (:id, :a, :b)"),
            {"id": uuid4(), "a": START + timedelta(seconds=101), "b": START + timedelta(seconds=199)},
        )
        await db.execute(text("insert into hearing values (:id, :now)"), {"id": uuid4(), "now": now})
    meeting.clock.move(200)
    assert await sweep(meeting) == []
    async with meeting.engine.transaction(None) as db:
        await db.execute(text("update hearing set hearing_until = :at"), {"at": now + timedelta(hours=1)})
    meeting.clock.move(11)
    assert await sweep(meeting) == [("present", "lost")]
    assert ana


async def test_ten_thousand_drops_are_one_sweep(meeting: Meeting) -> None:
    await meeting.expects("Ana")
    async with meeting.engine.transaction(None) as db:
        await db.execute(
            text(
                """insert into client (program_id, id, name_used, pronouns, safe_name, legal_name, tier, made_at,
                     minor, language, interpreter_needed, assessed, first_outreach, unsafe_home, part2, version,
                     hidden_from_guardian)
                   select program_id, gen_random_uuid(), 'C' || n, pronouns, safe_name, legal_name, 'high', made_at,
                     minor, language, interpreter_needed, assessed, first_outreach, unsafe_home, part2, version,
                     hidden_from_guardian
                   from client, generate_series(1, 9999) n"""
            )
        )
        await db.execute(
            text(
                """insert into presence (program_id, group_session_id, client_id, state, since)
                   select c.program_id, :meeting, c.id, 'present', :at from client c on conflict do nothing"""
            ),
            {"meeting": meeting.group_session_id, "at": START},
        )
        await db.execute(
            text(
                "update presence set state = 'present', check_at = :at, last_beat_at = :at, page_visible = true"
            ),
            {"at": START},
        )
        await db.execute(text("insert into hearing values (:id, :at)"), {"id": uuid4(), "at": START})
        await db.execute(text("update hearing set hearing_until = :at"), {"at": START + timedelta(hours=1)})
    meeting.clock.move(12)
    async with meeting.engine.transaction(None) as db:
        changes = await due(db, meeting.clock.now())
    assert {(change.before, change.after) for change in changes} == {("present", "lost")}
    assert len(changes) == 10_000
