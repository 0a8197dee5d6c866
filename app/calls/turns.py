"""Whose turn it is: how fast an account may go, and which attempt comes first (architecture section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import aliased

from app.calls import callbacks
from app.calls.models import RateToken
from app.db import Db, now_of
from app.incidents.legs import CLIENT_LEG_BEFORE_LIMIT
from app.incidents.models import ContactAttempt
from app.settings import Settings

# How many candidates one look takes: those in front may be locked by somebody's press at this moment.
CANDIDATES = 20
# Programs that had no turn for this long wait no longer than any other.
TURN_MEMORY = timedelta(minutes=2)
# A provider that refuses for now is left alone for 1, 2, 4, 4 ... seconds: never so long that a limit is missed by it.
BACK_OFF_SECONDS = (1.0, 2.0, 4.0)
OF_STAFF = frozenset({"staff", "supervisor", "backup", "on_call"})


@dataclass(frozen=True, slots=True)
class Turn:
    """`early`: the time up to which this call may be started before it is due, because the line is crowded."""

    program_id: UUID
    attempt_id: UUID
    early: datetime | None = None


_TOKEN = (
    select(RateToken)
    .where(RateToken.account == bindparam("account"), RateToken.kind == bindparam("kind"))
    .with_for_update()
)


async def token(db: Db, settings: Settings, account: str, channel: str) -> RateToken:
    """The account's row under a lock: one process at a time decides what starts next."""
    known = (await db.scalars(_TOKEN, {"account": account, "kind": channel})).one_or_none()
    if known is not None:
        return known
    per_second = settings.calls_per_second if channel == "call" else settings.texts_per_second
    await db.execute(
        insert(RateToken)
        .values(
            account=account, kind=channel, next_at=now_of(db), per_second=per_second, served={}, refused=0
        )
        .on_conflict_do_nothing()
    )
    return (await db.scalars(_TOKEN, {"account": account, "kind": channel})).one()


def taken(token: RateToken, program_id: UUID, now: datetime) -> None:
    """Starts are 1/rate apart and none are saved up: at most rate + 1 in any second."""
    token.next_at = now + timedelta(seconds=1 / token.per_second)
    token.served = _turn_taken(token.served, program_id, now)


async def back_off(db: Db, account: str, channel: str, limit: datetime | None) -> datetime:
    """The provider refused for now: nobody asks it again before the moment that this answers. When a limit would pass
    meanwhile, that is a second before the limit."""
    now = now_of(db)
    row = (await db.scalars(_TOKEN, {"account": account, "kind": channel})).one()
    wait = timedelta(seconds=BACK_OFF_SECONDS[min(row.refused, len(BACK_OFF_SECONDS) - 1)])
    least = timedelta(seconds=BACK_OFF_SECONDS[0])
    if limit is not None and now < limit <= now + wait:
        wait = max(least, limit - least - now)
    row.refused += 1
    row.next_at = max(row.next_at, now + wait)
    await db.flush()
    return row.next_at


async def well_again(db: Db, account: str, channel: str) -> None:
    await db.execute(
        update(RateToken)
        .where(RateToken.account == account, RateToken.kind == channel, RateToken.refused > 0)
        .values(refused=0)
    )


def _number_is_busy() -> ColumnElement[bool]:
    """A call of ours to this number is live or unknown: a second one would find it busy, or ring twice."""
    other = aliased(ContactAttempt)
    return exists().where(
        other.provider_account == ContactAttempt.provider_account,
        other.channel == ContactAttempt.channel,
        other.number_key == ContactAttempt.number_key,
        other.channel == literal_column("'call'"),
        other.status.in_(callbacks.LIVE_SQL),
    )


_WAITS = (
    (ContactAttempt.status == literal_column("'planned'"))
    & (ContactAttempt.provider_account == bindparam("account"))
    & ~_number_is_busy()
)
_LAST_TURN = cast(
    bindparam("served", type_=JSONB).op("->>")(cast(ContactAttempt.program_id, Text)),
    Float,
)
# Put together once: these are asked before every call.
_CANDIDATES = (
    select(ContactAttempt.program_id, ContactAttempt.id, ContactAttempt.who, ContactAttempt.urgency)
    .where(_WAITS, ContactAttempt.due_at <= bindparam("now"), ContactAttempt.channel == bindparam("kind"))
    .order_by(ContactAttempt.urgency, func.coalesce(_LAST_TURN, 0), ContactAttempt.due_at, ContactAttempt.id)
    .limit(CANDIDATES)
)
_CLIENTS = (
    select(ContactAttempt.program_id, ContactAttempt.id, ContactAttempt.due_at)
    .where(
        _WAITS,
        ContactAttempt.channel == "call",
        ContactAttempt.who == "client",
        # A call by a person's own press waits for that person.
        ContactAttempt.step_id.is_not(None),
        ContactAttempt.urgency <= bindparam("urgency"),
    )
    .order_by(ContactAttempt.urgency, ContactAttempt.due_at, ContactAttempt.id)
)


async def candidates(db: Db, token: RateToken, now: datetime) -> list[Turn]:
    """Most urgent first; within one urgency the program whose turn is longest ago; then the longest due.

    A colleague's phone rings before the client's (R6), but never at the cost of another client's limit: when every
    start is spoken for until then, clients go first, before their time.
    """
    account = {"account": token.account, "now": now}
    rows = (await db.execute(_CANDIDATES, account | {"kind": token.kind, "served": token.served})).all()
    found = [Turn(row.program_id, row.id) for row in rows]
    if not rows or token.kind != "call" or rows[0].who not in OF_STAFF:
        return found
    first = await _clients_first(db, token, now, rows[0].urgency)
    known = {turn.attempt_id for turn in first}
    return [*first, *(turn for turn in found if turn.attempt_id not in known)]


async def _clients_first(db: Db, token: RateToken, now: datetime, urgency: int) -> Sequence[Turn]:
    """Clients' calls as urgent as the colleague's, by their limits; none when there is time for all after it."""
    rows = (await db.execute(_CLIENTS, {"account": token.account, "urgency": urgency})).all()
    apart = timedelta(seconds=1 / token.per_second)
    crowded = any(
        now + place * apart > row.due_at + CLIENT_LEG_BEFORE_LIMIT for place, row in enumerate(rows, start=1)
    )
    return [Turn(row.program_id, row.id, row.due_at) for row in rows[:CANDIDATES]] if crowded else []


def _turn_taken(served: dict[str, Any], program_id: UUID, now: datetime) -> dict[str, Any]:
    recent = (now - TURN_MEMORY).timestamp()
    kept = {program: at for program, at in served.items() if at > recent}
    return kept | {str(program_id): now.timestamp()}
