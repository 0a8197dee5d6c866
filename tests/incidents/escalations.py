"""An escalation without database or telephone: carries out moves as the engine would, on a clock that stories move."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from app.incidents import rules
from app.incidents.situation import (
    Active,
    AttemptOutcome,
    Facts,
    LeaveVoicemail,
    Move,
    Number,
    Order,
    PageStaff,
    RingClient,
    SendText,
    Signal,
    Situation,
    StepDue,
    Taken,
    Tier,
)
from app.protocols import library
from app.protocols.schema import Protocol

T0 = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
NAMES = UUID("4f1c7d7e-0000-4000-8000-000000000555")
LOADED = library.load(library.SHIPPED / "connection-lost.yaml")
assert LOADED.protocol is not None, LOADED.faults
PROTOCOL: Protocol = LOADED.protocol

FIRST = Number(uuid5(NAMES, "first"), 1, "42", safe_to_ring=False, voicemail_ok=True, text_ok=True)
SECOND = Number(uuid5(NAMES, "second"), 2, "17")
SAFE = Number(uuid5(NAMES, "safe"), 3, "63", safe_to_ring=True, voicemail_ok=True, text_ok=True)

Answers = Callable[[RingClient], str]


def facts(**known: object) -> Facts:
    return Facts(**({"numbers": (FIRST, SECOND), "has_contacts": True} | known))  # type: ignore[arg-type]


def nobody_answers(_: RingClient) -> str:
    return "no_answer"


class Run:
    """`log` holds what happened as (seconds after the drop, words). Rows are checked as the database would."""

    def __init__(
        self,
        tier: Tier = "low",
        *,
        learned_s: float = 3,
        answers: Answers = nobody_answers,
        protocol: Protocol = PROTOCOL,
        opened: bool = True,
        **known: object,
    ) -> None:
        self.protocol = protocol
        self.now = T0 + timedelta(seconds=learned_s)
        self.situation = Situation(tier, T0, facts(**known))
        self.answers = answers
        self.rows = 0
        self.due: dict[UUID, datetime] = {}
        self.keys: dict[UUID, str] = {}
        self.coming: list[tuple[datetime, Signal]] = []
        self.log: list[tuple[float, str]] = []
        self.orders: list[tuple[datetime, Order]] = []
        self.ended: str | None = None
        if opened:
            self.write(rules.open_run(protocol, self.situation, self.now))

    # reading

    def open(self) -> list[str]:
        return [active.key for active in self.situation.active]

    def active(self, key: str) -> Active:
        return next(active for active in self.situation.active if active.key == key)

    def is_open(self, key: str) -> bool:
        return key in self.open()

    def seconds(self, moment: datetime) -> float:
        return (moment - T0).total_seconds()

    def when(self, words: str) -> float:
        """Seconds after the drop of the first line of the log that is these words."""
        return next(at for at, said in self.log if said == words)

    def words(self) -> list[str]:
        return [said for _, said in self.log]

    def ordered(self, kind: type[Order]) -> list[Order]:
        return [order for _, order in self.orders if isinstance(order, kind)]

    # acting

    def say(self, signal: Signal) -> Move:
        move = rules.advance(self.protocol, self.situation, signal, self.now)
        self.write(move)
        return move

    def take(self, seconds: float = 600) -> Move:
        until = self.now + timedelta(seconds=seconds)
        move = self.say(Taken(until))
        self.situation = replace(self.situation, owned_until=until)
        return move

    def know(self, **changed: object) -> None:
        self.situation = replace(self.situation, **changed)  # type: ignore[arg-type]

    def pass_until(self, seconds: float) -> None:
        """Everything that comes due by then happens at its time."""
        end = T0 + timedelta(seconds=seconds)
        while self.ended is None:
            waiting = [(at, StepDue(step_id)) for step_id, at in self.due.items()] + self.coming
            at, signal = min(waiting, key=lambda one: one[0], default=(end, None))
            if signal is None or at > end:
                break
            self.now = max(self.now, at)
            if (at, signal) in self.coming:
                self.coming.remove((at, signal))
            self.say(signal)
        self.now = max(self.now, end)

    # carrying out

    def write(self, move: Move) -> None:
        active = {one.step_id: one for one in self.situation.active}
        for finish in move.finish:
            gone = active.pop(finish.step_id)
            self.due.pop(finish.step_id)
            self._note(f"{gone.key} {finish.outcome}")
        for start in move.start:
            active[start.step_id] = replace(active[start.step_id], status="dialing", rounds=start.rounds)
            self.due[start.step_id] = start.look_at
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
            self.due[change.step_id] = change.run_at
        for planned in move.plan:
            assert planned.key not in {one.key for one in active.values()}, "one row per open step"
            self.rows += 1
            step_id = uuid5(NAMES, str(self.rows))
            self.keys[step_id] = planned.key
            active[step_id] = Active(
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
            self.due[step_id] = planned.run_at
            self._note(f"+{planned.key}")
        self.situation = replace(self.situation, active=tuple(active.values()))
        for order in move.orders:
            self._carry_out(order)
        if move.end is not None:
            self.ended = move.end
            assert not self.situation.active

    def _carry_out(self, order: Order) -> None:
        self.orders.append((self.now, order))
        match order:
            case RingClient(step_id=step_id, ring_by=ring_by, ring_s=ring_s, number_id=number):
                ends = next(n.last2 for n in self.situation.facts.numbers if n.id == number)
                self._note(f"rings {ends}")
                answer = self.answers(order)
                after = 2 if answer in ("answered", "voicemail") else ring_s
                self.coming.append((ring_by + timedelta(seconds=after), AttemptOutcome(step_id, answer)))  # type: ignore[arg-type]
            case LeaveVoicemail(step_id=step_id):
                self._note("voicemail")
                self.coming.append((self.now + timedelta(seconds=15), AttemptOutcome(step_id, "delivered")))
            case SendText(script=script):
                self._note(f"text {script}")
            case PageStaff(roles=roles):
                self._note(f"pages {' '.join(roles)}")
            case _:
                code = getattr(order, "code", getattr(order, "reason", ""))
                self._note(f"{type(order).__name__} {code}")

    def _note(self, words: str) -> None:
        self.log.append((self.seconds(self.now), words))
