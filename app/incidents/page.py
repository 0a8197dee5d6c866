"""The incident page: the person, the protocol with its clocks, and everything that happened, on one screen."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, select

from app.clients.break_glass import open_to
from app.db import Db
from app.group_sessions import dial_in
from app.group_sessions.models import Group, Presence
from app.incidents import cases, lowering, rules
from app.incidents.cases import Case
from app.incidents.checklist import Filler, checklist, step_lines
from app.incidents.models import ContactAttempt, Incident
from app.incidents.offers import offers
from app.incidents.page_views import (
    AccessOpen,
    ByHandLine,
    CallLine,
    IncidentPage,
    Meeting,
    Ref,
    StepLine,
)
from app.incidents.person_panel import person_of
from app.incidents.timeline import lines
from app.incidents.words import by_hand_words, first, headline
from app.journal import read
from app.numbers import readable
from app.protocols import variants
from app.staff.access import Viewer
from app.staff.models import StaffMember


async def page(db: Db, viewer: Viewer, incident: Incident) -> IncidentPage:
    """Opens sealed fields: the caller has checked who asks and journals the reveal."""
    case = (await cases.load(db, [incident]))[incident.id]
    staff = await _staff(db, viewer.program_id)
    names = {one.id: one.name for one in staff}
    runs = await cases.load_runs(db, [case], ended=True)
    person = await person_of(db, case)
    filler = Filler(db, case, person, viewer, {one.id: one.first_name for one in staff})
    steps = await step_lines(db, case, names, filler)
    entries = await read.of_incident(db, viewer.program_id, incident.id)
    presence = await db.get(Presence, (incident.program_id, incident.group_session_id, incident.client_id))
    group = await db.get(Group, (incident.program_id, case.meeting.group_id))
    situation = case.situation()

    def ref(staff_id: UUID | None) -> Ref | None:
        return Ref(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None

    hand = by_hand_words(db, case) if incident.by_hand and incident.state == "open" else None
    in_force = variants.apply(case.protocol, case.facts)
    return IncidentPage(
        id=incident.id,
        seq=await read.head(db, viewer.program_id),
        headline=headline(incident, case.reach.client.name_used),
        practice=incident.practice,
        lines=incident.lines,
        tier=incident.tier,
        state=incident.state,
        reason=incident.reason,
        presence=presence.state if presence else "lost",
        drop_at=incident.drop_at,
        learned_at=incident.learned_at,
        first_outreach_at=incident.first_outreach_at,
        back_at=incident.back_at,
        answered_at=incident.answered_at,
        reached_at=incident.reached_at,
        verified_at=incident.verified_at,
        verified_by=ref(incident.verified_by),
        closed_at=incident.closed_at,
        outcome=incident.outcome,
        owner=ref(incident.owner_id),
        mine=incident.owner_id == viewer.staff_id,
        taken_at=incident.taken_at,
        owned_until=incident.owned_until,
        outage_id=incident.outage_id,
        locked=case.locked,
        brief_drop_allowed=rules.may_be_brief(case.protocol, situation),
        callback_number=readable(case.program.callback_number),
        protocol=case.protocol.title,
        protocol_version=case.protocol.version,
        reminders=list(in_force.reminders),
        person=person,
        meeting=Meeting(
            id=case.meeting.id,
            group_name=group.name if group else "",
            dial_in=dial_in.of_group(case.program.settings, case.meeting.group_id),
            lead=ref(case.meeting.lead_id),
            cofacilitator=ref(case.meeting.cofacilitator_id),
            supervisor=ref(case.meeting.supervisor_id),
            backup=ref(case.meeting.backup_id),
        ),
        in_hand=_in_hand(steps),
        steps=steps,
        calls=[_call(case, attempt, names) for attempt in case.attempts],
        by_hand=[ByHandLine(sentence=hand.sentence, number=hand.number)] if hand else [],
        timeline=lines(case, entries, names, runs),
        runs=[await checklist(db, chain, names, filler) for chain in _shown(case, runs)],
        offers=await offers(db, case, runs),
        documentation=list(case.protocol.documentation),
        emergency_access=[
            AccessOpen(name=name, until=until)
            for name, until in await open_to(db, viewer.program_id, incident.client_id)
        ],
        lowering=await lowering.now_waiting(db, viewer, incident, names),
    )


def _shown(own: Case, runs: Sequence[Case]) -> list[Case]:
    """The search for somebody lost has a list of its own on the page; what people began stands among the protocols."""
    return [*([own] if own.protocol.signals is None else []), *runs]


def _in_hand(steps: Sequence[StepLine]) -> StepLine | None:
    waiting = [s for s in steps if s.status in ("pending", "dialing") and s.waits_for_person and s.outcomes]
    running = [s for s in steps if s.status in ("pending", "dialing")]
    return min(waiting or running, key=lambda s: s.limit_at, default=None)


async def _staff(db: Db, program_id: UUID) -> Sequence[Row[UUID, str, str]]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name, StaffMember.first_name).where(
            StaffMember.program_id == program_id
        )
    )
    return rows.all()


def _call(case: Case, attempt: ContactAttempt, names: dict[UUID, str]) -> CallLine:
    if attempt.who == "client":
        label = f"{first(case.reach.client.name_used)}, ends {attempt.last2}"
    elif attempt.who == "contact":
        label = f"Contact, ends {attempt.last2}"
    else:
        label = f"{names.get(attempt.staff_id, 'Staff')}'s phone" if attempt.staff_id else "Staff phone"
    return CallLine(
        attempt_id=attempt.id,
        who=attempt.who,
        channel=attempt.channel,
        label=label,
        state=attempt.status,
        since=attempt.answered_at or attempt.ringing_at or attempt.dialing_at or attempt.planned_at,
        result=attempt.result,
        answered_by=attempt.answered_by,
        joined=attempt.joined_at is not None,
    )
