"""kill -9 of the engine, of the web process and of Postgres, in real processes: at random points of running chains, and
of the web process exactly between the two transactions of an Emergency.

`python -m bench.chaos` does the first 200 times.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from sqlalchemy import text

from app.protocols import actions as protocols
from bench.chaos import chaos
from bench.ground import Meeting, add_program
from bench.holds import broken
from bench.people import signed_in
from bench.processes import Running, running

KILLS = 6
SEED = 20
# From the kill to the protocol, the lanes and our phones: half a second for whoever pressed, and an engine's rounds.
SET_OUT_WITHIN = 2.0
# Whatever the second transaction writes refers to one of these rows and waits for whoever holds it; the first has none.
_HOLD = "select id from protocol_version where status = 'published' for update"
_SOMEBODY_WAITS = """
    select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
    """
_SAID = text(
    """
    select i.id, i.tier, i.owner_id, e.sets_out_by,
        (select v.protocol from protocol_version v where v.id = i.protocol_version_id) as protocol,
        (select count(*) from escalation_step s where s.incident_id = i.id) as steps
    from incident i join emergency e on e.program_id = i.program_id and e.incident_id = i.id
    """
)
_RUNG = text(
    """
    select a.staff_id, count(*) as rings from contact_attempt a
    join simulated_call c on c.program_id = a.program_id and c.attempt_id = a.id group by a.staff_id
    """
)


async def test_six_kills_lose_no_step_and_ring_nobody_twice() -> None:
    told = await chaos(SEED, KILLS, window=6, apart=0, after=16, found_after=4)
    assert told.faults == []
    assert told.kills == Counter(engine=2, web=2, postgres=2)
    # Something was under way all the time.
    assert len(told.dropped) == 4 * KILLS
    missing = len(told.dropped) - told.found
    assert missing == 4 * 4, "those of two rounds were recognised"
    assert told.steps >= len(told.dropped)
    assert told.calls >= 2 * missing


async def test_the_web_is_killed_between_an_emergencys_two_transactions_and_the_engine_sets_it_out() -> None:
    async with running("between") as house, httpx.AsyncClient(timeout=10) as http:
        # An engine of its own, as on a second machine: one that `serve` brought may end with it, and waits for the next.
        web = house.start_more("serve", "--no-engine")
        house.start_more("engine")
        meeting = await add_program(house.database, 0, 1, tiers=["low"], pages=False)
        async with house.database.transaction(meeting.program_id) as db:
            await protocols.publish(db, meeting.program_id, "imminent-risk", meeting.staff_ids[2])
        press = await _press_of(house, meeting)
        await house.engine_goes_round()
        async with _held_up(house) as somebody_waits:
            pressing = asyncio.create_task(http.post(**press))
            async with asyncio.timeout(5):
                while not await somebody_waits():  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            [said] = await _rows(house, _SAID)
            assert (said.tier, said.owner_id) == ("imminent", meeting.staff_ids[0]), "every board shows it"
            assert said.sets_out_by is not None
            # Lanes may be given and rung for already: they wait for nothing of this.
            assert (said.protocol, said.steps) == (None, 0), "nothing of the second has committed"
            web.kill()
            await asyncio.to_thread(web.wait)
        assert isinstance((await asyncio.gather(pressing, return_exceptions=True))[0], httpx.TransportError)
        async with asyncio.timeout(SET_OUT_WITHIN):
            while len(await _rows(house, _RUNG)) < 2 or (await _rows(house, _SAID))[0].sets_out_by:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        [set_out] = await _rows(house, _SAID)
        assert (set_out.id, set_out.protocol) == (said.id, "imminent-risk")
        assert set_out.steps > 0
        # A second ring for the same press would have been planned with the first.
        await asyncio.sleep(0.5)
        rung = {row.staff_id: row.rings for row in await _rows(house, _RUNG)}
        assert rung == {meeting.staff_ids[2]: 1, meeting.staff_ids[3]: 1}, "supervisor and backup, once each"
        assert await broken(house.database, house.settings.lease_seconds, {}, []) == []


async def _press_of(house: Running, meeting: Meeting) -> dict[str, Any]:
    cookie = await signed_in(house.database, meeting, meeting.staff_ids[0])
    return {
        "url": f"{house.base}/api/group-sessions/{meeting.group_session_id}/clients/{meeting.clients[0]}/emergency",
        "json": {"trigger": "harm"},
        "headers": {"Cookie": cookie, "Origin": house.base, "Command-Id": str(uuid4())},
    }


@asynccontextmanager
async def _held_up(house: Running) -> AsyncIterator[Any]:
    """The second transaction of a press stands still, begun and not committed. Tells whether it has come there."""
    url = house.settings.database_url.replace("+asyncpg", "", 1)
    holds, looks = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        async with holds.transaction():
            assert await holds.fetch(_HOLD)
            yield lambda: looks.fetchval(_SOMEBODY_WAITS)
    finally:
        await holds.close()
        await looks.close()


async def _rows(house: Running, question: Any) -> list[Any]:
    async with house.database.transaction(None) as db:
        return list(await db.execute(question))
