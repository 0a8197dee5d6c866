"""The tier of an incident. Raising is one press; lowering takes a second person (R15)."""

from datetime import datetime
from uuid import UUID

from app.db import Db, now_of
from app.errors import Conflict
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.pressing import case_of, press
from app.incidents.situation import TierChanged
from app.journal.kinds import Kind
from app.protocols.schema import TIERS, Tier
from app.staff.access import Viewer

ORDER: tuple[str, ...] = ("none", *TIERS)


async def change_tier(db: Db, viewer: Viewer, incident_id: UUID, tier: Tier, reason: str) -> None:
    """Raising is one press. Lowering from high or imminent takes a second person, so it is refused here (R15)."""
    case = await case_of(db, viewer, incident_id)
    incident = case.incident
    if not may_set(incident.tier, tier):
        raise Conflict(
            f"Lowering from {incident.tier} needs a second person. The tier stays {incident.tier} until two agree.",
            code="second_person",
        )
    before = incident.tier
    set_tier(case, tier, now_of(db))
    entry = about(
        incident, Kind.incident_tier_changed, viewer.actor, before=before, after=tier, reason=reason
    )
    await press(db, case, viewer, TierChanged(tier), entry)


def may_set(before: str, after: str) -> bool:
    return before not in ("high", "imminent") or ORDER.index(after) >= ORDER.index(before)


def set_tier(case: Case, tier: Tier, now: datetime) -> None:
    case.incident.tier = tier
    client = case.reach.client
    if client.tier != tier:
        client.tier = tier
        client.tier_since = now
    client.assessed = True
