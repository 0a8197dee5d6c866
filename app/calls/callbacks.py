"""What a line tells about a call or text of ours. Twilio's routes and the simulated lines come through here.

Callbacks come twice, late, in any order, and for calls that are not ours: an attempt's state only moves forward,
and only the one provider call that belongs to the attempt moves it. The incident is locked before the attempt,
in the order in which every action takes them.
"""

from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column, select, update

from app.clients.models import ClientPhone
from app.db import Db
from app.incidents import attempts
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.journal.kinds import Kind
from app.journal.write import PROVIDER, NewEntry, write

Event = Literal[
    "queued", "initiated", "ringing", "in-progress", "answered", "completed", "busy", "no-answer", "failed", "canceled"
]  # fmt: skip
AnsweredBy = Literal["human", "machine", "unknown"]

EVENTS: Final[frozenset[str]] = frozenset(get_args(Event))
LIVE: Final = frozenset({"dialing", "ringing", "answered", "unknown"})
# As literals, so that the planner can prove that the partial indexes of live attempts apply.
LIVE_SQL: Final[list[ColumnElement[str]]] = [literal_column(f"'{status}'") for status in sorted(LIVE)]
RESULTS: Final[dict[str, str]] = {
    "completed": "completed",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "canceled",
}
# How long a call may stay in one state without a word from the provider before we ask it.
RINGING_CHECK: Final = timedelta(seconds=45)
TALKING_CHECK: Final = timedelta(minutes=10)
# The person blocked texts from this sender: "STOP", or one of the words that mean it (telephony.md 1b).
BLOCKED_BY_RECEIVER: Final = "21610"


_INCIDENT_OF = select(ContactAttempt.incident_id).where(
    ContactAttempt.program_id == bindparam("program"), ContactAttempt.id == bindparam("attempt")
)
_LOCK_INCIDENT = (
    select(Incident.id)
    .where(Incident.program_id == bindparam("program"), Incident.id == bindparam("incident"))
    .with_for_update()
)
_LOCK_ATTEMPT = (
    select(ContactAttempt)
    .where(ContactAttempt.program_id == bindparam("program"), ContactAttempt.id == bindparam("attempt"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def locked(db: Db, program_id: UUID, attempt_id: UUID) -> ContactAttempt | None:
    """The attempt under a lock, its incident locked first; None when there is none in this program."""
    await db.flush()  # or reading the row again would undo what this transaction has already changed
    ids = {"program": program_id, "attempt": attempt_id}
    incident_id = await db.scalar(_INCIDENT_OF, ids)
    if incident_id is None:
        return None
    await db.execute(_LOCK_INCIDENT, {"program": program_id, "incident": incident_id})
    return (await db.scalars(_LOCK_ATTEMPT, ids)).one_or_none()


Change = Literal["ringing", "answered", "joined", "ended", "machine", "human", "pressed", "failed", "silent"]


async def tell(db: Db, attempt: ContactAttempt, change: Change) -> None:
    """Hands a change to the rules. Flushed first: their queries must see it."""
    await db.flush()
    await attempts.attempt_changed(db, attempt, change)


def belongs(attempt: ContactAttempt, provider_id: str) -> bool:
    """Whether this provider call is the one call of the attempt. The first to report an unclaimed one is.

    A room's waiting document may be asked for without a call's id: then the attempt alone decides.
    """
    return attempt.status in LIVE and (not provider_id or attempt.provider_id in (None, provider_id))


async def current(db: Db, program_id: UUID, attempt_id: UUID, provider_id: str) -> ContactAttempt | None:
    """The attempt when this call may still speak for it; None for replaced, cancelled, ended and foreign calls."""
    attempt = await locked(db, program_id, attempt_id)
    if attempt is None or not belongs(attempt, provider_id) or attempt.wanted == "hang_up":
        return None
    await _adopt(db, attempt, provider_id)
    return attempt


async def handle_status(
    db: Db,
    program_id: UUID,
    attempt_id: UUID,
    provider_id: str,
    event: Event,
    answered_by: str | None,
    now: datetime,
    error_code: str | None = None,
) -> bool:
    """Moves a call forward. False when no such attempt exists in this program; a stale event is True and no effect."""
    attempt = await locked(db, program_id, attempt_id)
    if attempt is None:
        return False
    if not belongs(attempt, provider_id):
        _note_end_of_cancelled(attempt, provider_id, event, now)
        return True
    await _adopt(db, attempt, provider_id)
    match event:
        case "queued" | "initiated":
            pass
        case "ringing":
            await _ringing(db, attempt, now)
        case "answered" | "in-progress":
            await mark_answered(db, attempt, now)
        case _:
            await _ended(db, attempt, event, now, error_code)
    if answered_by is not None:
        await handle_answered_by(db, attempt, answered_by, now)
    return True


async def mark_answered(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    if attempt.answered_at is not None:
        return
    attempt.status = "answered"
    attempt.answered_at = now
    attempt.lease_until = now + TALKING_CHECK
    await tell(db, attempt, "answered")


async def handle_detection(
    db: Db, program_id: UUID, attempt_id: UUID, provider_id: str, said: str, now: datetime
) -> bool:
    attempt = await locked(db, program_id, attempt_id)
    if attempt is None:
        return False
    if belongs(attempt, provider_id):
        await _adopt(db, attempt, provider_id)
        await handle_answered_by(db, attempt, said, now)
    return True


async def handle_answered_by(db: Db, attempt: ContactAttempt, said: str, now: datetime) -> None:
    """Answering-machine detection: a guess. It never counts as a person, and a person on the line outranks it."""
    if attempt.status not in LIVE or attempt.answered_by is not None:
        return
    await mark_answered(db, attempt, now)
    guess = _guess(said)
    attempt.answered_by = guess
    if guess == "human":
        await tell(db, attempt, "human")
    elif guess == "machine" and attempt.joined_at is None:
        await tell(db, attempt, "machine")
        if attempt.wanted is None and not await _message_comes(db, attempt):
            # The waiting line must not become a message.
            attempt.wanted = "hang_up"


async def _message_comes(db: Db, attempt: ContactAttempt) -> bool:
    """The rules have just planned the neutral message, and this phone takes one: the engine asks for it in a moment."""
    if attempt.phone_id is None:
        return False
    phone = await db.get(ClientPhone, (attempt.program_id, attempt.phone_id))
    if phone is None or not phone.voicemail_ok:
        return False
    planned = await db.scalar(
        select(EscalationStep.id)
        .where(
            EscalationStep.program_id == attempt.program_id,
            EscalationStep.incident_id == attempt.incident_id,
            EscalationStep.action == "call.leave_voicemail",
            EscalationStep.status == "pending",
        )
        .limit(1)
    )
    return planned is not None


async def handle_text_status(
    db: Db,
    program_id: UUID,
    attempt_id: UUID,
    provider_id: str,
    status: str,
    error_code: str | None,
    now: datetime,
) -> bool:
    """Delivered or not; every other state of a text is on the way and changes nothing."""
    attempt = await locked(db, program_id, attempt_id)
    if attempt is None:
        return False
    if not belongs(attempt, provider_id):
        return True
    await _adopt(db, attempt, provider_id)
    if status == "delivered":
        attempt.status, attempt.result, attempt.ended_at = "ended", "delivered", now
        await tell(db, attempt, "ended")
    elif status in ("undelivered", "failed", "canceled"):
        await text_failed(db, attempt, error_code, now)
    return True


async def text_failed(db: Db, attempt: ContactAttempt, error_code: str | None, now: datetime) -> None:
    attempt.status, attempt.result, attempt.ended_at = "failed", "undelivered", now
    attempt.error_code = error_code
    if error_code == BLOCKED_BY_RECEIVER and attempt.phone_id is not None:
        await db.execute(
            update(ClientPhone)
            .where(
                ClientPhone.program_id == attempt.program_id,
                ClientPhone.id == attempt.phone_id,
                ClientPhone.text_stopped_at.is_(None),
            )
            .values(text_stopped_at=now)
        )
    await tell(db, attempt, "failed")


async def room_chain(db: Db, leg: ContactAttempt) -> list[UUID]:
    """The leg and everything it replaces, newest first. The last is the name of the room: a redial keeps the room
    in which staff may be waiting already."""
    chain = [leg.id]
    replaces = leg.replaces_id
    while replaces is not None and replaces not in chain:
        chain.append(replaces)
        replaces = await db.scalar(
            select(ContactAttempt.replaces_id).where(
                ContactAttempt.program_id == leg.program_id, ContactAttempt.id == replaces
            )
        )
    return chain


async def staff_in_room(db: Db, program_id: UUID, chain: list[UUID]) -> list[ContactAttempt]:
    return list(
        await db.scalars(
            select(ContactAttempt).where(
                ContactAttempt.program_id == program_id,
                ContactAttempt.client_leg_id.in_(chain),
                ContactAttempt.status == "answered",
                ContactAttempt.joined_at.is_not(None),
            )
        )
    )


async def _ringing(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    if attempt.status not in ("dialing", "unknown"):
        return
    attempt.status = "ringing"
    attempt.ringing_at = now
    attempt.lease_until = now + RINGING_CHECK
    await tell(db, attempt, "ringing")


async def _ended(db: Db, attempt: ContactAttempt, event: str, now: datetime, error_code: str | None) -> None:
    if event == "completed":
        # "Completed" was answered, even when the callback that says so was lost or is still on its way.
        await mark_answered(db, attempt, now)
    attempt.status = "failed" if event == "failed" else "ended"
    attempt.ended_at = now
    attempt.lease_until = None
    attempt.wanted = None
    attempt.error_code = error_code
    if attempt.result is None:
        heard_machine = attempt.answered_by == "machine" and attempt.joined_at is None
        attempt.result = "voicemail" if heard_machine else RESULTS[event]
    if attempt.who in ("client", "contact"):
        await _tell_staff_in_room(db, attempt)
    await tell(db, attempt, "failed" if event == "failed" else "ended")


async def _tell_staff_in_room(db: Db, leg: ContactAttempt) -> None:
    """Staff who wait or talked in the room are told on their own leg that it is over, and put through to the next."""
    for staff_leg in await staff_in_room(db, leg.program_id, await room_chain(db, leg)):
        staff_leg.wanted = staff_leg.wanted or "over"


async def _adopt(db: Db, attempt: ContactAttempt, provider_id: str) -> None:
    """The first callback with our attempt id proves which call is ours (decision 8)."""
    if not provider_id:
        return
    if attempt.provider_id is None:
        attempt.provider_id = provider_id
    if attempt.status != "unknown":
        return
    attempt.status = "dialing"
    await write(
        db,
        attempt.program_id,
        [
            NewEntry(
                Kind.attempt_adopted,
                PROVIDER,
                incident_id=attempt.incident_id,
                detail={"attempt_id": str(attempt.id), "who": attempt.who, "last2": attempt.last2},
                retention="phone",
            )
        ],
    )


def _note_end_of_cancelled(attempt: ContactAttempt, provider_id: str, event: str, now: datetime) -> None:
    if attempt.provider_id == provider_id and attempt.ended_at is None and event in RESULTS:
        attempt.ended_at = now
        attempt.wanted = None


def _guess(said: str) -> AnsweredBy:
    if said == "human":
        return "human"
    return "machine" if said.startswith("machine") or said == "fax" else "unknown"
