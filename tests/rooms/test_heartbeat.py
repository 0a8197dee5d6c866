"""Beats are gathered and written once a second; our own deafness is written down."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.group_sessions.sweep import due
from app.rooms.heartbeat import Beats
from tests.presence.conftest import START, Meeting


def at(seconds: float) -> Any:
    return START + timedelta(seconds=seconds)


class Pages:
    """Some companion pages of one meeting, and the processes that hear them."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.beats = Beats(meeting.web, meeting.clock)

    def speaks(self, client_id: UUID, *, visible: bool = True, by: Beats | None = None) -> None:
        meeting = self.meeting
        (by or self.beats).beat(
            meeting.program_id, meeting.group_session_id, client_id, visible, meeting.clock.now()
        )

    def says_goodbye(self, client_id: UUID) -> None:
        meeting = self.meeting
        self.beats.goodbye(meeting.program_id, meeting.group_session_id, client_id, meeting.clock.now())

    async def passes(self, seconds: int, *speaking: UUID, hears: bool = True) -> list[tuple[str, str]]:
        """Second by second, as in life: pages speak every 5 s, processes write and the engine sweeps every second."""
        changes = []
        for second in range(1, seconds + 1):
            self.meeting.clock.move(1)
            if hears:
                if second % 5 == 0:
                    for client_id in speaking:
                        self.speaks(client_id)
                await self.beats.once()
            async with self.meeting.engine.transaction(None) as db:
                changes += [(c.before, c.after) for c in await due(db, self.meeting.clock.now())]
        return changes

    async def row(self, client_id: UUID) -> Any:
        async with self.meeting.engine.transaction(None) as db:
            return (
                await db.execute(text("select * from presence where client_id = :id"), {"id": client_id})
            ).one()


@pytest.fixture
async def pages(meeting: Meeting) -> Pages:
    return Pages(meeting)


async def test_a_page_that_speaks_is_present_and_silence_is_lost_within_a_second_of_its_grace(
    pages: Pages,
) -> None:
    ana = await pages.meeting.expects("Ana")
    pages.speaks(ana)
    assert await pages.passes(1) == [("not_here_yet", "present")]
    assert await pages.passes(60, ana) == []
    # The last beat came just now.
    assert await pages.passes(10) == []
    assert await pages.passes(2) == [("present", "lost")]
    assert (await pages.row(ana)).evidence_at == at(61)


async def test_who_speaks_again_is_present_again(pages: Pages) -> None:
    ana = await pages.meeting.expects("Ana")
    pages.speaks(ana)
    await pages.passes(20)
    pages.speaks(ana)
    assert await pages.passes(2) == [("lost", "present")]


async def test_hidden_is_asked_about_and_visible_again_answers(pages: Pages) -> None:
    ana = await pages.meeting.expects("Ana")
    pages.speaks(ana)
    await pages.passes(4)
    pages.speaks(ana, visible=False)
    await pages.passes(1)
    row = await pages.row(ana)
    assert (row.page_visible, row.page_changed_at, row.last_beat_at) == (False, at(4), at(4))
    assert await pages.passes(13) == [("present", "quiet")]
    pages.speaks(ana)
    assert await pages.passes(1) == [("quiet", "present")]


async def test_a_goodbye_is_asked_about_but_a_reload_is_not(pages: Pages) -> None:
    ana, ben = await pages.meeting.expects("Ana"), await pages.meeting.expects("Ben")
    for client in (ana, ben):
        pages.speaks(client)
    await pages.passes(5)
    for client in (ana, ben):
        pages.says_goodbye(client)
    await pages.passes(2)
    assert (await pages.row(ana)).goodbye_at == at(5)
    assert await pages.passes(12, ben) == [("present", "quiet")]


async def test_restarting_web_under_open_pages_loses_nobody(pages: Pages) -> None:
    """Killed, away for 20 s, and pages need their 5 s to find the new process. At high the grace is 9 s."""
    meeting = pages.meeting
    clients = [await meeting.expects(f"C{n}", "high") for n in range(20)]
    for client in clients:
        pages.speaks(client)
    await pages.passes(9, *clients)
    assert await pages.passes(20, hears=False) == []
    pages.beats = Beats(meeting.web, meeting.clock)
    assert await pages.passes(5) == []
    assert await pages.passes(30, *clients) == []
    assert await pages.passes(15) == [("present", "lost")] * 20


async def test_one_of_two_processes_dies_and_its_pages_find_the_other(pages: Pages) -> None:
    meeting = pages.meeting
    ana = await meeting.expects("Ana", "imminent")
    dies = Beats(meeting.web, meeting.clock)
    pages.speaks(ana, by=dies)
    await dies.once()
    # It died at once; the page tries again for 5 s and speaks to the other process at 10 s.
    assert await pages.passes(9) == [("not_here_yet", "present")]
    pages.speaks(ana)
    assert await pages.passes(5) == []


async def test_beats_that_could_not_be_written_are_kept(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await pages.meeting.expects("Ana")
    pages.speaks(ana)

    async def fails(*_: Any) -> Any:
        raise OSError("no database")

    with monkeypatch.context() as broken:
        broken.setattr(pages.beats, "_write", fails)
        with pytest.raises(OSError, match="no database"):
            await pages.beats.once()
    pages.meeting.clock.move(1)
    pages.speaks(ana, visible=False)
    assert await pages.beats.once() == 1
    row = await pages.row(ana)
    assert (row.last_beat_at, row.page_visible) == (at(1), False)


async def test_a_row_that_somebody_holds_is_written_the_next_second(pages: Pages) -> None:
    ana, ben = await pages.meeting.expects("Ana"), await pages.meeting.expects("Ben")
    async with pages.meeting.engine.transaction(None) as db:
        await db.execute(text("select 1 from presence where client_id = :id for update"), {"id": ana})
        pages.speaks(ana)
        pages.speaks(ben)
        assert await pages.beats.once() == 1
    assert await pages.beats.once() == 1
    assert (await pages.row(ana)).last_beat_at == at(0)


async def test_an_older_beat_changes_nothing(pages: Pages) -> None:
    ana = await pages.meeting.expects("Ana")
    pages.meeting.clock.move(5)
    pages.speaks(ana)
    await pages.beats.once()
    meeting = pages.meeting
    pages.beats.beat(meeting.program_id, meeting.group_session_id, ana, False, at(2))
    await pages.beats.once()
    row = await pages.row(ana)
    assert (row.last_beat_at, row.page_visible) == (at(5), True)


async def test_beats_of_another_program_and_of_strangers_change_nothing(pages: Pages) -> None:
    ana = await pages.meeting.expects("Ana")
    meeting = pages.meeting
    pages.beats.beat(uuid4(), meeting.group_session_id, ana, True, at(0))
    pages.beats.beat(meeting.program_id, meeting.group_session_id, uuid4(), True, at(0))
    await pages.beats.once()
    assert (await pages.row(ana)).last_beat_at is None
    assert pages.beats.waiting == {}


async def test_the_loop_writes_and_stops(pages: Pages) -> None:
    ana = await pages.meeting.expects("Ana")
    pages.beats.start()
    pages.speaks(ana)
    await pages.beats.stop()
    assert (await pages.row(ana)).last_beat_at == at(0)


async def test_two_thousand_beats_are_one_write(pages: Pages) -> None:
    meeting = pages.meeting
    await meeting.expects("Ana")
    async with meeting.engine.transaction(None) as db:
        await db.execute(
            text(
                """insert into client (program_id, id, name_used, pronouns, safe_name, legal_name, tier, made_at,
                     minor, language, interpreter_needed, assessed, first_outreach, unsafe_home, part2, version,
                     hidden_from_guardian)
                   select program_id, gen_random_uuid(), 'C' || n, pronouns, safe_name, legal_name, tier, made_at,
                     minor, language, interpreter_needed, assessed, first_outreach, unsafe_home, part2, version,
                     hidden_from_guardian
                   from client, generate_series(1, 1999) n"""
            )
        )
        await db.execute(
            text(
                """insert into presence (program_id, group_session_id, client_id, state, since)
                   select c.program_id, :meeting, c.id, 'present', :at from client c on conflict do nothing"""
            ),
            {"meeting": meeting.group_session_id, "at": START},
        )
        clients = list((await db.execute(text("select client_id from presence"))).scalars())
    for _ in range(6):
        meeting.clock.move(5)
        for client in clients:
            pages.speaks(client)
        assert await pages.beats.once() == 2000
