"""Who is woken by what: boards by every entry, the engine by what can make something due sooner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID, uuid4

import pytest

from app.journal.kinds import Kind
from app.journal.wake import PostgresWake
from app.journal.write import RULE, NewEntry, write
from tests.house import House, built

HARBOR, ELSEWHERE = uuid4(), uuid4()


class Ear:
    """A process with its own connection. What it has heard, but for the look that follows every connection."""

    def __init__(self, wake: PostgresWake) -> None:
        self.wake = wake
        self.heard: list[tuple[UUID, int]] = []
        self.ready = asyncio.Event()
        wake.listen(self.hears)

    def hears(self, program_id: UUID | None, seq: int) -> None:
        if program_id is None:
            self.ready.set()
        else:
            self.heard.append((program_id, seq))


@asynccontextmanager
async def ears(url: str, *calm: bool) -> AsyncIterator[list[Ear]]:
    async with AsyncExitStack() as stack, asyncio.timeout(20):
        made = []
        for one in calm:
            ear = Ear(PostgresWake(url, calm=one))
            stack.push_async_callback(ear.wake.stop)
            await ear.wake.start()
            await ear.ready.wait()
            made.append(ear)
        yield made


async def test_the_engine_sleeps_through_what_makes_nothing_due_sooner(database_url: str) -> None:
    async with ears(database_url, True, True, False) as (web, other_web, engine):
        web.wake.announce(HARBOR, 1, calm=True)
        web.wake.announce(ELSEWHERE, 7)
        # Announced later, so that whatever came before it has arrived.
        while (HARBOR, 2) not in engine.heard:
            web.wake.announce(HARBOR, 2)
            await asyncio.sleep(0.01)
        assert set(engine.heard) == {(ELSEWHERE, 7), (HARBOR, 2)}
        assert dict(other_web.heard) == {HARBOR: 2, ELSEWHERE: 7}
        assert {(HARBOR, 1), (ELSEWHERE, 7)} <= set(web.heard)


async def test_within_a_process_too_a_listener_chooses(database_url: str) -> None:
    wake, heard = PostgresWake(database_url), list[int]()
    stop = wake.listen(lambda _, seq: heard.append(seq), calm=False)
    wake.announce(HARBOR, 1, calm=True)
    wake.announce(HARBOR, 2)
    stop()
    wake.announce(HARBOR, 3)
    assert heard == [2]


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring) as house:
        yield house


@pytest.mark.parametrize(
    ("kinds", "calm"),
    [
        ((Kind.presence_changed, Kind.presence_changed), True),
        ((Kind.presence_changed, Kind.incident_opened), False),
        ((Kind.incident_opened,), False),
    ],
)
async def test_presence_alone_is_calm(house: House, kinds: tuple[Kind, ...], calm: bool) -> None:
    told: list[tuple[UUID, bool]] = []
    house.database.announce = lambda program_id, _seq, calm: told.append((program_id, calm))
    async with house.database.transaction(house.program) as db:
        for kind in kinds:
            await write(db, house.program, [NewEntry(kind, RULE)])
    assert told == [(house.program, calm)]
