"""From rows to ringing phones: a claim is committed as `dialing`, and only then is the line asked, outside any
transaction. After a crash or a lost answer the attempt is unknown, never blindly dialled again (decision 8)."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import literal_column, select, update

from app.calls import callbacks, claim, live_calls, reconcile, sick, turns
from app.calls.claim import Claim, Decided, Sick, Wait
from app.calls.lines import LineRefused, Lines, LineUnsure
from app.calls.models import RateToken
from app.clock import Clock
from app.db import Database, Db, now_of
from app.incidents.models import ContactAttempt, EngineState, EscalationStep, Incident
from app.journal.kinds import Kind
from app.settings import Settings

# Orders that can be under way at once in one process; the provider answers in well under a second.
AT_ONCE = 40
# A line has a timeout of its own in every request; this one holds whatever the line does.
ORDER_SECONDS = 8.0
# A busy provider (429) has not taken the order: asked again, ever less often, for so long after the first time.
BUSY_FOR = timedelta(seconds=15)
# Refusals that are about our account, not about one number: wrong credentials, no line at all.
ACCOUNT_TROUBLE = frozenset({"20003", "no_line"})


async def once(database: Database, lines: Lines, settings: Settings, clock: Clock) -> float | None:
    """One round: look after live calls, then start everything that may start now.

    Answers the seconds until a waiting attempt may start, or None when none waits. Orders to outside lines go on
    in the background (`lines.under_way`), so that a provider that hangs delays nobody else.
    """
    async with database.transaction(None) as db:
        silent = await live_calls.perhaps_silent(db)
        orders = await live_calls.orders(db)
        unsure = await reconcile.due(db)
        waiting = await _waiting(db, clock)
    await live_calls.break_silences(database, silent)
    await live_calls.carry_out(database, lines, settings, orders)
    await reconcile.look_up(database, lines, unsure)
    waits: list[float] = []
    for account, channel, seconds in waiting:
        wait = seconds or await _start_all(database, lines, settings, account, channel)
        if wait is not None:
            waits.append(wait)
    return min(waits, default=None)


async def _start_all(
    database: Database, lines: Lines, settings: Settings, account: str, channel: str
) -> float | None:
    while lines.under_way < AT_ONCE:
        match await claim.grant(database, settings, account, channel):
            case Claim() as granted:
                order = lines.start(carry_out(database, lines, granted))
                if granted.lines == "simulated":
                    # A row of our own database: nothing to wait for, and a round ends with its rows written.
                    await asyncio.wait({order})
            case Sick(program_id, attempt_id):
                await sick.give_to_a_person(database, program_id, attempt_id)
            case Decided():
                continue
            case Wait(seconds):
                return seconds
            case None:
                return None
    return 1.0


_WAITING = (
    select(ContactAttempt.provider_account, ContactAttempt.channel, RateToken.next_at)
    .outerjoin(
        RateToken,
        (RateToken.account == ContactAttempt.provider_account) & (RateToken.kind == ContactAttempt.channel),
    )
    .where(ContactAttempt.status == literal_column("'planned'"))
    .distinct()
    .order_by(ContactAttempt.channel, ContactAttempt.provider_account)
)


async def _waiting(db: Db, clock: Clock) -> list[tuple[str, str, float]]:
    """Accounts and channels for which something waits, and the seconds for which each may start nothing: to find that out
    under each one's lock cost a transaction a round, and slow accounts made a crowd of them."""
    rows = await db.execute(_WAITING.where(ContactAttempt.due_at <= clock.sql_now()))
    now = now_of(db)
    return [
        (
            row.provider_account,
            row.channel,
            max(0.0, (row.next_at - now).total_seconds()) if row.next_at else 0.0,
        )
        for row in rows
    ]


async def carry_out(database: Database, lines: Lines, granted: Claim) -> None:
    """Asks the line and writes down what it said. Dies anywhere: the lease ends and reconcile takes over."""
    placed = granted.placed
    try:
        async with asyncio.timeout(ORDER_SECONDS):
            line = lines.of(granted.lines)
            ring = line.place_call if placed.channel == "call" else line.send_text
            provider_id = await ring(placed)
    except LineRefused as refused:
        await _refused(database, granted, refused)
        if not refused.permanent or refused.code in ACCOUNT_TROUBLE:
            await _note_health(database, granted, well=False)
    except (LineUnsure, TimeoutError):
        await _unsure(database, granted)
        await _note_health(database, granted, well=False)
    else:
        await _placed(database, granted, provider_id)
        await _note_health(database, granted, well=True)


async def _note_health(database: Database, granted: Claim, *, well: bool) -> None:
    """Boards and monitors say since when the outside telephone fails. Rows change only when that does."""
    if granted.lines != "outside":
        return
    async with database.transaction(None) as db:
        failing = EngineState.failing_since
        changes = failing.is_not(None) if well else failing.is_(None)
        await db.execute(
            update(EngineState).where(changes).values(failing_since=None if well else now_of(db))
        )


async def _fenced(db: Db, granted: Claim) -> ContactAttempt | None:
    """The attempt while this claim still holds it."""
    attempt = await callbacks.locked(db, granted.placed.program_id, granted.placed.attempt_id)
    return attempt if attempt is not None and attempt.claimed_by == granted.token else None


async def _placed(database: Database, granted: Claim, provider_id: str) -> None:
    async with database.transaction(None) as db:
        attempt = await _fenced(db, granted)
        if attempt is None:
            return
        await turns.well_again(db, attempt.provider_account, attempt.channel)
        if attempt.provider_id is None:
            attempt.provider_id = provider_id
        if attempt.status in ("cancelled", "voided") and attempt.ended_at is None:
            attempt.wanted = "hang_up"
        if attempt.status in ("dialing", "unknown"):
            attempt.status = "dialing"
            attempt.lease_until = now_of(db) + callbacks.RINGING_CHECK


async def _refused(database: Database, granted: Claim, refused: LineRefused) -> None:
    async with database.transaction(None) as db:
        attempt = await _fenced(db, granted)
        if attempt is None or attempt.status != "dialing" or attempt.provider_id is not None:
            return
        now = now_of(db)
        # Nothing rang, so nobody was reached out to: the log's time to first outreach stays honest.
        await db.execute(
            update(Incident)
            .where(
                Incident.program_id == attempt.program_id,
                Incident.id == attempt.incident_id,
                Incident.first_outreach_at == attempt.dialing_at,
            )
            .values(first_outreach_at=None)
        )
        if not refused.permanent:
            # The whole account is left alone, not only this attempt: the others would be refused as well.
            limit = await _limit(db, attempt)
            again = await turns.back_off(db, attempt.provider_account, attempt.channel, limit)
            if attempt.wanted is None and _may_ask_again(attempt, now, again):
                attempt.status = "planned"
                attempt.claimed_by = attempt.lease_until = attempt.dialing_at = None
                attempt.due_at = again
                attempt.error_code = refused.code
                await claim.note(db, attempt, Kind.attempt_refused, code=refused.code)
                return
        await claim.refuse(db, attempt, refused.code, now)


def _may_ask_again(attempt: ContactAttempt, now: datetime, again: datetime) -> bool:
    """While a next try still falls into the time for it; after that a person hears at once that it failed."""
    since = str(attempt.words.get("busy_since") or now.isoformat())
    attempt.words = {**attempt.words, "busy_since": since}
    return again - datetime.fromisoformat(since) <= BUSY_FOR


async def _limit(db: Db, attempt: ContactAttempt) -> datetime | None:
    """Until when the call to the client has to have started, when this is a call for a step."""
    found: datetime | None = await db.scalar(
        select(EscalationStep.limit_at).where(
            EscalationStep.program_id == attempt.program_id, EscalationStep.id == attempt.step_id
        )
    )
    return found


async def _unsure(database: Database, granted: Claim) -> None:
    async with database.transaction(None) as db:
        attempt = await _fenced(db, granted)
        if attempt is not None and attempt.status == "dialing" and attempt.provider_id is None:
            await reconcile.mark_unknown(db, attempt)
