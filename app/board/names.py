"""Names that a person at a board may take for each other (R17)."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.clients.alike import alike
from app.db import Db
from app.prepared import Prepared

FIRST_NAMES = Prepared(
    """
    select m.id as meeting, split_part(c.name_used, ' ', 1) as name, count(distinct c.id) > 1 as twice
    from unnest(cast(:meetings as uuid[])) m (id)
    join group_session g on g.program_id = :program and (g.id = m.id or g.state in ('open', 'paused'))
    join presence p on p.program_id = g.program_id and p.group_session_id = g.id and p.removed_at is null
    join client c on c.program_id = p.program_id and c.id = p.client_id
    group by 1, 2 having count(distinct c.id) > 1 or bool_or(g.id = m.id)
    """
)

# By first name: what the mark says.
Alike = Mapping[str, str]


async def names_alike(db: Db, program_id: UUID, meetings: Collection[UUID]) -> dict[UUID, Alike]:
    """By meeting: first names that a person on its board may confuse (R17): the same one anywhere on the board, or in
    this group one that sounds alike."""
    return alike_of(await FIRST_NAMES.rows(db, program=program_id, meetings=list(meetings)))


def alike_of(rows: Iterable[Any]) -> dict[UUID, Alike]:
    """Of the rows of `FIRST_NAMES`."""
    met: dict[UUID, dict[str, bool]] = {}
    for row in rows:
        met.setdefault(row.meeting, {})[row.name] = row.twice
    found: dict[UUID, Alike] = {}
    for meeting, names in met.items():
        words = {name: f"Sounds like {other}" for name, other in _sounding_alike(tuple(sorted(names)))}
        found[meeting] = words | {name: f"Two called {name}" for name, twice in names.items() if twice}
    return found


@lru_cache(maxsize=1024)
def _sounding_alike(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Kept, because a board asks for the same group again at every change."""
    return tuple((name, others[0]) for name in names if (others := alike(name, set(names) - {name})))


def first_name(name_used: str) -> str:
    return name_used.split(" ")[0]
