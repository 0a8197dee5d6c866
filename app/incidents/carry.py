"""Carries out what the rules answered: steps, attempts and entries as rows, all in the transaction at hand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.db import Db, new_id, now_of
from app.incidents.legs import Legs
from app.incidents.models import EscalationStep
from app.incidents.paging import Paging
from app.incidents.situation import (
    ByHand,
    CancelCalls,
    Finish,
    LeaveVoicemail,
    Order,
    Overdue,
    PageStaff,
    PlannedStep,
    Retime,
    RingClient,
    SendText,
    Start,
    Task,
)
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write_all
from app.rows import insert_rows, unsaved


async def carry_out(
    db: Db, work: Iterable[Work], *, before: Mapping[UUID, Sequence[NewEntry]] | None = None
) -> None:
    """Writes rows, then the journal of each program in id order: its head is the last lock a transaction takes.

    `before`: entries by program that come ahead of those made here.
    """
    entries: dict[UUID, list[NewEntry]] = {program: list(found) for program, found in (before or {}).items()}
    items = list(work)
    for item in items:
        written = _Carrier(db, item).carry()
        entries.setdefault(item.case.incident.program_id, []).extend(written)
    await db.flush()
    await insert_rows(db, [step for item in items for step in item.steps])
    await insert_rows(db, [attempt for item in items for attempt in item.attempts])
    for leg, far_end_id in (told for item in items for told in item.repointed):
        leg.client_leg_id = far_end_id
    await write_all(db, entries)


class _Carrier:
    """One move on one case."""

    def __init__(self, db: Db, work: Work) -> None:
        self.db = db
        self.now = now_of(db)
        self.case = work.case
        self.move = work.move
        self.actor = work.actor
        self.work = work
        self.legs = Legs(db, work)

    def carry(self) -> list[NewEntry]:
        for finish in self.move.finish:
            self._finish(finish)
        for start in self.move.start:
            self._start(start)
        for retime in self.move.retime:
            self._retime(retime)
        for planned in self.move.plan:
            self._plan(planned)
        for order in self.move.orders:
            self._order(order)
        if self.move.end is not None:
            self._end(self.move.end)
        return self.work.entries

    # --- steps

    def _finish(self, finish: Finish) -> None:
        step = self.case.step(finish.step_id)
        if step is None:
            return
        step.status = finish.status
        step.outcome = finish.outcome
        step.done_at = self.now
        if self.actor.kind == "person":
            step.done_by = self.actor.id
        self.case.active.remove(step)
        self.work.finished[step.id] = step
        kinds = {"skipped": Kind.step_skipped, "cancelled": Kind.step_stopped}
        self.work.entry(
            kinds.get(finish.status, Kind.step_done),
            step=step.key,
            outcome=finish.outcome,
            step_id=step.id,
            late_s=late_seconds(step, self.now),
        )

    def _start(self, start: Start) -> None:
        step = self.case.step(start.step_id)
        if step is None:
            return
        step.status = "dialing"
        first = step.started_at is None
        step.started_at = step.started_at or self.now
        step.due_at = start.look_at
        step.rounds = start.rounds
        if first:
            self.work.entry(
                Kind.step_started, RULE, step=step.key, step_id=step.id, late_s=late_seconds(step, self.now)
            )

    def _retime(self, retime: Retime) -> None:
        step = self.case.step(retime.step_id)
        if step is None:
            return
        step.status = "pending"
        step.run_at = step.due_at = retime.run_at
        step.limit_at = retime.limit_at
        step.void_after = retime.void_after
        step.urgency = retime.urgency
        step.rounds = retime.rounds
        step.tier = self.case.incident.tier
        step.warned_at = None

    def _plan(self, planned: PlannedStep) -> None:
        incident = self.case.incident
        step = unsaved(
            EscalationStep,
            program_id=incident.program_id,
            id=new_id(),
            incident_id=incident.id,
            ordinal=self.case.next_ordinal,
            key=planned.key,
            action=planned.action,
            lines=incident.lines,
            tier=incident.tier,
            urgency=planned.urgency,
            waits_for_person=planned.waits_for_person,
            run_at=planned.run_at,
            limit_at=planned.limit_at,
            void_after=planned.void_after,
            due_at=planned.run_at,
            status="pending",
            rounds=planned.rounds,
            run_id=self.case.run.id if self.case.run else None,
            visit=planned.visit,
        )
        self.case.next_ordinal += 1
        self.case.visits[planned.key] = planned.visit
        self.case.active.append(step)
        self.work.steps.append(step)

    # --- orders

    def _order(self, order: Order) -> None:
        match order:
            case RingClient():
                self.legs.ring_client(order)
            case SendText():
                self.legs.text(order)
            case LeaveVoicemail():
                self.legs.voicemail(order)
            case PageStaff():
                Paging(self.legs).of_step(order)
            case CancelCalls():
                self.legs.cancel(order.step_id, order.reason)
            case Overdue():
                self._overdue(order.step_id)
            case ByHand() | Task():
                self._told(order)

    def _told(self, order: ByHand | Task) -> None:
        if isinstance(order, ByHand):
            self.case.incident.by_hand = order.code
            self.work.entry(Kind.by_hand, RULE, code=order.code)
        else:
            self.work.entry(Kind.step_planned, RULE, task=order.code)

    def _overdue(self, step_id: UUID) -> None:
        step = self.case.step(step_id)
        if step is not None:
            late = late_seconds(step, self.now)
            self.work.entry(Kind.step_overdue, RULE, step=step.key, step_id=step.id, late_s=late)

    def _end(self, outcome: str) -> None:
        incident, run = self.case.incident, self.case.run
        if run is not None:
            run.state, run.end_word, run.ended_at = "ended", outcome, self.now
            run.ended_by = self.actor.id if self.actor.kind == "person" else None
        if self.case.protocol.signals is None:
            if run is None:
                incident.protocol_end = outcome
            self.work.entry(Kind.run_ended, protocol=self.case.protocol.id, outcome=outcome)
        elif outcome == "brief_drop":
            incident.state = "closed"
            incident.outcome = outcome
            incident.closed_at = self.now
            incident.closed_by = self.actor.id
            self.work.entry(
                Kind.attendance_line,
                what="brief_drop",
                seconds=int((self.now - incident.drop_at).total_seconds()),
            )
            self.work.entry(Kind.incident_closed, outcome=outcome)


def late_seconds(step: EscalationStep, at: datetime) -> int:
    """Whole seconds past the limit, from when the step started, or ended if it never did. Never edited."""
    moment = step.started_at or at
    return max(0, int((moment - step.limit_at).total_seconds()))
