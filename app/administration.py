"""What is done from the command line, over all programs: the first administrator, keys, journals."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from phonenumbers import SUPPORTED_REGIONS
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database
from app.errors import NotAllowed, NotFound, NotValid
from app.group_sessions.models import GroupSession
from app.journal.verify import verify
from app.protocols import library, life
from app.protocols import queries as protocols
from app.protocols.actions import load_shipped
from app.replays import gathering, past, report
from app.reseal import reseal
from app.seal import HASH_KEY_ID, Seal
from app.settings import Settings
from app.staff import actions, enrolment, passphrases, sign_in
from app.staff.models import Program, StaffAddress, StaffMember

# As the form for staff has it: an address is proved by whoever opens the link, not by its letters.
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
Tell = Callable[[str], None]


async def invite_administrator(
    settings: Settings,
    *,
    email: str,
    name: str,
    program_name: str,
    outward_name: str,
    region: str,
    time_zone: str,
    callback_number: str,
) -> str:
    """The link with which they set their passphrase. A live program is made when there is none of this name."""
    if not name.strip() or not program_name.strip():
        raise NotValid("The person and the program each need a name.")
    if not EMAIL.fullmatch(email.strip()):
        raise NotValid(f"{email} is not an e-mail address.")
    if region not in SUPPORTED_REGIONS:
        raise NotValid(f"{region} is not a country. Use its two letters, such as US or CA.")
    async with _database(settings) as database, database.transaction(None) as db:
        named = select(Program).where(Program.name == program_name.strip(), Program.kind == "live")
        program = (await db.execute(named)).scalar_one_or_none()
        if program is None:
            if not callback_number:
                raise NotValid(
                    f"There is no program {program_name.strip()} yet, and a new one needs --callback-number: "
                    "the number that phones, texts and voicemail show."
                )
            program = await actions.create_program(
                db,
                name=program_name,
                outward_name=outward_name,
                kind="live",
                region=region,
                time_zone=time_zone,
                callback_number=callback_number,
                after_hours_number=settings.twilio_after_hours or None,
                provider_account=settings.twilio_account_sid or "default",
            )
            await load_shipped(db, program.id)
        token = await actions.create_admin(db, program, name=name, email=email)
    return enrolment.enrol_link(settings.public_base_url, token)


async def without_plan(settings: Settings) -> list[str]:
    """What keeps `serve` from starting: programs that have opened groups, and nothing published for a lost connection.

    A new program approves its first one in the app; it cannot open a group before. A database that cannot be read
    keeps nothing from starting: the boards say that.
    """
    try:
        async with _database(settings) as database, database.transaction(None) as db:
            in_use = await db.execute(
                select(Program.id, Program.name)
                .join(GroupSession, GroupSession.program_id == Program.id)
                .where(GroupSession.opened_at.is_not(None))
                .distinct()
                .order_by(Program.name)
            )
            programs = {row.id: row.name for row in in_use}
            planned = await protocols.current_of(db, programs.keys())
    except (SQLAlchemyError, OSError, TimeoutError):
        return []
    return [
        f"{name} has no approved protocol for a lost connection, so a lost client would be rung by nobody. "
        f'A supervisor reads and approves it: handrail protocols approve connection-lost --program "{name}"'
        for program_id, name in programs.items()
        if program_id not in planned
    ]


async def approve_protocol(
    settings: Settings, *, protocol: str, program_name: str, email: str, passphrase: str
) -> str:
    """Approved and published, for when the app does not start: by a supervisor, who says who they are. Answers the
    version."""
    async with _database(settings) as database, database.transaction(None) as db:
        program = await db.scalar(select(Program).where(Program.name == program_name.strip()))
        if program is None:
            raise NotFound(f"There is no program {program_name.strip()}.")
        person = await db.scalar(
            select(StaffMember)
            .join(StaffAddress, StaffAddress.staff_id == StaffMember.id)
            .where(
                StaffAddress.email_key == sign_in.address_key(db, email),
                StaffMember.program_id == program.id,
                StaffMember.disabled_at.is_(None),
            )
        )
        known = await passphrases.matches(person.passphrase_hash if person else None, passphrase)
        if person is None or not known or "supervisor" not in person.roles:
            raise NotAllowed("This is not the e-mail and passphrase of a supervisor of this program.")
        await load_shipped(db, program.id)
        await db.flush()
        for row in await protocols.versions(db, program.id):
            if row.protocol == protocol and row.status != "retired" and protocols.parsed_of(row):
                await life.approve(db, program.id, row.id, person.id)
                return (await life.put_in_use(db, program.id, row.id, person.id)).version
        raise NotFound(
            f"No version of “{protocol}” here is what was stored. "
            "Give the file in protocols/ a new version number, then approve that one."
        )


async def replay_protocol(settings: Settings, *, path: Path, program_name: str, most: int) -> list[str]:
    """What the protocol in this file would have done in the last incidents that ran it (B12). Nothing is written; no
    line names anybody. Raises RefusedFile."""
    loaded = library.load(path)
    if loaded.protocol is None:
        raise library.RefusedFile(loaded.faults)
    async with _database(settings) as database, database.transaction(None) as db:
        program = await db.scalar(select(Program).where(Program.name == program_name.strip()))
        if program is None:
            raise NotFound(f"There is no program {program_name.strip()}.")
        found = await gathering.last(db, program.id, loaded.protocol.id, most)
    incidents = past.compared(found, loaded.protocol)
    return list(report.lines(incidents, past.summary(incidents)))


async def rotate(settings: Settings, tell: Tell) -> bool:
    """True when every value is sealed with the current key."""
    ring = settings.key_ring()
    seal = Seal(ring)
    done = await reseal(settings.database_owner_url or settings.database_url, seal, tell)
    tell(f"{done.count} values sealed anew with {seal.current}.")
    for place in done.broken:
        tell(f"left as it is: {place}")
    old = [kid for kid in ring if kid not in (seal.current, HASH_KEY_ID)]
    if old and not done.broken and HASH_KEY_ID in ring:
        tell(
            f"When every process runs with {seal.current} in front and a second `handrail keys rotate` finds "
            f"nothing to do, {', '.join(old)} can be taken out of HANDRAIL_KEYS. Keep {HASH_KEY_ID}: numbers are found by it."
        )
    return not done.broken


async def verify_journals(settings: Settings, tell: Tell) -> bool:
    """True when every program's journal is whole. One line for each program, one more for each fault."""
    whole = True
    async with _database(settings) as database:
        async with database.transaction(None) as db:
            programs = (await db.execute(select(Program.id, Program.name).order_by(Program.name))).all()
        for program_id, name in programs:
            # One snapshot for each journal: entries that arrive meanwhile are neither missing nor too many.
            async with database.transaction(None, isolation="REPEATABLE READ") as db:
                verdict = await verify(db, program_id)
            purged = "".join(f", {count} purged under class {kind}" for kind, count in verdict.purged.items())
            tell(f"{name}: {verdict.entries} lines{purged}, {'whole' if verdict.holds else 'NOT WHOLE'}")
            for fault in verdict.faults:
                tell(f"  {fault}")
            whole = whole and verdict.holds
    return whole


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    seal = Seal(settings.key_ring())
    database = Database(settings.database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=seal)
    try:
        yield database
    finally:
        await database.close()
