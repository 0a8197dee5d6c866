"""The journal keeps every try; the timeline says once how often a provider refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.incidents.refusals import folded
from app.journal.kinds import Kind
from app.journal.read import Told

START = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)


def told(kind: Kind, after: float, attempt: str | None = "a", *, purged: bool = False) -> Told:
    at = START + timedelta(seconds=after)
    detail: dict[str, Any] | None = {"attempt_id": attempt, "last2": attempt} if attempt else {}
    return Told(
        int(after * 10), kind.value, at, at, "rule", None, None, None, None, None if purged else detail
    )


def tries(*times: float, attempt: str = "a") -> list[Told]:
    return [
        one
        for at in times
        for one in (
            told(Kind.attempt_dialing, at, attempt),
            told(Kind.attempt_refused, at + 0.1, attempt),
        )
    ]


def shown(entries: list[Told]) -> list[tuple[str, int | None]]:
    ordered = sorted(entries, key=lambda one: (one.occurred_at, one.seq))
    return [(one.kind, (one.detail or {}).get("tries")) for one in folded(ordered)]


def test_many_tries_of_several_phones_are_one_line_that_counts_them() -> None:
    entries = [*tries(0, 3, 11), *tries(1, 7, attempt="b"), told(Kind.noted, 5, None)]
    assert shown(entries) == [(Kind.attempt_refused, 5), (Kind.noted, None)]
    [line, _] = folded(sorted(entries, key=lambda one: (one.occurred_at, one.seq)))
    assert line.occurred_at == START + timedelta(seconds=0.1)
    assert line.detail is not None
    assert line.detail["over_s"] == 11
    assert [phone["last2"] for phone in line.detail["phones"]] == ["a", "b"]


def test_the_start_that_the_provider_took_stays() -> None:
    entries = [*tries(0, 1), told(Kind.attempt_dialing, 3), told(Kind.attempt_ringing, 4)]
    assert shown(entries) == [
        (Kind.attempt_refused, 2),
        (Kind.attempt_dialing, None),
        (Kind.attempt_ringing, None),
    ]


def test_refusals_that_lie_minutes_apart_are_two_stories() -> None:
    assert shown(tries(0, 1, 300)) == [(Kind.attempt_refused, 2), (Kind.attempt_refused, 1)]


def test_a_purged_line_stays_and_hides_nothing() -> None:
    entries = [told(Kind.attempt_refused, 0, purged=True), told(Kind.attempt_dialing, 1)]
    assert shown(entries) == [(Kind.attempt_refused, None), (Kind.attempt_dialing, None)]
