"""The tier rules: how many evaluations a second one process makes, of answers as they come in a check."""

import random
import time
from collections.abc import Callable, Mapping, Sequence

from app.triage import library, rules
from app.triage.schema import UNKNOWN, Input
from bench.figures import Figure, percentile

BAR_PER_S = 10_000.0
SETS, ROUNDS = 2_000, 7


async def run() -> list[Figure]:
    held = library.current().rules
    choice = random.Random(20_270_301)  # noqa: S311 - the same answers in every run
    asked = [_answers(held.inputs, choice) for _ in range(SETS)]
    rates, floors = [], []
    for _ in range(ROUNDS):
        floors.append(_rate(lambda: [dict(answers) for answers in asked]))
        rates.append(_rate(lambda: [rules.evaluate(held, answers) for answers in asked]))
    p50, least = percentile(rates, 0.5), percentile(rates, 0.0)
    floor = percentile(floors, 0.5)
    return [
        Figure("tier rules, evaluations a second, p50", p50, "/s", floor, BAR_PER_S, p50 >= BAR_PER_S),
        Figure("tier rules, evaluations a second, least", least, "/s", floor, BAR_PER_S, least >= BAR_PER_S),
    ]


def _answers(inputs: Mapping[Input, Sequence[str]], choice: random.Random) -> dict[Input, str]:
    """From one answer to all of them, as a check fills up."""
    names = list(inputs)
    some = choice.sample(names, choice.randint(1, len(names)))
    return {name: choice.choice([UNKNOWN, *inputs[name]]) for name in some}


def _rate(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return SETS / (time.perf_counter() - began)
