"""Names that a person at a board may take for each other (R17)."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from uuid import UUID

from app.clients.alike import alike
from app.db import Db
from app.prepared import Prepared


def first_names(meetings: str) -> str:
    """SQL of the first names to compare, of the meetings of this expression (an array)."""
    return f"""
    select m.id as meeting, split_part(c.name_used, ' ', 1) as name, count(distinct c.id) > 1 as twice
    from unnest({meetings}) m (id)
    join group_session g on g.program_id = :program and (g.id = m.id or g.state in ('open', 'paused'))
    join presence p on p.program_id = g.program_id and p.group_session_id = g.id and p.removed_at is null
    join client c on c.program_id = p.program_id and c.id = p.client_id
    group by 1, 2 having count(distinct c.id) > 1 or bool_or(g.id = m.id)
    """  # noqa: S608  an expression of ours


_FIRST_NAMES = Prepared(first_names("cast(:meetings as uuid[])"))

# By first name: what the mark says.
Alike = Mapping[str, str]


async def names_alike(db: Db, program_id: UUID, meetings: Collection[UUID]) -> dict[UUID, Alike]:
    """By meeting: first names that a person on its board may confuse (R17): the same one anywhere on the board, or in
    this group one that sounds alike."""
    met: dict[UUID, dict[str, bool]] = {}
    for row in await _FIRST_NAMES.rows(db, program=program_id, meetings=list(meetings)):
        met.setdefault(row.meeting, {})[row.name] = row.twice
    return {meeting: words_of(names) for meeting, names in met.items()}


def words_of(twice: Mapping[str, bool]) -> Alike:
    """Of the first names of one meeting, each with whether two people have it."""
    words = {name: f"Sounds like {other}" for name, other in _sounding_alike(tuple(sorted(twice)))}
    return words | {name: f"Two called {name}" for name, two in twice.items() if two}


@lru_cache(maxsize=1024)
def _sounding_alike(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Kept, because a board asks for the same group again at every change."""
    return tuple((name, others[0]) for name in names if (others := alike(name, set(names) - {name})))


def first_name(name_used: str) -> str:
    return name_used.split(" ")[0]
