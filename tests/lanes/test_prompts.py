"""Who is asked, silently and when, while somebody is in a private room with a client (E7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.lanes import prompts
from app.lanes.prompts import DECIDE, EVERY, OPENING, STAY, Private

NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def left_alone(room: Private, minutes: int) -> list[tuple[float, str]]:
    """As the engine would: looked at only when it is due."""
    told: list[tuple[float, str]] = []
    while room.due_at <= at(minutes):
        now = room.due_at
        room = prompts.due(room, now)
        told.append(((now - NOW) / timedelta(minutes=1), room.stage))
    return told


def test_inside_they_are_asked_every_five_minutes_and_their_answer_starts_the_clock_anew() -> None:
    room = prompts.joined(prompts.opened(NOW), NOW)
    assert prompts.due(room, at(4.9)) is room
    asked = prompts.due(room, at(5))
    assert (asked.stage, asked.asked_at, asked.due_at) == ("asked", at(5), at(6))
    answered = prompts.answered(asked, at(5.5))
    assert (answered.stage, answered.asked_at, answered.due_at) == ("inside", None, at(5.5) + EVERY)


def test_an_unanswered_question_goes_to_the_colleague_then_to_the_supervisor_and_no_further() -> None:
    room = prompts.joined(prompts.opened(NOW), NOW)
    assert left_alone(room, 600) == [(5, "asked"), (6, "colleague"), (7, "supervisor")]
    alone = replace(room, colleague=False)
    assert left_alone(alone, 600) == [(5, "asked"), (6, "supervisor")]
    assert left_alone(alone, 2000)[-1] == (1446, "supervisor")


def test_a_room_that_was_opened_and_never_entered_is_asked_about() -> None:
    room = prompts.opened(NOW)
    assert left_alone(room, 2) == [(2, "asked")]
    later = prompts.answered(prompts.due(room, at(2)), at(2.5))
    assert (later.stage, later.joined_at, later.due_at) == ("opening", None, at(2.5) + OPENING)


@pytest.mark.parametrize("minutes", [1, 20, 45])
def test_what_comes_of_it_is_decided_after_twenty_minutes_and_again_after_each_stay(minutes: int) -> None:
    room = prompts.joined(prompts.opened(NOW), at(1))
    assert room.decide_at == at(1) + DECIDE
    assert prompts.joined(room, at(3)).decide_at == room.decide_at, (
        "somebody else who comes in changes nothing"
    )
    assert prompts.stays(room, at(minutes)).decide_at == at(minutes) + STAY
