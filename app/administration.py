"""What an administrator does from the command line, over all programs: keys and journals."""

from collections.abc import Callable

from sqlalchemy import select

from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database
from app.journal.verify import verify
from app.reseal import reseal
from app.seal import HASH_KEY_ID, Seal
from app.settings import Settings
from app.staff.models import Program

Tell = Callable[[str], None]


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
    database = Database(
        settings.database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=Seal(settings.key_ring())
    )
    whole = True
    try:
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
    finally:
        await database.close()
    return whole
