"""What would come if nobody pressed anything. Pure, as rules.py."""

from collections.abc import Iterator
from datetime import datetime

from app.incidents import ringing
from app.incidents.chain import Chain, target_of
from app.incidents.situation import Active, PlannedStep, Situation
from app.incidents.timing import plan, seconds, urgency, void
from app.protocols import variants
from app.protocols.schema import PAGES, Protocol, Step


def forecast(protocol: Protocol, situation: Situation, now: datetime) -> list[PlannedStep]:
    """What happens if nobody presses anything, soonest first: up to the first step that waits for a person to decide,
    and the one after it. Times of steps that are not open yet are the likely ones."""
    chain = Chain(variants.apply(protocol, situation.facts), situation, now)
    shown = [_as_planned(chain, active) for active in situation.active if chain.step_of(active) is not None]
    if not shown:
        chain.open_first()
        shown = list(chain.planned)
    standing = [chain.protocol.step(step.key) for step in shown]
    leader = next((step for step in standing if not step.beside), None)
    leader = leader or next((step for step in standing if not step.alongside), None)
    if leader is not None:
        shown += _later(chain, shown[standing.index(leader)])
    return sorted(shown, key=lambda step: step.run_at)


def _as_planned(chain: Chain, active: Active) -> PlannedStep:
    step = chain.protocol.step(active.key)
    return PlannedStep(
        key=active.key,
        action=step.action,
        run_at=active.run_at,
        limit_at=active.limit_at,
        void_after=active.void_after or void(active.run_at, active.limit_at),
        waits_for_person=step.waits_for_person,
        urgency=urgency(chain.protocol, step, chain.situation.tier),
        rounds=active.rounds,
    )


def _later(chain: Chain, first: PlannedStep) -> Iterator[PlannedStep]:
    known = {active.key for active in chain.situation.active} | {first.key}
    current, last = first, False
    while not last:
        step = chain.protocol.step(current.key)
        last = step.action != "incident.accept" and (step.waits_for_person or step.action in PAGES)
        following = _after(chain, step)
        if following is None or following.id in known:
            return
        current = plan(chain.protocol, following, chain.situation, max(chain.now, _ends(chain, current)))
        known.add(current.key)
        yield current
        for key in following.starts:
            if key not in known:
                known.add(key)
                yield plan(chain.protocol, chain.protocol.step(key), chain.situation, current.run_at)


def _after(chain: Chain, step: Step) -> Step | None:
    """Where silence leads from here, past steps that have no number to use."""
    target = target_of(step, ringing.likely(step))
    following = chain.allowed(chain.protocol.step(target)) if not target.startswith("end:") else None
    while following is not None and not ringing.usable(following, chain.situation.facts):
        following = chain.protocol.step(target_of(following, "no_number"))
    return following


def _ends(chain: Chain, planned: PlannedStep) -> datetime:
    step = chain.protocol.step(planned.key)
    lasts = step.wait_s if step.action == "page.supervisor" else step.ring_s
    return planned.run_at + seconds(lasts, chain.situation.tier)
