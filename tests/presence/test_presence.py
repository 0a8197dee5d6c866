"""The rules of presence, one sentence each."""

import pytest

from app.group_sessions.presence import Beats
from tests.presence.words import EIGHT, at, client, gone, joined, page, says, staff, state

HIGH = ["high", "imminent"]
CALM = ["none", "low", "moderate"]


# The platform


def test_in_the_room_is_present_however_long() -> None:
    assert state([joined(0)], 7200).state == "present"


@pytest.mark.parametrize("cause", ["lost", "unknown", None])
def test_an_unexpected_or_unexplained_leave_is_lost_at_once(cause: str | None) -> None:
    fused = state([joined(0), gone(60, cause)], 60)
    assert (fused.state, fused.reason, fused.evidence_at) == ("lost", "platform_left", at(60))


def test_a_second_live_connection_keeps_them_present() -> None:
    assert state([joined(0), joined(5, "c2"), gone(60)], 61).state == "present"


def test_joining_the_new_room_before_leaving_the_old_one_is_not_a_drop() -> None:
    facts = [joined(0), joined(60, "c2"), gone(60.2, "moved")]
    assert state(facts, 61).state == "present"


def test_a_late_leave_does_not_flip_somebody_who_came_back() -> None:
    assert state([joined(0), joined(70), gone(60, received=130)], 131).state == "present"


def test_the_same_connection_joining_again_counts_by_its_time() -> None:
    assert state([joined(0), gone(60), joined(70)], 71).state == "present"
    assert state([joined(0), joined(70), gone(80)], 81).state == "lost"


def test_at_one_instant_the_end_outranks_the_start_and_the_worse_end_the_better() -> None:
    assert state([joined(60), gone(60)], 61).state == "lost"
    assert (
        state([joined(0), gone(60, "moved", "c1"), joined(0, "c2"), gone(60, "lost", "c2")], 61).state
        == "lost"
    )


def test_a_move_is_nothing_for_half_a_minute_then_a_question() -> None:
    facts = [joined(0), gone(60, "moved")]
    assert state(facts, 89).state == "present"
    assert state(facts, 91).state == "quiet"
    assert state(facts, 91).ask_since == at(90)
    assert state(facts, 181).state == "lost"


def test_falling_silent_in_full_view_while_moving_is_lost() -> None:
    fused = state([joined(0), gone(60, "moved")], 75, beats=page(61))
    assert (fused.state, fused.evidence_at) == ("lost", at(61))


def test_pressing_leave_is_expected_for_a_minute_then_lost() -> None:
    facts = [joined(0), gone(60, "deliberate")]
    asked = state(facts, 61)
    assert (asked.state, asked.until, asked.ask_since, asked.check_at) == ("left", at(120), at(60), at(120))
    lost = state(facts, 120)
    assert (lost.state, lost.evidence_at, lost.reason) == ("lost", at(60), "left_early")


@pytest.mark.parametrize("tier", HIGH)
def test_pressing_leave_at_high_and_imminent_is_lost_at_once(tier: str) -> None:
    assert state([joined(0), gone(60, "deliberate")], 60, tier=tier).state == "lost"


def test_the_closing_of_the_room_alarms_nobody() -> None:
    fused = state([joined(0), gone(60, "ended")], 3600, tier="imminent")
    assert (fused.state, fused.check_at) == ("dismissed", None)


def test_leaving_before_the_group_opens_is_not_a_drop() -> None:
    facts = [joined(-300), gone(-200)]
    assert state(facts, 1).state == "not_here_yet"
    assert state(facts, -1, group_opened_at=None, group_state="scheduled").state == "not_here_yet"


def test_an_attempt_that_never_connected_proves_no_presence_but_a_leave_does() -> None:
    aborted = says("platform", "aborted", 60, connection="c1", cause="unknown")
    assert state([aborted], 61).state == "not_here_yet"
    assert state([gone(60)], 61).state == "lost"
    assert state([joined(0), aborted], 61).state == "lost"
    assert state([joined(0), joined(5, "c2"), aborted], 61).state == "present"


def test_a_clock_that_runs_ahead_cannot_outrank_what_is_said_after_it() -> None:
    assert state([joined(0), staff("seen", 500, received=50), gone(60)], 61).state == "lost"


# The page


@pytest.mark.parametrize(("tier", "grace"), [*((t, 12) for t in CALM), *((t, 9) for t in HIGH)])
def test_a_page_in_full_view_is_lost_past_its_grace(tier: str, grace: int) -> None:
    here = state([], 100 + grace - 0.1, beats=page(100), tier=tier)
    assert (here.state, here.check_at) == ("present", at(100 + grace))
    lost = state([], 100 + grace, beats=page(100), tier=tier)
    assert (lost.state, lost.reason, lost.evidence_at) == ("lost", "page_silent", at(100))


def test_silence_while_nobody_could_hear_is_ours() -> None:
    deaf = [(at(101), at(161)), (at(150), at(171))]
    assert state([], 181.9, beats=page(100), deaf=deaf).state == "present"
    assert state([], 182, beats=page(100), deaf=deaf).state == "lost"


def test_while_nobody_hears_nobody_is_lost() -> None:
    assert state([], 3600, beats=page(100), hearing_until=at(101)).state == "present"
    assert state([], 3600, beats=page(100), hearing_until=None).state == "present"
    assert state([], 113, beats=page(100), hearing_until=at(111.5)).state == "lost"


def test_a_hidden_page_of_somebody_in_the_room_is_present() -> None:
    assert (
        state([joined(0)], 3600, beats=page(100, visible=False, changed=100), tier="imminent").state
        == "present"
    )
    assert state([joined(0)], 3600, beats=page(100, bye=101)).state == "present"


def test_without_a_platform_a_hidden_page_is_a_question_then_lost() -> None:
    beats = page(100, visible=False, changed=100)
    asked = state([], 112, beats=beats)
    assert (asked.state, asked.ask_since, asked.until, asked.check_at) == ("quiet", at(112), at(202), at(202))
    lost = state([], 202, beats=beats)
    assert (lost.state, lost.reason, lost.evidence_at) == ("lost", "unanswered", at(100))
    assert state([], 154, beats=beats, tier="high").state == "lost"


def test_a_hidden_page_that_still_speaks_once_a_minute_is_present_below_high() -> None:
    beats = page(160, visible=False, changed=100)
    assert state([], 230, beats=beats).state == "present"
    assert state([], 235, beats=beats).state == "quiet"
    assert state([], 170, beats=beats, tier="high").state == "quiet"


def test_a_goodbye_is_a_question_and_never_a_planned_leave() -> None:
    beats = page(100, bye=101)
    assert state([], 112, beats=beats).state == "present"
    assert state([], 113, beats=beats).state == "quiet"
    assert state([], 300, beats=beats).state == "lost"
    assert state([], 120, beats=page(110, bye=101)).state == "present"
    assert state([says("page", "goodbye", 101)], 113, beats=page(100)).state == "quiet"


def test_a_press_on_a_page_without_script_is_evidence_but_its_silence_only_a_question() -> None:
    assert state([says("page", "opened", 60)], 65).state == "present"
    assert state([says("page", "opened", 60)], 73).state == "quiet"
    assert state([says("page", "opened", 60), says("page", "closed", 61)], 73).state == "quiet"
    assert state([says("page", "visible", 60)], 73).state == "lost"
    assert state([says("page", "hidden", 60)], 73).state == "quiet"
    assert state([says("page", "opened", 60)], 105, beats=page(100)).state == "present"


def test_a_page_in_full_view_that_contradicts_the_platform_is_a_question() -> None:
    beats = page(100)
    assert state([joined(0)], 111, beats=beats).check_at == at(112)
    asked = state([joined(0)], 112, beats=beats)
    assert (asked.state, asked.ask_since) == ("quiet", at(112))
    assert state([joined(0), staff("seen", 120)], 130, beats=beats).state == "present"
    assert state([joined(0), staff("seen", 90)], 130, beats=beats).state == "quiet"
    assert state([joined(105)], 3600, beats=beats).state == "present"


def test_a_drop_that_the_platform_notices_late_starts_at_the_last_beat() -> None:
    facts = [joined(0), gone(120)]
    assert state(facts, 120, beats=page(100)).evidence_at == at(100)
    assert state(facts, 120, beats=page(30)).evidence_at == at(120)
    assert state(facts, 130, beats=page(128)).evidence_at == at(120)
    assert state([*facts, staff("seen", 110)], 120, beats=page(100)).evidence_at == at(110)


def test_a_page_open_before_the_group_is_not_missed_when_it_closes() -> None:
    assert state([], 20, beats=page(-60)).state == "not_here_yet"
    assert state([], 20, beats=page(-5)).state == "lost"
    scheduled = {"group_opened_at": None, "group_state": "scheduled"}
    assert state([], -50, beats=page(-55), **scheduled).state == "present"
    assert state([], -30, beats=page(-55), **scheduled).state == "not_here_yet"


def test_words_that_had_run_out_when_the_group_opened_mean_nothing() -> None:
    for fact in (staff("seen", -1000), client("away", -600, until=-300), staff("leaving", -900, until=-10)):
        assert state([fact], 100).state == "not_here_yet"
    assert state([staff("seen", -300)], 100).state == "present"
    assert state([client("away", -600, until=300)], 100).state == "away"


# A person's eyes


@pytest.mark.parametrize(("tap", "reason"), [("lost", "staff_lost"), ("not_responding", "not_responding")])
def test_only_a_live_check_clears_what_a_person_said(tap: str, reason: str) -> None:
    facts = [joined(0), staff(tap, 100)]
    for more in (
        [],
        [joined(110, "c2")],
        [gone(105), joined(110)],
        [client("back", 110), client("away", 111, until=400)],
        [staff("back", 110)],
        [staff("dismissed", 110)],
        [staff("excused", 110)],
        [staff("private_room", 110)],
        [says("phone", "answered", 110)],
    ):
        fused = state([*facts, *more], 200, beats=page(199))
        assert (fused.state, fused.reason, fused.check_at) == (tap, reason, None)
    assert state([*facts, staff("seen", 110)], 200).state == "present"
    assert state([*facts, staff("recognised", 110)], 200).state == "verified"
    assert state([*facts, staff("seen", 100)], 200).state == tap


def test_staff_who_spoke_with_them_after_the_tap_reached_them_for_a_while() -> None:
    facts = [joined(0), staff("not_responding", 100), staff("reached", 150)]
    assert state(facts, 200).state == "reached"
    assert state(facts, 150 + 900).state == "not_responding"


def test_zero_of_a_tap_is_the_tap_or_the_drop_that_machines_saw_before() -> None:
    assert state([joined(0), staff("lost", 100)], 200).evidence_at == at(100)
    assert state([joined(0), gone(90), staff("lost", 100)], 200).evidence_at == at(90)
    assert state([joined(0), gone(110), staff("lost", 100)], 200).evidence_at == at(100)


def test_i_see_them_stands_a_quarter_of_an_hour_then_is_asked_again() -> None:
    facts = [staff("seen", 60)]
    seen = state(facts, 959)
    assert (seen.state, seen.check_at) == ("present", at(960))
    asked = state(facts, 960)
    assert (asked.state, asked.ask_since, asked.check_at) == ("quiet", at(960), at(1050))
    lost = state(facts, 1050)
    assert (lost.state, lost.evidence_at) == ("lost", at(960))
    assert state([*facts, staff("seen", 900)], 1050).state == "present"


def test_i_see_them_answers_a_hidden_page_and_a_drop_reported_before_it() -> None:
    hidden = page(130, visible=False, changed=120)
    assert state([staff("seen", 100)], 900, beats=hidden).state == "present"
    assert state([staff("seen", 100)], 1001, beats=hidden).state == "quiet"
    assert state([joined(0), gone(60), staff("seen", 100)], 900).state == "present"
    assert state([joined(0), gone(60), staff("seen", 100)], 1000).state == "quiet"
    assert state([joined(0), gone(60, "ended"), staff("seen", 100)], 900).state == "present"


def test_what_machines_report_after_a_persons_eyes_is_news() -> None:
    assert state([joined(0), staff("seen", 50), gone(60)], 61).state == "lost"
    assert state([joined(0), gone(60), staff("seen", 60)], 61).state == "lost"
    assert state([staff("seen", 50)], 80, beats=page(60)).state == "lost"
    assert state([joined(0), staff("recognised", 50), gone(60)], 61).state == "lost"


def test_a_hidden_page_that_falls_silent_late_is_asked_about_from_its_silence() -> None:
    asked = state([staff("seen", 0)], 912, beats=page(899, visible=False, changed=880))
    assert (asked.state, asked.ask_since, asked.evidence_at) == ("quiet", at(911), at(900))


def test_verified_stays_until_newer_evidence() -> None:
    facts = [joined(0), gone(60), staff("recognised", 300)]
    verified = state(facts, 10_000)
    assert (verified.state, verified.check_at) == ("verified", None)
    assert state([*facts, joined(400, "c2")], 500).state == "verified"
    assert state([*facts, joined(400, "c2")], 1201).state == "present"
    assert state(facts, 1300, beats=page(1250, visible=False, changed=1240)).state == "quiet"


@pytest.mark.parametrize("cause", ["deliberate", "lost", "unknown", "removed", "ended", "moved"])
def test_the_leave_that_follows_the_opening_of_a_private_room_is_the_move(cause: str) -> None:
    facts = [joined(0), staff("moving", 100, until=220), gone(105, cause)]
    assert state(facts, 134, tier="high").state == "present"
    asked = state(facts, 136, tier="high")
    assert (asked.state, asked.since, asked.ask_since) == ("quiet", at(135), at(135))
    assert state(facts, 180, tier="high").state == "lost"
    assert state([*facts, joined(108, "two")], 300, tier="high").state == "present"
    inside = [*facts, staff("private_room", 140)]
    assert state(inside, 900, tier="high").state == "private_room"


def test_in_the_private_room_a_leave_is_a_leave_again() -> None:
    moved = [joined(0), staff("moving", 100, until=220), gone(105, "deliberate"), joined(108, "two")]
    inside = [*moved, staff("private_room", 120)]
    assert state([*inside, gone(126, "lost", "two")], 127, tier="high").state == "lost"
    assert state([*inside, gone(126, "deliberate", "two")], 127, tier="high").state == "lost"
    # Led back again: the next leave is a move once more.
    back = [*inside, staff("moving", 300, until=420), staff("seen", 300), gone(305, "lost", "two")]
    assert state(back, 320, tier="high").state == "present"
    assert state([*back, joined(309, "three")], 500, tier="high").state == "present"
    assert state(back, 336, tier="high").state == "quiet"


def test_in_a_private_room_a_drop_alarms_and_a_hidden_page_does_not() -> None:
    facts = [joined(0), staff("private_room", 100)]
    room = state(facts, 200)
    assert (room.state, room.until, room.check_at) == ("private_room", at(1000), at(1000))
    assert state([joined(0), staff("private_room", 100, until=160)], 161).state == "present"
    assert state([*facts, gone(110, "deliberate")], 169).state == "left"
    assert state(facts, 900, beats=page(800, visible=False, changed=790)).state == "private_room"
    assert state([*facts, gone(110, "lost")], 111).state == "lost"
    assert state([*facts], 105, beats=page(104)).check_at == at(116)


# What was told


@pytest.mark.parametrize("who", [client, staff])
def test_back_in_five_covers_every_silence_and_past_it_is_lost(who: object) -> None:
    facts = [joined(0), who("away", 100, until=400), gone(130)]  # type: ignore[operator]
    away = state(facts, 399, tier="imminent", beats=page(130))
    assert (away.state, away.until, away.check_at) == ("away", at(400), at(400))
    lost = state(facts, 400)
    assert (lost.state, lost.reason, lost.evidence_at) == ("lost", "past_time", at(400))


def test_having_been_connected_all_along_is_not_coming_back_but_a_return_is() -> None:
    facts = [joined(0), client("away", 100)]
    assert state(facts, 399).state == "away"
    assert state(facts, 400, beats=page(399)).state == "lost"
    assert state([*facts, client("back", 390)], 400).state == "present"
    assert state([*facts, staff("seen", 390)], 400).state == "present"
    assert state([*facts, joined(390, "c2")], 395).state == "present"
    assert state([*facts, joined(390, "c2"), gone(391, connection="c2"), gone(120)], 395).state == "lost"
    assert state([client("away", 100)], 405, beats=page(399, changed=380)).state == "present"
    assert state([client("away", 100)], 395, beats=page(390, visible=False, changed=380)).state == "away"


def test_past_a_moment_in_the_room_a_person_is_asked_and_otherwise_they_are_lost() -> None:
    facts = [joined(0), client("moment", 100)]
    assert state(facts, 399).state == "away"
    asked = state(facts, 400)
    assert (asked.state, asked.ask_since) == ("quiet", at(400))
    assert state(facts, 490).state == "lost"
    assert state([client("moment", 100)], 400, beats=page(110, visible=False, changed=105)).state == "lost"


@pytest.mark.parametrize("who", [client, staff])
def test_a_told_leave_is_planned_near_its_time(who: object) -> None:
    facts = [joined(0), who("leaving", 100, until=1000)]  # type: ignore[operator]
    leaving = state(facts, 999)
    assert (leaving.state, leaving.until, leaving.check_at) == ("leaving", at(1000), at(1000))
    assert state([*facts, gone(701, "deliberate")], 702, tier="imminent").state == "left_planned"
    assert state([*facts, gone(1001, "lost")], 5000).state == "left_planned"
    assert state(facts, 1200).state == "present"


def test_another_leave_is_not_the_planned_one() -> None:
    facts = [joined(0), client("leaving", 100, until=1000)]
    assert state([*facts, gone(300, "deliberate")], 301).state == "left"
    assert state([*facts, gone(950, "lost")], 951).state == "lost"
    assert state([*facts, gone(2000, "lost")], 2001).state == "lost"
    assert state([*facts, client("back", 900), gone(1001, "lost")], 1002).state == "lost"
    assert state([*facts, staff("seen", 1003), gone(1001, "lost")], 1002.0).state == "present"
    assert state([*facts, gone(1001), joined(1100), gone(1200)], 1201).state == "lost"
    assert state([joined(0), client("leaving", 100), gone(300, "deliberate")], 301).state == "left"


def test_a_goodbye_near_the_told_time_is_the_told_leave() -> None:
    facts = [client("leaving", 100, until=1000)]
    assert state(facts, 1100, beats=page(990, bye=991)).state == "left_planned"
    assert state(facts, 1100, beats=page(1001)).state == "left_planned"
    assert state(facts, 1100, beats=page(990)).state == "lost"


def test_by_taps_alone_a_told_leave_is_asked_about_at_its_time() -> None:
    facts = [staff("leaving", 700, until=1000)]
    assert state(facts, 999).state == "leaving"
    asked = state(facts, 1000)
    assert (asked.state, asked.ask_since) == ("quiet", at(1000))
    assert state(facts, 1090).state == "lost"
    assert state([*facts, staff("seen", 1010)], 1090).state == "present"
    assert state([*facts, staff("dismissed", 1010)], 5000).state == "dismissed"


def test_dismissed_stays_dismissed_until_they_join_again() -> None:
    facts = [joined(0), staff("dismissed", 100)]
    assert state(facts, 200, beats=page(199)).state == "dismissed"
    assert state([*facts, gone(110)], 10_000, tier="imminent").state == "dismissed"
    assert state([*facts, gone(110), joined(120)], 130).state == "present"


def test_excused_stays_excused_until_they_come() -> None:
    facts = [staff("excused", 100)]
    excused = state(facts, 10_000, tier="high")
    assert (excused.state, excused.check_at, excused.ask_since) == ("excused", None, None)
    assert state([*facts, joined(200)], 300).state == "present"
    assert state([*facts, joined(200), gone(250)], 300).state == "lost"
    assert state(facts, -5, group_opened_at=None, group_state="scheduled").state == "excused"


# Not here yet, and the end


@pytest.mark.parametrize("opened", [0, 120])
def test_ten_minutes_after_the_group_began_an_absence_is_asked_about(opened: int) -> None:
    early = state([], opened + 599, group_opened_at=at(opened))
    assert (early.state, early.ask_since, early.check_at) == ("not_here_yet", None, at(opened + 600))
    late = state([], opened + 600, group_opened_at=at(opened))
    assert (late.state, late.ask_since, late.reason) == ("not_here_yet", at(opened + 600), "not_here")


def test_after_the_end_nothing_alarms() -> None:
    closed = {"group_state": "closed"}
    assert state([joined(0), gone(60)], 5000, **closed).state == "dismissed"
    assert state([joined(0)], 5000, **closed).state == "present"
    assert state([], 5000, **closed).state == "dismissed"
    assert state([joined(0), gone(60), staff("recognised", 70)], 5000, **closed).state == "verified"
    assert state([staff("excused", 70)], 5000, **closed).state == "excused"
    assert state([joined(0), staff("seen", 70)], 5000, **closed).state == "present"
    assert state([joined(0), staff("not_responding", 70)], 5000, **closed).state == "not_responding"


def test_a_paused_group_watches_like_an_open_one() -> None:
    assert state([], 20, beats=page(0), group_state="paused").state == "lost"


def test_an_answered_phone_is_nobodys_presence() -> None:
    assert state([says("phone", "answered", 10)], 20).state == "not_here_yet"


def test_nothing_known_before_the_group() -> None:
    fused = state([], -600, beats=Beats(), group_opened_at=None, group_state="scheduled")
    assert (fused.state, fused.since, fused.check_at) == ("not_here_yet", EIGHT, None)
