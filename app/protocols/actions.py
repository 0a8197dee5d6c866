"""Taking in the files that ship, and approving a version: clinicians own what runs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update

from app.db import Db, new_id, now_of
from app.errors import Conflict, NotFound
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry, write
from app.protocols import library, queries
from app.protocols.library import Fault, Loaded
from app.protocols.models import ProtocolVersion


async def load_shipped(db: Db, program_id: UUID, files: Sequence[Loaded] | None = None) -> list[Fault]:
    """Stores each shipped version that this program does not have, as a draft for a supervisor to approve.

    A file with a fault, or with a published version number and other content, is refused and changes nothing:
    the last approved version goes on running and every board says so.
    """
    shipped = library.shipped() if files is None else files
    known = {(row.protocol, row.version): row.sha256 for row in await queries.versions(db, program_id)}
    entries: list[NewEntry] = []
    faults: list[Fault] = []
    for loaded in shipped:
        found = list(loaded.faults) or _clash(loaded, known)
        if found:
            faults += found
        elif loaded.protocol is not None and (loaded.protocol.id, loaded.protocol.version) not in known:
            entries.append(_added(db, program_id, loaded, now_of(db)))
    entries += await _standing(db, program_id, faults)
    if entries:
        await write(db, program_id, entries)
    return faults


def _clash(loaded: Loaded, known: dict[tuple[str, str], str]) -> list[Fault]:
    protocol = loaded.protocol
    if protocol is None or known.get((protocol.id, protocol.version), loaded.sha256) == loaded.sha256:
        return []
    sentence = f"Version {protocol.version} is stored with other content: give the changed file a new version number."
    return [Fault(loaded.path.name, 1, sentence)]


def _added(db: Db, program_id: UUID, loaded: Loaded, now: datetime) -> NewEntry:
    if loaded.protocol is None or loaded.body is None:
        raise ValueError(f"{loaded.path.name} has faults")
    db.add(
        ProtocolVersion(
            program_id=program_id,
            id=new_id(),
            protocol=loaded.protocol.id,
            version=loaded.protocol.version,
            body=loaded.body,
            sha256=loaded.sha256,
            status="draft",
            approved_by=None,
            approved_at=None,
            made_at=now,
        )
    )
    words = {"protocol": loaded.protocol.id, "version": loaded.protocol.version, "sha256": loaded.sha256}
    return NewEntry(Kind.protocol_added, RULE, detail=words, retention="audit")


# As SQL text, because the program belongs to a package above this one. Boards read it with their program.
_REFUSED = text(
    "update program set settings = jsonb_set(settings, '{protocol_refused}', to_jsonb(cast(:sentence as text))) where id = :program"
)
_ACCEPTED = text("update program set settings = settings - 'protocol_refused' where id = :program")
REFUSED = "A protocol file was refused, so the last approved version runs. “handrail protocols check” says which line is wrong."


async def _standing(db: Db, program_id: UUID, faults: Sequence[Fault]) -> list[NewEntry]:
    """A refusal is written when it begins and when it is over, not at every start."""
    stands = await queries.trouble(db, program_id) is not None
    if faults and not stands:
        await db.execute(_REFUSED, {"program": program_id, "sentence": REFUSED})
        told = [f"{fault.file}:{fault.line}: {fault.sentence}" for fault in faults]
        return [NewEntry(Kind.protocol_refused, RULE, detail={"faults": told}, retention="audit")]
    if stands and not faults:
        await db.execute(_ACCEPTED, {"program": program_id})
        return [NewEntry(Kind.protocol_accepted, RULE, retention="audit")]
    return []


async def load_everywhere(db: Db, shipped: Sequence[Loaded]) -> list[Fault]:
    """At the start of a process that spans programs (the engine's role)."""
    programs = await db.scalars(text("select id from program order by id"))
    return [fault for program_id in programs.all() for fault in await load_shipped(db, program_id, shipped)]


async def approve(db: Db, program_id: UUID, version_id: UUID, by: UUID) -> ProtocolVersion:
    """From now on new incidents start with this version; those under way keep theirs. Approving twice changes nothing."""
    row = await db.scalar(
        select(ProtocolVersion)
        .where(ProtocolVersion.program_id == program_id, ProtocolVersion.id == version_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("There is no such protocol version.")
    if row.status == "approved":
        return row
    if row.status == "retired":
        raise Conflict("A newer version has replaced this one. Approve the newest.")
    if queries.parsed_of(row) is None:
        raise Conflict("This version is not what was stored, so it cannot be approved. Load the file again.")
    await db.execute(
        update(ProtocolVersion)
        .where(
            ProtocolVersion.program_id == program_id,
            ProtocolVersion.protocol == row.protocol,
            ProtocolVersion.status == "approved",
        )
        .values(status="retired")
    )
    row.status, row.approved_by, row.approved_at = "approved", by, now_of(db)
    words = {"protocol": row.protocol, "version": row.version, "sha256": row.sha256}
    entry = NewEntry(Kind.protocol_approved, Actor("person", by), detail=words, retention="audit")
    await write(db, program_id, [entry])
    return row


async def publish(db: Db, program_id: UUID, protocol: str, by: UUID) -> UUID:
    """Takes in the shipped files and approves the newest draft of one protocol: for the demo and the self-test,
    whose director is invented. Raises RefusedFile."""
    faults = await load_shipped(db, program_id)
    if faults:
        raise library.RefusedFile(faults)
    await db.flush()
    for row in await queries.versions(db, program_id):
        if row.protocol == protocol and row.status in ("draft", "approved"):
            return (await approve(db, program_id, row.id, by)).id
    raise NotFound(f"No protocol “{protocol}” ships.")
