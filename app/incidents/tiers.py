"""The tier of an incident. Raising is one press; lowering says why, and from high or imminent takes two people (R15)."""

from uuid import UUID

from app.clients.flags import Chosen, choose
from app.clients.tier_rules import LOWER_REASON, ORDER, Verdict, is_lower, may_choose
from app.db import Db, now_of
from app.errors import Conflict, NotValid
from app.incidents import lowering
from app.incidents.beginning import begun_by_tier
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.pressing import case_of, moves, renew_of
from app.incidents.situation import TierChanged
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.protocols.schema import Tier
from app.staff.access import Viewer

__all__ = ["LOWER_REASON", "ORDER", "change_tier", "choose_tier", "refuse_lowering", "set_tier"]

SAY_WHY = f"Say why less is right now, in at least {LOWER_REASON} characters: what you saw or heard."
CHECK_FIRST = "Only a safety check ends a flag. Open the safety check: four taps are enough."


async def change_tier(db: Db, viewer: Viewer, incident_id: UUID, tier: Tier, reason: str) -> None:
    case = await case_of(db, viewer, incident_id)
    before = case.incident.tier
    entries = await choose_tier(db, case, viewer, tier, reason)
    signal = TierChanged(tier) if case.incident.tier == tier else None
    renew_of(case, viewer, now_of(db))
    work = await moves(db, case, viewer.actor, signal, entries)
    if is_lower(tier, before):
        work += await begun_by_tier(db, case, viewer.actor, tier)
    await carry_out(db, work)


async def choose_tier(
    db: Db,
    case: Case,
    viewer: Viewer,
    tier: Tier,
    reason: str,
    assessment_id: UUID | None = None,
) -> list[NewEntry]:
    """Sets it, or asks a second person for it. Returns the entries, the change first; the incident's tier says which.

    Raises NotValid without a reason for less, Conflict where a safety check has to come first.
    """
    before = case.incident.tier
    verdict = may_choose(before, tier, reason=reason, checked=assessment_id is not None)
    refuse_lowering(verdict)
    if verdict is Verdict.SECOND:
        return [await lowering.ask(db, case, viewer, tier, reason, assessment_id)]
    entries = [
        about(
            case.incident, Kind.incident_tier_changed, viewer.actor, before=before, after=tier, reason=reason
        )
    ]
    if not is_lower(before, tier):
        entries += await lowering.overtake(db, case, viewer)
    return entries + await set_tier(db, case, viewer, tier, assessment_id)


def refuse_lowering(verdict: Verdict) -> None:
    if verdict is Verdict.CHECK:
        raise Conflict(CHECK_FIRST, code="check_first")
    if verdict is Verdict.REASON:
        raise NotValid(SAY_WHY, fields={"reason": SAY_WHY})


async def set_tier(
    db: Db, case: Case, viewer: Viewer, tier: Tier, assessment_id: UUID | None = None
) -> list[NewEntry]:
    """The incident's and the client's, with the flag. Returns entries to be written with the others."""
    case.incident.tier = tier
    chosen = Chosen(viewer.staff_id, case.incident.id, assessment_id)
    return await choose(db, case.reach.client, tier, chosen)
