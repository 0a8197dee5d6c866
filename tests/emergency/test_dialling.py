"""Which number is dialled next: the next one, the same once more, or one's own, asking for a transfer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.emergency.dialling import HOLD, Call, Next, Outcome, following

NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)
ONE, TWO = uuid4(), uuid4()


def called(line: UUID | None, outcome: Outcome | None, held: timedelta | None = None) -> Call:
    return Call(uuid4(), line, outcome, NOW - held if held is not None else None)


def after(*calls: Call) -> Next:
    return following([ONE, TWO], calls, NOW)


def test_the_best_line_comes_first_and_the_next_when_that_one_is_not_right() -> None:
    assert after() == Next("first", ONE)
    for outcome in ("wrong_place", "no_answer", "could_not"):
        assert after(called(ONE, outcome)) == Next("line", TWO), outcome


def test_cut_off_is_tried_again_once() -> None:
    assert after(called(ONE, "cut_off")) == Next("again", ONE)
    assert after(called(ONE, "cut_off"), called(ONE, "cut_off")) == Next("line", TWO)


def test_when_no_local_line_is_left_ones_own_number_can_transfer() -> None:
    tried = [called(ONE, "wrong_place"), called(TWO, "no_answer")]
    assert after(*tried) == Next("own")
    assert following([], [], NOW) == Next("own")
    assert after(*tried, called(None, "cut_off")) == Next("own")


def test_while_somebody_speaks_nobody_dials_but_after_a_minute_on_hold_a_second_phone_does() -> None:
    assert after(called(ONE, None)) == Next("talking")
    assert after(called(ONE, None, timedelta(seconds=30))) == Next("talking")
    assert after(called(ONE, None, HOLD)) == Next("talking", TWO)
    assert after(called(TWO, "no_answer"), called(ONE, None, HOLD)) == Next("talking")


def test_help_on_its_way_and_not_needed_end_it() -> None:
    assert after(called(ONE, "wrong_place"), called(TWO, "dispatched")) == Next("done")
    assert after(called(ONE, "not_needed")) == Next("done")
