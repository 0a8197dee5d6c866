"""When a lane is needed, what counts as owned, and that nobody's lane is ever silent for longer than five seconds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lanes import presses, rules
from app.lanes.presses import Refused
from app.lanes.values import ALARM, AWAY, LANES, OFFER, PAUSE, Facts, Holding, Lane, Room, nothing_held

NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
MAYA, JON, DANA, ROBIN = (UUID(int=n) for n in range(1, 5))
ROOM = Room(NOW - timedelta(hours=1), MAYA, JON, DANA, ROBIN)
HIGH = Facts("high", owner=JON, in_touch=True)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def owners(held: dict[Lane, Holding]) -> dict[Lane, UUID | None]:
    return {lane: one.owner for lane, one in held.items()}


# --- needed


@pytest.mark.parametrize(
    ("facts", "lanes"),
    [
        (Facts("high"), set()),
        (Facts("low", owner=JON), set()),
        (Facts("none", owner=JON, in_touch=True), set()),
        (Facts("moderate", owner=JON, in_touch=True), {"eyes", "group"}),
        (Facts("high", owner=JON), {"group", "caller"}),
        (Facts("high", owner=JON, in_touch=True, calls=True), {"eyes", "group", "caller"}),
        (Facts("high", owner=JON, in_touch=True, verified=True), set()),
        (Facts("high", owner=JON, in_touch=True, group_open=False), {"eyes"}),
        (Facts("low", breakout=True, in_touch=True), {"eyes", "group"}),
        (Facts("low", emergency=True, in_touch=True), {"eyes", "group", "caller"}),
        (Facts("high", owner=JON, verified=True, emergency=True), {"eyes", "group", "caller"}),
        (Facts("imminent", owner=JON, emergency=True, open=False), set()),
    ],
)
def test_which_lanes_an_incident_needs(facts: Facts, lanes: set[str]) -> None:
    assert rules.needed(facts) == lanes


def test_the_others_need_somebody_to_the_end_also_when_the_client_was_recognised() -> None:
    cared = Facts("high", owner=None, verified=True, care=True)
    assert rules.needed(cared) == {"group"}
    assert rules.needed(replace(cared, group_open=False)) == frozenset()
    assert rules.needed(replace(cared, open=False)) == frozenset()


def test_a_second_alert_is_unheeded_while_nobody_has_it() -> None:
    second = Facts("low", second=True)
    assert second.unheeded
    assert not replace(second, owner=JON).unheeded
    assert not replace(second, second=False).unheeded


# --- who has what from the start


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (HIGH, {"eyes": JON, "group": MAYA, "caller": None}),
        (replace(HIGH, owner=MAYA), {"eyes": MAYA, "group": JON, "caller": None}),
        (replace(HIGH, in_touch=False), {"eyes": None, "group": MAYA, "caller": JON}),
        (replace(HIGH, in_touch=False, owner=DANA), {"eyes": None, "group": MAYA, "caller": DANA}),
        (replace(HIGH, owner=DANA), {"eyes": MAYA, "group": JON, "caller": None}),
        (replace(HIGH, breakout=True, inside=MAYA), {"eyes": MAYA, "group": JON, "caller": None}),
        (replace(HIGH, emergency=True), {"eyes": JON, "group": MAYA, "caller": None}),
        (replace(HIGH, in_touch=False, group_with=DANA), {"eyes": None, "group": DANA, "caller": JON}),
    ],
)
def test_who_has_what_when_somebody_takes_it(facts: Facts, expected: dict[Lane, UUID | None]) -> None:
    settled = rules.settle(nothing_held(), facts, ROOM, NOW)
    assert owners(dict(settled.holdings)) == expected


def test_calls_are_given_only_to_somebody_whose_board_says_so() -> None:
    facts = replace(HIGH, calls=True, in_touch=True)
    room = replace(ROOM, lead=None, cofacilitator=JON)
    assert owners(dict(rules.settle(nothing_held(), facts, room, NOW).holdings))["caller"] is None
    three = replace(ROOM, heard={MAYA: NOW})
    assert owners(dict(rules.settle(nothing_held(), facts, three, NOW).holdings)) == {
        "eyes": JON, "caller": MAYA, "group": None,
    }  # fmt: skip


def test_somebody_whose_board_went_away_is_given_nothing() -> None:
    gone = replace(ROOM, heard={MAYA: at(-60)})
    settled = rules.settle(nothing_held(), HIGH, gone, NOW)
    assert owners(dict(settled.holdings)) == {"eyes": JON, "group": None, "caller": None}
    assert settled.alone
    before = replace(ROOM, heard={MAYA: ROOM.opened_at - timedelta(hours=3)})
    assert owners(dict(rules.settle(nothing_held(), HIGH, before, NOW).holdings))["group"] == MAYA


# --- what counts as owned


def has(lane: Lane, owner: UUID, since: float = 0, **more: object) -> Holding:
    return Holding(lane, "person", owner, at(since), needed_since=at(since), **more)  # type: ignore[arg-type]


def with_(*held: Holding) -> dict[Lane, Holding]:
    return {**nothing_held(), **{one.lane: one for one in held}}


@pytest.mark.parametrize(
    ("held", "room", "lane", "why"),
    [
        ((), ROOM, "group", "nobody"),
        ((has("group", MAYA),), ROOM, "group", None),
        ((Holding("group", "paused", DANA, NOW, until=at(600)),), ROOM, "group", None),
        ((Holding("group", "ended", DANA, NOW),), ROOM, "group", None),
        ((has("group", MAYA, -60),), replace(ROOM, heard={MAYA: at(-16)}), "group", "board"),
        ((has("group", MAYA, -60),), replace(ROOM, heard={MAYA: at(-14)}), "group", None),
        ((has("group", MAYA, -60),), replace(ROOM, heard={MAYA: at(-90)}), "group", None),
        ((has("group", MAYA, -60, given=True),), replace(ROOM, heard={MAYA: at(-90)}), "group", "board"),
        ((has("eyes", MAYA, -60),), replace(ROOM, dropped={MAYA: at(-1)}), "eyes", "video"),
        ((has("eyes", MAYA, -60),), replace(ROOM, dropped={MAYA: at(1)}), "eyes", None),
        ((has("caller", MAYA, -60),), replace(ROOM, dropped={MAYA: at(-1)}), "caller", None),
        ((has("group", MAYA),), replace(ROOM, inside=frozenset({MAYA})), "group", "inside"),
        ((has("eyes", MAYA),), replace(ROOM, silent=frozenset({MAYA})), "eyes", "room"),
        ((has("eyes", MAYA), has("caller", MAYA)), ROOM, "caller", "both"),
        ((has("eyes", MAYA), has("caller", JON)), ROOM, "caller", None),
    ],
)
def test_what_counts_as_owned(held: tuple[Holding, ...], room: Room, lane: Lane, why: str | None) -> None:
    assert rules.uncovered(lane, with_(*held), room, NOW) == why


def test_a_pause_is_owned_for_ten_minutes_and_nobodys_after_that() -> None:
    settled = rules.settle(nothing_held(), HIGH, ROOM, NOW)
    paused = presses.pause(settled.holdings, MAYA, NOW)
    during = rules.settle(paused, HIGH, ROOM, NOW + PAUSE - timedelta(seconds=1))
    assert during.holdings["group"].state == "paused"
    assert during.due_at == NOW + PAUSE
    over = rules.settle(during.holdings, HIGH, ROOM, NOW + PAUSE)
    assert over.holdings["group"].state == "nobody"
    assert [event.kind for event in over.events] == ["pause_ended"]
    alarmed = rules.settle(over.holdings, HIGH, ROOM, NOW + PAUSE + ALARM)
    assert alarmed.holdings["group"].alarmed_at == NOW + PAUSE + ALARM
    assert alarmed.ring is not None


def test_an_emergencys_caller_is_rung_for_at_once_and_the_cofacilitator_is_asked_after_twenty_seconds() -> (
    None
):
    facts = replace(HIGH, emergency=True)
    first = rules.settle(nothing_held(), facts, ROOM, NOW)
    assert first.ring is not None
    assert (first.ring.lane, first.ring.all_of_them) == ("caller", True)
    assert rules.settle(first.holdings, facts, ROOM, at(19)).holdings["caller"].asked_at is None
    asked = rules.settle(first.holdings, facts, ROOM, at(20))
    assert [event.kind for event in asked.events] == ["asked"]
    called = presses.take(presses.pause(asked.holdings, MAYA, at(25)), "caller", MAYA, ROOM, at(25))
    after = rules.settle(called, facts, ROOM, at(25))
    assert not any(held.why for held in after.holdings.values())


# --- presses


def test_eyes_and_caller_are_two_people_unless_one_is_alone() -> None:
    held = rules.settle(nothing_held(), replace(HIGH, emergency=True), ROOM, NOW).holdings
    with pytest.raises(Refused, match="both"):
        presses.take(held, "caller", JON, ROOM, NOW)
    single = replace(ROOM, lead=None)
    facts = replace(HIGH, emergency=True)
    held = rules.settle(nothing_held(), facts, single, NOW).holdings
    both = rules.settle(presses.take(held, "caller", JON, single, at(1)), facts, single, at(1))
    assert both.holdings["caller"].owner == both.holdings["eyes"].owner == JON
    assert both.holdings["caller"].why == "both"
    assert both.alone
    # Phones of those outside go on ringing until somebody has taken it.
    assert rules.settle(both.holdings, facts, single, at(31)).ring is not None
    relieved = rules.settle(
        presses.take(both.holdings, "caller", DANA, single, at(40)), facts, single, at(40)
    )
    assert relieved.holdings["caller"].why is None
    assert not relieved.alone


def test_a_lane_stays_with_its_giver_until_the_other_accepts() -> None:
    held = rules.settle(nothing_held(), HIGH, ROOM, NOW).holdings
    offered = presses.offer(held, "group", MAYA, DANA, ROOM, at(1))
    assert offered["group"].owner == MAYA
    with pytest.raises(Refused, match="no_offer"):
        presses.answer(offered, "group", ROBIN, True, ROOM, at(2))
    declined = presses.answer(offered, "group", DANA, False, ROOM, at(2))
    assert (declined["group"].owner, declined["group"].offered_to) == (MAYA, None)
    accepted = presses.answer(offered, "group", DANA, True, ROOM, at(2))
    assert accepted["group"].owner == DANA
    silent = rules.settle(offered, HIGH, ROOM, at(1) + OFFER)
    assert (silent.holdings["group"].owner, silent.holdings["group"].offered_to) == (MAYA, None)
    with pytest.raises(Refused, match="no_offer"):
        presses.answer(offered, "group", DANA, True, ROOM, at(1) + OFFER)


@pytest.mark.parametrize(
    ("press", "reason"),
    [
        (lambda held: presses.take(held, "group", JON, ROOM, at(1)), "taken"),
        (lambda held: presses.offer(held, "group", JON, DANA, ROOM, at(1)), "not_yours"),
        (lambda held: presses.offer(held, "group", MAYA, MAYA, ROOM, at(1)), "yourself"),
        (lambda held: presses.offer(held, "group", MAYA, UUID(int=99), ROOM, at(1)), "not_of_this_group"),
        (lambda held: presses.let_go(held, "group", JON, at(1)), "not_yours"),
        (lambda held: presses.take_back(held, "group", MAYA), "no_offer"),
        (lambda held: presses.vouch(held, "caller", at(1)), "not_yours"),
        (
            lambda held: presses.take(
                presses.let_go(held, "group", MAYA, at(1)),
                "group",
                JON,
                replace(ROOM, inside=frozenset({JON})),
                at(1),
            ),
            "inside",
        ),
    ],
)
def test_what_is_refused(press: object, reason: str) -> None:
    held = rules.settle(nothing_held(), HIGH, ROOM, NOW).holdings
    with pytest.raises(Refused) as refused:
        press(held)  # type: ignore[operator]
    assert refused.value.reason == reason


def test_a_colleague_who_sees_them_ends_the_silence() -> None:
    room = replace(ROOM, heard={MAYA: at(0)})
    held = rules.settle(nothing_held(), HIGH, room, NOW).holdings
    silent = rules.settle(held, HIGH, room, at(30))
    assert silent.holdings["group"].why == "board"
    vouched = rules.settle(presses.vouch(silent.holdings, "group", at(31)), HIGH, room, at(31))
    assert vouched.holdings["group"].why is None


def test_what_somebody_took_ahead_of_its_need_stays_theirs_and_what_is_needed_no_more_does_not() -> None:
    held = rules.settle(nothing_held(), HIGH, ROOM, NOW).holdings
    ahead = presses.take(held, "caller", MAYA, ROOM, at(1))
    lost = rules.settle(ahead, replace(HIGH, in_touch=False), ROOM, at(2))
    assert owners(dict(lost.holdings)) == {"eyes": None, "group": MAYA, "caller": MAYA}
    back = rules.settle(lost.holdings, HIGH, ROOM, at(3))
    assert owners(dict(back.holdings)) == {"eyes": JON, "group": MAYA, "caller": None}
    closed = rules.settle(back.holdings, replace(HIGH, open=False), ROOM, at(4))
    assert owners(dict(closed.holdings)) == dict.fromkeys(LANES)


# --- whatever happens

PEOPLE = st.sampled_from([MAYA, JON, DANA, ROBIN])
FACTS = st.builds(
    Facts,
    tier=st.sampled_from(["none", "low", "moderate", "high", "imminent"]),
    open=st.just(True),
    owner=st.none() | PEOPLE,
    verified=st.booleans(),
    emergency=st.booleans(),
    breakout=st.booleans(),
    inside=st.none() | st.sampled_from([MAYA, JON]),
    in_touch=st.booleans(),
    calls=st.booleans(),
    group_open=st.booleans(),
    group_with=st.none() | PEOPLE,
)
SECONDS = st.sampled_from([0.0, 1.0, 4.0, 5.0, 12.0, 20.0, 31.0, 61.0, 700.0])
DOES = st.sampled_from(["take", "offer", "accept", "decline", "let_go", "pause", "end", "vouch", "nothing"])
STEPS = st.lists(
    st.tuples(SECONDS, FACTS, DOES, st.sampled_from(LANES), PEOPLE, PEOPLE, st.sets(PEOPLE), st.sets(PEOPLE)),
    max_size=12,
)


def pressed(
    held: dict[Lane, Holding], does: str, lane: Lane, who: UUID, to: UUID, room: Room, now: datetime
) -> dict[Lane, Holding]:
    acts = {
        "take": lambda: presses.take(held, lane, who, room, now),
        "offer": lambda: presses.offer(held, lane, who, to, room, now),
        "accept": lambda: presses.answer(held, lane, who, True, room, now),
        "decline": lambda: presses.answer(held, lane, who, False, room, now),
        "let_go": lambda: presses.let_go(held, lane, who, now),
        "pause": lambda: presses.pause(held, who, now),
        "end": lambda: presses.end(held, who, now),
        "vouch": lambda: presses.vouch(held, lane, now),
        "nothing": lambda: held,
    }
    try:
        return acts[does]()
    except Refused:
        return held


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_never_two_owners_and_a_lane_nobody_has_is_alarmed_within_five_seconds(steps: list) -> None:  # type: ignore[type-arg]
    now, held, was_alone = NOW, nothing_held(), False
    heard = dict.fromkeys((MAYA, JON, DANA, ROBIN), NOW)
    for seconds, facts, does, lane, who, to, silent, inside in steps:
        # The engine comes whenever it asked to; between two of these it comes at no other time.
        until = now + timedelta(seconds=seconds)
        heard.update({person: until for person in heard if person not in silent})
        room = replace(ROOM, heard=dict(heard), inside=frozenset(inside & {MAYA, JON}))
        now = until
        held = pressed(held, does, lane, who, to, room, now)
        settled = rules.settle(held, facts, room, now, was_alone=was_alone)
        held, was_alone = dict(settled.holdings), settled.alone
        for one in held.values():
            assert (one.state == "nobody") == (one.owner is None)
            assert (one.offered_to is None) == (one.offer_ends is None)
            assert one.lane == "group" or one.state in ("nobody", "person")
        needed = rules.needed(facts)
        for needs in needed:
            one = held[needs]
            why = rules.uncovered(needs, held, room, now)
            assert one.why == why
            if why is None:
                assert one.alarm_at is None
                continue
            assert one.unowned_since is not None
            assert one.alarm_at is not None
            assert one.alarm_at <= one.unowned_since + ALARM
            assert one.alarmed_at is not None or one.alarm_at > now
            assert settled.due_at is not None
            assert one.alarmed_at is not None or settled.due_at <= one.alarm_at
            assert one.alarmed_at is None or one.ring_at is not None
        for spare in set(LANES) - needed:
            assert held[spare].alarm_at is None
        eyes, caller = held["eyes"], held["caller"]
        if eyes.state == caller.state == "person" and eyes.owner == caller.owner and "caller" in needed:
            assert caller.why == "both"


def test_a_board_that_falls_silent_is_looked_at_when_its_silence_counts() -> None:
    room = replace(ROOM, heard={MAYA: NOW, JON: NOW})
    settled = rules.settle(nothing_held(), HIGH, room, NOW)
    assert settled.due_at is not None
    assert settled.due_at <= NOW + AWAY + timedelta(seconds=1)
    assert rules.settle(settled.holdings, HIGH, room, settled.due_at).holdings["group"].why == "board"


def test_whoever_offered_a_lane_may_keep_it_after_all() -> None:
    held = rules.settle(nothing_held(), HIGH, ROOM, NOW).holdings
    offered = presses.offer(held, "group", MAYA, DANA, ROOM, at(1))
    kept = presses.take_back(offered, "group", MAYA)["group"]
    assert (kept.owner, kept.offered_to, kept.offer_ends) == (MAYA, None, None)


def test_the_group_of_two_incidents_is_one_group_and_each_keeps_its_own_need() -> None:
    paused = presses.pause(with_(has("group", MAYA)), MAYA, at(5))["group"]
    theirs = has("group", JON, since=2)
    after = presses.as_in(theirs, paused)
    assert (after.state, after.owner, after.until) == ("paused", MAYA, at(5) + PAUSE)
    assert after.needed_since == at(2)


def test_of_somebody_who_has_a_lane_since_nobody_knows_when_no_silence_is_counted() -> None:
    held = with_(replace(has("group", MAYA), since=None))
    assert rules.uncovered("group", held, replace(ROOM, heard={MAYA: NOW}), at(3600)) is None


def test_whoever_is_about_to_count_as_gone_from_the_video_is_looked_at_then() -> None:
    soon = at(7)
    settled = rules.settle(nothing_held(), HIGH, replace(ROOM, dropped={MAYA: soon}), NOW)
    assert settled.due_at == soon
