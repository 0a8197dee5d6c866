"""Which attempt starts next, and the last look at whether it still may (architecture section 4)."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from app import numbers
from app.calls import callbacks, scripts, turns
from app.calls.lines import Detect, LineRefused, Placed
from app.calls.turns import Turn
from app.clients.models import ClientPhone
from app.clients.queries import death_stands
from app.db import Database, Db, now_of, reveal
from app.incidents import attempts
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write
from app.settings import Settings
from app.staff.models import Program

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that is ours to start: committed as `dialing` under this fencing token."""

    token: UUID
    lines: str
    placed: Placed


@dataclass(frozen=True, slots=True)
class Wait:
    """The account may start its next one after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Sick:
    """This attempt cannot be carried out by any process; what it was doing is rolled back."""

    program_id: UUID
    attempt_id: UUID


class Decided:
    """The front attempt needed no ringing (too old, not dialable, no longer wanted); look again."""


async def grant(
    database: Database, settings: Settings, account: str, channel: str
) -> Claim | Wait | Decided | Sick | None:
    """One look, one transaction. None: nothing of this account can start now."""
    at: list[tuple[UUID, UUID]] = []
    try:
        return await _grant(database, settings, account, channel, at)
    except (SQLAlchemyError, OSError):
        raise  # the database, not the row
    except Exception:
        if not at:
            raise
        log.exception("an attempt could not be looked at")
        return Sick(*at[-1])


async def _grant(
    database: Database, settings: Settings, account: str, channel: str, at: list[tuple[UUID, UUID]]
) -> Claim | Wait | Decided | None:
    """`at` keeps which attempts were looked at."""
    async with database.transaction(None) as db:
        now = now_of(db)
        token = await turns.token(db, settings, account, channel)
        if token.next_at > now:
            return Wait((token.next_at - now).total_seconds())
        for turn in await turns.candidates(db, token, now):
            program_id, attempt_id = turn.program_id, turn.attempt_id
            at.append((program_id, attempt_id))
            attempt = await _lock(db, turn, now)
            if attempt is None:
                continue
            claim = await _claim(db, attempt, settings, now)
            if isinstance(claim, Claim):
                turns.taken(token, program_id, now)
            return claim
    return None


_THIS = (ContactAttempt.program_id == bindparam("program")) & (ContactAttempt.id == bindparam("attempt"))
_INCIDENT = (
    select(Incident.id)
    .join(
        ContactAttempt,
        (ContactAttempt.program_id == Incident.program_id) & (ContactAttempt.incident_id == Incident.id),
    )
    .where(_THIS)
    .with_for_update(of=Incident, skip_locked=True)
)
_PLANNED = (
    select(ContactAttempt)
    .where(_THIS, ContactAttempt.status == "planned", ContactAttempt.due_at <= bindparam("by"))
    .with_for_update(skip_locked=True)
)
_STANDS = (
    select(Incident.state, EscalationStep.status, Incident.client_id)
    .outerjoin(
        EscalationStep,
        (EscalationStep.program_id == Incident.program_id) & (EscalationStep.id == bindparam("step")),
    )
    .where(Incident.program_id == bindparam("program"), Incident.id == bindparam("incident"))
)
_ABOUT = select(Incident.client_id, Incident.group_session_id).where(
    Incident.program_id == bindparam("program"), Incident.id == bindparam("incident")
)


async def _lock(db: Db, turn: Turn, now: datetime) -> ContactAttempt | None:
    """Incident, then attempt, skipping what somebody else holds: they are about to change it."""
    ids = {"program": turn.program_id, "attempt": turn.attempt_id}
    if await db.scalar(_INCIDENT, ids) is None:
        return None
    return await db.scalar(_PLANNED, ids | {"by": turn.early or now})


async def _claim(db: Db, attempt: ContactAttempt, settings: Settings, now: datetime) -> Claim | Decided:
    if not await _still_wanted(db, attempt):
        attempt.status, attempt.result, attempt.ended_at = "cancelled", "step_over", now
        await note(db, attempt, Kind.attempt_cancelled)
        return Decided()
    if attempt.void_after <= now:
        attempt.status, attempt.ended_at = "voided", now
        await db.flush()
        await attempts.attempt_voided(db, attempt)
        return Decided()
    try:
        placed = await _placed(db, attempt)
    except LineRefused as refused:
        await refuse(db, attempt, refused.code, now)
        return Decided()
    token = uuid4()
    attempt.status = "dialing"
    attempt.claimed_by = token
    attempt.dialing_at = now
    attempt.lease_until = now + timedelta(seconds=settings.lease_seconds)
    attempt.error_code = None
    await _note_dialing(db, attempt, now)
    return Claim(token, attempt.lines, placed)


async def refuse(db: Db, attempt: ContactAttempt, code: str, now: datetime) -> None:
    """Nothing rings, and that is a signal to the rules and an alert for people, never only a log line."""
    attempt.status = "failed"
    attempt.result = "failed" if attempt.channel == "call" else "undelivered"
    attempt.error_code = code
    attempt.ended_at = now
    attempt.lease_until = None
    attempt.wanted = None
    await callbacks.tell(db, attempt, "failed")


async def _still_wanted(db: Db, attempt: ContactAttempt) -> bool:
    values = {"program": attempt.program_id, "incident": attempt.incident_id, "step": attempt.step_id}
    row = (await db.execute(_STANDS, values)).one()
    if row.state != "open" or row.status in ("cancelled", "skipped"):
        return False
    return not await death_stands(db, attempt.program_id, row.client_id)


async def _placed(db: Db, attempt: ContactAttempt) -> Placed:
    """Everything the line needs, looked at one last time. Raises LineRefused."""
    number = reveal(db, attempt, "number") or ""
    if refused := numbers.dialable(number):
        raise LineRefused(f"number_{refused.code}", permanent=True)
    shows = await db.scalar(select(Program.callback_number).where(Program.id == attempt.program_id))
    return Placed(
        program_id=attempt.program_id,
        attempt_id=attempt.id,
        lines=attempt.lines,
        channel="text" if attempt.channel == "text" else "call",
        number=number,
        shows=shows or "",
        detect=await _detect(db, attempt),
        ring_seconds=attempt.ring_s,
        text=await scripts.words_of(db, attempt) if attempt.channel == "text" else "",
    )


async def _detect(db: Db, attempt: ContactAttempt) -> Detect:
    """To the end of the greeting only where a message may be left: a plain guess comes seconds sooner."""
    if attempt.channel != "call" or attempt.who not in ("client", "contact"):
        return "none"
    if attempt.phone_id is None:
        return "machine"
    phone = await db.get(ClientPhone, (attempt.program_id, attempt.phone_id))
    return "message_end" if phone is not None and phone.voicemail_ok else "machine"


async def _note_dialing(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    """The start is journalled with the claim: it is the moment from which the phone may ring."""
    if attempt.who == "client":
        await db.execute(
            update(Incident)
            .where(
                Incident.program_id == attempt.program_id,
                Incident.id == attempt.incident_id,
                Incident.first_outreach_at.is_(None),
            )
            .values(first_outreach_at=now)
        )
    await note(db, attempt, Kind.attempt_dialing)


async def note(db: Db, attempt: ContactAttempt, kind: Kind, **more: Any) -> None:
    detail = {
        "attempt_id": str(attempt.id),
        "who": attempt.who,
        "channel": attempt.channel,
        "last2": attempt.last2,
        "staff_id": attempt.staff_id,
    }
    values = {"program": attempt.program_id, "incident": attempt.incident_id}
    where = (await db.execute(_ABOUT, values)).one()
    entry = NewEntry(
        kind,
        RULE,
        incident_id=attempt.incident_id,
        client_id=where.client_id,
        group_session_id=where.group_session_id,
        detail=detail | more,
        retention="phone",
    )
    await write(db, attempt.program_id, [entry])
