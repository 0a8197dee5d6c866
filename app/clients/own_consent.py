"""A young person's own consent to care, where the reviewed row of their state lets them give it (MIN-1, MIN-2)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from app.clients.contact_views import View
from app.clients.law import is_minor, minors_law_of, of_age_by, region_of
from app.clients.models import Client, MinorConsent
from app.clients.parts import Body
from app.clients.people import age_on, birth_date, local_today
from app.clients.queries import client_of
from app.clients.terms import MinorsLaw
from app.db import Db, conceal, new_id, now_of, reveal
from app.divisions import region_name
from app.errors import Conflict, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer


class NewOwnConsent(Body):
    given_on: date
    note: Annotated[str, Field(max_length=2000)] = ""


class OwnConsent(View):
    """`may` None: no reviewed row says. `why`: what the row says for this client, as a sentence for staff."""

    minor: bool
    region: str
    own_consent_from: int | None
    of_age: int
    reviewed_by: str | None
    reviewed_on: date | None
    may: bool | None
    why: str
    given_on: date | None
    note: str | None


async def read(db: Db, program_id: UUID, client_id: UUID) -> OwnConsent:
    client = await client_of(db, program_id, client_id)
    today = await local_today(db, program_id, now_of(db))
    region = await region_of(db, client)
    law = await minors_law_of(db, client, region)
    may, why = _may(law, region, client.part2, birth_date(db, client), today)
    standing = await _standing(db, client)
    return OwnConsent(
        minor=await is_minor(db, client, today),
        region=region,
        own_consent_from=law.alone_from(client.part2) if law else None,
        of_age=of_age_by(law),
        reviewed_by=law.reviewed_by if law else None,
        reviewed_on=law.reviewed_on if law else None,
        may=may,
        why=why,
        given_on=standing.given_on if standing else None,
        note=reveal(db, standing, "note") if standing else None,
    )


def _may(
    law: MinorsLaw | None, region: str, part2: bool, born: date | None, day: date
) -> tuple[bool | None, str]:
    if law is None:
        return None, (
            f"No reviewed row says from which age a young person in {region_name(region)} consents alone. Ask the guardian, or have "
            "the row reviewed: Places, state cards."
        )
    if born is None:
        return None, "The birth date is not known. Write it down first: the row counts in years."
    alone_from = law.alone_from(part2)
    if alone_from is None:
        return (
            False,
            f"The reviewed row for {region_name(region)} lets no minor consent to this care alone. Ask the guardian.",
        )
    if age_on(born, day) < alone_from:
        return (
            False,
            f"The reviewed row for {region_name(region)} lets young people consent alone from {alone_from}. "
            "Ask the guardian.",
        )
    return True, f"The reviewed row for {region_name(region)} lets them consent alone from {alone_from}."


async def give(db: Db, viewer: Viewer, client_id: UUID, given: NewOwnConsent) -> None:
    client = await client_of(db, viewer.program_id, client_id)
    region = await region_of(db, client)
    today = await local_today(db, viewer.program_id, now_of(db))
    if given.given_on > today:
        sentence = "This day lies ahead. Write the day on which they consented."
        raise NotValid(sentence, fields={"given_on": sentence})
    law = await minors_law_of(db, client, region)
    may, why = _may(law, region, client.part2, birth_date(db, client), given.given_on)
    if not may:
        raise NotValid(why, code="not_by_state_law")
    if await _standing(db, client) is not None:
        raise Conflict("Their own consent is written down already. End that one first.")
    row = MinorConsent(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client.id,
        given_on=given.given_on,
        region=region,
        by_staff_id=viewer.staff_id,
        made_at=now_of(db),
    )
    conceal(db, row, "note", given.note or None)
    db.add(row)
    await _write(db, viewer, client, {"what": "given", "region": region, "on": given.given_on})


async def end(db: Db, viewer: Viewer, client_id: UUID) -> None:
    client = await client_of(db, viewer.program_id, client_id)
    row = await _standing(db, client)
    if row is None:
        return
    row.ended_at = now_of(db)
    await _write(db, viewer, client, {"what": "ended"})


async def _standing(db: Db, client: Client) -> MinorConsent | None:
    found: MinorConsent | None = await db.scalar(
        select(MinorConsent)
        .where(
            MinorConsent.program_id == client.program_id,
            MinorConsent.client_id == client.id,
            MinorConsent.ended_at.is_(None),
        )
        .with_for_update()
    )
    return found


async def _write(db: Db, viewer: Viewer, client: Client, detail: dict[str, object]) -> None:
    entry = NewEntry(Kind.minor_consent_changed, viewer.actor, client_id=client.id, detail=detail)
    await write(db, viewer.program_id, [entry])
