"""What each leg of a call of ours hears next. Twilio's routes and the simulated lines ask here.

Every function locks the attempt, moves it forward, and returns a document. A call that is no longer current
hears nothing and is hung up, however it came to ring.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.calls import callbacks, keypad, scripts, texts, twiml
from app.calls.addresses import hook
from app.calls.lines import LineRefused
from app.db import Db, now_of
from app.incidents.models import ContactAttempt, Incident

FAR_ENDS = ("client", "contact")
SILENT_AFTER = timedelta(seconds=twiml.SILENT_SECONDS)


async def answer(db: Db, base: str, program_id: UUID, attempt_id: UUID, provider_id: str) -> str:
    """Somebody, or something, picked up."""
    attempt = await callbacks.current(db, program_id, attempt_id, provider_id)
    if attempt is None or attempt.channel != "call":
        # Outside of any incident only our own people are rung, and asked to look.
        told = await texts.heard_on(db, program_id, attempt_id) if attempt is None else None
        return twiml.say_and_hang_up(told) if told else twiml.nothing()
    now = now_of(db)
    await callbacks.mark_answered(db, attempt, now)
    if attempt.who in FAR_ENDS:
        chain = await callbacks.room_chain(db, attempt)
        if await callbacks.staff_in_room(db, program_id, chain):
            await _joined(db, attempt, now)
        return twiml.meet(chain[-1], hook(base, program_id, attempt.id, "wait"))
    if not await _still_wanted(db, attempt):
        return twiml.say_and_hang_up(twiml.NOTHING_TO_DO)
    await _keep_current(db, attempt)
    return _menu(base, attempt)


async def key(
    db: Db, base: str, program_id: UUID, attempt_id: UUID, provider_id: str, digits: str, delivery_id: str
) -> str:
    """A press on a staff leg: 1 joins, a right PIN joins and takes. On any other leg a key means nothing (R6)."""
    pin_of = await keypad.whose_pin(db, program_id, attempt_id, digits)
    attempt = await callbacks.current(db, program_id, attempt_id, provider_id)
    if attempt is None or attempt.who in FAR_ENDS:
        return twiml.nothing()
    now = now_of(db)
    await callbacks.mark_answered(db, attempt, now)
    pressed = await keypad.press(db, attempt, digits, pin_of, delivery_id)
    if not pressed.accepted:
        if pressed.over:
            return twiml.say_and_hang_up(pressed.words or twiml.NOTHING_TO_DO)
        return _menu(base, attempt, before=pressed.words)
    await _keep_current(db, attempt)
    if attempt.client_leg_id is None:
        return twiml.say_and_hang_up(f"{pressed.words} {twiml.HEARD}" if pressed.words else twiml.HEARD)
    return await _put_through(db, base, attempt, now, pressed.words)


async def wait(db: Db, base: str, program_id: UUID, attempt_id: UUID, provider_id: str) -> str:
    """The room's waiting document, while somebody is alone in it."""
    attempt = await callbacks.current(db, program_id, attempt_id, provider_id)
    if attempt is None:
        return twiml.nothing()
    again = hook(base, program_id, attempt_id, "silent")
    if attempt.who not in FAR_ENDS:
        return twiml.wait_quietly()
    if attempt.joined_at is not None or _past_patience(db, attempt):
        return await silent(db, base, program_id, attempt_id, provider_id)
    return twiml.wait_for_staff(scripts.staff_first_name(attempt), scripts.language_of(attempt), again)


async def silent(db: Db, base: str, program_id: UUID, attempt_id: UUID, provider_id: str) -> str:
    """R6: nobody spoke for 20 s. Whoever finds it first, this document or the engine, says so once."""
    attempt = await callbacks.current(db, program_id, attempt_id, provider_id)
    if attempt is None or attempt.who not in FAR_ENDS:
        return twiml.nothing()
    if attempt.result == "silent":
        return twiml.ring_back(scripts.language_of(attempt))
    if attempt.joined_at is not None or not _past_patience(db, attempt):
        return twiml.wait_on(hook(base, program_id, attempt_id, "silent"))
    if attempt.answered_by == "machine":
        return twiml.nothing()
    await mark_silent(db, attempt)
    return twiml.ring_back(scripts.language_of(attempt))


async def mark_silent(db: Db, attempt: ContactAttempt) -> None:
    attempt.result = "silent"
    await callbacks.tell(db, attempt, "silent")


async def voicemail(db: Db, program_id: UUID, attempt_id: UUID, provider_id: str) -> str:
    """The neutral message, where the client allows one; the rules asked for it after a machine was heard."""
    attempt = await callbacks.current(db, program_id, attempt_id, provider_id)
    if attempt is None or attempt.who not in FAR_ENDS or attempt.joined_at is not None:
        return twiml.nothing()
    try:
        words = await scripts.words_of(db, attempt)
    except LineRefused as refused:
        attempt.error_code = refused.code
        return twiml.nothing()
    attempt.result = "voicemail"
    return twiml.voicemail(words, scripts.language_of(attempt))


async def over(db: Db, base: str, program_id: UUID, attempt_id: UUID, provider_id: str) -> str:
    """A staff leg whose other side is gone: put through to the next call of the incident, or told to look."""
    attempt = await callbacks.current(db, program_id, attempt_id, provider_id)
    if attempt is None or attempt.who in FAR_ENDS:
        return twiml.nothing()
    following = await _following(db, attempt)
    if following is None:
        return twiml.say_and_hang_up(twiml.NO_ANSWER)
    attempt.client_leg_id = following.id
    return await _put_through(db, base, attempt, now_of(db), twiml.NEXT_NUMBER)


async def _keep_current(db: Db, staff_leg: ContactAttempt) -> None:
    """The client's phone may ring out while this one still rings, or while its menu is read. Whoever picked up speaks
    on the next call of the incident; when none is on its way, this was a page."""
    if staff_leg.client_leg_id is not None and await _far_end(db, staff_leg) is None:
        following = await _following(db, staff_leg)
        staff_leg.client_leg_id = following.id if following is not None else None


async def _following(db: Db, attempt: ContactAttempt) -> ContactAttempt | None:
    """The newest call of the incident to the client or a contact that rings, or will."""
    found: ContactAttempt | None = await db.scalar(
        select(ContactAttempt)
        .where(
            ContactAttempt.program_id == attempt.program_id,
            ContactAttempt.incident_id == attempt.incident_id,
            ContactAttempt.who.in_(FAR_ENDS),
            ContactAttempt.channel == "call",
            ContactAttempt.status.in_(("planned", *callbacks.LIVE)),
        )
        .order_by(ContactAttempt.planned_at.desc())
        .limit(1)
    )
    return found


async def _put_through(db: Db, base: str, staff_leg: ContactAttempt, now: datetime, words: str | None) -> str:
    far_end = await _far_end(db, staff_leg)
    if far_end is None:
        return twiml.say_and_hang_up(f"{words} {twiml.CALL_OVER}" if words else twiml.CALL_OVER)
    await _joined(db, staff_leg, now)
    if far_end.status == "answered":
        await _joined(db, far_end, now)
    elif words is None:
        words = twiml.RINGING_THEM
    chain = await callbacks.room_chain(db, far_end)
    return twiml.meet(chain[-1], hook(base, staff_leg.program_id, staff_leg.id, "wait"), before=words)


async def _far_end(db: Db, staff_leg: ContactAttempt) -> ContactAttempt | None:
    """The leg the staff leg belongs to, or the redial that replaced it; None when the call is over."""
    leg_id = staff_leg.client_leg_id
    while leg_id is not None:
        leg = await db.scalar(
            select(ContactAttempt)
            .where(ContactAttempt.program_id == staff_leg.program_id, ContactAttempt.id == leg_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if leg is None:
            return None
        if leg.status in ("planned", *callbacks.LIVE) and leg.result != "silent" and leg.wanted != "hang_up":
            return leg
        leg_id = await db.scalar(
            select(ContactAttempt.id).where(
                ContactAttempt.program_id == staff_leg.program_id, ContactAttempt.replaces_id == leg.id
            )
        )
    return None


async def _joined(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    if attempt.joined_at is not None:
        return
    attempt.joined_at = now
    await callbacks.tell(db, attempt, "joined")


async def _still_wanted(db: Db, staff_leg: ContactAttempt) -> bool:
    """Until somebody has recognised the client or closed the incident, whoever picks up is needed. A page from after
    that is about something else, such as an agreement that nobody has looked at again."""
    row = (
        await db.execute(
            select(Incident.state, Incident.verified_at).where(
                Incident.program_id == staff_leg.program_id, Incident.id == staff_leg.incident_id
            )
        )
    ).one_or_none()
    if row is None or row.state != "open":
        return False
    return row.verified_at is None or staff_leg.planned_at > row.verified_at


def _past_patience(db: Db, attempt: ContactAttempt) -> bool:
    return attempt.answered_at is not None and now_of(db) - attempt.answered_at >= SILENT_AFTER


def _menu(base: str, attempt: ContactAttempt, before: str | None = None) -> str:
    return twiml.staff_menu(
        hook(base, attempt.program_id, attempt.id, "key"),
        page_only=attempt.client_leg_id is None,
        before=before,
    )
