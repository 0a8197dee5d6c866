"""A replay as lines of text: for the command line, and for reading aloud. Pure."""

from collections.abc import Iterator, Sequence

from app.protocols import plain
from app.replays.comparing import ReplayedIncident, ReplayMeasure, ReplayRow

HOW = {"same": " ", "sooner": "<", "later": ">", "added": "+", "gone": "-"}


def lines(incidents: Sequence[ReplayedIncident], summary: Sequence[str]) -> Iterator[str]:
    yield from summary
    for one in incidents:
        yield ""
        yield from _incident(one)


def _incident(one: ReplayedIncident) -> Iterator[str]:
    kinds = f", {', '.join(one.kinds).lower()}" if one.kinds else ""
    yield f"Incident {one.number}, {one.month}, {one.tier}{kinds}; ran version {one.then_version}."
    yield f"  Replayed as it was: {one.faithful} of {one.steps} steps at their time."
    if not one.changed:
        yield "  Nothing would have been different."
        return
    yield f"  {'then':>9} {'now':>9}"
    yield from (_row(row) for row in one.rows)
    yield from (_measure(measure) for measure in one.measures if measure.then != measure.now)
    yield from (f"  Nobody would have been asked: {answer}" for answer in one.unasked)


def _row(row: ReplayRow) -> str:
    by = f" ({row.change} by {plain.clock(round(row.by_s))})" if row.by_s else ""
    return f"{HOW[row.change]} {_at(row.then_s):>9} {_at(row.now_s):>9}  {row.text}{by}"


def _measure(measure: ReplayMeasure) -> str:
    then, now = (
        (_at(one) if measure.seconds else "none" if one is None else str(int(one)))
        for one in (measure.then, measure.now)
    )
    return f"  {measure.label}: {then} then, {now} now."


def _at(after_zero_s: float | None) -> str:
    return "never" if after_zero_s is None else plain.clock(round(after_zero_s))
