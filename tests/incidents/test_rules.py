"""The connection-lost escalation, told as stories."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml

from app.incidents import rules
from app.incidents.chain import Chain
from app.incidents.rules import IllegalMove
from app.incidents.situation import (
    AttemptOutcome,
    Back,
    ByHand,
    CancelCalls,
    DangerUnsaid,
    DangerUsed,
    Decided,
    Hurried,
    LeaveVoicemail,
    LostAgain,
    Move,
    OtherPerson,
    OutageCleared,
    OutageLocked,
    PageStaff,
    PersonOutcome,
    Reached,
    Released,
    Replied,
    RingClient,
    SeenByStaff,
    SendText,
    Situation,
    Skipped,
    StaffLegSilent,
    StepDue,
    Stopped,
    Task,
    TierChanged,
    Verified,
)
from app.protocols import library
from app.protocols.schema import TIERS, Tier
from tests.incidents.escalations import FIRST, PROTOCOL, SAFE, SECOND, T0, Run, facts

LIMITS = {"low": 60, "moderate": 45, "high": 30, "imminent": 20}
SUPERVISOR = {"low": 600, "moderate": 240, "high": 120, "imminent": 60}


def rung(run: Run) -> list[Any]:
    return run.ordered(RingClient)


@pytest.mark.parametrize("tier", TIERS)
def test_left_alone_the_circle_widens_within_its_limits_and_people_are_rung_until_someone_decides(
    tier: Tier,
) -> None:
    run = Run(tier)
    run.pass_until(3000)

    first = rung(run)[0]
    assert run.seconds(first.ring_by) <= LIMITS[tier]
    text_limits = {"low": 90, "moderate": 75, "high": 60, "imminent": 45}
    assert run.when("text text-neutral") <= text_limits[tier]
    assert run.when("pages supervisor backup on_call") <= SUPERVISOR[tier]
    assert run.when("rings 17") <= {"low": 180, "moderate": 120, "high": 75, "imminent": 60}[tier]
    assert run.when("contact timeout") <= {"low": 900, "moderate": 360, "high": 210, "imminent": 150}[tier]
    assert run.open() == ["keep-trying", "page-decider"]
    assert run.words().index("contact timeout") < run.words().index("decide timeout")
    assert len(run.ordered(PageStaff)) > 3
    assert run.ended is None


def test_the_tier_none_has_the_limits_of_low() -> None:
    run = Run("none")
    run.pass_until(25)
    assert run.seconds(run.active("first-call").limit_at) == 60
    assert run.active("first-call").urgency == 3


@pytest.mark.parametrize(
    ("tier", "urgencies"), [("low", (3, 6)), ("moderate", (2, 5)), ("high", (1, 4)), ("imminent", (0, 0))]
)
def test_first_attempts_go_before_repeats(tier: Tier, urgencies: tuple[int, int]) -> None:
    run = Run(tier)
    run.say(Hurried(run.active("assign").step_id))
    assert run.active("first-call").urgency == urgencies[0]
    run.say(Skipped(run.active("first-call").step_id))
    assert run.active("text").urgency == urgencies[1]


def test_taking_it_starts_the_first_call_at_once() -> None:
    run = Run("moderate")
    run.pass_until(6)
    run.take()
    assert run.when("assign accepted") == 6
    run.pass_until(6)
    assert run.when("rings 42") == 6
    assert run.seconds(rung(run)[0].ring_by) == 45, "staff is rung first, the client no later than the limit"


@pytest.mark.parametrize(("tier", "learned"), [("low", 55), ("high", 22), ("imminent", 12), ("imminent", 90)])
def test_what_is_learned_late_starts_at_once(tier: Tier, learned: float) -> None:
    run = Run(tier, learned_s=learned)
    run.pass_until(learned)
    assert run.when("rings 42") == learned
    assert run.seconds(rung(run)[0].ring_by) == max(LIMITS[tier], learned)


def test_voicemail_gets_the_neutral_message_only_where_the_client_allows_it() -> None:
    allowed = Run("high", answers=lambda _: "voicemail")
    allowed.pass_until(100)
    assert allowed.words().count("voicemail") == 1
    assert allowed.ordered(LeaveVoicemail)[0].script == "voicemail-neutral"  # type: ignore[union-attr]

    other = Run("high", answers=lambda _: "voicemail", numbers=(SECOND,))
    other.pass_until(100)
    assert "voicemail" not in other.words()
    assert other.is_open("again") or "again voicemail" in other.words()


@pytest.mark.parametrize(("rang", "then"), [("first-call", "voicemail"), ("keep-trying", "text")])
def test_voicemail_recognised_after_the_answer_goes_where_the_call_leads(rang: str, then: str) -> None:
    run = Run("high", answers=lambda _: "answered")
    run.pass_until(33)
    run.say(AttemptOutcome(rung(run)[0].step_id, "voicemail", rang))
    assert run.open() == [then]


def test_voicemail_recognised_after_the_answer_goes_on_with_the_text() -> None:
    run = Run("high", answers=lambda _: "answered")
    run.pass_until(33)
    assert run.open() == ["on-line"]
    ringing = rung(run)[0].step_id
    run.know(talking=True)
    run.say(AttemptOutcome(ringing, "voicemail"))
    assert run.open() == ["on-line"], "staff is talking: a machine's guess does not count"
    run.know(talking=False)
    run.say(AttemptOutcome(ringing, "voicemail"))
    assert run.open() == ["text"]
    run.say(AttemptOutcome(ringing, "no_answer"))
    assert run.open() == ["text"]


def test_an_answer_to_a_call_that_is_over_is_still_heard() -> None:
    run = Run("imminent")
    run.pass_until(60)
    assert run.is_open("supervisor")
    run.say(AttemptOutcome(rung(run)[-1].step_id, "answered"))
    assert run.is_open("on-line-again")
    assert run.is_open("supervisor"), "until somebody says who it is, the chain goes on"
    run.say(AttemptOutcome(rung(run)[-1].step_id, "answered"))
    assert run.open().count("on-line-again") == 1


def test_somebody_answered_and_nobody_says_who() -> None:
    run = Run("moderate", answers=lambda _: "answered")
    run.pass_until(48)
    assert run.open() == ["on-line"]
    assert Task("speak_now") in run.ordered(Task)
    run.pass_until(140)
    assert "on-line timeout" in run.words()
    assert run.when("text text-neutral") == run.when("on-line timeout")
    run.pass_until(600)
    assert "on-line-again timeout" in run.words()
    assert run.when("pages supervisor backup on_call") <= 260


def test_while_staff_talk_with_the_client_nothing_rings_and_nobody_is_hurried() -> None:
    run = Run("high", answers=lambda _: "answered")
    run.pass_until(33)
    run.know(talking=True)
    run.pass_until(200)
    assert run.open() == ["on-line"]
    run.pass_until(600)
    assert "on-line timeout" in run.words(), "a lost word about the end of a call holds nothing up for ever"


def test_a_repeated_call_waits_while_staff_talk() -> None:
    run = Run("high")
    run.pass_until(125)
    run.know(talking=True)
    run.pass_until(260)
    before = len(rung(run))
    run.know(talking=False)
    run.pass_until(330)
    assert run.words().count("rings 42") + run.words().count("rings 17") > before


def test_a_room_mate_answers() -> None:
    run = Run("moderate", answers=lambda _: "answered")
    run.pass_until(50)
    run.say(OtherPerson())
    assert run.open() == ["other-answers"]
    run.say(PersonOutcome(run.active("other-answers").step_id, "not_available"))
    assert run.open() == ["backup"]

    worried = Run("moderate", answers=lambda _: "answered")
    worried.pass_until(50)
    worried.say(PersonOutcome(worried.active("on-line").step_id, "other_person"))
    worried.say(PersonOutcome(worried.active("other-answers").step_id, "worried"))
    assert worried.open() == ["supervisor", "keep-trying"]


def test_staff_may_hear_of_another_person_on_a_telephone_of_their_own() -> None:
    run = Run("moderate")
    run.pass_until(30)
    run.say(OtherPerson())
    assert run.open() == ["first-call", "other-answers"]
    run.say(PersonOutcome(run.active("other-answers").step_id, "not_available"))
    assert run.open() == ["first-call"], "the chain stands where it stood"


def test_a_word_from_a_check_moves_the_chain_on_to_people() -> None:
    run = Run("high")
    run.pass_until(190)
    assert run.is_open("contact")
    run.say(OtherPerson())
    run.say(PersonOutcome(run.active("other-answers").step_id, "worried"))
    assert run.is_open("supervisor")
    assert not run.is_open("contact")


def test_nobody_spoke_so_we_ring_straight_back_and_then_ask_a_person() -> None:
    run = Run("high", answers=lambda _: "answered")
    run.pass_until(33)
    for again in (0, 1):
        ringing = rung(run)[-1]
        run.say(StaffLegSilent(ringing.step_id, "first-call", again))
        assert run.open() == ["first-call"]
        assert run.active("first-call").rounds == again + 1
        before = run.now
        run.pass_until(run.seconds(run.now) + 1)
        assert rung(run)[-1].ring_by <= before + timedelta(seconds=10)
        run.pass_until(run.seconds(run.now) + 15)
        assert run.open() == ["on-line"]
    run.say(StaffLegSilent(rung(run)[-1].step_id, "first-call", 2))
    assert ByHand("nobody_spoke", rung(run)[-1].step_id) in run.ordered(ByHand)
    assert run.is_open("supervisor")


def test_nobody_spoke_on_a_repeated_call() -> None:
    run = Run("high")
    run.pass_until(130)
    run.answers = lambda _: "answered"
    run.pass_until(200)
    assert run.is_open("on-line-again")
    run.say(StaffLegSilent(rung(run)[-1].step_id, "keep-trying", 1))
    assert run.active("keep-trying").run_at == run.now
    assert not run.is_open("on-line-again")
    assert run.say(StaffLegSilent(rung(run)[-1].step_id, "keep-trying", 1)) == Move(), "heard once"


def test_nobody_spoke_while_the_chain_has_moved_on() -> None:
    run = Run("imminent")
    run.pass_until(60)
    run.say(AttemptOutcome(rung(run)[-1].step_id, "answered"))
    run.say(StaffLegSilent(rung(run)[-1].step_id, "again", 0))
    assert run.ordered(ByHand)[-1].code == "nobody_spoke"  # type: ignore[union-attr]
    assert run.is_open("supervisor")


def test_a_call_the_provider_refuses_is_somebodys_to_make_by_hand_and_the_chain_goes_on() -> None:
    run = Run("high", answers=lambda _: "refused")
    run.pass_until(60)
    assert [order.code for order in run.ordered(ByHand)][:1] == ["call_failed"]  # type: ignore[union-attr]
    assert "text text-neutral" in run.words()
    run.pass_until(200)
    assert run.words().count("ByHand call_failed") >= 3


def test_a_client_without_a_number_is_a_persons_task_at_once() -> None:
    run = Run("high", numbers=())
    run.pass_until(11)
    assert run.when("ByHand no_number") == 10
    assert run.is_open("supervisor")
    run.pass_until(300)
    assert not rung(run)
    assert not run.ordered(SendText)


def test_a_client_who_stopped_texts_is_rung_not_texted() -> None:
    run = Run("high", numbers=(FIRST.__class__(FIRST.id, 1, "42", text_ok=True, text_stopped=True),))
    run.pass_until(100)
    assert "text no_number" in run.words()
    assert not run.ordered(SendText)


def test_an_unsafe_home_is_reached_only_on_numbers_marked_safe() -> None:
    run = Run("moderate", numbers=(FIRST, SECOND, SAFE), unsafe_home=True, answers=lambda _: "voicemail")
    run.pass_until(2000)
    assert {order.number_id for order in (*rung(run), *run.ordered(SendText))} == {SAFE.id}  # type: ignore[union-attr]
    assert not run.ordered(LeaveVoicemail)
    assert {order.script for order in rung(run)} == {"phone-open-quiet"}
    assert {order.script for order in run.ordered(SendText)} == {"text-quiet"}  # type: ignore[union-attr]


def test_an_unsafe_home_without_a_safe_number_is_a_persons_task() -> None:
    run = Run("low", unsafe_home=True)
    run.pass_until(1000)
    assert run.when("ByHand no_safe_number") == 20
    assert not rung(run)
    assert not run.ordered(SendText)


def test_the_danger_word_changes_a_chain_under_way() -> None:
    run = Run("high", answers=lambda _: "voicemail")
    run.pass_until(33)
    assert run.is_open("voicemail")
    run.say(DangerUsed())
    run.know(facts=facts(danger_used=True))
    assert CancelCalls("danger") in run.ordered(CancelCalls)
    assert run.open() == ["text"]
    run.pass_until(400)
    assert rung(run) == rung(run)[:1]
    assert not run.ordered(SendText)


def passed_over(tier: Tier = "low", until: float = 40) -> Run:
    """The danger word before anything rang, and no number that is safe to ring."""
    run = Run(tier)
    run.pass_until(5)
    run.say(DangerUsed())
    run.know(facts=facts(danger_used=True))
    run.pass_until(until)
    assert not rung(run)
    return run


def unsaid(run: Run, key: str | None) -> None:
    run.say(DangerUnsaid(key))
    run.know(facts=facts())


def test_a_danger_word_that_was_not_heard_gives_the_steps_back() -> None:
    run = passed_over()
    assert run.open() == ["supervisor", "keep-trying"]
    unsaid(run, "first-call")
    assert run.open() == ["first-call"]
    run.pass_until(100)
    assert [order.number_id for order in rung(run)] == [FIRST.id, SECOND.id]
    assert len(run.ordered(SendText)) == 1
    again = Run("low")
    again.pass_until(21)
    assert again.active("first-call").status == "dialing"
    again.say(DangerUsed())
    unsaid(again, "first-call")
    assert again.active("first-call").status == "pending", "its call was taken back before it rang"


def test_once_people_are_asked_the_client_is_rung_beside_that() -> None:
    for until in (60, 100):
        run = passed_over("high", until)
        before = run.open()
        assert set(before) & {"supervisor", "contact"}
        unsaid(run, "first-call")
        assert run.open() == before
        run.pass_until(until + 1)
        assert [order.number_id for order in rung(run)] == [FIRST.id]


def test_nothing_is_given_back_where_nothing_was_passed_over_or_nobody_leads() -> None:
    run = passed_over()
    unsaid(run, None)
    assert run.open() == ["supervisor", "keep-trying"]
    looked_at = Run("low")
    looked_at.pass_until(15)
    looked_at.say(Back())
    unsaid(looked_at, "first-call")
    assert looked_at.open() == ["rejoin-check"]
    elsewhere = Run("low")
    elsewhere.pass_until(5)
    unsaid(elsewhere, "a-step-of-another-version")
    assert elsewhere.open() == ["assign"]


def test_a_step_taken_away_meanwhile_gives_way_when_it_comes_due() -> None:
    run = Run("high", answers=lambda _: "voicemail")
    run.pass_until(33)
    run.know(facts=facts(unsafe_home=True, numbers=(SAFE,)))
    run.say(StepDue(run.active("voicemail").step_id))
    assert run.open() == ["text"]

    trying = Run("high")
    trying.pass_until(125)
    trying.know(facts=facts(first_outreach="do_not_ring"))
    trying.write(rules.replan(PROTOCOL, trying.situation, trying.now))
    assert trying.open() == ["supervisor"], "nothing takes the place of a call that runs alongside"


def test_text_first_counts_for_the_one_minute_and_the_call_leaves_time_to_answer() -> None:
    run = Run("low", first_outreach="text_first", answers=lambda _: "voicemail")
    run.pass_until(300)
    assert run.when("text text-first") == 20
    assert run.when("rings 42") == 60
    assert run.words().count("voicemail") == 1
    assert "backup voicemail" not in run.words() or run.words().index("rings 42") < run.words().index(
        "rings 17"
    )


def test_text_first_without_a_number_for_texts_rings() -> None:
    run = Run("high", first_outreach="text_first", numbers=(SECOND,))
    run.pass_until(31)
    assert "text no_number" in run.words()
    assert run.when("rings 17") == 30


def test_relay_texts_and_asks_staff_to_call_through_the_relay() -> None:
    run = Run("moderate", first_outreach="relay")
    run.pass_until(60)
    assert run.when("text text-first") == 20
    assert run.open() == ["relay-call"]
    run.pass_until(1200)
    assert not rung(run)
    assert run.open() == ["page-decider"]


def test_do_not_ring_asks_staff_to_decide() -> None:
    run = Run("high", first_outreach="do_not_ring")
    run.pass_until(15)
    assert run.open() == ["first-call"]
    assert run.active("first-call").urgency == 1
    run.pass_until(800)
    assert not rung(run)
    assert not run.ordered(SendText)
    assert run.open() == ["page-decider"]


def test_a_reply_at_low_tier_holds_contact_and_responders_once() -> None:
    run = Run("low")
    run.pass_until(100)
    run.say(Replied())
    run.know(held=True)
    assert run.is_open("see-live")
    assert run.is_open("backup"), "it does not end the chain"
    run.pass_until(700)
    assert "supervisor timeout" in run.words()
    assert run.open() == ["see-live"]
    assert not any("contact" in words for words in run.words())
    run.pass_until(1010)
    assert run.open() == ["contact"]
    run.say(Replied())
    assert run.open() == ["contact"], "a second reply holds nothing"


def test_a_reply_takes_back_a_question_about_contacts() -> None:
    run = Run("low")
    run.pass_until(650)
    assert run.open() == ["keep-trying", "contact"]
    run.say(Replied())
    assert run.open() == ["see-live"]
    run.say(PersonOutcome(run.active("see-live").step_id, "not_seen"))
    assert run.open() == ["contact"]


def test_a_reply_at_a_higher_tier_holds_nothing() -> None:
    run = Run("moderate")
    run.pass_until(400)
    before = run.open()
    run.say(Replied())
    assert run.open() == before


def test_a_rising_tier_ends_the_hold() -> None:
    run = Run("low")
    run.pass_until(650)
    run.say(Replied())
    run.say(TierChanged("high"))
    run.know(tier="high")
    assert run.open() == ["contact"]


def test_a_reply_is_not_needed_when_staff_are_looking_at_them() -> None:
    run = Run("low")
    run.say(Back())
    run.know(on_screen=True)
    assert run.say(Replied()) == Move()


def test_seen_again_before_anyone_answered_is_a_brief_drop() -> None:
    run = Run("low")
    run.know(brief_possible=True)
    run.pass_until(30)
    run.say(SeenByStaff())
    assert run.ended == "brief_drop"
    assert CancelCalls("brief_drop") in run.ordered(CancelCalls)


@pytest.mark.parametrize(
    ("tier", "known"),
    [
        ("moderate", {"brief_possible": True}),
        ("low", {"brief_possible": True, "answered": True}),
        ("low", {"brief_possible": False}),
        ("low", {"brief_possible": True, "facts": facts(danger_used=True)}),
    ],
)
def test_otherwise_a_private_check(tier: Tier, known: dict[str, Any]) -> None:
    run = Run(tier)
    run.know(**known)
    run.say(SeenByStaff())
    assert run.ended is None
    assert run.open() == ["rejoin-check"]
    assert Task("private_check") in run.ordered(Task)
    with pytest.raises(IllegalMove, match="rejoin-check takes one of"):
        run.say(PersonOutcome(run.active("rejoin-check").step_id, "seen_brief_drop"))


def test_a_brief_drop_may_be_said_at_the_check() -> None:
    run = Run("none")
    run.know(brief_possible=True)
    run.say(Back())
    assert "seen_brief_drop" in rules.outcomes(PROTOCOL, run.situation, "rejoin-check")
    run.say(PersonOutcome(run.active("rejoin-check").step_id, "seen_brief_drop"))
    assert run.ended == "brief_drop"


def test_back_while_it_rings_hangs_up_and_an_unseen_return_goes_to_staff_never_to_a_call() -> None:
    run = Run("moderate")
    run.pass_until(30)
    assert run.active("first-call").status == "dialing"
    run.say(Back())
    run.know(on_screen=True)
    assert CancelCalls("back") in run.ordered(CancelCalls)
    assert run.open() == ["rejoin-check"]
    before = len(rung(run))
    run.pass_until(2000)
    assert "rejoin-check timeout" in run.words()
    assert run.open() == ["check-overdue"]
    assert len(run.ordered(PageStaff)) >= 5
    assert run.active("check-overdue").limit_at > run.active("check-overdue").run_at
    assert len(rung(run)) == before
    run.say(Back())
    assert run.open() == ["check-overdue"]


def test_back_and_lost_again() -> None:
    run = Run("high")
    run.pass_until(12)
    run.say(Back())
    run.know(on_screen=True)
    run.pass_until(20)
    run.say(LostAgain())
    run.know(on_screen=False)
    assert run.open() == ["first-call"]
    assert run.active("first-call").run_at == run.now
    run.say(LostAgain())
    assert run.open() == ["first-call"]


def test_a_call_due_for_somebody_on_screen_becomes_a_look() -> None:
    run = Run("high")
    run.pass_until(9)
    run.know(on_screen=True)
    run.pass_until(11)
    assert run.open() == ["rejoin-check"]
    assert not rung(run)


def test_back_leaves_a_verification_and_a_dispatch_alone() -> None:
    spoken = Run("high")
    spoken.pass_until(40)
    spoken.say(Reached())
    spoken.say(Back())
    assert spoken.open() == ["verify"]

    sent = Run("high")
    sent.say(Decided("responders"))
    sent.say(Back())
    assert sent.open() == ["dispatch", "rejoin-check"]
    sent.say(Reached())
    assert sent.open() == ["dispatch", "verify"]


def test_reached_is_not_verified_and_only_verified_ends() -> None:
    run = Run("high")
    run.pass_until(190)
    run.say(Reached())
    assert run.open() == ["verify"]
    assert run.say(Reached()) == Move()
    with pytest.raises(IllegalMove):
        run.say(PersonOutcome(run.active("verify").step_id, "verified"))
    assert "verified" not in rules.outcomes(PROTOCOL, run.situation, "verify")
    run.say(Verified())
    assert run.ended == "verified"
    assert CancelCalls("verified") in run.ordered(CancelCalls)
    assert run.say(AttemptOutcome(rung(run)[-1].step_id, "voicemail")) == Move()
    assert run.say(Back()) == Move()


def test_reached_but_never_recognised_asks_staff_and_rings_the_client_no_more() -> None:
    run = Run("high")
    run.pass_until(40)
    run.say(Reached())
    before = len(rung(run))
    run.pass_until(1500)
    assert run.open() == ["check-overdue"]
    assert len(rung(run)) == before


def test_several_lost_at_once_lock_contact_and_responders_until_a_person_says_it_is_not_our_side() -> None:
    run = Run("high")
    run.say(OutageLocked())
    run.know(locked=True)
    run.pass_until(600)
    assert run.open() == ["keep-trying", "our-side"]
    assert not any(words.startswith(("+contact", "+decide", "+dispatch")) for words in run.words())
    with pytest.raises(IllegalMove, match="not our side"):
        run.say(Decided("responders"))
    run.say(OutageCleared())
    run.know(locked=False)
    assert run.open() == ["keep-trying", "contact"]


def test_an_outage_takes_back_a_question_but_not_a_dispatch() -> None:
    run = Run("high")
    run.pass_until(190)
    assert run.is_open("contact")
    assert rules.outcomes(PROTOCOL, run.situation, "contact")
    run.say(OutageLocked())
    run.know(locked=True)
    assert run.open() == ["keep-trying", "our-side"]
    assert rules.outcomes(PROTOCOL, run.situation, "contact") == ()

    sent = Run("high")
    sent.say(Decided("responders"))
    sent.say(OutageLocked())
    sent.know(locked=True)
    assert sent.open() == ["dispatch"]
    with pytest.raises(IllegalMove, match="locked"):
        sent.say(PersonOutcome(sent.active("dispatch").step_id, "dispatched"))


def test_a_person_decides_about_responders_from_anywhere() -> None:
    run = Run("high")
    run.pass_until(12)
    run.say(Decided("responders"))
    assert run.open() == ["dispatch"]
    run.pass_until(500)
    assert run.open() == ["page-decider"], "nobody recorded the call: people are rung, nothing else happens"
    run.say(PersonOutcome(run.active("page-decider").step_id, "wait"))
    assert run.open() == ["wait-agreed", "keep-trying"]

    held = Run("low")
    held.pass_until(100)
    held.say(Replied())
    held.say(Decided("mobile_team"))
    assert held.open() == ["dispatch"]


def test_without_contacts_the_chain_goes_to_the_decision() -> None:
    run = Run("high", has_contacts=False)
    run.pass_until(185)
    assert run.is_open("decide")
    assert "+contact" not in run.words()


def test_a_persons_wrong_word_is_refused_and_a_late_one_changes_nothing() -> None:
    run = Run("low")
    assign = run.active("assign").step_id
    with pytest.raises(IllegalMove, match="assign takes one of accepted, timeout, not decided"):
        run.say(PersonOutcome(assign, "decided"))
    with pytest.raises(IllegalMove):
        run.say(PersonOutcome(assign, "timeout"))
    run.say(PersonOutcome(assign, "accepted"))
    for signal in (
        PersonOutcome(assign, "accepted"),
        StepDue(assign),
        Stopped(assign),
        Skipped(assign),
        Hurried(assign),
    ):
        assert run.say(signal) == Move()
    assert rules.outcomes(PROTOCOL, run.situation, "nowhere") == ()


def test_stopping_hands_the_chain_to_a_person_and_then_to_the_supervisor() -> None:
    run = Run("high")
    run.pass_until(12)
    calling = run.active("first-call").step_id
    run.say(Stopped(calling))
    assert CancelCalls("stopped", calling) in run.ordered(CancelCalls)
    assert run.open() == ["staff-hold"]
    run.pass_until(80)
    assert run.is_open("supervisor")
    run.say(Stopped(run.active("keep-trying").step_id))
    assert run.open() == ["supervisor"]


def test_skipping_goes_on() -> None:
    run = Run("high")
    run.pass_until(190)
    trying = run.active("keep-trying")
    run.say(Skipped(trying.step_id))
    assert run.active("keep-trying").run_at > trying.run_at - timedelta(seconds=1)
    assert run.active("keep-trying").rounds == trying.rounds + 1
    run.say(Skipped(run.active("contact").step_id))
    run.say(Skipped(run.active("decide").step_id))
    page = run.active("page-decider")
    run.say(Skipped(page.step_id))
    assert run.active("page-decider").run_at == run.now + timedelta(seconds=60), (
        "put off by one round at most"
    )


def test_hurrying() -> None:
    run = Run("low")
    run.take()
    run.pass_until(320)
    assert run.seconds(run.active("supervisor").run_at) == 585
    run.say(Hurried(run.active("supervisor").step_id))
    run.pass_until(321)
    assert run.active("supervisor").status == "dialing"
    assert run.say(Hurried(run.active("supervisor").step_id)) == Move()
    run.write(rules.replan(PROTOCOL, run.situation, run.now))
    assert run.active("supervisor").status == "dialing"


def test_the_supervisor_comes_at_the_limit_while_somebody_owns_it_and_at_once_when_nobody_does() -> None:
    run = Run("low")
    run.take(2000)
    run.pass_until(310)
    assert run.seconds(run.active("supervisor").run_at) == 585
    run.say(Released())
    run.know(owned_until=None)
    assert run.active("supervisor").run_at == run.now
    again = Run("low")
    again.pass_until(240)
    assert again.seconds(again.active("supervisor").run_at) == 300, "calm tiers are not rushed"
    again.take(2000)
    assert again.seconds(again.active("supervisor").run_at) == 585


def test_a_higher_tier_hurries_and_a_lower_one_restarts_nothing() -> None:
    run = Run("low")
    run.pass_until(25)
    run.say(Stopped(run.active("first-call").step_id))
    wait = run.active("staff-hold").run_at
    run.say(TierChanged("high"))
    run.know(tier="high")
    assert run.active("staff-hold").run_at == run.now + timedelta(seconds=60) < wait
    assert run.active("staff-hold").urgency == 4
    sooner = run.active("staff-hold").run_at
    run.say(TierChanged("low"))
    assert run.active("staff-hold").run_at == sooner

    texted = Run("high", first_outreach="text_first")
    texted.pass_until(12)
    texted.say(TierChanged("low"))
    assert texted.seconds(texted.active("first-call").run_at) == 30

    alone = Run("low")
    alone.say(TierChanged("imminent"))
    alone.know(tier="imminent")
    assert alone.seconds(alone.active("assign").run_at) == 5
    waiting = Run("low")
    waiting.pass_until(650)
    waiting.say(TierChanged("imminent"))
    assert waiting.active("contact").run_at == waiting.now + timedelta(seconds=30), (
        "a person still gets their time"
    )


def test_nothing_changed_is_nothing_written() -> None:
    run = Run("moderate")
    assert rules.replan(PROTOCOL, run.situation, run.now) == Move()


def test_nothing_old_dials() -> None:
    run = Run("high")
    run.pass_until(9)
    run.know(active=tuple(run.situation.active))
    run.say(Hurried(run.active("assign").step_id))
    run.now = T0 + timedelta(seconds=30 + 601)
    run.say(StepDue(run.active("first-call").step_id))
    assert run.words()[-1] == "ByHand voided"
    assert run.open() == ["staff-hold"]
    assert not rung(run)


def test_a_voicemail_that_cannot_be_left_holds_nothing_up() -> None:
    run = Run("high", answers=lambda _: "voicemail")
    run.pass_until(33)
    run.coming.clear()
    run.say(AttemptOutcome(run.active("voicemail").step_id, "failed"))
    assert run.open() == ["text"]


def test_what_staff_phones_do_decides_nothing() -> None:
    run = Run("high")
    run.pass_until(125)
    page = run.active("supervisor").step_id
    assert run.say(AttemptOutcome(page, "no_answer")) == Move()
    run.pass_until(190)
    for outcome in ("answered", "no_answer", "failed"):
        assert run.say(AttemptOutcome(run.active("contact").step_id, outcome)) == Move()  # type: ignore[arg-type]


def test_a_silent_provider_holds_nothing_up() -> None:
    run = Run("moderate", answers=lambda _: "no_answer")
    run.pass_until(21)
    run.coming.clear()
    run.pass_until(120)
    assert "first-call timeout" in run.words()
    while not (run.is_open("keep-trying") and run.active("keep-trying").status == "dialing"):
        run.pass_until(run.seconds(run.now) + 1)
    run.coming.clear()
    run.pass_until(run.seconds(run.now) + 60)
    assert run.active("keep-trying").rounds >= 1
    assert run.active("keep-trying").status == "pending"


def test_the_rules_open_only_what_was_never_opened() -> None:
    nothing = Situation("high", T0, facts())
    assert rules.advance(PROTOCOL, nothing, Back(), T0) == Move()


def test_a_chain_that_was_left_with_nothing_open_asks_the_supervisor() -> None:
    empty = Chain(PROTOCOL, Situation("high", T0, facts()), T0)
    assert [step.key for step in empty.move().plan] == ["supervisor", "keep-trying"]


def test_what_would_come() -> None:
    run = Run("low")
    foretold = rules.forecast(PROTOCOL, run.situation, run.now)
    assert [step.key for step in foretold] == [
        "assign",
        "first-call",
        "text",
        "backup",
        "again",
        "supervisor",
        "keep-trying",
        "contact",
    ]
    assert [run.seconds(step.limit_at) for step in foretold[:4]] == [20, 60, 90, 180]

    one_number = Run("low", numbers=(SECOND,))
    assert [step.key for step in rules.forecast(PROTOCOL, one_number.situation, one_number.now)][:4] == [
        "assign",
        "first-call",
        "again",
        "supervisor",
    ]

    waiting = Run("high")
    waiting.pass_until(130)
    waiting.say(Stopped(waiting.active("supervisor").step_id))
    foretold = rules.forecast(PROTOCOL, waiting.situation, waiting.now)
    assert [step.key for step in foretold] == ["keep-trying", "staff-hold", "supervisor"]

    asked = Run("high", answers=lambda _: "answered")
    asked.pass_until(33)
    assert [step.key for step in rules.forecast(PROTOCOL, asked.situation, asked.now)] == ["on-line", "text"]

    trying = replace(waiting.situation, active=(waiting.active("keep-trying"),))
    assert [step.key for step in rules.forecast(PROTOCOL, trying, waiting.now)] == ["keep-trying"]


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        (None, {"which"}),
        ("pause", {"natural-reason"}),
        ("danger", {"quiet-page", "ordinary-talk", "place-card"}),
        ("threat", {"which"}),
    ],
)
def test_whoever_pressed_a_code_word_is_not_asked_which_it_was(said: str | None, begins: set[str]) -> None:
    loaded = library.load(library.SHIPPED / "code-word.yaml").protocol
    assert loaded is not None
    move = rules.open_run(loaded, Situation("high", T0, facts()), T0, said)
    assert {step.key for step in move.plan} == begins


def test_what_was_pressed_leads_past_no_step_that_ends_or_hands_on() -> None:
    """Such an answer is a person's, given when the step is in front of them."""
    written = yaml.safe_load((library.SHIPPED / "code-word.yaml").read_text())
    [which] = [step for step in written["steps"] if step["id"] == "which"]
    for target in ("end:settled", "protocol:imminent-risk"):
        which["next"] = {"danger": target, "timeout": "quiet-page"}
        move = rules.open_run(library.parse(written), Situation("high", T0, facts()), T0, "danger")
        assert [step.key for step in move.plan] == ["which"]
