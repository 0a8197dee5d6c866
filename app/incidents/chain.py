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
    Overdue,
    PlannedStep,
    Retime,
    Situation,
    Start,
)
from app.incidents.timing import again_in, limit_of_round, plan, urgency, void
from app.protocols.schema import (
    LOCKABLE,
    NOTHING,
    OUTREACH,
    PAGES,
    TOO_OFTEN,
    VISITS,
    Protocol,
    Signals,
    Step,
)

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
        self.leads_to: str | None = None

    # reading

    @property
    def signals(self) -> Signals:
        """Of a protocol that a lost connection starts: nothing else comes to where they are asked for."""
        return self.protocol.signals_heard

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
        signals = self.protocol.signals
        calm = self.situation.tier in ("none", "low")
        return calm and signals is not None and signals.replied in self.open_keys()

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
        kind, colon, word = target_of(step, outcome).partition(":")
        if kind == "end" and colon:
            self.end(word)
        elif colon:
            self._lead_to(word, step)
        elif kind != NOTHING:
            self.open(kind, chosen=step.id == TOO_OFTEN)

    def _lead_to(self, protocol: str, step: Step) -> None:
        """Another protocol: it takes over where this one stood, or it begins beside it when the answer came from a step
        alongside."""
        self.leads_to = protocol
        if not step.alongside:
            self.end("passed_on")

    def end(self, word: str) -> None:
        if self.protocol.signals is None:
            for active in self.active.values():
                self._end_pages(active)
        else:
            self.orders.append(CancelCalls("verified" if word == "verified" else "brief_drop"))
        self.clear(word)
        self.ended = word

    def _end_pages(self, active: Active) -> None:
        step = self.step_of(active)
        if step is not None and step.action in PAGES:
            self.orders.append(CancelCalls("ended", active.step_id))

    def open_first(self, said: str | None = None) -> None:
        """What a chain begins with: the alert is there already, by the incident's being there."""
        entry = self.protocol.entry
        if entry.action != "alert.push":
            self.open(self._past_the_question(entry.id, said))
            return
        self.open(self._past_the_question(target_of(entry, "sent"), said))
        for other in entry.starts:
            self._start_alongside(other)

    def _past_the_question(self, key: str, said: str | None) -> str:
        """Whoever pressed has answered it already, where an answer of that name leads to another step of this protocol."""
        step = self.protocol.step(key)
        goal = step.next.get(said) if said is not None else None
        return key if goal is None or ":" in goal or goal == NOTHING else goal

    def open(self, key: str, *, rounds: int = 0, chosen: bool = False) -> None:
        """Plans a step, unless it is open already, R1 holds it, or the chain already stands somewhere.

        `chosen`: the supervisor has just said that it goes on here, however often it came round.
        """
        step = self.allowed(self.protocol.step(key))
        if step is not None and not chosen and self._too_often(step):
            step = self.protocol.step(TOO_OFTEN)
        if step is None or self._taken(step):
            return
        if step.action == "person.verify" and self.protocol.signals is not None:
            self.clear("reached", keep=frozenset({"person.dispatch"}))
            self.orders.append(CancelCalls("reached"))
        self.planned.append(plan(self.protocol, step, self.situation, self.now, rounds))
        for other in step.starts:
            self._start_alongside(other)

    def _too_often(self, step: Step) -> bool:
        of_people = self.protocol.signals is None and not step.alongside
        return of_people and step.id != TOO_OFTEN and self.situation.visits.get(step.id, 0) >= VISITS

    def _taken(self, step: Step) -> bool:
        keys, signals = self.open_keys(), self.protocol.signals
        asks_who = step.id in self.protocol.answered_steps
        if asks_who and signals and keys & {*self.protocol.answered_steps, signals.reached, signals.back}:
            return True  # asked already, or staff are with the client or looking at them
        return step.id in keys or (not step.beside and self.leads())

    def _start_alongside(self, key: str) -> None:
        step = self.protocol.step(key)
        not_now = step.action in OUTREACH and (self.situation.on_screen or self.holding())
        if key not in self.open_keys() and not not_now:
            self.planned.append(plan(self.protocol, step, self.situation, self.now))

    def allowed(self, step: Step) -> Step | None:
        """The step that may open in place of this one; None when a hold already stands for it."""
        if step.action == "person.contact" and not self.situation.facts.has_contacts:
            # Only a person ends a protocol or starts another: where this would, the step stays in front of them.
            step = self.protocol.find(target_of(step, "no_contact")) or step
        if step.action in LOCKABLE and self.protocol.signals is not None:
            if self.holding():
                return None
            if self.situation.locked:
                return self.protocol.step(self.protocol.signals.locked)
        return step

    def stays(self, active: Active, step: Step) -> None:
        """Nobody answered in time: it stays open, as late as it is, and is looked at again."""
        if active.rounds == 0:
            self.orders.append(Overdue(active.step_id))
        run_at = self.now + again_in(step, self.situation.tier)
        self.retime(active, run_at, rounds=active.rounds + 1, limit=active.limit_at)

    def retime(
        self, active: Active, run_at: datetime, *, rounds: int | None = None, limit: datetime | None = None
    ) -> None:
        """A new round has a limit of its own, unless one is given; otherwise the limit stays what it was."""
        step = self.protocol.step(active.key)
        if limit is None:
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
            signals = self.protocol.signals
            self.open(TOO_OFTEN if signals is None else signals.stuck)
        return Move(
            finish=tuple(self.finished),
            start=tuple(self.started),
            retime=tuple(self.retimed.values()),
            plan=tuple(self.planned),
            orders=tuple(self.orders),
            end=self.ended,
            protocol=self.leads_to,
        )

    def _somebody_is_asked(self) -> bool:
        steps = (self.protocol.find(key) for key in self.open_keys())
        return any(step is not None and not step.alongside for step in steps)
