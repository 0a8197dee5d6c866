"""The call sheet that a staff browser keeps, sealed, while a group is open: what staff need when the line to us is dead.

The printed sheet, and the protocols that such a moment asks for, as they are read aloud.
"""

from collections.abc import Sequence
from uuid import UUID

from app.db import Db
from app.group_sessions import sheet
from app.group_sessions.roster import View
from app.group_sessions.sheet import Sheet
from app.protocols import aloud, queries
from app.protocols.schema import Tier
from app.staff.access import Viewer

TIERS: tuple[Tier, ...] = ("none", "low", "moderate", "high", "imminent")
# Whatever else happens has its own page; these are what is done while nobody sees a page.
WHEN_ALONE: tuple[tuple[str, Tier | None], ...] = (
    ("connection-lost", None),
    ("imminent-risk", "imminent"),
    ("secure-group", "high"),
)


class KeptSteps(View):
    """A protocol at one tier, line by line."""

    protocol: str
    title: str
    tier: Tier
    lines: list[str]


class CallSheet(View):
    sheet: Sheet
    steps: list[KeptSteps]


async def of(db: Db, viewer: Viewer, group_session_id: UUID) -> CallSheet:
    """One logged reveal, as of the printed one. A protocol that nobody has published is not there."""
    steps = []
    made = await sheet.of(db, viewer, group_session_id, kept=True)
    present: set[Tier] = {person.tier for person in made.people}
    for key, only in WHEN_ALONE:
        found = (await queries.current_of(db, {viewer.program_id}, key)).get(viewer.program_id)
        if found is not None:
            protocol = found[1]
            steps += [
                KeptSteps(
                    protocol=key,
                    title=protocol.title,
                    tier=tier,
                    lines=aloud.aloud(protocol, tier).splitlines(),
                )
                for tier in _tiers(present, only)
            ]
    return CallSheet(sheet=made, steps=steps)


def _tiers(present: set[Tier], only: Tier | None) -> Sequence[Tier]:
    return [only] if only else [tier for tier in TIERS if tier in present]
