"""Versions of a record: each change keeps what stood before, who changed it, when and why. Nothing is overwritten."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from app.clients.merge import Earlier
from app.clients.models import Client
from app.clients.record_models import ClientVersion
from app.clock import ago
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict, NotFound
from app.staff.access import Viewer
from app.staff.models import StaffMember

Part = Literal["record", "phone", "guardian", "agreement"]


async def locked(db: Db, program_id: UUID, client_id: UUID) -> Client:
    """For writing: one change of one record at a time, so that version numbers have no gap."""
    client = await db.get(Client, (program_id, client_id), with_for_update=True, populate_existing=True)
    if client is None:
        raise NotFound("There is no such client among the people you work with.")
    return client


def append(
    db: Db,
    viewer: Viewer,
    client: Client,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    part: Part = "record",
    row_id: UUID | None = None,
    reason: str | None = None,
    undoes: int | None = None,
) -> ClientVersion:
    """Counts the record's version up. The client row is locked by the caller (`locked`)."""
    client.version += 1
    row = ClientVersion(
        program_id=client.program_id,
        id=new_id(),
        client_id=client.id,
        version=client.version,
        part=part,
        row_id=row_id,
        fields=sorted(after),
        by_staff_id=viewer.staff_id,
        made_at=now_of(db),
        undoes=undoes,
    )
    conceal(db, row, "body", json.dumps({"before": dict(before), "after": dict(after)}, ensure_ascii=False))
    conceal(db, row, "reason", reason)
    db.add(row)
    return row


def body_of(db: Db, row: ClientVersion) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stood before, and what was written."""
    body = json.loads(reveal(db, row, "body") or "{}")
    return body["before"], body["after"]


async def since(
    db: Db, client: Client, version: int, part: Part, row_id: UUID | None = None
) -> list[Earlier]:
    """Changes of this part after the version that somebody had before their eyes, oldest first.

    A version that never was, or one from before versions were kept: nobody can say what changed, so all of it did.
    """
    if version == client.version:
        return []
    rows = (
        await db.execute(
            select(ClientVersion, StaffMember.name)
            .join(
                StaffMember,
                (StaffMember.program_id == ClientVersion.program_id)
                & (StaffMember.id == ClientVersion.by_staff_id),
            )
            .where(
                ClientVersion.program_id == client.program_id,
                ClientVersion.client_id == client.id,
                ClientVersion.version > version,
            )
            .order_by(ClientVersion.version)
        )
    ).all()
    if version > client.version or len(rows) < client.version - version:
        raise Conflict(
            "This record changed meanwhile. Nothing of yours was saved: look at what is new, then save again.",
            code="changed_meanwhile",
        )
    now = now_of(db)
    return [
        Earlier(row.version, name, (now - row.made_at).total_seconds(), body_of(db, row)[0])
        for row, name in rows
        if row.part == part and row.row_id == row_id
    ]


def refuse_clashes(clashes: Mapping[str, Earlier]) -> None:
    """Names who and when for each field, so that two people can talk instead of overwriting each other."""
    if not clashes:
        return
    last = max(clashes.values(), key=lambda earlier: earlier.version)
    raise Conflict(
        f"{last.by} changed this record {ago(last.seconds_ago)}. Nothing of yours was saved, and it is still here: "
        "look at both, then save again.",
        code="changed_meanwhile",
        fields={name: f"{by.by} changed this {ago(by.seconds_ago)}." for name, by in clashes.items()},
    )


async def of_client(
    db: Db, program_id: UUID, client_id: UUID, below: int | None, limit: int
) -> Sequence[ClientVersion]:
    """Newest first."""
    wanted = select(ClientVersion).where(
        ClientVersion.program_id == program_id, ClientVersion.client_id == client_id
    )
    if below is not None:
        wanted = wanted.where(ClientVersion.version < below)
    return (await db.scalars(wanted.order_by(ClientVersion.version.desc()).limit(limit))).all()
