"""Taking in the files that ship and those that a supervisor brings: each becomes a draft to read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from app.db import Db, new_id, now_of
from app.errors import NotFound
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry, write
from app.protocols import library, life, queries
from app.protocols.library import Fault, Loaded
from app.protocols.models import ProtocolVersion


async def load_shipped(db: Db, program_id: UUID, files: Sequence[Loaded] | None = None) -> list[Fault]:
    """Stores each shipped version that this program does not have, as a draft for a supervisor to approve.

    A file with a fault, or with a published version number and other content, is refused and changes nothing:
    the last published version goes on running and every board says so.
    """
    entries, faults = await _take_in(db, program_id, library.shipped() if files is None else files, RULE)
    entries += await _standing(db, program_id, faults)
    if entries:
        await write(db, program_id, entries)
    return faults


async def bring(db: Db, program_id: UUID, loaded: Loaded, by: UUID) -> list[Fault]:
    """A file that a supervisor brings becomes a draft, or is refused with its faults and changes nothing."""
    entries, faults = await _take_in(db, program_id, [loaded], Actor("person", by))
    if entries:
        await write(db, program_id, entries)
    return faults


async def _take_in(
    db: Db, program_id: UUID, files: Sequence[Loaded], actor: Actor
) -> tuple[list[NewEntry], list[Fault]]:
    known = {(row.protocol, row.version): row.sha256 for row in await queries.versions(db, program_id)}
    entries: list[NewEntry] = []
    faults: list[Fault] = []
    for loaded in files:
        found = list(loaded.faults) or _clash(loaded, known)
        if found:
            faults += found
        elif loaded.protocol is not None and (loaded.protocol.id, loaded.protocol.version) not in known:
            entries.append(_added(db, program_id, loaded, now_of(db), actor))
    return entries, faults


def _clash(loaded: Loaded, known: dict[tuple[str, str], str]) -> list[Fault]:
    protocol = loaded.protocol
    if protocol is None or known.get((protocol.id, protocol.version), loaded.sha256) == loaded.sha256:
        return []
    sentence = f"Version {protocol.version} is stored with other content: give the changed file a new version number."
    return [Fault(loaded.path.name, 1, sentence)]


def _added(db: Db, program_id: UUID, loaded: Loaded, now: datetime, actor: Actor) -> NewEntry:
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
            made_at=now,
        )
    )
    words = {"protocol": loaded.protocol.id, "version": loaded.protocol.version, "sha256": loaded.sha256}
    return NewEntry(Kind.protocol_added, actor, detail=words, retention="audit")


# As SQL text, because the program belongs to a package above this one. Boards read it with their program.
_REFUSED = text(
    "update program set settings = jsonb_set(settings, '{protocol_refused}', to_jsonb(cast(:sentence as text))) where id = :program"
)
_ACCEPTED = text("update program set settings = settings - 'protocol_refused' where id = :program")
REFUSED = "A protocol file was refused, so the last published version runs. “handrail protocols check” says which line is wrong."


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


async def publish(db: Db, program_id: UUID, protocol: str, by: UUID) -> UUID:
    """Takes in one shipped file, and signs and publishes it: for the demo and the self-test, whose director is invented.
    Raises RefusedFile."""
    entries, faults = await _take_in(db, program_id, library.shipped_as(protocol), RULE)
    if faults:
        raise library.RefusedFile(faults)
    if entries:
        await write(db, program_id, entries)
    await db.flush()
    for row in await queries.versions(db, program_id):
        if row.protocol == protocol and row.status != "retired":
            await life.approve(db, program_id, row.id, by)
            return (await life.put_in_use(db, program_id, row.id, by)).id
    raise NotFound(f"No protocol “{protocol}” ships.")


async def publish_all(db: Db, program_id: UUID, by: UUID) -> None:
    """Every protocol that ships. A file with a fault is left out, and every board says so."""
    await load_shipped(db, program_id)
    await db.flush()
    for row in await queries.versions(db, program_id):
        if row.status == "draft":
            await life.approve(db, program_id, row.id, by)
            await life.put_in_use(db, program_id, row.id, by)
