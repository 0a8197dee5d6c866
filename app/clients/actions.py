"""Changes of a client's own record. Each is one transaction with its entries; the edge commits."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients import views
from app.clients.models import Client
from app.clients.people import OF_AGE, age_on, local_today
from app.clients.queries import client_of
from app.clock import ago
from app.db import Db, conceal, now_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.journal.write import NewEntry, write
from app.places.models import DispatchLine
from app.staff.access import Viewer
from app.staff.models import StaffMember

SEALED_WORDS = (
    "safe_name", "legal_name", "entry_notes", "household", "pets", "what_helps", "danger_wish", "ordinary_question",
)  # fmt: skip
PLAIN = (
    "name_used", "pronouns", "language", "interpreter_needed", "assessed", "first_outreach", "unsafe_home", "part2",
    "home_label", "home_dispatch_line_id", "travel_minutes", "pet_mark", "no_safe_contact",
)  # fmt: skip


async def add_client(db: Db, viewer: Viewer, given: views.NewClient, client_id: UUID) -> None:
    """Care never waits for a form (R8): only the three names are asked; everything else can come later."""
    now = now_of(db)
    client = Client(
        program_id=viewer.program_id,
        id=client_id,
        name_used=given.name_used,
        pronouns="",
        tier="none",
        tier_since=now,
        minor=False,
        version=1,
        made_at=now,
    )
    given_values = given.model_dump(exclude_unset=True, exclude={"tier_reason"})
    await _check_line(db, viewer.program_id, given.home_dispatch_line_id)
    await _apply(db, client, given_values, now)
    if given.tier is not None:
        client.tier = given.tier
    db.add(client)
    await db.flush()
    detail: dict[str, Any] = {"name": client.name_used, "tier": client.tier}
    await write(
        db,
        viewer.program_id,
        [NewEntry(Kind.client_added, viewer.actor, client_id=client.id, detail=detail)],
    )


async def change_client(db: Db, viewer: Viewer, client_id: UUID, given: views.ChangeClient) -> None:
    client = await db.get(
        Client, (viewer.program_id, client_id), with_for_update=True, populate_existing=True
    )
    if client is None:
        raise NotFound("There is no such client among the people you work with.")
    if client.version != given.version:
        raise await _somebody_changed_it(db, client)
    now = now_of(db)
    values = given.model_dump(exclude_unset=True, exclude={"version", "tier_reason"})
    await _check_line(db, viewer.program_id, values.get("home_dispatch_line_id"))
    entries = []
    tier = values.pop("tier", client.tier)
    if tier != client.tier:
        entries.append(_choose_tier(viewer, client, tier, given.tier_reason, now))
    await _apply(db, client, values, now)
    client.version += 1
    if values or not entries:
        detail = {"fields": sorted(values)}
        entries.append(NewEntry(Kind.client_changed, viewer.actor, client_id=client.id, detail=detail))
    await write(db, viewer.program_id, entries)


def _choose_tier(viewer: Viewer, client: Client, tier: str, reason: str | None, now: datetime) -> NewEntry:
    """Only a person chooses a tier, and says why (R15: it does not end by itself either)."""
    if not reason:
        sentence = "Write down why: one sentence about what you saw or heard."
        raise NotValid(sentence, fields={"tier_reason": sentence})
    before, client.tier, client.tier_since, client.assessed = client.tier, tier, now, True
    detail = {"from": before, "to": tier, "reason": reason}
    return NewEntry(Kind.tier_changed, viewer.actor, client_id=client.id, detail=detail)


async def _apply(db: Db, client: Client, values: dict[str, Any], now: datetime) -> None:
    for name in values.keys() & set(PLAIN):
        setattr(client, name, values[name])
    for name in values.keys() & set(SEALED_WORDS):
        conceal(db, client, name, values[name] or None)
    if "home_address" in values:
        address = values["home_address"]
        conceal(
            db, client, "home_address", None if address is None else json.dumps(address, ensure_ascii=False)
        )
    if "birth_date" in values:
        await _set_birth_date(db, client, values["birth_date"], now)
    if "ended" in values:
        client.ended_at = now if values["ended"] else None


async def _set_birth_date(db: Db, client: Client, born: date | None, now: datetime) -> None:
    today = await local_today(db, client.program_id, now)
    if born is not None and not 0 <= age_on(born, today) <= 120:
        sentence = "This birth date cannot be right. Check the year."
        raise NotValid(sentence, fields={"birth_date": sentence})
    conceal(db, client, "birth_date", None if born is None else born.isoformat())
    client.minor = born is not None and age_on(born, today) < OF_AGE


async def _check_line(db: Db, program_id: UUID, line_id: UUID | None) -> None:
    if line_id is not None and await db.get(DispatchLine, (program_id, line_id)) is None:
        sentence = "There is no such local line. Choose one from the list."
        raise NotValid(sentence, fields={"home_dispatch_line_id": sentence})


async def _somebody_changed_it(db: Db, client: Client) -> Conflict:
    """Names who and when, so that two people can talk instead of overwriting each other."""
    row = (
        await db.execute(
            select(StaffMember.name, Entry.recorded_at)
            .join(Entry, (Entry.program_id == StaffMember.program_id) & (Entry.actor_id == StaffMember.id))
            .where(
                Entry.program_id == client.program_id,
                Entry.client_id == client.id,
                Entry.kind.in_([Kind.client_changed, Kind.tier_changed, Kind.client_added]),
            )
            .order_by(Entry.seq.desc())
            .limit(1)
        )
    ).one_or_none()
    who = "Somebody changed this record meanwhile."
    if row is not None:
        who = f"{row.name} changed this record {ago((now_of(db) - row.recorded_at).total_seconds())}."
    return Conflict(
        f"{who} Nothing of yours was saved: look at what is new, then save again.", code="changed_meanwhile"
    )


async def reveal_record(db: Db, viewer: Viewer, client_id: UUID, incident_id: UUID | None) -> None:
    """Writes down that this person looked at numbers, address and notes; the read itself is queries.revealed."""
    client = await client_of(db, viewer.program_id, client_id)
    detail = {"what": "numbers, address and notes"}
    entry = NewEntry(
        Kind.client_revealed,
        viewer.actor,
        client_id=client.id,
        incident_id=incident_id,
        detail=detail,
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])
