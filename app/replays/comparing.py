"""What would have been different, step by step. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from app.protocols import plain, variants
from app.protocols.facts import Facts, Number
from app.protocols.schema import Protocol
from app.replays import lines
from app.replays.recorded import Recorded
from app.replays.replaying import Replayed, as_it_was, by_another
from app.replays.stage import Happened, What

Change = Literal["same", "sooner", "later", "added", "gone"]
# Nearer than this is the same moment to a person.
SAME_S = 1.0
# How near a replay of the version that ran must come to the record to count as it was.
FAITHFUL_S = 5.0
# What repeats is shown so often, and counted after that.
SHOWN_OFTEN = 2
ACTS: tuple[What, ...] = ("opens", "rings", "texts", "voicemail", "pages", "late", "by_hand", "ends", "leads")


class ReplayRow(BaseModel):
    """`then_s`, `now_s`: seconds after zero in the version that ran, and in the edited one."""

    text: str
    then_s: float | None
    now_s: float | None
    change: Change
    by_s: float


class ReplayMeasure(BaseModel):
    """A number that matters, in both. Seconds where `seconds`, else a count."""

    label: str
    then: float | None
    now: float | None
    seconds: bool


class ReplayedIncident(BaseModel):
    """`number` stands in place of a name. `faithful`: how many steps the stage repeats as the record has them."""

    number: int
    month: str
    tier: str
    kinds: list[str]
    then_version: str
    faithful: int
    steps: int
    changed: bool
    rows: list[ReplayRow]
    measures: list[ReplayMeasure]
    unasked: list[str]


def compare(number: int, recorded: Recorded, then: Protocol, now: Protocol) -> ReplayedIncident:
    was = as_it_was(then, recorded)
    would = by_another(now, recorded, was.delays)
    rows = list(_rows(was, would, recorded.facts))
    return ReplayedIncident(
        number=number,
        month=recorded.month,
        tier=recorded.tier,
        kinds=[plain.VARIANTS[name][0] for name in variants.names_for(then, recorded.facts)],  # type: ignore[index]
        then_version=then.version,
        faithful=_faithful(was, recorded),
        steps=len(recorded.done),
        changed=any(row.change != "same" for row in rows) or _counts(was) != _counts(would),
        rows=rows,
        measures=list(_measures(was, would)),
        unasked=[_press_words(now, one.key, one.outcome or one.to) for one in would.unasked],
    )


def _rows(was: Replayed, would: Replayed, facts: Facts) -> Iterator[ReplayRow]:
    numbers = {number.id: number for number in facts.numbers}
    then, now = _acts(was, numbers), _acts(would, numbers)
    # In the order of time; what happened in one moment stays in the order in which it happened.
    order = {key: place for place, key in enumerate(dict.fromkeys([*now, *then]))}
    both = sorted(order, key=lambda key: (min(one[key][0] for one in (then, now) if key in one), order[key]))
    for key in both:
        before, after = then.get(key), now.get(key)
        text = (after or before or (0.0, ""))[1]
        change, by = _change(before and before[0], after and after[0])
        yield ReplayRow(
            text=text,
            then_s=before[0] if before else None,
            now_s=after[0] if after else None,
            change=change,
            by_s=by,
        )


def _acts(
    replayed: Replayed, numbers: Mapping[UUID, Number]
) -> dict[tuple[str, str, int], tuple[float, str]]:
    """(what, step, how often) to when and in which words."""
    protocol = replayed.stage.applied
    often: Counter[tuple[str, str]] = Counter()
    acts: dict[tuple[str, str, int], tuple[float, str]] = {}
    for one in replayed.happened:
        if one.what not in ACTS:
            continue
        kind = (one.what, one.key if one.what not in ("ends", "leads") else one.more)
        often[kind] += 1
        text = lines.line(one, protocol, numbers)
        if often[kind] <= SHOWN_OFTEN and text:
            acts[*kind, often[kind]] = (one.at_s, text)
    return acts


def _change(then: float | None, now: float | None) -> tuple[Change, float]:
    if then is None or now is None:
        return ("added" if then is None else "gone"), 0.0
    by = round(now - then, 1)
    if abs(by) < SAME_S:
        return "same", 0.0
    return ("later" if by > 0 else "sooner"), abs(by)


def _measures(was: Replayed, would: Replayed) -> Iterator[ReplayMeasure]:
    for label, what in FIRSTS:
        yield ReplayMeasure(
            label=label, then=_first(was.happened, what), now=_first(would.happened, what), seconds=True
        )
    for label, actions in (
        ("Asked about a contact", ("person.contact",)),
        ("Asked about responders", ("person.decide", "person.dispatch")),
    ):
        yield ReplayMeasure(label=label, then=_asked(was, actions), now=_asked(would, actions), seconds=True)
    before, after = _counts(was), _counts(would)
    for label, key in COUNTED:
        yield ReplayMeasure(label=label, then=before[key], now=after[key], seconds=False)


FIRSTS: tuple[tuple[str, What], ...] = (
    ("First call to the client", "rings"),
    ("First page to our own people", "pages"),
)
COUNTED: tuple[tuple[str, What], ...] = (
    ("Calls to the client", "rings"),
    ("Texts to the client", "texts"),
    ("Rounds of ringing our own people", "pages"),
)


def _counts(replayed: Replayed) -> dict[What, int]:
    found = Counter(one.what for one in replayed.happened)
    return {what: found[what] for _, what in COUNTED}


def _first(happened: Iterable[Happened], what: What) -> float | None:
    return next((one.at_s for one in happened if one.what == what), None)


def _asked(replayed: Replayed, actions: Sequence[str]) -> float | None:
    protocol = replayed.stage.applied
    keys = {step.id for step in protocol.steps if step.action in actions}
    return next((one.at_s for one in replayed.happened if one.what == "opens" and one.key in keys), None)


def _faithful(was: Replayed, recorded: Recorded) -> int:
    """Steps that went on, on the stage, where and when the record has it."""
    on_stage: dict[str, list[float]] = {}
    for one in was.happened:
        if one.what == "goes_on":
            on_stage.setdefault(one.key, []).append(one.at_s)
    return sum(
        any(abs(moment - done.at_s) <= FAITHFUL_S for moment in on_stage.get(done.key, ()))
        for done in recorded.done
    )


def _press_words(protocol: Protocol, key: str, outcome: str) -> str:
    step = protocol.find(key)
    title = plain.title(step) if step else plain.word(key.replace("-", " "))
    return f"{plain.answer(outcome)}: {title}"
