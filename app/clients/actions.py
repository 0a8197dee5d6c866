"""Changes of a client's own record. Each is one transaction with its entries; the edge commits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.clients import fields, versions, views
from app.clients.flags import Chosen, choose
from app.clients.law import is_minor
from app.clients.merge import merge
from app.clients.models import Client
from app.clients.parts import without_empty
from app.clients.people import age_on, local_today
from app.clients.queries import client_of, death_stands
from app.clients.tier_rules import LOWER_REASON, Verdict, may_choose
from app.db import Db, now_of
from app.errors import Conflict, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.places.models import DispatchLine
from app.staff.access import Viewer

# Chosen and told about in entries of their own, or no field of the record at all.
BESIDE = frozenset({"version", "reason", "tier", "tier_reason", "assessed", "ended"})


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
    await _check_line(db, viewer.program_id, given.home_dispatch_line_id)
    await _check_birth_date(db, viewer.program_id, given.birth_date, now)
    fields.put(db, client, _kept(given))
    client.minor = await _minor_now(db, client, now)
    client.assessed = bool(given.assessed)
    db.add(client)
    await db.flush()
    if given.tier is not None:
        await choose(db, client, given.tier, Chosen(viewer.staff_id))
        client.assessed = bool(given.assessed)
    detail: dict[str, Any] = {"name": client.name_used, "tier": client.tier}
    await write(
        db,
        viewer.program_id,
        [NewEntry(Kind.client_added, viewer.actor, client_id=client.id, detail=detail)],
    )


async def change_client(
    db: Db, viewer: Viewer, client_id: UUID, given: views.ChangeClient
) -> list[views.Meanwhile]:
    """What a colleague changed meanwhile in other fields is kept, and told; the same field is refused with names."""
    client = await versions.locked(db, viewer.program_id, client_id)
    now = now_of(db)
    await _check_line(db, viewer.program_id, given.home_dispatch_line_id)
    await _check_birth_date(db, viewer.program_id, given.birth_date, now)
    beside = given.model_dump(include={"tier", "assessed", "ended"}, exclude_none=True)
    wanted = _kept(given) | beside
    current = fields.values_of(db, client, wanted.keys() - BESIDE)
    current |= {"tier": client.tier, "assessed": client.assessed, "ended": client.ended_at is not None}
    meanwhile = await versions.since(db, client, given.version, "record")
    merged = merge(wanted, current, meanwhile)
    versions.refuse_clashes(merged.clashes)
    if changes := merged.changes:
        entries = await _apply(db, viewer, client, changes, given.tier_reason, now)
        before = {name: current[name] for name in changes}
        versions.append(db, viewer, client, before, changes, reason=given.reason or given.tier_reason)
        await write(db, viewer.program_id, entries)
    return [views.Meanwhile(who=one.by, fields=sorted(one.before)) for one in meanwhile]


async def _apply(
    db: Db, viewer: Viewer, client: Client, changes: dict[str, Any], tier_reason: str | None, now: datetime
) -> list[NewEntry]:
    fields.put(db, client, {name: value for name, value in changes.items() if name not in BESIDE})
    if "birth_date" in changes:
        client.minor = False
    if {"birth_date", "home_address"} & changes.keys():
        client.minor = await _minor_now(db, client, now)
    if "ended" in changes:
        if not changes["ended"]:
            await _no_death_stands(db, client)
        client.ended_at = now if changes["ended"] else None
    client.assessed = changes.get("assessed", client.assessed)
    entries = []
    if "tier" in changes:
        entries += await _choose_tier(db, viewer, client, changes["tier"], tier_reason)
    if not entries or changes.keys() - {"tier", "assessed"}:
        detail = {"fields": sorted(changes)}
        entries.append(NewEntry(Kind.client_changed, viewer.actor, client_id=client.id, detail=detail))
    return entries


async def _no_death_stands(db: Db, client: Client) -> None:
    """R20: one press on the record would set everything going again."""
    if await death_stands(db, client.program_id, client.id):
        raise Conflict(
            "A death is recorded for this client. If that was an error, a supervisor takes it back on its own page.",
            code="death_recorded",
        )


def _kept(given: views.ClientFields) -> dict[str, Any]:
    """Of what a form sent: the fields of the record, as JSON holds them. Empty is nothing."""
    kept = given.model_dump(mode="json", exclude_unset=True, exclude=set(BESIDE))
    for name in kept.keys() & set(fields.PARTS):
        kept[name] = without_empty(getattr(given, name))
    for name in kept.keys() & {*fields.WORDS, "relay", "interpreter_language", "home_label", "pet_mark"}:
        kept[name] = kept[name] or None
    if "hidden_from_guardian" in kept:
        kept["hidden_from_guardian"] = sorted(set(kept["hidden_from_guardian"] or ()))
    return kept


async def _choose_tier(
    db: Db, viewer: Viewer, client: Client, tier: str, reason: str | None
) -> list[NewEntry]:
    """Only a person chooses a tier, and says why. The record raises it; for less there is the safety check (R15)."""
    if not reason:
        sentence = "Write down why: one sentence about what you saw or heard."
        raise NotValid(sentence, fields={"tier_reason": sentence})
    before = client.tier
    match may_choose(before, tier, reason=reason):
        case Verdict.REASON:
            sentence = f"Say why less is right now, in at least {LOWER_REASON} characters."
            raise NotValid(sentence, fields={"tier_reason": sentence})
        case Verdict.CHECK:
            raise Conflict("Only a safety check ends a flag. Open it from the record.", code="check_first")
        case Verdict.SECOND:
            raise Conflict(
                f"Lowering from {before} takes two people. Open the safety check: it asks the second one.",
                code="second_person",
            )
        case Verdict.SET:
            detail = {"from": before, "to": tier, "reason": reason}
            more = await choose(db, client, tier, Chosen(viewer.staff_id))
            entry = NewEntry(Kind.tier_changed, viewer.actor, client_id=client.id, detail=detail)
            return [entry, *more]


async def _check_birth_date(db: Db, program_id: UUID, born: date | None, now: datetime) -> None:
    if born is None:
        return
    if not 0 <= age_on(born, await local_today(db, program_id, now)) <= 120:
        sentence = "This birth date cannot be right. Check the year."
        raise NotValid(sentence, fields={"birth_date": sentence})


async def _minor_now(db: Db, client: Client, now: datetime) -> bool:
    """Never typed: it follows from the birth date and the state they live in, on the program's calendar."""
    return await is_minor(db, client, await local_today(db, client.program_id, now))


async def _check_line(db: Db, program_id: UUID, line_id: UUID | None) -> None:
    if line_id is not None and await db.get(DispatchLine, (program_id, line_id)) is None:
        sentence = "There is no such local line. Choose one from the list."
        raise NotValid(sentence, fields={"home_dispatch_line_id": sentence})


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
