"""Lowering a tier from high or imminent: one person asks, another decides within ten minutes (R15).

While it waits the tier stays. Raising cancels what waits; when nobody decides, the tier stays for good and the
supervisor is paged. Nothing here restarts a clock: only a tier that two people set retimes the steps ahead.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.clients.flags import Chosen, choose
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict, NotAllowed, NotFound, SomebodyWasFirst
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.legs import Legs
from app.incidents.lowering_models import TierLowering
from app.incidents.models import Incident
from app.incidents.page_views import LoweringNow, Ref
from app.incidents.paging import Paging
from app.incidents.presence import about
from app.incidents.pressing import case_of, press
from app.incidents.situation import Move, TierChanged
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry
from app.protocols.schema import Tier
from app.staff.access import Viewer
from app.staff.models import StaffMember

# (d) How long a second person has.
ANSWER_WITHIN = timedelta(minutes=10)


async def waiting(db: Db, program_id: UUID, incidents: Collection[UUID]) -> dict[UUID, TierLowering]:
    """By incident: what waits for a second person."""
    found = await db.scalars(
        select(TierLowering)
        .where(
            TierLowering.program_id == program_id,
            TierLowering.incident_id.in_(list(incidents)),
            TierLowering.state == "waiting",
        )
        .execution_options(populate_existing=True)
    )
    return {row.incident_id: row for row in found}


async def ask(
    db: Db, case: Case, viewer: Viewer, tier: str, reason: str, assessment_id: UUID | None = None
) -> NewEntry:
    """Opens the request under the incident's lock. Returns its entry. Raises Conflict while another one waits."""
    incident, now = case.incident, now_of(db)
    if incident.id in await waiting(db, viewer.program_id, [incident.id]):
        raise Conflict(
            "A lowering of this tier waits for a second person already. Answer that one, or take it back first.",
            code="lowering_waits",
        )
    row = TierLowering(
        program_id=viewer.program_id,
        id=new_id(),
        incident_id=incident.id,
        client_id=incident.client_id,
        from_tier=incident.tier,
        to_tier=tier,
        assessment_id=assessment_id,
        asked_by=viewer.staff_id,
        asked_at=now,
        until=now + ANSWER_WITHIN,
        state="waiting",
    )
    conceal(db, row, "reason", reason)
    db.add(row)
    await db.flush()
    return about(
        incident,
        Kind.lowering_asked,
        viewer.actor,
        lowering_id=row.id,
        before=row.from_tier,
        after=tier,
        until=row.until,
        note=reason,
    )


async def accept(db: Db, viewer: Viewer, incident_id: UUID, lowering_id: UUID) -> None:
    """The second person, by their own sign-in. The tier is lower from here, with the flag of the new one."""
    case = await case_of(db, viewer, incident_id)
    row = await _locked(db, viewer, case, lowering_id)
    if row.asked_by == viewer.staff_id:
        raise NotAllowed(
            "You asked for this, so another clinician decides. Ask a colleague to open this page.",
            code="second_person",
        )
    _answer(db, row, viewer, "accepted")
    before = case.incident.tier
    tier: Tier = row.to_tier  # type: ignore[assignment]
    case.incident.tier = tier
    entries = await choose(
        db, case.reach.client, tier, Chosen(viewer.staff_id, incident_id, row.assessment_id)
    )
    entry = about(
        case.incident, Kind.lowering_accepted, viewer.actor, lowering_id=row.id, before=before, after=tier
    )
    await press(db, case, viewer, TierChanged(tier), entry, more=entries)


async def decline(db: Db, viewer: Viewer, incident_id: UUID, lowering_id: UUID, words: str) -> None:
    """The tier stays. Whoever asked may decline too: that is taking it back."""
    case = await case_of(db, viewer, incident_id)
    row = await _locked(db, viewer, case, lowering_id)
    mine = row.asked_by == viewer.staff_id
    _answer(db, row, viewer, "withdrawn" if mine else "declined", words)
    entry = about(
        case.incident,
        Kind.lowering_withdrawn if mine else Kind.lowering_declined,
        viewer.actor,
        lowering_id=row.id,
        tier=case.incident.tier,
        note=words,
    )
    await press(db, case, viewer, None, entry)


async def overtake(db: Db, case: Case, viewer: Viewer) -> list[NewEntry]:
    """The tier is raised, or chosen anew: what waited is over. Returns the entry for it, if there was any."""
    row = (await waiting(db, viewer.program_id, [case.incident.id])).get(case.incident.id)
    if row is None:
        return []
    _answer(db, row, viewer, "overtaken")
    return [
        about(
            case.incident, Kind.lowering_overtaken, viewer.actor, lowering_id=row.id, tier=case.incident.tier
        )
    ]


async def lapse(db: Db, incidents: Collection[UUID]) -> int:
    """Engine only: nobody decided in time. The tier stays, and the supervisor's telephone rings. Returns how many."""
    now = now_of(db)
    locked = [incident for incident in await cases.lock(db, incidents) if incident.state == "open"]
    rows = await _due(db, {incident.id for incident in locked})
    loaded = await cases.load(db, [incident for incident in locked if incident.id in rows])
    work = []
    for case in loaded.values():
        row = rows[case.incident.id]
        row.state, row.answered_at = "lapsed", now
        entry = about(case.incident, Kind.lowering_lapsed, RULE, lowering_id=row.id, tier=case.incident.tier)
        item = Work(case, Move(), RULE, [entry])
        Paging(Legs(db, item)).about_lowering(row.id)
        work.append(item)
    await carry_out(db, work)
    return len(work)


async def due(db: Db, limit: int) -> list[UUID]:
    """Incidents with a lowering that nobody decided in time."""
    found = await db.execute(
        select(TierLowering.incident_id)
        .where(TierLowering.state == "waiting", TierLowering.until <= now_of(db))
        .order_by(TierLowering.until)
        .limit(limit)
    )
    return list(found.scalars())


async def _due(db: Db, incidents: Collection[UUID]) -> dict[UUID, TierLowering]:
    found = await db.scalars(
        select(TierLowering).where(
            TierLowering.incident_id.in_(list(incidents)),
            TierLowering.state == "waiting",
            TierLowering.until <= now_of(db),
        )
    )
    return {row.incident_id: row for row in found}


async def _locked(db: Db, viewer: Viewer, case: Case, lowering_id: UUID) -> TierLowering:
    """What waits, under the incident's lock. Who was first is said by name."""
    row = await db.get(
        TierLowering, (viewer.program_id, lowering_id), with_for_update=True, populate_existing=True
    )
    if row is None or row.incident_id != case.incident.id:
        raise NotFound("There is no such request. Look at the incident again.")
    if row.state != "waiting":
        raise SomebodyWasFirst(await _who_was_first(db, row))
    if row.until <= now_of(db):
        raise Conflict(
            f"The ten minutes are over, so the tier stays {row.from_tier}. Ask again if less is right.",
            code="lapsed",
        )
    return row


OVER = {
    "accepted": "confirmed this",
    "declined": "kept the tier",
    "withdrawn": "took this back",
    "overtaken": "chose the tier anew",
}


async def _who_was_first(db: Db, row: TierLowering) -> str:
    if row.answered_by is None:
        return "Nobody decided within ten minutes, so the tier stays. Ask again if less is right."
    person = await db.get(StaffMember, (row.program_id, row.answered_by))
    return f"{person.name if person else 'A colleague'} {OVER[row.state]}."


def _answer(db: Db, row: TierLowering, viewer: Viewer, state: str, words: str = "") -> None:
    row.state, row.answered_by, row.answered_at = state, viewer.staff_id, now_of(db)
    if words:
        conceal(db, row, "answer", words)


async def now_waiting(
    db: Db, viewer: Viewer, incident: Incident, names: dict[UUID, str]
) -> LoweringNow | None:
    """For the incident page: the words of the request are for whoever may decide."""
    row = (await waiting(db, incident.program_id, [incident.id])).get(incident.id)
    if row is None:
        return None
    return LoweringNow(
        id=row.id,
        before=row.from_tier,
        after=row.to_tier,
        reason=reveal(db, row, "reason") or "",
        asked_by=Ref(id=row.asked_by, name=names.get(row.asked_by, "A colleague")),
        asked_at=row.asked_at,
        until=row.until,
        mine=row.asked_by == viewer.staff_id,
        checked=row.assessment_id is not None,
    )
