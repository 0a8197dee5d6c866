"""The incident page: the person, the protocol with its clocks, and everything that happened, on one screen."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.clients.break_glass import open_to
from app.db import Db, now_of, reveal
from app.group_sessions import dial_in
from app.group_sessions.models import Group, Presence
from app.incidents import cases, rules
from app.incidents.cases import Case
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.incidents.page_views import (
    AccessOpen,
    ByHandLine,
    CallLine,
    IncidentPage,
    Meeting,
    Ref,
    ScriptLine,
    StepLine,
)
from app.incidents.person_panel import person_of
from app.incidents.timeline import lines
from app.incidents.words import by_hand_words, first, headline, step_title
from app.journal import read
from app.numbers import readable
from app.protocols import variants
from app.protocols.schema import Tier
from app.staff.access import Viewer
from app.staff.models import StaffMember


async def page(db: Db, viewer: Viewer, incident: Incident) -> IncidentPage:
    """Opens sealed fields: the caller has checked who asks and journals the reveal."""
    case = (await cases.load(db, [incident]))[incident.id]
    names = await _names(db, viewer.program_id)
    steps = await _steps(db, case, names)
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
        person=await person_of(db, case),
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
        timeline=lines(case, entries, names),
        documentation=list(case.protocol.documentation),
        emergency_access=[
            AccessOpen(name=name, until=until)
            for name, until in await open_to(db, viewer.program_id, incident.client_id)
        ],
    )


def _in_hand(steps: Sequence[StepLine]) -> StepLine | None:
    waiting = [s for s in steps if s.status in ("pending", "dialing") and s.waits_for_person and s.outcomes]
    running = [s for s in steps if s.status in ("pending", "dialing")]
    return min(waiting or running, key=lambda s: s.limit_at, default=None)


async def _names(db: Db, program_id: UUID) -> dict[UUID, str]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    return {row.id: row.name for row in rows}


async def _steps(db: Db, case: Case, names: dict[UUID, str]) -> list[StepLine]:
    rows = await db.execute(
        select(EscalationStep)
        .where(
            EscalationStep.program_id == case.incident.program_id,
            EscalationStep.incident_id == case.incident.id,
        )
        .order_by(EscalationStep.ordinal)
    )
    made = [_alert(case), *(_step(db, case, row, names) for row in rows.scalars())]
    if case.incident.state == "open" and case.incident.verified_at is None:
        open_keys = {step.key for step in case.active}
        foretold = rules.forecast(case.protocol, case.situation(), now_of(db))
        in_force = variants.apply(case.protocol, case.facts)
        for planned in foretold:
            step = in_force.find(planned.key)
            if planned.key in open_keys or step is None:
                continue
            made.append(
                StepLine(
                    id=None,
                    key=planned.key,
                    title=step_title(case, planned.key),
                    action=planned.action,
                    role=step.role,
                    waits_for_person=planned.waits_for_person,
                    status="foretold",
                    run_at=planned.run_at,
                    limit_at=planned.limit_at,
                )
            )
    return made


def _alert(case: Case) -> StepLine:
    """The alert is the incident's being there, so it has no row: done with the commit that opened it."""
    entry, learned = case.protocol.entry, case.incident.learned_at
    tier: Tier = case.situation().tier
    return StepLine(
        id=None,
        key=entry.id,
        title=step_title(case, entry.id),
        action=entry.action,
        role=entry.role,
        waits_for_person=False,
        status="done",
        run_at=learned,
        limit_at=learned + timedelta(seconds=entry.due_s.of(tier)),
        started_at=learned,
        done_at=learned,
        outcome="sent",
    )


def _step(db: Db, case: Case, row: EscalationStep, names: dict[UUID, str]) -> StepLine:
    in_force = variants.apply(case.protocol, case.facts)
    step = in_force.find(row.key) or case.protocol.find(row.key)
    moment = row.started_at or row.done_at
    live = row.status in ("pending", "dialing") and case.incident.verified_at is None
    return StepLine(
        id=row.id,
        key=row.key,
        title=step_title(case, row.key),
        action=row.action,
        role=step.role if step else "any_clinician",
        waits_for_person=row.waits_for_person,
        status=row.status,
        run_at=row.run_at,
        limit_at=row.limit_at,
        started_at=row.started_at,
        done_at=row.done_at,
        done_by=names.get(row.done_by) if row.done_by else None,
        outcome=row.outcome,
        late_s=max(0, int((moment - row.limit_at).total_seconds())) if moment else 0,
        outcomes=list(rules.outcomes(case.protocol, case.situation(), row.key)) if live else [],
        scripts=[_script(db, case, script) for script in step.say if script in in_force.scripts]
        if step and live
        else [],
        guards=list(step.guard) if step and live else [],
    )


def _script(db: Db, case: Case, script_id: str) -> ScriptLine:
    """Staff see the client's safe name filled in; their own name is filled in by their screen."""
    script = variants.apply(case.protocol, case.facts).scripts[script_id]
    language, text = script.words(case.reach.client.language)
    filled = text.replace("{client_safe_name}", reveal(db, case.reach.client, "safe_name") or "")
    filled = filled.replace("{callback_number}", readable(case.program.callback_number))
    return ScriptLine(
        id=script_id, channel=script.channel, audience=script.audience, language=language, text=filled
    )


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
