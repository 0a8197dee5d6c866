"""Brings what changed to every open board: once per change and access class, never waiting for a slow reader.

A feed per program follows the journal: on a wake (or each second) it reads which clients, incidents and meetings
the entries after its cursor touch, builds their cards in one snapshot, and hands each socket what it may see.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from app.board import queries
from app.board.access import ENDED, Access, access_of, access_of_all
from app.board.cards import IncidentCard, LiveBeat
from app.board.expected import Expected
from app.board.feed import Feed, Subscriber
from app.board.glance import Glance
from app.board.health import health as health_of
from app.board.kept import Kept, presence_alone
from app.board.locked import locked_message
from app.db import Database, Db, Written
from app.emergency.saying import Said
from app.journal import read
from app.journal.kinds import Kind
from app.journal.wake import Wake
from app.lanes import hearing
from app.staff.access import Viewer

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 1.0
BEAT_SECONDS = 5.0
# An absence longer than this is cheaper to answer with a snapshot than with all that happened.
BACKLOG = 2000

RESET = '{"reset":true}'

# Kinds after which somebody may see more or less than before.
ACCESS_KINDS = frozenset(
    {
        Kind.access_changed,
        Kind.signed_out,
        Kind.locked,
        Kind.unlocked,
        Kind.staff_changed,
        Kind.staff_added,
        Kind.group_session_scheduled,
        Kind.group_session_changed,
        Kind.group_session_opened,
        Kind.group_session_closed,
    }
)


class Publisher:
    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._feeds: dict[UUID, Feed] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._stop_listening: Callable[[], None] = wake.listen(self._woken)
        self._beats: asyncio.Task[None] | None = None
        self._glance = Glance(database)
        self._expected = Expected(self._glance)

    def start(self) -> None:
        self._beats = asyncio.create_task(self._beat(), name="board beats")

    async def stop(self) -> None:
        self._stop_listening()
        tasks = [*self._tasks.values(), *([self._beats] if self._beats else [])]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._expected.stop()
        await self._glance.close()

    @property
    def open_boards(self) -> int:
        return sum(len(feed.subscribers) for feed in self._feeds.values())

    def _woken(self, program_id: UUID | None, _seq: int) -> None:
        for feed in self._feeds.values():
            if program_id is None or feed.program_id == program_id:
                feed.dirty.set()

    def wrote(self, program_id: UUID, entries: Written) -> None:
        """What this very process has committed: an emergency among it is told without a look first."""
        feed = self._feeds.get(program_id)
        if feed is not None and Kind.emergency_declared in entries.kinds:
            feed.said = entries

    def expects(self, program_id: UUID, meeting_id: UUID, client_id: UUID) -> None:
        feed = self._feeds.get(program_id)
        if feed is not None and feed.subscribers:
            self._expected.begin(program_id, meeting_id, client_id)

    async def subscribe(self, viewer: Viewer, after: int) -> Subscriber | None:
        """None when `after` is not a cursor from which the gap can be told: the browser starts afresh."""
        async with self._database.transaction(viewer.program_id) as db:
            access = await access_of(db, viewer)
            head = await read.head(db, viewer.program_id)
            await hearing.boards(db, viewer.program_id, [viewer.staff_id])
        feed = self._feeds.get(viewer.program_id)
        if feed is None:
            feed = self._feeds.setdefault(viewer.program_id, Feed(viewer.program_id, head))
        if viewer.program_id not in self._tasks:
            self._tasks[viewer.program_id] = asyncio.create_task(self._follow(feed), name="board feed")
        if access.ended:
            return None
        if access.locked:
            # A locked screen has no cards: it starts from now, whatever cursor it kept from before.
            subscriber = Subscriber(viewer, access, head)
            async with feed.lock, self._database.transaction(viewer.program_id) as db:
                subscriber.put(await locked_message(db, viewer.program_id, access, head))
                feed.subscribers.add(subscriber)
            feed.dirty.set()
            return subscriber
        if after < 0 or after > head or head - after > BACKLOG or after < access.since:
            return None
        subscriber = Subscriber(viewer, access, after)
        async with feed.lock:
            if not feed.subscribers:
                # Nobody looked for a while: what happened meanwhile concerns this one alone, from its own cursor.
                feed.seq, feed.kept = max(feed.seq, head), Kept()
            if feed.seq > head and await self._access_now(viewer) != access:
                return None
            await self._catch_up(feed, subscriber)
            feed.subscribers.add(subscriber)
        feed.dirty.set()
        return subscriber

    async def _access_now(self, viewer: Viewer) -> Access:
        """Of a change that was published while this one was on its way in, nobody would tell it again."""
        async with self._database.transaction(viewer.program_id) as db:
            return await access_of(db, viewer)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        feed = self._feeds.get(subscriber.viewer.program_id)
        if feed:
            feed.subscribers.discard(subscriber)

    async def _catch_up(self, feed: Feed, subscriber: Subscriber) -> None:
        """From the browser's cursor to the feed's, for this one socket."""
        if subscriber.sent >= feed.seq:
            return
        async with self._database.transaction(feed.program_id, isolation="REPEATABLE READ") as db:
            touched = await read.touched(db, feed.program_id, subscriber.sent)
            cards = await queries.cards(db, feed.program_id, touched)
        self._send(subscriber, touched.seq, cards)

    async def _follow(self, feed: Feed) -> None:
        while True:
            # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the wake.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await feed.dirty.wait()
            feed.dirty.clear()
            if not feed.subscribers:
                continue
            try:
                async with feed.lock:
                    await self._publish(feed)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                # The boards notice by the missing beats; the feed goes on as soon as it can.
                log.warning("board: cannot read the journal (%s)", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _publish(self, feed: Feed) -> None:
        """Most of what happens is presence, which one look tells whole; everything else is read in a transaction."""
        told = await self._tell_said(feed)
        seen = await self._glance.at(feed.program_id, feed.seq)
        if seen is not None and seen.touched.seq == feed.seq:
            return
        if seen is not None and Kind.emergency_declared in seen.touched.kinds and not told:
            await self._tell_ahead(feed, seen.touched.kinds, seen.touched.incidents)
        known = presence_alone(seen, feed.kept, self._database.clock.now()) if seen else None
        if seen is None or known is None:
            await self._publish_all(feed)
            return
        seq = seen.touched.seq
        self._hand_out(feed, seq, queries.of_presence(known))
        if any(subscriber.access.locked for subscriber in feed.subscribers):
            # Their alarms are as they were; the others need not wait for that.
            async with self._database.transaction(feed.program_id) as db:
                await self._cover(feed, db, seq)

    async def _tell_said(self, feed: Feed) -> bool:
        """Only where nothing else came between: the look would say who may see less since then."""
        said, feed.said = feed.said, None
        if said is None or said.first != feed.seq + 1:
            return False
        card = await self._expected.card(said.along) if isinstance(said.along, Said) else None
        await self._tell_ahead(feed, said.kinds, said.incidents, card)
        return True

    async def _tell_ahead(
        self,
        feed: Feed,
        kinds: Collection[str],
        incidents: Collection[UUID],
        card: IncidentCard | None = None,
    ) -> None:
        """An emergency, before everything else about it is read. The message covers no entry, so nothing rests on it."""
        if not ACCESS_KINDS.isdisjoint(kinds):
            return
        opened = [card] if card is not None else await self._glance.opened(feed.program_id, incidents)
        cards = queries.of_opened(opened)
        for one in tuple(feed.subscribers) if cards.built else ():
            if not one.access.locked and not one.ended.is_set():
                one.put(queries.message(one.viewer, one.access, one.sent, one.sent, cards))
        # To the sockets first, then on: what follows keeps the processor for a millisecond.
        await asyncio.sleep(0)

    async def _publish_all(self, feed: Feed) -> None:
        async with self._database.transaction(feed.program_id, isolation="REPEATABLE READ") as db:
            touched = await read.touched(db, feed.program_id, feed.seq)
            if touched.seq == feed.seq:
                return
            if touched.kinds & ACCESS_KINDS:
                await self._renew_access(feed, db)
            feed.kept.forget(touched)
            if feed.subscribers:
                now = self._database.clock.now()
                cards = await queries.cards(db, feed.program_id, touched, feed.kept.known_gaps(now))
                feed.kept.remember((built.card for built in cards.built), now)
            else:
                cards, feed.kept = queries.NOTHING, Kept()
            await self._cover(feed, db, touched.seq)
        self._hand_out(feed, touched.seq, cards)

    def _hand_out(self, feed: Feed, seq: int, cards: queries.Cards) -> None:
        feed.seq = seq
        for subscriber in tuple(feed.subscribers):
            if not subscriber.access.locked and not subscriber.ended.is_set():
                self._send(subscriber, seq, cards)

    async def _cover(self, feed: Feed, db: Db, seq: int) -> None:
        """What locked screens may know."""
        for subscriber in tuple(feed.subscribers):
            if subscriber.access.locked and not subscriber.ended.is_set():
                subscriber.put(await locked_message(db, feed.program_id, subscriber.access, seq))

    async def _renew_access(self, feed: Feed, db: Db) -> None:
        """Who may now see something else starts again; whose sign-in has ended is shut out, within this wake."""
        now = await access_of_all(db, feed.program_id, [one.viewer for one in feed.subscribers])
        for subscriber in tuple(feed.subscribers):
            access = now.get(subscriber.viewer.sign_in_id, ENDED)
            if access.ended or access != subscriber.access:
                if not access.ended:
                    subscriber.put(RESET)
                feed.subscribers.discard(subscriber)
                subscriber.ended.set()

    def _send(self, subscriber: Subscriber, seq: int, cards: queries.Cards) -> None:
        if seq <= subscriber.sent:
            return
        subscriber.put(queries.message(subscriber.viewer, subscriber.access, subscriber.sent, seq, cards))
        subscriber.sent = seq

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for feed in tuple(self._feeds.values()):
                if not feed.subscribers:
                    continue
                # No beat is the message: two missed ones and a board says that it is not live.
                with contextlib.suppress(SQLAlchemyError, OSError, TimeoutError):
                    async with feed.lock, self._database.transaction(feed.program_id) as db:
                        # An idle time ends by itself, without an entry: the beat is when an open board notices.
                        await self._renew_access(feed, db)
                        heard = [one.viewer.staff_id for one in feed.subscribers if not one.ended.is_set()]
                        await hearing.boards(db, feed.program_id, heard)
                        health = await health_of(db, feed.program_id)
                    message = LiveBeat(beat=health, seq=feed.seq).model_dump_json()
                    for subscriber in tuple(feed.subscribers):
                        subscriber.put(message)
