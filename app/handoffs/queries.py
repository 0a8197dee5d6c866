"""Reading handoffs of an incident, with what consent says about the receiver now."""

from uuid import UUID

from sqlalchemy import select

from app.clients.consent import Agency, Blocked
from app.clients.known import standing_of as consent_of
from app.clients.notices import notices
from app.clients.packet import withheld
from app.db import Db
from app.errors import NotFound
from app.handoffs.actions import ACT, content_of
from app.handoffs.drafting import TO
from app.handoffs.models import Handoff
from app.handoffs.views import PARTS, HandoffCard, HandoffKeptBack, Handoffs, HandoffView
from app.incidents.cases import Case
from app.incidents.page_views import Ref
from app.plans import queries as plans
from app.staff.access import Viewer
from app.staff.models import StaffMember

# Read aloud on the telephone, slowly enough to be written down.
WORDS_A_MINUTE = 150


async def of_incident(db: Db, viewer: Viewer, case: Case) -> Handoffs:
    rows = (
        await db.scalars(
            select(Handoff)
            .where(Handoff.program_id == viewer.program_id, Handoff.incident_id == case.incident.id)
            .order_by(Handoff.made_at.desc(), Handoff.id)
        )
    ).all()
    names = await _names(db, viewer.program_id)
    views = [await _view(db, viewer, case, row, names) for row in rows]
    standing = next((one for one in views if one.state in ("draft", "given")), None)
    agreed = await plans.agreed(db, viewer.program_id, [case.incident.client_id])
    return Handoffs(
        standing=standing,
        earlier=[one for one in views if one is not standing],
        has_plan=case.incident.client_id in agreed,
    )


async def given_one(db: Db, viewer: Viewer, case: Case, handoff_id: UUID) -> tuple[Handoff, HandoffCard]:
    """For paper and file: only what was given to somebody may leave, because that is what was disclosed."""
    row = await db.get(Handoff, (viewer.program_id, handoff_id))
    if row is None or row.incident_id != case.incident.id:
        raise NotFound("There is no such handover on this incident.")
    if row.given_at is None:
        raise NotFound(
            "This handover was not given to anybody yet. Say first to whom you give it.", code="not_given"
        )
    return row, content_of(db, row)


def notice_of(case: Case) -> str | None:
    """The sentence that goes with a substance use record wherever it goes (42 CFR 2.32)."""
    return notices()[-1].text if case.reach.client.part2 else None


def seconds(content: HandoffCard) -> int:
    spoken = " ".join([*(getattr(content, name) for name in PARTS), content.know])
    return round(len(spoken.split()) * 60 / WORDS_A_MINUTE)


async def _view(db: Db, viewer: Viewer, case: Case, row: Handoff, names: dict[UUID, str]) -> HandoffView:
    content, client = content_of(db, row), case.reach.client
    standing = await consent_of(db, client, supervisor="supervisor" in viewer.roles)
    verdict = standing.may(db, ACT[row.receiver_kind], Agency(content.receiver), case.situation().tier)
    blocked = isinstance(verdict, Blocked)

    def ref(staff_id: UUID | None) -> Ref | None:
        return Ref(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None

    return HandoffView(
        id=row.id,
        version=row.version,
        receiver_kind=row.receiver_kind,
        state=row.state,
        content=content,
        made_at=row.made_at,
        made_by=ref(row.made_by),
        given_at=row.given_at,
        given_by=ref(row.given_by),
        ended_at=row.ended_at,
        ended_by=ref(row.ended_by),
        seconds=seconds(content),
        may=not blocked,
        bases=[] if isinstance(verdict, Blocked) else list(verdict.bases),
        what_may_be_said=None if isinstance(verdict, Blocked) else verdict.what_may_be_said,
        block=verdict.sentence if isinstance(verdict, Blocked) else None,
        lawful_instead=verdict.lawful_instead if isinstance(verdict, Blocked) else None,
        kept_back=[
            HandoffKeptBack(label=one.label, why=one.why)
            for one in withheld(TO[row.receiver_kind], part2=client.part2)
        ],
        notice=notice_of(case),
    )


async def _names(db: Db, program_id: UUID) -> dict[UUID, str]:
    found = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    return {row.id: row.name for row in found}
