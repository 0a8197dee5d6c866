"""From a link to an open page: a press, a code to their own number, and a device that keeps it for half a day.

The link alone opens nothing, and fetching it changes nothing (R4). Nobody learns here whether a copy exists.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import update

from app.calls import texts
from app.caregiver_pages import standing
from app.caregiver_pages.models import CaregiverProposal
from app.caregiver_pages.standing import Open
from app.caregiver_pages.views import Details
from app.caregiver_pages.words import words_in
from app.client_pages.tokens import Device, new_device, program_of
from app.db import Database, Db, conceal, new_id, now_of, reveal, seal_of
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.tasks.actions import open_task

DIGITS: Final = 6
CODE_LIFE: Final = timedelta(minutes=10)
# One in a million each: five guesses at a code, and few codes, leave a guesser one chance in 20,000 a day.
WRONG_PER_CODE: Final = 5
CODES_PER_DAY: Final = 8
PAUSE: Final = timedelta(seconds=30)
DAY: Final = timedelta(days=1)
OPEN_FOR: Final = timedelta(hours=12)
LOOK_WITHIN: Final = timedelta(days=2)

# They are nobody of ours: their acts stand under the platform, with the copy that they used.
CAREGIVER: Final = Actor("platform")


@dataclass(frozen=True, slots=True)
class Pressed:
    what: Literal["asked", "gone", "wait"]
    device: Device | None = None
    last2: str = ""


async def press(database: Database, token: str) -> Pressed:
    """Sends a code to the number that stands on the record, never to one that is typed here."""
    program_id = program_of(token)
    if program_id is None:
        return Pressed("gone")
    async with database.transaction(program_id) as db:
        found = await standing.of_token(db, program_id, token)
        if found is None:
            return Pressed("gone")
        return await _ask(db, found)


async def ask_again(db: Db, found: Open, device: Device) -> Pressed:
    return await _ask(db, found, device)


async def _ask(db: Db, found: Open, device: Device | None = None) -> Pressed:
    copy, now = found.copy, now_of(db)
    if copy.codes_since is None or copy.codes_since < now - DAY:
        copy.codes_since, copy.codes_sent, copy.wrong_codes = now, 0, 0
    device = device or new_device(copy.program_id, copy.id)
    copy.pending_hash = device.hash
    just_sent = copy.code_until is not None and copy.code_until - CODE_LIFE > now - PAUSE
    if copy.codes_sent >= CODES_PER_DAY:
        return Pressed("wait", device)
    if not just_sent:
        await _send_code(db, found)
    return Pressed("asked", device, found.contact.last2)


async def _send_code(db: Db, found: Open) -> None:
    copy, now = found.copy, now_of(db)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    copy.code_hash = _code_hash(db, found, code)
    copy.code_until = now + CODE_LIFE
    copy.codes_sent += 1
    copy.wrong_codes = 0
    words = words_in(copy.language)
    text = words.say(
        "%(office)s: your code is %(code)s. It works for 10 minutes.",
        office=found.program.outward_name[:1].upper() + found.program.outward_name[1:],
        code=code,
    )
    number = reveal(db, found.contact, "number") or ""
    await texts.queue(db, found.program, number, text, client_id=copy.client_id, contact_id=copy.contact_id)
    await _note(db, found, Kind.copy_code_sent)


async def give_code(db: Db, found: Open, device: Device, typed: str) -> bool:
    """A code works once, on the device that asked for it, a few guesses long."""
    copy, now = found.copy, now_of(db)
    digits = "".join(sign for sign in typed if sign.isdigit())
    standing_code = copy.code_hash is not None and copy.code_until is not None and copy.code_until > now
    if not standing_code or copy.wrong_codes >= WRONG_PER_CODE:
        return False
    if not secrets.compare_digest(copy.code_hash or b"", _code_hash(db, found, digits)):
        copy.wrong_codes += 1
        await _note(db, found, Kind.copy_code_wrong)
        return False
    copy.code_hash = copy.pending_hash = None
    copy.device_hash, copy.device_until = device.hash, now + OPEN_FOR
    await _note(db, found, Kind.copy_unlocked)
    return True


async def opened(db: Db, found: Open) -> None:
    """The access log: when, and how often (F2)."""
    found.copy.opened_times += 1
    found.copy.opened_at = now_of(db)
    await _note(db, found, Kind.copy_opened)


async def tell_details(db: Db, found: Open, details: Details) -> None:
    """Right as they are, or how they should read: then staff decide. The newest word is the one that waits."""
    copy, now = found.copy, now_of(db)
    copy.confirmed_at = now
    if details == Details():
        await _note(db, found, Kind.copy_details_told, what="right")
        return
    replaced = await db.execute(
        update(CaregiverProposal)
        .where(
            CaregiverProposal.program_id == copy.program_id,
            CaregiverProposal.contact_id == copy.contact_id,
            CaregiverProposal.decided_at.is_(None),
        )
        .values(decision="replaced", decided_at=now)
        .returning(CaregiverProposal.id)
    )
    first = replaced.first() is None
    row = CaregiverProposal(
        program_id=copy.program_id,
        id=new_id(),
        copy_id=copy.id,
        client_id=copy.client_id,
        contact_id=copy.contact_id,
        made_at=now,
    )
    conceal(db, row, "body", details.model_dump_json())
    db.add(row)
    fields = sorted(name for name, value in details.model_dump().items() if value)
    # One task however often they correct themselves before somebody looks.
    tasks = [await _task(db, found)] if first else []
    await _note(db, found, Kind.copy_details_told, tasks, what="to correct", fields=fields)


async def _task(db: Db, found: Open) -> NewEntry:
    """Somebody looks at it, or it is a wish that nobody heard."""
    return await open_task(
        db,
        found.copy.program_id,
        about="A contact says that their own details changed. Look under Shared with family and supporters.",
        client_id=found.copy.client_id,
        owner_id=found.copy.made_by,
        due_at=now_of(db) + LOOK_WITHIN,
        made_by=None,
        actor=CAREGIVER,
    )


def _code_hash(db: Db, found: Open, code: str) -> bytes:
    return seal_of(db).keyed_hash("caregiver_code", f"{found.copy.id}:{code}")


async def _note(db: Db, found: Open, kind: Kind, before: Sequence[NewEntry] = (), **detail: object) -> None:
    copy = found.copy
    entry = NewEntry(
        kind,
        CAREGIVER,
        client_id=copy.client_id,
        detail={"copy_id": copy.id, "contact_id": copy.contact_id, **detail},
        retention="audit",
    )
    await write(db, copy.program_id, [*before, entry])
