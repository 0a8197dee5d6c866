"""What staff say of a client: spoke with them, somebody else, recognised live (R3), seen (R9), a note."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.clients.tier_rules import is_lower
from app.db import Db, now_of
from app.group_sessions import watches
from app.group_sessions.actions import NewFact, record_facts
from app.incidents import cases
from app.incidents.presence import about, follow
from app.incidents.pressing import case_of, open_incident, press, whose
from app.incidents.situation import OtherPerson, Reached, SeenByStaff, Verified
from app.incidents.tiers import choose_tier
from app.journal.kinds import Kind
from app.protocols.schema import Tier
from app.staff.access import Viewer


async def reached(db: Db, viewer: Viewer, incident_id: UUID, by: Literal["voice", "video", "text"]) -> None:
    """Said by staff who spoke with them. Contact is not yet safety: recognising them is the next step (R3)."""
    client_id, meeting_id = await whose(db, viewer, incident_id)
    if by != "text":
        over = await watches.answered(db, viewer, meeting_id, [client_id])
        fact = NewFact(client_id, "staff", "reached", by_staff_id=viewer.staff_id)
        changed = await record_facts(db, meeting_id, [fact])
        # Before the journal's head, which following takes: a change that concerns no incident locks none by itself.
        await cases.lock(db, [incident_id])
        await follow(db, changed, actor=viewer.actor, more=over)
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    incident.reached_at = incident.reached_at or now
    incident.reached_by = incident.reached_by or viewer.staff_id
    await press(db, case, viewer, Reached(), about(incident, Kind.reached, viewer.actor, by=by))


async def other_person(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    case = await case_of(db, viewer, incident_id)
    await press(db, case, viewer, OtherPerson(), about(case.incident, Kind.other_person, viewer.actor))


async def verified(
    db: Db, viewer: Viewer, incident_id: UUID, found: dict[str, Any], tier: Tier, reason: str = ""
) -> None:
    """R3: this person recognised the client, live. `found`: what was checked, place, alone, next contact, a note.

    A lower tier with `reason` is set, or waits for a second person; without one it is noted, and the tier stays: being
    recognised never waits for a form (R8, R15).
    """
    client_id, meeting_id = await whose(db, viewer, incident_id)
    over = await watches.answered(db, viewer, meeting_id, [client_id])
    fact = NewFact(client_id, "staff", "recognised", by_staff_id=viewer.staff_id)
    changed = await record_facts(db, meeting_id, [fact])
    await cases.lock(db, [incident_id])
    await follow(db, changed, actor=viewer.actor, more=over)
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    incident.verified_at = now
    incident.verified_by = viewer.staff_id
    incident.by_hand = None
    # With somebody beside them it still holds: what they may say now is not what they would say alone (R2, R3).
    if found.get("alone") == "yes":
        case.reach.client.danger_word_used_at = None
    chosen = (
        [] if noted_only(incident.tier, tier, reason) else await choose_tier(db, case, viewer, tier, reason)
    )
    entry = about(
        incident,
        Kind.verified,
        viewer.actor,
        **found,
        tier=incident.tier,
        tier_asked=None if incident.tier == tier else tier,
    )
    await press(db, case, viewer, Verified(), entry, more=chosen)


def noted_only(before: str, tier: Tier, reason: str) -> bool:
    """The tier as it is, or less without a word why: nothing is chosen by that."""
    return before == tier or (is_lower(before, tier) and not reason.strip())


async def seen(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    """I see them. At none or low, before any phone was answered, that ends a brief drop (R9); else a private check."""
    over = await watches.answered(db, viewer, group_session_id, [client_id])
    fact = NewFact(client_id, "staff", "seen", by_staff_id=viewer.staff_id)
    changed = await record_facts(db, group_session_id, [fact])
    incident_id = await open_incident(db, viewer.program_id, client_id)
    await cases.lock(db, [incident_id] if incident_id else [])
    await follow(db, changed, actor=viewer.actor, more=over)
    if incident_id is None:
        return
    case = await case_of(db, viewer, incident_id)
    if case.incident.verified_at is not None:
        return
    entry = about(case.incident, Kind.noted, viewer.actor, words="I see them")
    await press(db, case, viewer, SeenByStaff(), entry)


async def note(db: Db, viewer: Viewer, incident_id: UUID, words: str, occurred_at: datetime | None) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = about(case.incident, Kind.noted, viewer.actor, occurred_at=occurred_at, words=words)
    await press(db, case, viewer, None, entry)
