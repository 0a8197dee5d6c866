"""Whom we may tell what about a client, now: the table of contacts and acts that the record shows (R18)."""

from uuid import UUID

from app.clients.consent import Act, Blocked, Tier
from app.clients.contact_views import MayTell
from app.clients.known import Standing, standing_of
from app.clients.models import Client, EmergencyContact
from app.clients.queries import client_of
from app.db import Db

# A copy of the whole record is a guardian's right, or nobody's but the client's.
OFFERED: tuple[Act, ...] = ("call", "plan_copy", "coaching", "code_words")


async def may_tell(db: Db, program_id: UUID, client_id: UUID) -> list[MayTell]:
    """Each contact and each thing that could be told, at the tier that stands now."""
    client = await client_of(db, program_id, client_id)
    standing = await standing_of(db, client)
    made = []
    for row in standing.contacts:
        if row.retired_at is None:
            acts = (*OFFERED, "record_copy") if row.guardian else OFFERED
            made += [_may_tell(db, standing, row, act, tier_of(client)) for act in acts]
    return made


def tier_of(client: Client) -> Tier:
    tier: Tier = client.tier  # type: ignore[assignment] # held by the table
    return tier


def _may_tell(db: Db, standing: Standing, row: EmergencyContact, act: Act, tier: Tier) -> MayTell:
    verdict = standing.may(db, act, row, tier)
    if isinstance(verdict, Blocked):
        return MayTell(
            contact_id=row.id,
            act=act,
            may=False,
            block=verdict.sentence,
            lawful_instead=verdict.lawful_instead,
        )
    return MayTell(
        contact_id=row.id,
        act=act,
        may=True,
        bases=list(verdict.bases),
        ticks=list(verdict.ticks),
        what_may_be_said=verdict.what_may_be_said,
        cautions=list(verdict.cautions),
    )
