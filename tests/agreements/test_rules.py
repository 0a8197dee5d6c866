"""An agreement's clock: asked, missed, paged from high on, and never ended by time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.rules import AGAIN, CHECK_WITHIN, GRACE, Clock, Turn, lapses_at, next_look, turn
from app.protocols.schema import Tier

T0 = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
ALL: tuple[Tier, ...] = ("none", "low", "moderate", "high", "imminent")
tiers = st.sampled_from(ALL)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def run(clock: Clock, tier: Tier, start: datetime, seconds: int) -> tuple[Clock, list[tuple[float, Turn]]]:
    """As the engine would: looked at only when its own time has come, and what was decided is written down."""
    told: list[tuple[float, Turn]] = []
    look = next_look(clock, tier, start)
    while look is not None and look <= start + timedelta(seconds=seconds):
        now = max(look, start)
        found = turn(clock, tier, now)
        if found is None:
            look = next_look(clock, tier, now)
            continue
        told.append(((now - T0).total_seconds(), found))
        if found.what == "ask":
            clock = replace(clock, asked_at=now)
        elif found.what == "lapse":
            clock = replace(clock, lapsed_at=now, check_wanted_at=now)
        look = found.next_at
    return clock, told


@pytest.mark.parametrize(
    ("tier", "grace"), [("low", 300), ("moderate", 180), ("high", 120), ("imminent", 60)]
)
def test_it_is_asked_at_its_time_and_missed_after_the_grace_of_its_tier(tier: Tier, grace: int) -> None:
    clock, told = run(Clock(until=T0), tier, at(-1200), 1200 + grace)
    assert [(when, one.what) for when, one in told] == [(0, "ask"), (grace, "lapse")]
    assert clock.checking


def test_graces_and_checks_never_grow_with_the_tier() -> None:
    for limits in (GRACE, CHECK_WITHIN):
        by_tier = [limits[tier] for tier in ALL]
        assert by_tier == sorted(by_tier, reverse=True)


@given(tiers, st.integers(0, 3600))
def test_supervisors_are_paged_from_high_on_each_minute_until_somebody_answers(
    tier: Tier, after: int
) -> None:
    _, told = run(Clock(until=T0), tier, at(-1200), 1200 + after)
    paged = [when for when, one in told if one.page]
    if tier not in ("high", "imminent"):
        assert paged == []
        return
    grace = GRACE[tier].total_seconds()
    assert paged == [grace + n * AGAIN.total_seconds() for n in range(len(paged))]
    assert len(paged) == (0 if after < grace else 1 + int((after - grace) // 60))


@given(tiers, st.integers(0, 86_400))
def test_time_alone_ends_nothing(tier: Tier, after: int) -> None:
    clock, _ = run(Clock(until=T0), tier, at(-1200), after)
    assert clock.ended_at is None
    assert clock.check_done_at is None


@given(tiers, st.integers(1, 7200))
def test_an_engine_that_was_away_asks_and_misses_at_once_and_pages_once(tier: Tier, late: int) -> None:
    back = lapses_at(T0, tier) + timedelta(seconds=late)
    clock, told = run(Clock(until=T0), tier, back, 0)
    assert [one.what for _, one in told] == ["ask", "lapse"]
    assert sum(one.page for _, one in told) == (1 if tier in ("high", "imminent") else 0)
    assert clock.lapsed_at == back


@given(tiers)
def test_an_answer_in_time_is_the_last_of_it(tier: Tier) -> None:
    answered = Clock(until=T0, asked_at=T0, ended_at=at(30))
    assert next_look(answered, tier, at(30)) is None
    assert turn(answered, tier, at(9999)) is None


@given(tiers)
def test_a_check_that_was_asked_for_after_an_answer_is_paged_when_it_does_not_come(tier: Tier) -> None:
    answered = Clock(until=T0, asked_at=T0, ended_at=at(30), check_wanted_at=at(30))
    due = next_look(answered, tier, at(30))
    assert due == at(30) + CHECK_WITHIN[tier]
    assert turn(answered, tier, due - timedelta(seconds=1)) is None
    assert turn(answered, tier, due) == Turn("still", tier in ("high", "imminent"), due + AGAIN)
    assert turn(replace(answered, check_done_at=at(40)), tier, due) is None


def test_raising_the_tier_brings_the_miss_forward() -> None:
    asked = Clock(until=T0, asked_at=T0)
    assert turn(asked, "low", at(130)) is None
    found = turn(asked, "high", at(130))
    assert found is not None
    assert (found.what, found.page) == ("lapse", True)
    assert next_look(
        Clock(until=T0, asked_at=T0, lapsed_at=at(130), check_wanted_at=at(130)), "high", at(140)
    ) == at(200)


def test_looked_at_before_its_time_nothing_is_asked() -> None:
    assert turn(Clock(until=T0), "high", at(-1)) is None
