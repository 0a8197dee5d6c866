"""The card of one incident: what is wrong, who has it, and what happens if nobody presses."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.board.agreement_marks import agreement_marks
from app.board.cards import (
    AgreementMark,
    AlsoOpen,
    ByHand,
    CallView,
    CheckingView,
    IncidentCard,
    LoweringView,
    OutageCard,
    PersonRef,
    PlaceView,
    ProtocolMark,
    StandingDownView,
    StepView,
)
from app.board.people import Person, initials, marks_of, presence_view
from app.clients.models import Client
from app.db import Db, now_of
from app.emergency.models import StandDown
from app.emergency.standing import stand_downs_of
from app.group_sessions import dial_in
from app.group_sessions.models import Group, GroupSession, Presence
from app.incidents import cases, lowering, rules
from app.incidents.beginning import SECURE_GROUP
from app.incidents.cases import Case
from app.incidents.fallback import FALLBACK
from app.incidents.lowering_models import TierLowering
from app.incidents.models import ContactAttempt, EscalationStep, Incident, Outage
from app.incidents.situation import PlannedStep
from app.incidents.words import by_hand_words, headline, run_title, step_title
from app.lanes import views
from app.triage import queries as triage

WITH_LIMIT = 6


async def incident_cards(
    db: Db, program_id: UUID, incidents: Collection[UUID], people: Sequence[Person], names: dict[UUID, str]
) -> list[IncidentCard]:
    """`people` must hold the tiles of these incidents' clients; `names` every staff member's name by id."""
    if not incidents:
        return []
    found = await db.execute(
        select(Incident).where(
            Incident.program_id == program_id, Incident.id.in_(list(incidents)), Incident.state == "open"
        )
    )
    loaded = await cases.load(db, list(found.scalars()))
    by_client = {(p.presence.group_session_id, p.client.id): p for p in people}
    groups = await _group_names(db, program_id, {c.incident.group_session_id for c in loaded.values()})
    held = await views.lanes(db, program_id, list(loaded), names)
    lower = await lowering.waiting(db, program_id, loaded)
    checking = await triage.asking(db, program_id, loaded)
    down = await stand_downs_of(db, program_id, loaded)
    alike = {p.client.id for p in people if any(mark.kind == "names" for mark in p.tile.marks)}
    runs: dict[UUID, list[Case]] = {}
    for run in await cases.load_runs(db, loaded.values()):
        runs.setdefault(run.incident.id, []).append(run)
    also = await _also_open(db, program_id, [case.incident for case in loaded.values()])
    tiers = {incident_id: case.situation().tier for incident_id, case in loaded.items()}
    agreements = await agreement_marks(db, program_id, tiers, names)
    return [
        _card(
            db,
            case,
            by_client.get((case.incident.group_session_id, case.incident.client_id)),
            groups.get(case.incident.group_session_id, ""),
            names,
            case.incident.client_id in alike,
            agreements.get(case.incident.id),
            held.get(case.incident.id, views.NO_LANES),
            lower.get(case.incident.id),
            down.get(case.incident.id),
            checking.get(case.incident.id),
            runs.get(case.incident.id, []),
            also.get(case.incident.id, []),
        )
        for case in loaded.values()
    ]


async def _group_names(db: Db, program_id: UUID, meetings: Collection[UUID]) -> dict[UUID, str]:
    rows = await db.execute(
        select(GroupSession.id, Group.name)
        .join(Group, (Group.program_id == GroupSession.program_id) & (Group.id == GroupSession.group_id))
        .where(GroupSession.program_id == program_id, GroupSession.id.in_(list(meetings)))
    )
    return {row.id: row.name for row in rows}


def _card(
    db: Db,
    case: Case,
    person: Person | None,
    group_name: str,
    names: dict[UUID, str],
    similar: bool,
    agreement: AgreementMark | None,
    held: views.Lanes,
    lower: TierLowering | None,
    down: StandDown | None,
    checking: triage.Asking | None,
    runs: Sequence[Case],
    also: list[AlsoOpen],
) -> IncidentCard:
    incident, client, now = case.incident, case.reach.client, now_of(db)
    situation = case.situation()
    chains = [case, *runs]
    # The others of the group have a card of their own: their steps are nobody's next act about this client.
    about_them = [chain for chain in chains if chain.run is None or chain.protocol_id != SECURE_GROUP]
    leads = next((chain for chain in about_them if chain.active), case)
    looked_for = case.protocol.signals is not None and not incident.verified_at
    goes_on = leads.active or looked_for
    forecast = rules.forecast(leads.protocol, leads.situation(), now) if goes_on else []
    in_hand = _in_hand(about_them, names)
    answered = [
        a
        for a in case.attempts
        if a.who == "client" and a.status == "answered" and a.channel == "call" and a.answered_by != "machine"
    ]
    presence = person.tile.presence if person else presence_view(_unknown(incident))
    return IncidentCard(
        id=f"incident:{incident.id}",
        incident_id=incident.id,
        lines=incident.lines,
        practice=incident.practice,
        what=incident.kind,
        reason=incident.reason,
        headline=headline(incident, client.name_used),
        client_id=client.id,
        name=client.name_used,
        initials=initials(client.name_used),
        pronouns=client.pronouns,
        similar_name=similar,
        group_session_id=incident.group_session_id,
        group_name=group_name,
        dial_in=dial_in.of_group(case.program.settings, case.meeting.group_id),
        tier=incident.tier,
        state=incident.state,
        drop_at=incident.drop_at,
        learned_at=incident.learned_at,
        place=person.tile.place if person else PlaceView(state="missing"),
        marks=marks_of(client),
        presence=presence,
        owner=_ref(incident.owner_id, names),
        mine=False,
        taken_at=incident.taken_at,
        owned_until=incident.owned_until,
        outage_id=incident.outage_id,
        locked=case.locked,
        private_check=incident.back_at is not None and incident.tier not in ("none", "low"),
        somebody_answered=any(a.joined_at is None for a in answered) and incident.reached_at is None,
        triage=incident.triage,
        triaged_by=_ref(incident.triaged_by, names),
        also=also,
        protocols=[
            ProtocolMark(title=run_title(chain), stands_in=chain.protocol is FALLBACK)
            for chain in chains
            if chain.active and chain.protocol.signals is None
        ],
        in_hand=in_hand,
        order=[_planned(leads, step) for step in forecast[:WITH_LIMIT]],
        calls=[_call(case, a, names) for a in case.attempts],
        by_hand=_by_hand(db, case),
        brief_drop_allowed=rules.may_be_brief(case.protocol, situation),
        client_first_outreach=client.first_outreach,
        agreement=agreement,
        lanes=held.lanes,
        alone=held.alone,
        emergency_at=held.emergency_at,
        second_since=held.second_since,
        second_alarm=held.second_alarm,
        room=person.tile.room if person else None,
        lowering=_lowering(lower, names) if lower else None,
        standing_down=_standing_down(down, names) if down else None,
        checking=CheckingView(
            by=PersonRef(id=checking.by, name=names.get(checking.by, "A colleague")), since=checking.since
        )
        if checking
        else None,
        needs_seen=incident.tier in ("high", "imminent") and incident.owner_id is None,
    )


def _standing_down(row: StandDown, names: dict[UUID, str]) -> StandingDownView:
    by = PersonRef(id=row.proposed_by, name=names.get(row.proposed_by, "A colleague"))
    return StandingDownView(proposed_by=by, proposed_at=row.proposed_at, agreed=row.agreed_at is not None)


def _lowering(row: TierLowering, names: dict[UUID, str]) -> LoweringView:
    return LoweringView(
        id=row.id,
        before=row.from_tier,
        after=row.to_tier,
        asked_by=PersonRef(id=row.asked_by, name=names.get(row.asked_by, "A colleague")),
        until=row.until,
    )


def _unknown(incident: Incident) -> Presence:
    return Presence(state="lost", since=incident.drop_at)


def _in_hand(chains: Sequence[Case], names: dict[UUID, str]) -> StepView | None:
    """The step a person should look at: one that waits for them, else the next one of ours; what runs alongside last."""
    open_steps = [(chain, step) for chain in chains for step in chain.active]
    if not open_steps:
        return None
    chain, chosen = min(
        open_steps, key=lambda one: (not one[1].waits_for_person, _beside(*one), one[1].limit_at)
    )
    if chosen.waits_for_person and chosen.action == "incident.accept":
        automatic = [one for one in open_steps if not one[1].waits_for_person]
        chain, chosen = min(automatic, key=lambda one: one[1].run_at) if automatic else (chain, chosen)
    return step_view(chain, chosen, names)


def _beside(chain: Case, row: EscalationStep) -> bool:
    step = chain.protocol.find(row.key)
    return step is not None and step.alongside


async def _also_open(db: Db, program_id: UUID, incidents: Sequence[Incident]) -> dict[UUID, list[AlsoOpen]]:
    """By incident: what else is open about its client, so that both cards name each other."""
    of_client = {incident.client_id for incident in incidents}
    rows = await db.execute(
        select(Incident.id, Incident.client_id, Incident.kind, Incident.reason).where(
            Incident.program_id == program_id,
            Incident.client_id.in_(list(of_client)),
            Incident.state == "open",
        )
    )
    found = list(rows)
    return {
        incident.id: [
            AlsoOpen(incident_id=row.id, what=row.kind, reason=row.reason)
            for row in found
            if row.client_id == incident.client_id and row.id != incident.id
        ]
        for incident in incidents
    }


def step_view(case: Case, step: EscalationStep, names: dict[UUID, str]) -> StepView:
    moment = step.started_at or step.done_at
    late = max(0, int((moment - step.limit_at).total_seconds())) if moment else 0
    return StepView(
        id=step.id,
        key=step.key,
        title=step_title(case, step.key),
        waits_for_person=step.waits_for_person,
        status=step.status,
        run_at=step.run_at,
        limit_at=step.limit_at,
        started_at=step.started_at,
        done_at=step.done_at,
        done_by=_ref(step.done_by, names),
        late_s=late,
        outcome=step.outcome,
    )


def _planned(case: Case, planned: PlannedStep) -> StepView:
    """A foretold step has no row yet: its id is that of the open step with the same key, else a stable stand-in."""
    row = next((s for s in case.active if s.key == planned.key), None)
    return StepView(
        id=row.id if row else case.incident.id,
        key=planned.key,
        title=step_title(case, planned.key),
        waits_for_person=planned.waits_for_person,
        status=row.status if row else "pending",
        run_at=planned.run_at,
        limit_at=planned.limit_at,
        started_at=row.started_at if row else None,
    )


def _call(case: Case, attempt: ContactAttempt, names: dict[UUID, str]) -> CallView:
    if attempt.who in ("client", "contact"):
        whom = case.reach.client.name_used.split(" ")[0] if attempt.who == "client" else "Contact"
        label = f"{whom}, ends {attempt.last2}"
    else:
        label = f"{names.get(attempt.staff_id, 'Staff')}'s phone" if attempt.staff_id else "Staff phone"
    since: datetime = attempt.answered_at or attempt.ringing_at or attempt.dialing_at or attempt.planned_at
    return CallView(
        attempt_id=attempt.id,
        who=attempt.who,
        channel=attempt.channel,
        label=label,
        state=attempt.status,
        since=since,
    )


def _by_hand(db: Db, case: Case) -> list[ByHand]:
    if case.incident.by_hand is None:
        return []
    words = by_hand_words(db, case)
    return [ByHand(sentence=words.sentence, number=words.number)]


def _ref(staff_id: UUID | None, names: dict[UUID, str]) -> PersonRef | None:
    return PersonRef(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None


async def outage_cards(
    db: Db, program_id: UUID, outages: Collection[UUID], names: dict[UUID, str]
) -> list[tuple[OutageCard, frozenset[UUID]]]:
    """With the meetings it concerns, for access. An outage without an open incident has no card."""
    if not outages:
        return []
    found = (
        await db.execute(select(Outage).where(Outage.program_id == program_id, Outage.id.in_(list(outages))))
    ).scalars()
    from_clients = await db.execute(
        select(Incident, Client.name_used)
        .join(
            Client,
            (Client.program_id == Incident.program_id) & (Client.id == Incident.client_id),
        )
        .where(
            Incident.program_id == program_id, Incident.outage_id.in_(list(outages)), Incident.state == "open"
        )
        .order_by(Incident.drop_at, Incident.id)
    )
    by_outage: dict[UUID, list[tuple[Incident, str]]] = {}
    for incident, name in from_clients:
        if incident.outage_id is not None:
            by_outage.setdefault(incident.outage_id, []).append((incident, name))
    return [
        (
            OutageCard(
                id=f"outage:{outage.id}",
                outage_id=outage.id,
                opened_at=outage.opened_at,
                incident_ids=[incident.id for incident, _ in by_outage[outage.id]],
                names=[name for _, name in by_outage[outage.id]],
                locked=outage.cleared_at is None,
                cleared_by=_ref(outage.cleared_by, names),
            ),
            frozenset(incident.group_session_id for incident, _ in by_outage[outage.id]),
        )
        for outage in found
        if outage.id in by_outage
    ]
