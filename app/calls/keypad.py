"""A key pressed on a staff leg. A press is a hint; only a PIN that the server knows changes who owns an incident."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.calls import callbacks, twiml
from app.db import Db, now_of
from app.errors import Refusal
from app.incidents import actions as incident_actions
from app.incidents.models import ContactAttempt
from app.journal.commands import first_time
from app.lanes import actions as lane_actions
from app.staff import passphrases
from app.staff.access import Viewer
from app.staff.models import Program, StaffMember

WRONG_PINS = 3
JOIN = "1"
# Fewer digits are a wrong key, not a guess at a PIN.
SHORTEST_PIN = 6


@dataclass(frozen=True, slots=True)
class Press:
    """`words` are said on this leg alone. `over`: not accepted, and no further try."""

    accepted: bool
    words: str | None = None
    over: bool = False


async def whose_pin(db: Db, program_id: UUID, attempt_id: UUID, digits: str) -> StaffMember | None:
    """The person whose phone this is, when the digits are their PIN. Before any lock: hashing is slow on purpose."""
    if len(digits) < SHORTEST_PIN:
        return None
    staff = await db.scalar(
        select(StaffMember)
        .join(
            ContactAttempt,
            (ContactAttempt.program_id == StaffMember.program_id)
            & (ContactAttempt.staff_id == StaffMember.id),
        )
        .where(ContactAttempt.program_id == program_id, ContactAttempt.id == attempt_id)
        .where(StaffMember.disabled_at.is_(None))
    )
    matches = await passphrases.matches(staff.pin_hash if staff else None, digits)
    return staff if matches else None


async def press(
    db: Db, attempt: ContactAttempt, digits: str, pin_of: StaffMember | None, delivery_id: str
) -> Press:
    """`delivery_id` makes the provider's repeated delivery of one press count once."""
    fresh = await first_time(db, attempt.program_id, f"press:{attempt.id}:{delivery_id}", "press")
    if digits == JOIN:
        await _note_press(db, attempt)
        return Press(accepted=True)
    if pin_of is None:
        return _wrong(attempt, fresh) if len(digits) >= SHORTEST_PIN else Press(accepted=False)
    await _note_press(db, attempt)
    return Press(accepted=True, words=await _take(db, attempt, pin_of) if fresh else twiml.YOURS)


def _wrong(attempt: ContactAttempt, fresh: bool) -> Press:
    wrong = int(attempt.words.get("wrong_pins", 0)) + (1 if fresh else 0)
    attempt.words = {**attempt.words, "wrong_pins": wrong}
    return Press(accepted=False, words=twiml.WRONG_PIN, over=wrong >= WRONG_PINS)


async def _note_press(db: Db, attempt: ContactAttempt) -> None:
    if attempt.pressed_at is None:
        attempt.pressed_at = now_of(db)
        await callbacks.tell(db, attempt, "pressed")


async def _take(db: Db, attempt: ContactAttempt, staff: StaffMember) -> str:
    kind = await db.scalar(select(Program.kind).where(Program.id == attempt.program_id))
    viewer = Viewer(
        program_id=attempt.program_id,
        staff_id=staff.id,
        name=staff.name,
        first_name=staff.first_name,
        roles=frozenset(staff.roles),
        # No browser is signed in: the leg stands for it.
        sign_in_id=attempt.id,
        program_kind=kind or "live",
    )
    lane = attempt.words.get("lane")
    try:
        if lane is not None:
            await lane_actions.take(db, viewer, attempt.incident_id, lane)
        else:
            await incident_actions.take(db, viewer, attempt.incident_id)
    except Refusal as refused:
        return refused.sentence
    return twiml.YOURS
