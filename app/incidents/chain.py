"""One escalation while a signal is worked through: which steps are open, what finishes, what opens next.

One step leads the chain at a time. Steps `alongside` run with it, and checks (`person.check`, `person.verify`) ask
about what was heard meanwhile; neither moves the chain's place. Nothing leaves this module but a `Move`.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.incidents.situation import (
    Active,
    CancelCalls,
    Finish,
    FinishStatus,
    Move,
    Order,
    PlannedStep,
    Retime,
    Situation,
    Start,
)
from app.incidents.timing import limit_of_round, plan, urgency, void
from app.protocols.schema import LOCKABLE, Protocol, Step

# When a step's `next` does not name the outcome itself, what stands for it, in this order; at last `timeout`.
STANDS_FOR = {
    "busy": "no_answer",
    "refused": "failed",
    "failed": "no_answer",
    "undelivered": "failed",
    "delivered": "sent",
    "voicemail": "no_answer",
    "skipped": "no_answer",
}


class IllegalMove(ValueError):
    """A person's answer that this step does not know, or may not take now. The message says what was expected."""


def target_of(step: Step, outcome: str) -> str:
    word: str | None = outcome
    while word is not None:
        if word in step.next:
            return step.next[word]
        word = STANDS_FOR.get(word)
    return step.next["timeout"]


def brief(situation: Situation) -> bool:
    """R9: none or low tier, nothing disclosed, recognised before anyone answered the phone."""
    calm = situation.tier in ("none", "low") and situation.brief_possible
    return calm and not situation.answered and not situation.facts.danger_used


def asks_for_third_parties(step: Step) -> bool:
    """Asks whether to ring a contact or to send responders; not the dispatch that a person already chose."""
    return step.action == "person.contact" or "responders" in step.next


class Chain:
    def __init__(self, protocol: Protocol, situation: Situation, now: datetime) -> None:
        self.protocol = protocol
        self.situation = situation
        self.now = now
        self.active: dict[UUID, Active] = {active.step_id: active for active in situation.active}
        self.finished: list[Finish] = []
        self.started: list[Start] = []
        self.retimed: dict[UUID, Retime] = {}
        self.planned: list[PlannedStep] = []
        self.orders: list[Order] = []
        self.ended: str | None = None

    # reading

    def step_of(self, active: Active) -> Step | None:
        return self.protocol.find(active.key)

    def open_keys(self) -> set[str]:
        return {active.key for active in self.active.values()} | {step.key for step in self.planned}

    def leads(self) -> bool:
        """Whether some step leads the chain."""
        steps = (self.protocol.find(key) for key in self.open_keys())
        return any(step is not None and not step.beside for step in steps)

    def holding(self) -> bool:
        """R1: at low tier the client's own reply holds the contact and responder steps while somebody goes to see."""
        return self.situation.tier in ("none", "low") and self.protocol.signals.replied in self.open_keys()

    def asked_who(self) -> Active | None:
        """The open check that asks who answered."""
        keys = self.protocol.answered_steps
        return next((active for active in self.active.values() if active.key in keys), None)

    # changing

    def finish(self, active: Active, status: FinishStatus, outcome: str) -> None:
        del self.active[active.step_id]
        self.retimed.pop(active.step_id, None)
        self.finished.append(Finish(active.step_id, status, outcome))

    def clear(self, outcome: str, *, keep: frozenset[str] = frozenset()) -> None:
        """Every open step ends, but for those whose key or action is kept."""
        for active in list(self.active.values()):
            step = self.step_of(active)
            if active.key not in keep and (step is None or step.action not in keep):
                self.finish(active, "cancelled", outcome)
        self.planned.clear()

    def follow(self, active: Active, step: Step, outcome: str, status: FinishStatus = "done") -> None:
        """Finishes the step and goes where its outcome leads."""
        self.finish(active, status, outcome)
        target = target_of(step, outcome)
        if target.startswith("end:"):
            self.end(target.removeprefix("end:"))
        else:
            self.open(target)

    def end(self, word: str) -> None:
        self.clear(word)
        self.orders.append(CancelCalls("verified" if word == "verified" else "brief_drop"))
        self.ended = word

    def open(self, key: str, *, rounds: int = 0) -> None:
        """Plans a step, unless it is open already, R1 holds it, or the chain already stands somewhere."""
        step = self.allowed(self.protocol.step(key))
        if step is None or self._taken(step):
            return
        if step.action == "person.verify":
            self.clear("reached", keep=frozenset({"person.dispatch"}))
            self.orders.append(CancelCalls("reached"))
        self.planned.append(plan(self.protocol, step, self.situation, self.now, rounds))
        for other in step.starts:
            self._start_alongside(other)

    def _taken(self, step: Step) -> bool:
        keys, signals = self.open_keys(), self.protocol.signals
        asks_who = step.id in self.protocol.answered_steps
        if asks_who and keys & {*self.protocol.answered_steps, signals.reached, signals.back}:
            return True  # asked already, or staff are with the client or looking at them
        return step.id in keys or (not step.beside and self.leads())

    def _start_alongside(self, key: str) -> None:
        if key not in self.open_keys() and not self.situation.on_screen and not self.holding():
            self.planned.append(plan(self.protocol, self.protocol.step(key), self.situation, self.now))

    def allowed(self, step: Step) -> Step | None:
        """The step that may open in place of this one; None when a hold already stands for it."""
        if step.action == "person.contact" and not self.situation.facts.has_contacts:
            step = self.protocol.step(target_of(step, "no_contact"))
        if step.action in LOCKABLE:
            if self.holding():
                return None
            if self.situation.locked:
                return self.protocol.step(self.protocol.signals.locked)
        return step

    def retime(self, active: Active, run_at: datetime, *, rounds: int | None = None) -> None:
        """A new round has a limit of its own; otherwise the limit stays what it was."""
        step = self.protocol.step(active.key)
        limit = active.limit_at if rounds is None else limit_of_round(run_at)
        self.retimed[active.step_id] = Retime(
            active.step_id,
            run_at,
            limit,
            void(run_at, limit),
            urgency(self.protocol, step, self.situation.tier),
            active.rounds if rounds is None else rounds,
        )
        self.active[active.step_id] = replace(self.active[active.step_id], run_at=run_at)

    def start(self, active: Active, look_at: datetime, rounds: int | None = None) -> None:
        self.started.append(Start(active.step_id, look_at, active.rounds if rounds is None else rounds))

    def move(self) -> Move:
        """Never a dead end: a chain that has not ended has a step that leads it, or a check that waits for a person."""
        if self.ended is None and not self._somebody_is_asked():
            self.open(self.protocol.signals.stuck)
        return Move(
            finish=tuple(self.finished),
            start=tuple(self.started),
            retime=tuple(self.retimed.values()),
            plan=tuple(self.planned),
            orders=tuple(self.orders),
            end=self.ended,
        )

    def _somebody_is_asked(self) -> bool:
        steps = (self.protocol.find(key) for key in self.open_keys())
        return any(step is not None and not step.alongside for step in steps)
