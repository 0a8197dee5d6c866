"""Everything the rules need to decide about incidents, loaded for any number of them in a handful of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select

from app.clients.reach import Reach, reach
from app.db import Db, among, given
from app.group_sessions.models import GroupSession
from app.incidents.fallback import FALLBACK
from app.incidents.models import ContactAttempt, EscalationStep, Incident, ProtocolRun
from app.incidents.reasons import BEGINS
from app.incidents.situation import Active, Situation
from app.incidents.staffing import Staffing, staffing_of
from app.prepared import Prepared
from app.protocols import queries as protocols
from app.protocols.facts import Facts, Number
from app.protocols.schema import Protocol, Tier
from app.staff.models import Program

ACTIVE = ("pending", "dialing", "unknown")
LIVE = ("dialing", "ringing", "answered", "unknown")
CONNECTION_LOST = "connection_lost"
CONCERN = "concern"


@dataclass(eq=False)
class Case:
    """One incident with one chain: its own, or that of a `run`. `active` and `attempts` are kept true while moves are
    carried out; the chains of one incident share their attempts.

    `visits`: how often each step has opened, of protocols that people start.
    """

    incident: Incident
    program: Program
    protocol: Protocol
    reach: Reach
    meeting: GroupSession
    active: list[EscalationStep]
    attempts: list[ContactAttempt]
    has_contacts: bool
    locked: bool
    next_ordinal: int
    staff: Staffing = field(repr=False)
    run: ProtocolRun | None = None
    visits: dict[str, int] = field(default_factory=dict)

    @property
    def protocol_id(self) -> str:
        """What was asked for, whether or not a file of it is published."""
        if self.run is not None:
            return self.run.protocol
        if self.protocol is FALLBACK and self.incident.reason in BEGINS:
            return BEGINS[self.incident.reason].protocol
        return self.protocol.id

    @property
    def zero_at(self) -> datetime:
        """Zero of this chain's clock: the drop, or the press that began it."""
        return self.run.zero_at if self.run else self.incident.drop_at

    @property
    def running(self) -> bool:
        """Whether its steps may still be answered: a client who was recognised is looked for no longer."""
        if self.incident.state != "open":
            return False
        return self.run.state == "running" if self.run else self.incident.verified_at is None

    @property
    def facts(self) -> Facts:
        client = self.reach.client
        return Facts(
            first_outreach=client.first_outreach,  # type: ignore[arg-type]
            unsafe_home=client.unsafe_home,
            danger_used=client.danger_word_used_at is not None,
            part2=client.part2,
            minor=client.minor,
            language=client.language,
            travel_minutes=client.travel_minutes,
            numbers=tuple(
                Number(
                    id=phone.id,
                    rank=rank,
                    last2=phone.last2,
                    safe_to_ring=phone.safe_to_ring,
                    shared=phone.shared,
                    voicemail_ok=phone.voicemail_ok,
                    text_ok=phone.text_ok,
                    text_stopped=phone.text_stopped_at is not None,
                )
                for rank, phone in enumerate(self.reach.phones, start=1)
            ),
            has_contacts=self.has_contacts,
            shares_home=client.shares_home,
            pets=client.has_pets,
        )

    def situation(self) -> Situation:
        incident = self.incident
        tier: Tier = incident.tier  # type: ignore[assignment]
        return Situation(
            tier=tier,
            drop_at=self.zero_at,
            facts=self.facts,
            active=tuple(
                Active(
                    step_id=step.id,
                    key=step.key,
                    status=step.status,  # type: ignore[arg-type]
                    run_at=step.run_at,
                    limit_at=step.limit_at,
                    rounds=step.rounds,
                    void_after=step.void_after,
                    urgency=step.urgency,
                    visit=step.visit,
                )
                for step in self.active
            ),
            owned_until=incident.owned_until if incident.owner_id else None,
            locked=self.locked,
            # Nothing has been disclosed in an incident that opened by itself at none or low (R9).
            brief_possible=incident.reached_at is None and incident.reason != "not_responding",
            answered=incident.answered_at is not None,
            held=incident.held_reply_at is not None,
            on_screen=incident.back_at is not None,
            talking=any(a.who == "client" and a.joined_at and not a.ended_at for a in self.attempts),
            visits=self.visits,
        )

    def step(self, step_id: UUID) -> EscalationStep | None:
        return next((step for step in self.active if step.id == step_id), None)


async def lock(db: Db, incidents: Collection[UUID]) -> list[Incident]:
    """Incident rows first, in id order: whoever writes to a chain holds its incident, so two presses take turns."""
    # Reading again must not lose what this transaction has changed and not yet sent.
    await db.flush()
    return list((await db.execute(_LOCK, {"ids": list(incidents)})).scalars())


async def of_ids(db: Db, incidents: Collection[UUID]) -> list[Incident]:
    """Whose rows are locked already."""
    return list((await db.execute(_INCIDENTS, {"ids": list(incidents)})).scalars())


async def load(db: Db, incidents: Iterable[Incident]) -> dict[UUID, Case]:
    """Each incident with its own chain, by incident id. Ids are random uuids, unique across programs; row security holds
    the web role to one."""
    chosen = list(incidents)
    if not chosen:
        return {}
    programs = await _by_id(db, _PROGRAMS, {i.program_id for i in chosen})
    meetings = await _by_id(db, _MEETINGS, {i.group_session_id for i in chosen})
    versions = await protocols.by_ids(db, {v for i in chosen if (v := i.protocol_version_id)})
    reached = await reach(db, {i.client_id for i in chosen}, meetings)
    steps, attempts = await _grouped(db, _STEPS, chosen), await _grouped(db, _ATTEMPTS, chosen)
    people_start = [i for i in chosen if i.kind != CONNECTION_LOST]
    visits = await _visits(db, people_start, ()) if people_start else {}
    around = await _around(db, chosen)
    staffing = await staffing_of(db, meetings.values(), {i.owner_id for i in chosen if i.owner_id})
    return {
        incident.id: Case(
            incident=incident,
            program=programs[incident.program_id],
            protocol=versions[v] if (v := incident.protocol_version_id) else FALLBACK,
            reach=reached[incident.client_id],
            meeting=meetings[incident.group_session_id],
            active=steps.get(incident.id, []),
            attempts=attempts.get(incident.id, []),
            has_contacts=incident.client_id in around.with_contacts,
            locked=incident.outage_id in around.standing_outages,
            next_ordinal=around.ordinals.get(incident.id, 0) + 1,
            staff=staffing,
            visits=visits.get(incident.id, {}),
        )
        for incident in chosen
    }


async def read_again(db: Db, case: Case) -> None:
    """Its own chain once new rows of it are written: what was made of them is known to no session."""
    incident = case.incident
    case.active = (await _grouped(db, _STEPS, [incident])).get(incident.id, [])
    case.attempts = (await _grouped(db, _ATTEMPTS, [incident])).get(incident.id, [])


async def load_runs(
    db: Db, cases: Iterable[Case], *, ended: bool = False, only: Collection[UUID] | None = None
) -> list[Case]:
    """The chains of the protocols under way in these incidents, in the order in which they began. `cases`: as `load`
    gave them. `ended`: those that are over too."""
    own = {case.incident.id: case for case in cases}
    programs = {case.incident.program_id for case in own.values()}
    query = select(ProtocolRun).where(
        among(ProtocolRun.program_id, programs), among(ProtocolRun.incident_id, own)
    )
    if only is not None:
        query = query.where(ProtocolRun.id.in_(list(only)))
    if not ended:
        query = query.where(ProtocolRun.state == "running")
    # Reading again must not lose what this transaction has changed and not yet sent.
    await db.flush()
    runs = list((await db.execute(query.order_by(ProtocolRun.zero_at, ProtocolRun.id))).scalars())
    if not runs:
        return []
    versions = await protocols.by_ids(db, {v for run in runs if (v := run.protocol_version_id)})
    steps: dict[UUID, list[EscalationStep]] = {}
    found = await db.execute(
        select(EscalationStep)
        .where(
            among(EscalationStep.program_id, programs),
            among(EscalationStep.incident_id, {run.incident_id for run in runs}),
            among(EscalationStep.run_id, [run.id for run in runs]),
            EscalationStep.status.in_(ACTIVE),
        )
        .order_by(EscalationStep.ordinal)
    )
    for step in found.scalars():
        steps.setdefault(step.run_id or step.incident_id, []).append(step)
    incidents = [case.incident for case in own.values()]
    visits = await _visits(db, incidents, [run.id for run in runs])
    return [
        replace(
            own[run.incident_id],
            protocol=versions[v] if (v := run.protocol_version_id) else FALLBACK,
            active=steps.get(run.id, []),
            next_ordinal=sum(visits.get(run.id, {}).values()) + 1,
            run=run,
            visits=visits.get(run.id, {}),
        )
        for run in runs
    ]


async def holding(db: Db, case: Case, step_id: UUID | None) -> Case:
    """The chain of this incident that the open step belongs to; its own when none does."""
    if step_id is None or case.step(step_id) is not None:
        return case
    runs = await load_runs(db, [case])
    return next((run for run in runs if run.step(step_id) is not None), case)


async def steps(db: Db, program_id: UUID, ids: Collection[UUID]) -> dict[UUID, EscalationStep]:
    found = await db.execute(
        select(EscalationStep).where(
            EscalationStep.program_id == program_id, EscalationStep.id.in_(list(ids))
        )
    )
    return {step.id: step for step in found.scalars()}


# R15 (d): how long an acknowledgement stands, in minutes by tier.
OWNED_MINUTES = {"none": 15, "low": 15, "moderate": 10, "high": 5, "imminent": 3}


def owned_until(tier: str, now: datetime) -> datetime:
    return now + timedelta(minutes=OWNED_MINUTES[tier])


Row = TypeVar("Row", Program, GroupSession)
Belongs = TypeVar("Belongs", EscalationStep, ContactAttempt)


_INCIDENTS = select(Incident).where(given(Incident.id))
_LOCK = (
    _INCIDENTS.order_by(Incident.program_id, Incident.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_PROGRAMS = select(Program).where(given(Program.id))
_MEETINGS = select(GroupSession).where(given(GroupSession.id))
# With the programs too, by which each index begins: the engine's role is held to none, and looked through all that ever
# happened.
_STEPS = (
    select(EscalationStep)
    .where(
        given(EscalationStep.program_id, "programs"),
        given(EscalationStep.incident_id),
        EscalationStep.run_id.is_(None),
        EscalationStep.status.in_(ACTIVE),
    )
    .order_by(EscalationStep.ordinal)
)
_ATTEMPTS = (
    select(ContactAttempt)
    .where(
        given(ContactAttempt.program_id, "programs"),
        given(ContactAttempt.incident_id),
        ContactAttempt.status.in_(("planned", *LIVE)),
    )
    .order_by(ContactAttempt.planned_at, ContactAttempt.id)
)
# Three small questions in one round trip: every step and every call asks them.
_AROUND = Prepared(
    """
    select 'ordinal' as what, incident_id as id, max(ordinal) as ordinal from escalation_step
    where program_id = any(cast(:programs as uuid[])) and incident_id = any(cast(:incidents as uuid[]))
      and run_id is null
    group by incident_id
    union all
    select distinct 'contact', client_id, null::integer from emergency_contact
    where program_id = any(cast(:programs as uuid[])) and client_id = any(cast(:clients as uuid[]))
      and retired_at is null
    union all
    select 'outage', id, null from outage
    where program_id = any(cast(:programs as uuid[])) and id = any(cast(:outages as uuid[]))
      and cleared_at is null
    """
)
_WITH_CONTACTS = Prepared(
    """
    select distinct client_id from emergency_contact
    where client_id = any(cast(:clients as uuid[])) and retired_at is null
    """
)


async def _by_id(db: Db, query: Select[Row], ids: Collection[UUID]) -> dict[UUID, Row]:
    return {row.id: row for row in (await db.execute(query, {"ids": list(ids)})).scalars()}


async def _grouped(
    db: Db, query: Select[Belongs], incidents: Collection[Incident]
) -> dict[UUID, list[Belongs]]:
    """By incident; steps are those of its own chain."""
    grouped: dict[UUID, list[Belongs]] = {}
    wanted = {"programs": list({i.program_id for i in incidents}), "ids": [i.id for i in incidents]}
    for row in (await db.execute(query, wanted)).scalars():
        grouped.setdefault(row.incident_id, []).append(row)
    return grouped


@dataclass(slots=True)
class _Around:
    """The last ordinal of each incident's own chain, clients who have contacts, and outages that nobody has cleared."""

    ordinals: dict[UUID, int] = field(default_factory=dict)
    with_contacts: set[UUID] = field(default_factory=set)
    standing_outages: set[UUID] = field(default_factory=set)


async def _around(db: Db, chosen: Collection[Incident]) -> _Around:
    found = _Around()
    rows = await _AROUND.rows(
        db,
        programs=list({i.program_id for i in chosen}),
        incidents=[i.id for i in chosen],
        clients=list({i.client_id for i in chosen}),
        outages=list({i.outage_id for i in chosen if i.outage_id}),
    )
    for what, id_, ordinal in rows:
        if what == "ordinal":
            found.ordinals[id_] = ordinal
        elif what == "contact":
            found.with_contacts.add(id_)
        else:
            found.standing_outages.add(id_)
    return found


async def _visits(
    db: Db, incidents: Collection[Incident], runs: Collection[UUID]
) -> dict[UUID, dict[str, int]]:
    """By run, or by incident for its own chain: how often each step has opened."""
    of_run = among(EscalationStep.run_id, runs) if runs else EscalationStep.run_id.is_(None)
    found = await db.execute(
        select(EscalationStep.incident_id, EscalationStep.run_id, EscalationStep.key, func.count())
        .where(
            among(EscalationStep.program_id, {i.program_id for i in incidents}),
            among(EscalationStep.incident_id, [i.id for i in incidents]),
            of_run,
        )
        .group_by(EscalationStep.incident_id, EscalationStep.run_id, EscalationStep.key)
    )
    counted: dict[UUID, dict[str, int]] = {}
    for incident_id, run_id, key, times in found:
        counted.setdefault(run_id or incident_id, {})[key] = times
    return counted


async def with_contacts(db: Db, clients: Collection[UUID]) -> frozenset[UUID]:
    rows = await _WITH_CONTACTS.rows(db, clients=list(clients))
    return frozenset(row.client_id for row in rows)
