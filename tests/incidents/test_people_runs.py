"""Protocols that people start, by the same rules: silence leads to people, and one chain leads however many run beside it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.incidents import rules
from app.incidents.fallback import FALLBACK, TITLES
from app.incidents.reasons import BEGINS, EMERGENCY, higher
from app.incidents.rules import IllegalMove
from app.incidents.situation import (
    Active,
    Back,
    CancelCalls,
    Decided,
    Ended,
    Hurried,
    Overdue,
    PageStaff,
    PersonOutcome,
    Reached,
    Released,
    Skipped,
    Stopped,
    TierChanged,
)
from app.protocols import checks, library
from app.protocols.schema import TOO_OFTEN, Protocol
from tests.incidents.escalations import Run as Chain
from tests.protocols import people


class Run(Chain):
    """Begun by a press: zero of its clock is the press."""

    def __init__(self, tier: Any = "moderate", protocol: Protocol = people.PROTOCOL, **known: Any) -> None:
        super().__init__(tier, learned_s=0, protocol=protocol, **known)

    def write(self, move: Any) -> None:
        self.know(
            visits={
                **self.situation.visits,
                **{planned.key: planned.visit for planned in move.plan},
            }
        )
        super().write(move)

    def id_of(self, key: str) -> UUID:
        return self.active(key).step_id

    def answer(self, key: str, word: str) -> Any:
        return self.say(PersonOutcome(self.id_of(key), word))


def changed(**steps: dict[str, Any]) -> Protocol:
    body = people.body()
    for key, values in steps.items():
        next(step for step in body["steps"] if step["id"] == key.replace("_", "-")).update(values)
    return Protocol.model_validate(body)


def test_it_begins_with_its_first_step_and_what_runs_beside_it() -> None:
    run = Run()
    assert run.open() == ["breathe", "eyes-on", "group"]
    run.answer("breathe", "done")
    assert run.open() == ["eyes-on", "group", "offer"]
    assert not run.orders


def test_an_alert_that_is_there_already_leads_on_at_once() -> None:
    body = people.body()
    body["steps"].insert(0, {
        "id": "alert", "title": "The alert is shown", "role": "system", "action": "alert.push", "due_s": 2,
        "starts": ["group"], "next": {"sent": "breathe"},
    })  # fmt: skip
    assert Run(protocol=Protocol.model_validate(body)).open() == ["breathe", "eyes-on", "group"]


def test_silence_puts_the_next_step_in_front_of_people_then_rings_staff_and_never_ends() -> None:
    run = Run("moderate")
    run.pass_until(3600)
    assert run.ended is None
    assert run.is_open("decide")
    assert {type(order) for _, order in run.orders} <= {PageStaff, Overdue}
    assert run.when("+ask-supervisor") == 180
    pages = [at for at, words in run.log if words.startswith("pages")]
    assert pages[0] == 180
    assert len(pages) > 30
    assert run.is_open("eyes-on")
    assert run.is_open("group")


def test_a_step_alongside_stays_open_and_late_however_long_nobody_answers() -> None:
    run = Run("high")
    run.answer("breathe", "done")
    run.answer("offer", "stays")
    run.pass_until(29)
    assert not run.ordered(Overdue)
    run.pass_until(900)
    eyes_on = run.active("eyes-on")
    assert run.seconds(eyes_on.limit_at) == 30
    said = [run.keys[order.step_id] for order in run.ordered(Overdue)]  # type: ignore[union-attr]
    assert said.count("eyes-on") == 1
    run.answer("eyes-on", "relieved")
    assert not run.is_open("eyes-on")
    assert run.ended is None


def test_a_step_that_repeats_itself_stays_as_late_as_it_is_when_the_tier_rises() -> None:
    run = Run("moderate")
    run.answer("breathe", "done")
    run.answer("offer", "stays")
    run.pass_until(300)
    limit = run.active("again").limit_at
    run.say(TierChanged("imminent"))
    assert run.active("again").limit_at == limit


def test_an_answer_from_beside_starts_another_protocol_and_this_one_goes_on() -> None:
    run = Run()
    move = run.answer("eyes-on", "lost")
    assert move.protocol == "connection-lost"
    assert run.ended is None
    assert run.open() == ["breathe", "group"]


def test_an_answer_from_the_chain_hands_over_to_another_protocol() -> None:
    run = Run()
    run.answer("breathe", "done")
    run.answer("offer", "private_room")
    move = run.answer("check", "risk")
    assert (move.protocol, run.ended) == ("safety-check", "passed_on")


def test_a_person_ends_it_with_a_word_and_its_pages_stop_ringing() -> None:
    run = Run()
    run.answer("breathe", "done")
    run.pass_until(200)
    assert run.is_open("ask-supervisor")
    page = run.id_of("ask-supervisor")
    run.say(Ended("stopped"))
    assert run.ended == "stopped"
    assert CancelCalls("ended", page) in run.ordered(CancelCalls)


def test_the_sixth_time_the_supervisor_decides_where_it_goes_on() -> None:
    run = Run()
    run.answer("breathe", "done")
    for visit in range(1, 5):
        assert run.active("offer").visit == visit
        run.answer("offer", "stays")
        run.answer("again", "not_yet")
    run.answer("offer", "stays")
    run.answer("again", "not_yet")
    assert run.is_open(TOO_OFTEN)
    assert not run.is_open("offer")
    run.pass_until(run.seconds(run.now) + 301)
    assert run.ordered(PageStaff)
    run.answer(TOO_OFTEN, "offer")
    assert run.active("offer").visit == 6
    assert not run.is_open(TOO_OFTEN)


def test_a_step_that_comes_round_starts_its_clock_anew() -> None:
    run = Run("high")
    run.answer("breathe", "done")
    run.pass_until(100)
    run.answer("offer", "stays")
    run.answer("again", "not_yet")
    assert run.seconds(run.active("offer").limit_at) == 220
    run.say(TierChanged("imminent"))
    assert run.seconds(run.active("offer").limit_at) == 220


def test_what_is_only_heard_of_somebody_lost_changes_nothing() -> None:
    run = Run()
    before = run.open()
    for heard in (Back(), Reached(), Released()):
        run.say(heard)
    assert run.open() == before
    run.say(Decided("responders"))
    assert run.open() == before


def test_stopping_and_skipping_lead_on_and_what_repeats_is_put_off() -> None:
    run = Run()
    run.say(Skipped(run.id_of("breathe")))
    assert run.is_open("offer")
    run.say(Stopped(run.id_of("group")))
    assert not run.is_open("group")
    run.say(Stopped(run.id_of("offer")))
    assert run.is_open("ask-supervisor")
    run.say(Stopped(run.id_of("ask-supervisor")))
    decide = run.active("decide")
    run.say(Skipped(decide.step_id))
    assert run.active("decide").run_at > decide.run_at
    run.answer("decide", "go_on")
    run.say(Hurried(run.id_of("check")))
    assert run.is_open("ask-supervisor")


def test_a_late_step_that_is_put_off_stays_as_late() -> None:
    run = Run()
    run.answer("breathe", "done")
    run.answer("offer", "stays")
    run.pass_until(200)
    late = run.active("again")
    run.say(Skipped(late.step_id))
    assert run.active("again").limit_at == late.limit_at
    run.say(Hurried(late.step_id))
    assert run.active("again").limit_at == late.limit_at


def test_without_contacts_nobody_is_asked_to_ring_one_and_nothing_ends_by_itself() -> None:
    run = Run(has_contacts=False)
    run.answer("breathe", "done")
    run.answer("offer", "private_room")
    run.answer("check", "worried")
    assert run.is_open("contact")
    assert run.ended is None


def test_an_outage_locks_contact_and_responders_here_too() -> None:
    run = Run(numbers=())
    run.answer("breathe", "done")
    run.answer("offer", "private_room")
    run.answer("check", "worried")
    run.know(locked=True)
    assert rules.outcomes(run.protocol, run.situation, "contact") == ()
    with pytest.raises(IllegalMove, match="not our side"):
        run.answer("contact", "told")


def test_the_caller_is_paged_until_one_accepts() -> None:
    caller = {"action": "page.caller", "every_s": 60, "due_s": 0, "role": "supervisor",
              "next": {"accepted": "nothing", "timeout": "group"}}  # fmt: skip
    run = Run("imminent", protocol=changed(group=caller))
    group = run.id_of("group")
    run.pass_until(130)
    assert [at for at, words in run.log if words == "pages supervisor backup on_call"][:3] == [0, 60, 120]
    run.answer("group", "accepted")
    assert CancelCalls("answered", group) in run.ordered(CancelCalls)
    run.pass_until(170)
    assert not run.is_open("group")


def test_a_person_may_not_answer_what_the_step_does_not_know() -> None:
    run = Run()
    with pytest.raises(IllegalMove, match="takes one of"):
        run.answer("breathe", "better")
    assert rules.outcomes(run.protocol, run.situation, "breathe") == ("done",)
    assert rules.target_now(run.protocol, run.situation, "eyes-on", "lost") == "protocol:connection-lost"
    assert rules.target_now(run.protocol, run.situation, "nowhere", "lost") is None
    assert not rules.may_be_brief(run.protocol, run.situation)


def test_a_decision_from_anywhere_opens_what_the_file_says() -> None:
    decide = {"action": "person.decide", "every_s": None, "due_s": 60,
              "next": {"responders": "check", "wait": "end:stopped", "timeout": "after"}}  # fmt: skip
    body = people.body()
    step = next(one for one in body["steps"] if one["id"] == "decide")
    step.pop("every_s")
    step.update({key: value for key, value in decide.items() if value is not None}, next={
        "responders": "check", "wait": "end:stopped", "timeout": "ask-supervisor"})  # fmt: skip
    run = Run(protocol=Protocol.model_validate(body))
    run.say(Decided("responders"))
    assert run.is_open("check")
    run.say(Decided("wait"))
    assert run.ended is None
    assert run.is_open(TOO_OFTEN)


def test_a_chain_that_would_stand_nowhere_asks_the_supervisor() -> None:
    run = Run()
    run.answer("breathe", "done")
    offer = run.active("offer")
    gone = Active(offer.step_id, "gone", "pending", offer.run_at, offer.limit_at)
    others = tuple(one for one in run.situation.active if one.step_id != offer.step_id)
    run.know(active=(*others, gone))
    run.say(Released())
    assert run.is_open(TOO_OFTEN)


def test_what_is_foretold_comes() -> None:
    run = Run("moderate")
    foretold = [step.key for step in rules.forecast(run.protocol, run.situation, run.now)]
    assert foretold[:3] == ["eyes-on", "breathe", "group"]
    fresh = Chain("moderate", protocol=people.PROTOCOL, opened=False, learned_s=0)
    assert next(s.key for s in rules.forecast(fresh.protocol, fresh.situation, fresh.now)) == "eyes-on"
    assert run.now + timedelta(seconds=60) == run.active("breathe").limit_at


def test_what_stands_in_for_a_file_breaks_no_rule_and_is_called_as_the_files_are() -> None:
    assert checks.faults(FALLBACK) == []
    shipped = {one.protocol.id: one.protocol.title for one in library.shipped() if one.protocol}
    assert shipped == TITLES
    begun = {begins.protocol for begins in BEGINS.values()} | set(EMERGENCY.values())
    assert begun <= set(TITLES)


def test_what_stands_in_asks_people_and_ends_by_a_persons_word() -> None:
    run = Run("low", protocol=FALLBACK)
    run.pass_until(4000)
    assert run.ended is None
    assert {type(order) for _, order in run.orders} == {PageStaff}
    run.answer("supervisor", "steadier")
    run.answer("agree", "agreed")
    assert run.ended == "agreed"


def test_a_press_raises_a_tier_and_never_lowers_it() -> None:
    assert higher("high", "low") == "high"
    assert higher("none", "moderate") == "moderate"
