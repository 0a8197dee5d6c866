"""A stage for the rules: moves are carried out in memory, on a clock that only whoever walks through it moves. Pure.

Nothing here writes or rings. What a telephone would answer is asked of `Telephones`; what people say is told by `say`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from app.incidents import rules
from app.incidents.situation import (
    Active,
    AttemptOutcome,
    Back,
    ByHand,
    CallOutcome,
    CancelCalls,
    DangerUsed,
    LeaveVoicemail,
    LostAgain,
    Move,
    Order,
    OutageCleared,
    OutageLocked,
    Overdue,
    PageStaff,
    PlannedStep,
    Released,
    Replied,
    RingClient,
    SendText,
    Signal,
    Situation,
    StepDue,
    Taken,
    Task,
    TierChanged,
)
from app.protocols import variants
from app.protocols.facts import Facts
from app.protocols.schema import Protocol, Step, Tier

# Zero of every clock here. No day means anything on the stage.
ZERO = datetime(2000, 1, 1, tzinfo=UTC)
_NAMES = UUID("6f0d7a52-3f1c-4a43-9a3e-6a3f0f8f2c11")
VOICEMAIL_LEFT_S = 15
# A walk that keeps finding something to do at one moment is a fault of the protocol: it stops and says so.
AT_ONE_MOMENT = 40

What = Literal[
    "opens",
    "rings",
    "texts",
    "voicemail",
    "pages",
    "answers",
    "goes_on",
    "late",
    "by_hand",
    "asks",
    "ends",
    "leads",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call to the client brings: its outcome so many seconds after it began to ring. `talks_s`: how long
    staff and the client are joined after that. `waits_s`: how long a staff phone rang first; None as long as it may."""

    outcome: CallOutcome
    after_s: float
    talks_s: float = 0
    waits_s: float | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """`nth`: how often this number was rung before, in this walk."""

    key: str
    number: UUID
    nth: int
    ring_s: int


Telephones = Callable[[Call], Answer]
# Staff and the client are joined, and are not any more.
Talk = Literal["talks", "silent"]


def nobody(call: Call) -> Answer:
    return Answer("no_answer", call.ring_s)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a walk: `at_s` after zero. `limit_s`: by when the step was due; `more`: an outcome, roles, a script."""

    at_s: float
    what: What
    key: str = ""
    more: str = ""
    limit_s: float | None = None


class Endless(ValueError):
    """The protocol goes round and round at one moment."""


@dataclass
class Stage:
    protocol: Protocol
    tier: Tier
    facts: Facts
    telephones: Telephones = nobody
    learned_s: float = 0
    brief_possible: bool = False
    happened: list[Happened] = field(default_factory=list)
    ended: str | None = None
    leads_to: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = at(self.learned_s)
        self.situation = Situation(self.tier, ZERO, self.facts, brief_possible=self.brief_possible)
        self._keys: dict[UUID, str] = {}
        self._due: dict[UUID, datetime] = {}
        self._coming: list[tuple[datetime, int, AttemptOutcome | Talk]] = []
        self._told = 0
        self._rung: dict[UUID, int] = {}
        self._write(rules.open_run(self.protocol, self.situation, self.now))

    # --- reading

    @property
    def now_s(self) -> float:
        return seconds(self.now)

    @property
    def applied(self) -> Protocol:
        return variants.apply(self.protocol, self.situation.facts)

    def open_steps(self) -> list[tuple[Active, Step]]:
        found = ((active, self.applied.find(active.key)) for active in self.situation.active)
        return [(active, step) for active, step in found if step is not None]

    def find(self, key: str) -> Active | None:
        return next((active for active in self.situation.active if active.key == key), None)

    def answers_to(self, key: str) -> tuple[str, ...]:
        return rules.outcomes(self.protocol, self.situation, key)

    def next_s(self) -> float | None:
        """When something happens next if nobody says anything."""
        waiting = [*self._due.values(), *(moment for moment, _, _ in self._coming)]
        return seconds(min(waiting)) if waiting and self.ended is None else None

    # --- acting

    def say(self, signal: Signal) -> None:
        """Raises IllegalMove for an answer that the step does not take."""
        if self.ended is not None:
            return
        move = rules.advance(self.protocol, self.situation, signal, self.now)
        self._remember(signal)
        self._write(move)

    def pass_until(self, at_s: float) -> None:
        """Everything that comes due by then happens at its time."""
        end, rounds, moment = at(at_s), 0, self.now
        while self.ended is None:
            following = self._first()
            if following is None or following[0] > end:
                break
            rounds = rounds + 1 if following[0] <= moment else 0
            if rounds > AT_ONE_MOMENT:
                raise Endless(f"{self.protocol.id} goes round without end at {seconds(moment):.0f} s")
            self.now = moment = max(self.now, following[0])
            self._happen(following)
        self.now = max(self.now, end)

    def _first(self) -> tuple[datetime, int, UUID | None] | None:
        due = ((moment, -1, step_id) for step_id, moment in self._due.items())
        heard = ((moment, order, None) for moment, order, _ in self._coming)
        return min((*due, *heard), key=lambda one: one[:2], default=None)

    def _happen(self, following: tuple[datetime, int, UUID | None]) -> None:
        moment, order, step_id = following
        if step_id is not None:
            self.say(StepDue(step_id))
            return
        told = next(one for one in self._coming if one[:2] == (moment, order))
        self._coming.remove(told)
        match told[2]:
            case "talks" | "silent" as talking:
                self.situation = replace(self.situation, talking=talking == "talks")
            case outcome:
                if outcome.outcome == "answered":
                    self.situation = replace(self.situation, answered=True)
                self._note("answers", outcome.key, outcome.outcome)
                self.say(outcome)

    def _remember(self, signal: Signal) -> None:
        """What a signal itself says stays true after it."""
        changed: dict[str, object] = {}
        match signal:
            case Taken(until):
                changed["owned_until"] = until
            case Released():
                changed["owned_until"] = None
            case TierChanged(tier):
                changed["tier"] = tier
            case OutageLocked() | OutageCleared():
                changed["locked"] = isinstance(signal, OutageLocked)
            case DangerUsed():
                changed["facts"] = replace(self.situation.facts, danger_used=True)
            case Back() | LostAgain():
                changed["on_screen"] = isinstance(signal, Back)
            case Replied():
                changed["held"] = True
        self.situation = replace(self.situation, **changed)  # type: ignore[arg-type]

    # --- carrying out

    def _write(self, move: Move) -> None:
        active = {one.step_id: one for one in self.situation.active}
        for finish in move.finish:
            gone = active.pop(finish.step_id)
            self._due.pop(finish.step_id, None)
            self._note("goes_on", gone.key, finish.outcome)
        for start in move.start:
            active[start.step_id] = replace(active[start.step_id], status="dialing", rounds=start.rounds)
            self._due[start.step_id] = start.look_at
        for change in move.retime:
            active[change.step_id] = replace(
                active[change.step_id],
                status="pending",
                run_at=change.run_at,
                limit_at=change.limit_at,
                void_after=change.void_after,
                urgency=change.urgency,
                rounds=change.rounds,
            )
            self._due[change.step_id] = change.run_at
        self.situation = replace(self.situation, active=tuple(active.values()))
        # What is done stands before what is asked next.
        for order in move.orders:
            self._carry_out(order)
        for planned in move.plan:
            opened = self._opened(planned)
            active[opened.step_id] = opened
        visits = {one.key: one.visit for one in move.plan}
        self.situation = replace(
            self.situation,
            active=tuple(active.values()),
            visits={**self.situation.visits, **visits},
        )
        self._close(move)

    def _opened(self, planned: PlannedStep) -> Active:
        step_id = uuid5(_NAMES, str(len(self._keys)))
        self._keys[step_id] = planned.key
        self._due[step_id] = planned.run_at
        self._note("opens", planned.key, limit=planned.limit_at)
        return Active(
            step_id,
            planned.key,
            "pending",
            planned.run_at,
            planned.limit_at,
            planned.rounds,
            planned.void_after,
            planned.urgency,
            planned.visit,
        )

    def _carry_out(self, order: Order) -> None:
        match order:
            case RingClient():
                self._ring(order)
            case CancelCalls(step_id=step_id):
                self._hang_up(step_id)
            case Task(code=code):
                self._note("asks", "", code)
            case LeaveVoicemail(step_id=step_id):
                self._note("voicemail", self._key(step_id))
                self._hear(VOICEMAIL_LEFT_S, AttemptOutcome(step_id, "delivered", self._key(step_id)))
            case _:
                self._note_order(order)

    def _note_order(self, order: SendText | PageStaff | Overdue | ByHand) -> None:
        key = self._key(order.step_id)
        match order:
            case SendText(script=script):
                self._note("texts", key, script)
            case PageStaff(roles=roles, round=nth):
                self._note("pages", key, f"{nth}:{' '.join(roles)}")
            case Overdue():
                self._note("late", key)
            case _:
                self._note("by_hand", key, order.code)

    def _ring(self, order: RingClient) -> None:
        key = self._key(order.step_id)
        nth = self._rung.get(order.number_id, 0)
        self._rung[order.number_id] = nth + 1
        answer = self.telephones(Call(key, order.number_id, nth, order.ring_s))
        begins = max(self.now, order.ring_by)
        if answer.waits_s is not None:
            begins = min(begins, self.now + timedelta(seconds=answer.waits_s))
        active = self._find(order.step_id)
        self.happened.append(
            Happened(
                seconds(begins),
                "rings",
                key,
                str(order.number_id),
                seconds(active.limit_at) if active else None,
            )
        )
        wait = (begins - self.now).total_seconds() + answer.after_s
        self._hear(wait, AttemptOutcome(order.step_id, answer.outcome, key))
        if answer.talks_s:
            self._hear(wait, "talks")
            self._hear(wait + answer.talks_s, "silent")

    def _hear(self, after_s: float, what: AttemptOutcome | Talk) -> None:
        self._told += 1
        self._coming.append((self.now + timedelta(seconds=after_s), self._told, what))

    def _hang_up(self, step_id: UUID | None) -> None:
        """What still rings ends unheard; lines of calls that had not begun yet never happened."""
        ended = {
            one
            for one in self._coming
            if isinstance(one[2], AttemptOutcome) and step_id in (None, one[2].step_id)
        }
        self._coming = [one for one in self._coming if one not in ended]
        whose = self._key(step_id)
        self.happened = [
            one
            for one in self.happened
            if one.what != "rings" or one.at_s <= self.now_s or whose not in ("", one.key)
        ]

    def _close(self, move: Move) -> None:
        if move.protocol is not None:
            self.leads_to.append(move.protocol)
            self._note("leads", "", move.protocol)
        if move.end is not None:
            self.ended = move.end
            self._note("ends", "", move.end)

    def _key(self, step_id: UUID | None) -> str:
        return self._keys.get(step_id, "") if step_id else ""

    def _find(self, step_id: UUID | None) -> Active | None:
        return next((one for one in self.situation.active if one.step_id == step_id), None)

    def _note(self, what: What, key: str, more: str = "", *, limit: datetime | None = None) -> None:
        self.happened.append(Happened(self.now_s, what, key, more, seconds(limit) if limit else None))

    def told(self) -> Iterator[Happened]:
        """In the order of time: a call is noted when it is ordered, for when it rings."""
        yield from sorted(self.happened, key=lambda one: one.at_s)


def at(after_zero_s: float) -> datetime:
    return ZERO + timedelta(seconds=after_zero_s)


def seconds(moment: datetime) -> float:
    return (moment - ZERO).total_seconds()
