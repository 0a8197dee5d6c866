"""Deliveries of one program that come while a transaction of theirs runs go together in the next one.

Every transaction of a program ends at the head of its journal, one after another, with a write that must reach the
disk. Nobody is kept waiting on purpose: whoever comes alone goes alone, and each is answered after the commit that
holds it (docs/decisions/0011).
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.db import Database, Db, now_of
from app.errors import Refusal
from app.rooms import intake
from app.rooms.deliveries import Forged
from app.rooms.posts import Post, Sender, read, senders
from app.web import database_is_away

log = logging.getLogger("handrail.rooms")

Answer = dict[str, str] | None

# More would make the first of them wait for what is done for the last.
MOST = 50


@dataclass(eq=False, slots=True)
class _Waiting:
    post: Post
    answer: asyncio.Future[Answer]

    def give(self, outcome: Answer | Exception) -> None:
        # Whoever asked may have been cut off meanwhile.
        if self.answer.done():
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class Together:
    """One per web process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: defaultdict[UUID, deque[_Waiting]] = defaultdict(deque)
        self._running: dict[UUID, asyncio.Task[None]] = {}
        # Only of connections that there are. Whether one has ended meanwhile, each transaction asks with its other
        # questions; what it signs with never changes.
        self._senders: dict[tuple[UUID, UUID], Sender] = {}

    @property
    def programs(self) -> int:
        """Whose deliveries are under way."""
        return len(self._waiting)

    async def take(self, post: Post) -> Answer:
        """What the platform is told. Raises the refusal of this one, or whatever stopped its transaction."""
        mine = _Waiting(post, asyncio.get_running_loop().create_future())
        self._waiting[post.program_id].append(mine)
        if post.program_id not in self._running:
            run = self._run(post.program_id)
            self._running[post.program_id] = asyncio.create_task(run, name="deliveries")
        return await mine.answer

    async def _run(self, program_id: UUID) -> None:
        """Until nothing of this program waits. Programs are forgotten then: anybody can make one up in an address."""
        waiting = self._waiting[program_id]
        try:
            while waiting:
                batch = [waiting.popleft() for _ in range(min(MOST, len(waiting)))]
                waiting.extendleft(reversed(await self._carry(program_id, batch)))
        finally:
            del self._waiting[program_id], self._running[program_id]

    async def _carry(self, program_id: UUID, batch: Sequence[_Waiting]) -> Sequence[_Waiting]:
        """Gives back whoever has to wait for the next transaction."""
        try:
            outcomes, later = await self._commit(program_id, batch)
        except Exception as error:  # noqa: BLE001  each of them is told, as each would have met it alone
            if len(batch) == 1 or database_is_away(error):
                for one in batch:
                    one.give(error)
                return ()
            log.warning(
                "rooms: %d deliveries failed together (%s); one by one", len(batch), type(error).__name__
            )
            for one in batch:
                await self._carry(program_id, [one])
            return ()
        for one, outcome in outcomes:
            one.give(outcome)
        return later

    async def _commit(
        self, program_id: UUID, batch: Sequence[_Waiting]
    ) -> tuple[Sequence[tuple[_Waiting, Answer | Refusal]], Sequence[_Waiting]]:
        """One transaction. A person is met once in it, so that the record holds every coming and going."""
        outcomes: list[tuple[_Waiting, Answer | Refusal]] = []
        later: list[_Waiting] = []
        told: list[intake.Told] = []
        silent: set[UUID] = set()
        met: set[tuple[UUID, str, str]] = set()
        async with self._database.transaction(program_id, plan_once=True) as db:
            known = await self._known(db, program_id, {one.post.connection_id for one in batch})
            for one in batch:
                connection_id = one.post.connection_id
                try:
                    found = read(one.post, known.get(connection_id), now_of(db))
                except Refusal as refusal:
                    outcomes.append((one, refusal))
                    continue
                people = {(connection_id, delivery.room, delivery.person) for delivery in found.deliveries}
                if people & met:
                    later.append(one)
                    continue
                met |= people
                told += [intake.Told(connection_id, delivery) for delivery in found.deliveries]
                outcomes.append((one, found.answer))
                if not found.deliveries:
                    silent.add(connection_id)
            ended = await intake.take_all(db, program_id, told) | await self._ended(db, program_id, silent)
        for connection_id in ended:
            self._senders.pop((program_id, connection_id), None)
        return [
            (one, Forged() if one.post.connection_id in ended else outcome) for one, outcome in outcomes
        ], later

    async def _known(self, db: Db, program_id: UUID, ids: Collection[UUID]) -> dict[UUID, Sender]:
        kept = {one: self._senders[program_id, one] for one in ids if (program_id, one) in self._senders}
        found = await senders(db, program_id, fresh) if (fresh := set(ids) - set(kept)) else {}
        self._senders |= {(program_id, one): sender for one, sender in found.items()}
        return kept | found

    async def _ended(self, db: Db, program_id: UUID, ids: Collection[UUID]) -> frozenset[UUID]:
        """Of those who said nothing about anybody, which is rare: Zoom asks whether the address is ours."""
        return frozenset(set(ids) - set(await senders(db, program_id, ids))) if ids else frozenset()
