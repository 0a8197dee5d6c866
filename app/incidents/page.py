"""The incident page: the person, the protocol with its clocks, and everything that happened, on one screen."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app.clients.consent import Blocked, ticks_for
from app.clients.people import age_on, birth_date, local_today
from app.clients.queries import contact_options
from app.db import Db, now_of, reveal
from app.group_sessions.models import Group, LocationCheckIn, Presence
from app.incidents import cases, rules
from app.incidents.cases import Case
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.incidents.timeline import Line, lines
from app.incidents.words import by_hand_words, first, headline, step_title
from app.journal import read
from app.numbers import readable
from app.protocols import variants
from app.protocols.schema import Tier
from app.staff.access import Viewer
from app.staff.models import StaffMember


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ref(View):
    id: UUID
    name: str


class PlaceToday(View):
    """`source`: client, told_privately, staff, or usual when nothing was said today."""

    label: str | None
    address: str | None
    entry_notes: str | None
    source: Literal["client", "told_privately", "staff", "carried_over", "usual"]
    confirmed_at: datetime | None
    confirmed_by: str | None
    alone: str


class PhoneLine(View):
    id: UUID
    number: str
    label: str
    rank: int
    safe_to_ring: bool
    voicemail_ok: bool
    text_ok: bool
    text_stopped: bool
    shared: bool
    today_only: bool
    may_ring: bool
    tried: int


class ContactLine(View):
    """`may`: with bases, what may be said and the script. Else the block, and what is lawful instead (R18)."""

    id: UUID
    name: str
    relation: str
    number: str | None
    minutes_away: int | None
    lives_with_client: bool
    guardian: bool
    may: bool
    bases: list[str] = []
    ticks: dict[str, list[str]] = {}
    what_may_be_said: str | None = None
    script: str | None = None
    block: str | None = None
    lawful_instead: str | None = None


class ScriptLine(View):
    id: str
    channel: str
    audience: str
    language: str
    text: str


class StepLine(View):
    """`outcomes`: what a person may answer now."""

    id: UUID | None
    key: str
    title: str
    action: str
    role: str
    waits_for_person: bool
    status: Literal["foretold", "pending", "dialing", "done", "cancelled", "skipped", "unknown"]
    run_at: datetime
    limit_at: datetime
    started_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: str | None = None
    late_s: int = 0
    outcomes: list[str] = []
    scripts: list[ScriptLine] = []
    guards: list[str] = []


class CallLine(View):
    attempt_id: UUID
    who: str
    channel: str
    label: str
    state: str
    since: datetime
    result: str | None
    answered_by: str | None
    joined: bool


class ByHandLine(View):
    sentence: str
    number: str | None


class Person(View):
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    safe_name: str
    legal_name: str
    age: int | None
    minor: bool
    language: str
    interpreter_needed: bool
    unsafe_home: bool
    danger_word_used: bool
    danger_wish: str | None
    part2: bool
    first_outreach: str
    household: str | None
    pets: str | None
    what_helps: str | None
    ordinary_question: str | None
    travel_minutes: int | None
    place: PlaceToday
    phones: list[PhoneLine]
    contacts: list[ContactLine]


class Meeting(View):
    id: UUID
    group_name: str
    lead: Ref | None
    cofacilitator: Ref | None
    supervisor: Ref | None
    backup: Ref | None


class IncidentPage(View):
    id: UUID
    seq: int
    headline: str
    practice: str | None
    lines: str
    tier: str
    state: str
    reason: str
    presence: str
    drop_at: datetime
    learned_at: datetime
    first_outreach_at: datetime | None
    back_at: datetime | None
    answered_at: datetime | None
    reached_at: datetime | None
    verified_at: datetime | None
    verified_by: Ref | None
    closed_at: datetime | None
    outcome: str | None
    owner: Ref | None
    mine: bool
    taken_at: datetime | None
    owned_until: datetime | None
    outage_id: UUID | None
    locked: bool
    brief_drop_allowed: bool
    callback_number: str
    protocol: str
    protocol_version: str
    reminders: list[str]
    person: Person
    meeting: Meeting
    in_hand: StepLine | None
    steps: list[StepLine]
    calls: list[CallLine]
    by_hand: list[ByHandLine]
    timeline: list[Line]
    documentation: list[str]


REVEALED = ("danger_wish", "household", "pets", "what_helps", "ordinary_question")


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
        brief_drop_allowed="seen_brief_drop"
        in rules.outcomes(case.protocol, situation, in_force.signals.back),
        callback_number=readable(case.program.callback_number),
        protocol=case.protocol.title,
        protocol_version=case.protocol.version,
        reminders=list(in_force.reminders),
        person=await _person(db, case),
        meeting=Meeting(
            id=case.meeting.id,
            group_name=group.name if group else "",
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


async def _person(db: Db, case: Case) -> Person:
    client = case.reach.client
    today = await local_today(db, case.incident.program_id, now_of(db))
    born = birth_date(db, client)
    opened = {name: reveal(db, client, name) for name in REVEALED}
    return Person(
        client_id=client.id,
        name=client.name_used,
        initials="".join(part[0] for part in client.name_used.split(" ") if part)[:2].upper(),
        pronouns=client.pronouns,
        safe_name=reveal(db, client, "safe_name") or "",
        legal_name=reveal(db, client, "legal_name") or "",
        age=age_on(born, today) if born else None,
        minor=client.minor,
        language=client.language,
        interpreter_needed=client.interpreter_needed,
        unsafe_home=client.unsafe_home,
        danger_word_used=client.danger_word_used_at is not None,
        part2=client.part2,
        first_outreach=client.first_outreach,
        travel_minutes=client.travel_minutes,
        place=await place_today(db, case),
        phones=await _phones(db, case),
        contacts=await contacts(db, case),
        **opened,
    )


async def check_in_of(db: Db, case: Case) -> LocationCheckIn | None:
    """The newest word of where the client is, of this meeting."""
    found: LocationCheckIn | None = await db.scalar(
        select(LocationCheckIn)
        .where(
            LocationCheckIn.program_id == case.incident.program_id,
            LocationCheckIn.group_session_id == case.incident.group_session_id,
            LocationCheckIn.client_id == case.incident.client_id,
        )
        .order_by(LocationCheckIn.confirmed_at.desc())
        .limit(1)
    )
    return found


async def place_today(db: Db, case: Case) -> PlaceToday:
    """The newest word of this meeting; the usual place, marked as such, when there is none."""
    incident, client = case.incident, case.reach.client
    check_in = await check_in_of(db, case)
    usual = address_line(reveal(db, client, "home_address"))
    if check_in is None:
        return PlaceToday(
            label=client.home_label,
            address=usual,
            entry_notes=reveal(db, client, "entry_notes"),
            source="usual",
            confirmed_at=None,
            confirmed_by=None,
            alone="unknown",
        )
    by = None
    if check_in.confirmed_by:
        staff = await db.get(StaffMember, (incident.program_id, check_in.confirmed_by))
        by = staff.name if staff else None
    here = check_in.same_place
    return PlaceToday(
        label=client.home_label if here else reveal(db, check_in, "label"),
        address=usual
        if here
        else address_line(reveal(db, check_in, "address")) or reveal(db, check_in, "label"),
        entry_notes=reveal(db, client, "entry_notes") if here else None,
        source=check_in.source,
        confirmed_at=check_in.confirmed_at,
        confirmed_by=by,
        alone=check_in.alone,
    )


def address_line(stored: str | None) -> str | None:
    """One line to read aloud from the stored parts; free text stays as it is."""
    if not stored:
        return None
    try:
        parts: Any = json.loads(stored)
    except ValueError:
        return stored
    if not isinstance(parts, dict):
        return stored
    order = ("street", "unit", "room", "town", "city", "state", "code", "postal_code", "country")
    return ", ".join(str(parts[name]) for name in order if parts.get(name)) or None


async def _phones(db: Db, case: Case) -> list[PhoneLine]:
    rows = await db.execute(
        select(ContactAttempt.phone_id).where(
            ContactAttempt.program_id == case.incident.program_id,
            ContactAttempt.incident_id == case.incident.id,
            ContactAttempt.dialing_at.is_not(None),
            ContactAttempt.channel == "call",
        )
    )
    tried = list(rows.scalars())
    may = {number.id for number in case.facts.callable()}
    return [
        PhoneLine(
            id=phone.id,
            number=readable(reveal(db, phone, "number") or ""),
            label=phone.label,
            rank=rank,
            safe_to_ring=phone.safe_to_ring,
            voicemail_ok=phone.voicemail_ok,
            text_ok=phone.text_ok,
            text_stopped=phone.text_stopped_at is not None,
            shared=phone.shared,
            today_only=phone.today_only_for is not None,
            may_ring=phone.id in may,
            tried=tried.count(phone.id),
        )
        for rank, phone in enumerate(case.reach.phones, start=1)
    ]


async def contacts(db: Db, case: Case) -> list[ContactLine]:
    options = await contact_options(db, case.reach.client, case.situation().tier)
    made = []
    for option in options:
        row, verdict = option.contact, option.verdict
        plain = {
            "id": row.id,
            "name": option.name,
            "relation": row.relation,
            "minutes_away": row.minutes_away,
            "lives_with_client": row.lives_with_client,
            "guardian": row.guardian,
        }
        if isinstance(verdict, Blocked):
            made.append(
                ContactLine(
                    **plain,
                    number=None,
                    may=False,
                    block=verdict.sentence,
                    lawful_instead=verdict.lawful_instead,
                )
            )
            continue
        made.append(
            ContactLine(
                **plain,
                number=readable(reveal(db, row, "number") or ""),
                may=True,
                bases=list(verdict.bases),
                ticks={basis: list(ticks_for(verdict, basis)) for basis in verdict.bases},
                what_may_be_said=verdict.what_may_be_said,
                script=verdict.script,
            )
        )
    return made
