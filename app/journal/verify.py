"""Is the journal whole? Every line hashed again, every link checked, every detail compared with its hash."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from app.db import Db, seal_of
from app.journal.canonical import GENESIS, Line, chained, detail_hash
from app.journal.models import Entry, EntryDetail, EntryPurge, JournalHead
from app.seal import SealBroken


@dataclass
class Verdict:
    """`faults` are sentences for a person; an empty list means that the chain holds."""

    program_id: UUID
    entries: int = 0
    purged: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


async def verify(db: Db, program_id: UUID) -> Verdict:
    verdict = Verdict(program_id)
    head = (
        await db.execute(select(JournalHead).where(JournalHead.program_id == program_id))
    ).scalar_one_or_none()
    if head is None:
        verdict.faults.append("This program has no journal head.")
        return verdict
    rows = await db.stream(
        select(Entry, EntryDetail, EntryPurge.retention)
        .outerjoin(EntryDetail, (EntryDetail.program_id == Entry.program_id) & (EntryDetail.seq == Entry.seq))
        .outerjoin(EntryPurge, (EntryPurge.program_id == Entry.program_id) & (EntryPurge.seq == Entry.seq))
        .where(Entry.program_id == program_id)
        .order_by(Entry.seq)
        .execution_options(yield_per=1000)
    )
    previous, seq = GENESIS, 0
    async for entry, detail, purged in rows:
        seq += 1
        if entry.seq != seq:
            verdict.faults.append(f"Line {seq} is missing: the next one there is {entry.seq}.")
            seq = entry.seq
        if bytes(entry.previous) != previous:
            verdict.faults.append(f"Line {entry.seq} does not follow from the line before it.")
        if chained(bytes(entry.previous), _line(entry)) != bytes(entry.hash):
            verdict.faults.append(f"Line {entry.seq} was changed after it was written.")
        _check_detail(db, verdict, entry, detail, purged)
        previous = bytes(entry.hash)
        verdict.entries += 1
    if head.seq != seq or bytes(head.hash) != previous:
        verdict.faults.append(
            f"The journal ends at line {seq}, but its head says {head.seq}: lines are missing."
        )
    return verdict


def _check_detail(
    db: Db, verdict: Verdict, entry: Entry, detail: EntryDetail | None, purged: str | None
) -> None:
    if entry.detail_hash is None:
        if detail is not None:
            verdict.faults.append(f"Line {entry.seq} has words that it did not have when it was written.")
        return
    if detail is None:
        if purged is None:
            verdict.faults.append(f"The words of line {entry.seq} are gone, and no purge is recorded.")
        else:
            verdict.purged[purged] = verdict.purged.get(purged, 0) + 1
        return
    try:
        words = seal_of(db).open(
            bytes(detail.sealed),
            table="entry_detail",
            column="sealed",
            row_id=str(entry.seq),
            program_id=entry.program_id,
        )
    except SealBroken:
        verdict.faults.append(f"The words of line {entry.seq} cannot be opened with the keys given.")
        return
    if detail_hash(bytes(detail.salt), words) != bytes(entry.detail_hash):
        verdict.faults.append(f"The words of line {entry.seq} were changed after they were written.")


def _line(entry: Entry) -> Line:
    return Line(
        entry.program_id,
        entry.seq,
        entry.kind,
        entry.occurred_at,
        entry.recorded_at,
        entry.actor_kind,
        entry.actor_id,
        entry.incident_id,
        entry.client_id,
        entry.group_session_id,
        bytes(entry.detail_hash) if entry.detail_hash else None,
    )
