"""Companion pages speak every 5 s. Beats are gathered in memory and written once a second, set-based, never journalled.

Our own silence is not theirs (architecture 6). Each web process says in `hearing`, with every write, until when it
heard. A process that stopped saying so may have had anybody's page: the time since, and the time that its pages need
to find another process, is written down as deaf and is added to everybody's grace.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from app.clock import Clock
from app.db import Database, Db, new_id, now_of
from app.prepared import Prepared

log = logging.getLogger("handrail.beats")

EVERY_SECONDS = 1.0
# Two missed writes. The rules of presence use the same time for "nobody hears now".
SILENT = timedelta(seconds=2)
# Pages that lost their process try again after at most 5 s, and speak when they are connected.
RECONNECT = timedelta(seconds=6)

Key = tuple[UUID, UUID, UUID]


@dataclass(slots=True)
class Heard:
    """Since the last write. `since`: when the page became as visible as it is."""

    at: datetime | None = None
    visible: bool | None = None
    since: datetime | None = None
    bye: datetime | None = None

    def take(self, other: "Heard") -> None:
        """Keeps the newer of both, whichever was heard first."""
        if other.at is not None and (self.at is None or other.at >= self.at):
            if other.visible != self.visible:
                self.since = other.since
            self.at, self.visible = other.at, other.visible
        if other.bye is not None:
            self.bye = other.bye if self.bye is None else max(self.bye, other.bye)


class Beats:
    """One per web process. `beat` and `goodbye` only remember; `run` writes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.process_id = new_id()
        self.waiting: dict[Key, Heard] = {}
        self._task: asyncio.Task[None] | None = None

    def beat(
        self, program_id: UUID, group_session_id: UUID, client_id: UUID, visible: bool, at: datetime
    ) -> None:
        self._remember((program_id, group_session_id, client_id), Heard(at, visible, at))

    def goodbye(self, program_id: UUID, group_session_id: UUID, client_id: UUID, at: datetime) -> None:
        self._remember((program_id, group_session_id, client_id), Heard(bye=at))

    def _remember(self, key: Key, heard: Heard) -> None:
        known = self.waiting.get(key)
        if known is None:
            self.waiting[key] = heard
        else:
            known.take(heard)

    async def once(self) -> int:
        """Writes what waits, in a transaction of its own. Nothing is forgotten when it fails."""
        taken, self.waiting = self.waiting, {}
        try:
            async with self.database.transaction(None) as db:
                left = await self._write(db, taken)
        except BaseException:
            self._put_back(taken)
            raise
        self._put_back(left)
        return len(taken) - len(left)

    def _put_back(self, earlier: dict[Key, Heard]) -> None:
        for key, heard in earlier.items():
            newer = self.waiting.get(key)
            if newer is not None:
                heard.take(newer)
            self.waiting[key] = heard

    async def _write(self, db: Db, taken: dict[Key, Heard]) -> dict[Key, Heard]:
        """Gives back what could not be written because somebody holds the row: the next second takes it."""
        # Beats are stamped by this process, and judged by the database's clock: their age is what both agree on.
        now, here = now_of(db), self.clock.now()
        programs: dict[UUID, list[tuple[Key, Heard]]] = {}
        for key, heard in taken.items():
            programs.setdefault(key[0], []).append((key, heard))
        left: dict[Key, Heard] = {}
        if programs:
            await _IN_PROGRAM.rows(db, program=str(next(iter(programs))))
        following = [*map(str, programs), ""][1:]
        for (program_id, pages), after in zip(programs.items(), following, strict=True):
            columns = {"program": program_id, "now": now} | _columns(pages, here)
            [(written, _)] = await _WRITE.rows(db, **columns, next=after)
            if written != len(pages):
                await _IN_PROGRAM.rows(db, program=str(program_id))
                behind = {(row[0], row[1]) for row in await _BEHIND.rows(db, **columns)}
                left |= {key: heard for key, heard in pages if (key[1], key[2]) in behind}
                await _IN_PROGRAM.rows(db, program=after)
        await self._say_hearing(db)
        return left

    async def _say_hearing(self, db: Db) -> None:
        now = now_of(db)
        silent = await _SAY_HEARING.rows(db, id=self.process_id, now=now, before=now - SILENT)
        if silent:
            deaf_from = min(row.hearing_until for row in silent)
            await _SAY_DEAF.rows(db, id=uuid4(), from_at=deaf_from, until_at=now + RECONNECT)

    # --- the loop

    def start(self) -> None:
        self._task = asyncio.create_task(self.run(), name="beats")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        with suppress(SQLAlchemyError, OSError, TimeoutError):
            await self.once()

    async def run(self) -> None:
        """For as long as the process lives: without a database nobody hears, and that is what the rules then see."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self.once()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("beats could not be written: %s", type(error).__name__)
            await asyncio.sleep(max(0.0, EVERY_SECONDS - (loop.time() - began)))


def _columns(pages: list[tuple[Key, Heard]], here: datetime) -> dict[str, list[Any]]:
    """Moments as seconds from `here`, and what most pages have in common (their meeting, that nothing else happened)
    shortened: the driver took a third of the time for looking at each moment.

    An array that ends early has nulls to its end, as `unnest` gives them.
    """
    places: dict[UUID, int] = {}
    meeting, client, at, visible = [], [], [], []
    since: list[float | None] = []
    bye: list[float | None] = []
    for (_, meeting_id, client_id), heard in pages:
        meeting.append(places.setdefault(meeting_id, len(places) + 1))
        client.append(client_id)
        at.append(_seconds(heard.at, here))
        visible.append(heard.visible)
        since.append(None if heard.since is heard.at else _seconds(heard.since, here))
        bye.append(_seconds(heard.bye, here))
    return {
        "meetings": list(places),
        "meeting": meeting if len(places) > 1 else [],
        "client": client,
        "at": at,
        "visible": visible,
        "since": since if since.count(None) < len(since) else [],
        "bye": bye if bye.count(None) < len(bye) else [],
    }


def _seconds(moment: datetime | None, here: datetime) -> float | None:
    return None if moment is None else (moment - here).total_seconds()


# Row security shows the web role one program at a time; the beats of all of them are one transaction. Each write goes on
# to the next program itself: that takes place once everything has been written, with the row that counts it.
# It does not wait for the disk, an eighth of its time: a database that falls at that moment forgets whom it heard
# together with until when it heard, and every page says all of it again within 5 s.
# Each page's row is looked up by its own key: joined freely, a plan made once for arrays of unknown length compared 2,000
# pages with each other, 1.1 s instead of 0.03 s, and one made for each program took a tenth of the time.
_IN_PROGRAM = Prepared(
    """
    select set_config('handrail.program', :program, true),
           set_config('plan_cache_mode', 'force_generic_plan', true) as plans,
           set_config('synchronous_commit', 'off', true) as commits
    """
)

# A held row is skipped, never waited for: two processes and a tap must not wait for each other in a circle. The sweep
# is told to look (check_at) only where a beat can change a state, so that a calm room costs one narrow update.
_HEARD = """
    select (cast(:meetings as uuid[]))[coalesce(h.meeting, 1)] as group_session_id, h.client_id, m.at, h.visible,
           case when h.since is null then m.at else cast(:now as timestamptz) + h.since * interval '1 second' end as since,
           cast(:now as timestamptz) + h.bye * interval '1 second' as bye
    from unnest(
        cast(:meeting as integer[]), cast(:client as uuid[]), cast(:at as float[]),
        cast(:visible as boolean[]), cast(:since as float[]), cast(:bye as float[])
    ) as h (meeting, client_id, at, visible, since, bye)
    cross join lateral (select cast(:now as timestamptz) + h.at * interval '1 second' as at) m
"""
_WRITE = Prepared(
    f"""
    with heard as ({_HEARD}), mine as (
        select p.place, h.at, h.visible, h.since, h.bye,
               h.at >= coalesce(p.last_beat_at, '-infinity') as newer,
               h.at >= coalesce(p.last_beat_at, '-infinity')
                   and h.visible is distinct from p.page_visible as turned
        from heard h
        cross join lateral (
            select ctid as place, last_beat_at, page_visible from presence
            where program_id = :program and group_session_id = h.group_session_id
              and client_id = h.client_id and removed_at is null
            for update skip locked
        ) p
    ), done as (
        update presence p
        set last_beat_at = greatest(p.last_beat_at, m.at),
            page_visible = case when m.newer then m.visible else p.page_visible end,
            page_changed_at = case when m.turned then m.since else p.page_changed_at end,
            goodbye_at = greatest(p.goodbye_at, m.bye),
            check_at = case
                when m.turned or m.bye is not null
                    or p.state in ('not_here_yet', 'excused', 'quiet', 'lost', 'left_planned', 'verified')
                then least(p.check_at, cast(:now as timestamptz))
                else p.check_at end
        from mine m
        where p.ctid = m.place
        returning 1
    )
    select count(*), set_config('handrail.program', :next, true) as next from done
    """  # noqa: S608  a constant
)
# Rows that do not have what was heard: somebody held them. (People off the roster are left out: nobody waits for them.)
_BEHIND = Prepared(
    f"""
    select p.group_session_id, p.client_id
    from ({_HEARD}) h join presence p using (group_session_id, client_id)
    where p.program_id = :program and p.removed_at is null
      and (h.at > coalesce(p.last_beat_at, '-infinity') or h.bye > coalesce(p.goodbye_at, '-infinity'))
    """  # noqa: S608  a constant
)
_SAY_DEAF = Prepared("insert into deaf_interval (id, from_at, until_at) values (:id, :from_at, :until_at)")
# Gives what was silent. A process that has been away itself finds its own row; a statement cannot delete it and write it.
_SAY_HEARING = Prepared(
    """
    with others as (
        delete from hearing where hearing_until < :before and process_id <> :id returning hearing_until
    ), own as (
        select hearing_until from hearing where process_id = :id and hearing_until < :before
    ), said as (
        insert into hearing (process_id, hearing_until) values (:id, :now)
        on conflict (process_id) do update
        set hearing_until = greatest(hearing.hearing_until, excluded.hearing_until)
    )
    select hearing_until from others union all select hearing_until from own
    """
)
