"""From a change of presence to an incident: opened, told that the client is back, or lost again.

Whoever obtained transitions (a webhook, a tap, the sweep) hands them here once, as the last thing its transaction
does: this writes all their journal entries. Any number of drops is one set of rows and one block of seqs.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.reach import at_a_glance
from app.db import Db, new_id, now_of
from app.group_sessions.fusing import GONE, Transition
from app.group_sessions.models import GroupSession
from app.incidents import cases, rules
from app.incidents.carry import carry_out
from app.incidents.cases import CONNECTION_LOST, Case
from app.incidents.models import Incident, Outage
from app.incidents.situation import Back, LostAgain, OutageLocked
from app.incidents.staffing import Staffing
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry
from app.prepared import Prepared
from app.protocols import queries as protocols
from app.rows import insert_rows, unsaved
from app.staff.models import Program

# R1: three or more within this time are more likely our side than theirs.
OUTAGE_WITHIN = timedelta(seconds=10)
OUTAGE_FROM = 3

HERE = frozenset({"present", "private_room", "away", "leaving"})


async def follow(
    db: Db,
    transitions: Sequence[Transition],
    *,
    actor: Actor = RULE,
    more: Sequence[tuple[UUID, NewEntry]] = (),
) -> None:
    """`more`: further entries (by program) that belong to the same transaction, written before those made here."""
    await _Following(db, transitions, actor).write(more)


@dataclass
class _Opening:
    transition: Transition
    incident: Incident


@dataclass(frozen=True, slots=True)
class _Near:
    """Open losses of a program from the same ten seconds, but for those of outages that a person has cleared."""

    count: int
    standing: UUID | None
    loose: tuple[UUID, ...]


NOBODY_ELSE = _Near(0, None, ())


@dataclass
class _Following:
    db: Db
    transitions: Sequence[Transition]
    actor: Actor
    work: list[Work] = field(default_factory=list)

    async def write(self, more: Sequence[tuple[UUID, NewEntry]]) -> None:
        now = now_of(self.db)
        entries: dict[UUID, list[NewEntry]] = defaultdict(list)
        for program_id, entry in more:
            entries[program_id].append(entry)
        touched = [t for t in self.transitions if t.after in GONE or t.after in HERE or t.before in GONE]
        await self._one_at_a_time({t.program_id for t in touched if t.after in GONE})
        known = await self._open_incidents(touched)
        await self._already_open(touched, known, now)
        fresh = [t for t in touched if t.after in GONE and t.client_id not in known]
        # The entry that opens an incident says what changed; a second line would say it twice.
        opening = {t.client_id for t in fresh}
        for transition in self.transitions:
            if transition.client_id not in opening:
                entries[transition.program_id].append(self._changed(transition))
        opened = await self._open(fresh, now) if fresh else {}
        await self._point(touched, opened | {client: incident.id for client, incident in known.items()})
        await carry_out(self.db, self.work, before=entries)

    async def _one_at_a_time(self, programs: Collection[UUID]) -> None:
        """R1: three webhooks of one outage arrive together, and none of them could see what the others have not yet
        committed. Whoever comes second waits here, before any incident is locked, and then counts the first one's."""
        if programs:
            locked = select(Program.id).where(Program.id.in_(programs)).order_by(Program.id)
            await self.db.execute(locked.with_for_update(key_share=True))

    def _changed(self, transition: Transition) -> NewEntry:
        return NewEntry(
            Kind.presence_changed,
            self.actor,
            occurred_at=transition.fused.since if transition.before != transition.after else None,
            client_id=transition.client_id,
            group_session_id=transition.group_session_id,
            detail={
                "before": transition.before,
                "after": transition.after,
                "reason": transition.fused.reason,
                "until": transition.fused.until,
            },
        )

    async def _open_incidents(self, touched: Sequence[Transition]) -> dict[UUID, Incident]:
        if not touched:
            return {}
        found = await _OPEN.rows(
            self.db,
            programs=list({t.program_id for t in touched}),
            clients=list({t.client_id for t in touched}),
            kind=CONNECTION_LOST,
        )
        ids = [row.id for row in found]
        return {i.client_id: i for i in await cases.lock(self.db, ids) if i.state == "open"} if ids else {}

    async def _already_open(
        self, transitions: Sequence[Transition], known: dict[UUID, Incident], now: datetime
    ) -> None:
        loaded = await cases.load(self.db, [i for i in known.values() if i.verified_at is None])
        for transition in transitions:
            incident = known.get(transition.client_id)
            case = loaded.get(incident.id) if incident else None
            if case is None or incident is None:
                continue
            if transition.after in HERE and incident.back_at is None:
                incident.back_at = now
                self._signal(case, Back(), Kind.client_back, now)
            elif transition.after in GONE and incident.back_at is not None:
                incident.back_at = None
                self._signal(case, LostAgain(), Kind.client_lost_again, now)

    def _signal(self, case: Case, signal: Back | LostAgain, kind: Kind, now: datetime) -> None:
        move = rules.advance(case.protocol, case.situation(), signal, now)
        work = Work(case, move)
        work.entries.append(about(case.incident, kind, self.actor))
        self.work.append(work)

    async def _open(self, fresh: Sequence[Transition], now: datetime) -> dict[UUID, UUID]:
        """Incidents by client."""
        programs = {
            p.id: p
            for p in (
                await self.db.execute(select(Program).where(Program.id.in_({t.program_id for t in fresh})))
            ).scalars()
        }
        versions = await protocols.current_of(self.db, set(programs), "connection-lost")
        openings = []
        for transition in fresh:
            program = programs[transition.program_id]
            if program.id not in versions:
                # A group opens only where a protocol was approved once; without any, boards show the loss itself.
                continue
            incident = unsaved(
                Incident,
                program_id=program.id,
                id=transition.incident_id or new_id(),
                lines=program.lines,
                practice=None if program.kind == "live" else program.kind,
                kind=CONNECTION_LOST,
                client_id=transition.client_id,
                group_session_id=transition.group_session_id,
                protocol_version_id=versions[program.id][0],
                tier=transition.tier,
                state="open",
                reason=transition.fused.reason,
                drop_at=min(transition.fused.evidence_at or transition.fused.since, now),
                learned_at=now,
            )
            openings.append(_Opening(transition, incident))
        if not openings:
            return {}
        await self._join_outages(openings, now)
        await insert_rows(self.db, [o.incident for o in openings])
        await self._start(openings, versions, programs, now)
        return {o.incident.client_id: o.incident.id for o in openings}

    async def _start(
        self,
        openings: Sequence[_Opening],
        versions: dict[UUID, tuple[UUID, Any]],
        programs: dict[UUID, Program],
        now: datetime,
    ) -> None:
        incidents = [o.incident for o in openings]
        meetings = {
            m.id: m
            for m in (
                await self.db.execute(
                    select(GroupSession).where(GroupSession.id.in_({i.group_session_id for i in incidents}))
                )
            ).scalars()
        }
        reached = await at_a_glance(self.db, {i.client_id for i in incidents}, meetings)
        contacts = await cases.with_contacts(self.db, {i.client_id for i in incidents})
        for opening in openings:
            incident = opening.incident
            case = Case(
                incident=incident,
                program=programs[incident.program_id],
                protocol=versions[incident.program_id][1],
                reach=reached[incident.client_id],
                meeting=meetings[incident.group_session_id],
                active=[],
                attempts=[],
                has_contacts=incident.client_id in contacts,
                locked=incident.outage_id is not None,
                next_ordinal=1,
                # Nobody rings at the opening itself: whose phone is next is looked up when a step comes due.
                staff=Staffing(),
            )
            work = Work(case, rules.open_run(case.protocol, case.situation(), now))
            work.entries.append(self._opened(incident, opening.transition))
            self.work.append(work)

    def _opened(self, incident: Incident, transition: Transition) -> NewEntry:
        return about(
            incident,
            Kind.incident_opened,
            self.actor,
            occurred_at=incident.drop_at,
            reason=incident.reason,
            tier=incident.tier,
            before=transition.before,
            state=transition.after,
            outage=incident.outage_id,
            learned_after_s=round((incident.learned_at - incident.drop_at).total_seconds(), 1),
        )

    async def _join_outages(self, openings: Sequence[_Opening], now: datetime) -> None:
        """Three or more within ten seconds make an outage, or join the one that stands (R1).

        An outage that a person has cleared takes nobody in: three new ones make a new outage.
        """
        by_program: dict[UUID, list[Incident]] = defaultdict(list)
        for opening in openings:
            by_program[opening.incident.program_id].append(opening.incident)
        latest = {program: max(i.drop_at for i in fresh) for program, fresh in by_program.items()}
        known = await self._near(latest)
        made: list[Outage] = []
        older: list[UUID] = []
        outage_of: dict[UUID, UUID] = {}
        for program_id, fresh in by_program.items():
            near = [i for i in fresh if abs(i.drop_at - latest[program_id]) <= OUTAGE_WITHIN]
            before = known.get(program_id, NOBODY_ELSE)
            if before.count + len(near) < OUTAGE_FROM:
                continue
            outage_id = before.standing
            if outage_id is None:
                outage_id = new_id()
                made.append(unsaved(Outage, program_id=program_id, id=outage_id, opened_at=now))
            outage_of[program_id] = outage_id
            older += before.loose
            for incident in near:
                incident.outage_id = outage_id
        await insert_rows(self.db, made)
        await self._lock_older(older, outage_of, now)

    async def _near(self, latest: dict[UUID, datetime]) -> dict[UUID, "_Near"]:
        """Counted in the database: in a storm there are thousands, and only those without an outage matter."""
        rows = await _NEAR.rows(
            self.db,
            programs=list(latest),
            latest=list(latest.values()),
            within=OUTAGE_WITHIN,
            kind=CONNECTION_LOST,
        )
        return {row.program_id: _Near(row.near, row.standing, tuple(row.loose or ())) for row in rows}

    async def _lock_older(self, older: Sequence[UUID], outage_of: dict[UUID, UUID], now: datetime) -> None:
        """Chains that were under way before it was clear that several were lost: contact and responders are locked."""
        incidents = await cases.lock(self.db, older) if older else []
        for incident in incidents:
            incident.outage_id = outage_of[incident.program_id]
        loaded = await cases.load(self.db, [i for i in incidents if i.verified_at is None])
        for case in loaded.values():
            case.locked = True
            work = Work(case, rules.advance(case.protocol, case.situation(), OutageLocked(), now))
            work.entries.append(
                about(case.incident, Kind.outage_joined, RULE, outage=case.incident.outage_id)
            )
            self.work.append(work)

    async def _point(self, transitions: Sequence[Transition], incidents: Mapping[UUID, UUID]) -> None:
        """Presence points to what an incident would have been called; here to the one that there is, or to none."""
        wrong = [
            (t.program_id, t.group_session_id, t.client_id, incidents.get(t.client_id))
            for t in transitions
            if t.after in GONE and t.incident_id != incidents.get(t.client_id)
        ]
        if wrong:
            programs, meetings, clients, ids = map(list, zip(*wrong, strict=True))
            await _POINT.rows(self.db, programs=programs, meetings=meetings, clients=clients, incidents=ids)


_OPEN = Prepared(
    """
    select id from incident
    where program_id = any(cast(:programs as uuid[])) and client_id = any(cast(:clients as uuid[]))
      and kind = :kind and state = 'open' and verified_at is null
    """
)

_NEAR = Prepared(
    """
    select i.program_id, count(*) as near,
           (array_agg(i.outage_id) filter (where i.outage_id is not null))[1] as standing,
           array_agg(i.id) filter (where i.outage_id is null) as loose
    from unnest(cast(:programs as uuid[]), cast(:latest as timestamptz[])) as w (program_id, latest)
    join incident i on i.program_id = w.program_id and i.state = 'open' and i.kind = :kind
         and i.drop_at between w.latest - cast(:within as interval) and w.latest + cast(:within as interval)
    left join outage o on o.program_id = i.program_id and o.id = i.outage_id
    where o.cleared_at is null
    group by i.program_id
    """
)

_POINT = Prepared(
    """
    update presence p set incident_id = n.incident_id
    from unnest(cast(:programs as uuid[]), cast(:meetings as uuid[]), cast(:clients as uuid[]),
                cast(:incidents as uuid[])) as n (program_id, group_session_id, client_id, incident_id)
    where p.program_id = n.program_id and p.group_session_id = n.group_session_id and p.client_id = n.client_id
    """
)


def about(
    incident: Incident, kind: Kind, actor: Actor, occurred_at: datetime | None = None, **detail: Any
) -> NewEntry:
    return NewEntry(
        kind,
        actor,
        occurred_at=occurred_at,
        incident_id=incident.id,
        client_id=incident.client_id,
        group_session_id=incident.group_session_id,
        detail=detail,
    )
