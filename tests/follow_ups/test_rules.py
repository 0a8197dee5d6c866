"""When calls are owed, what is proposed, when one was missed, and who may be called in quiet times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.consent import Blocked, May, Tier
from app.follow_ups import rules

NOW = datetime(2027, 3, 1, 20, 5, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
SIGNED = May(("release",), "What was signed.")
GUARDIAN = May(("personal_representative", "family_involvement", "serious_threat"), "The least.")
THREAT = May(("family_involvement", "serious_threat"), "The least.")


def blocked(code: str) -> Blocked:
    return Blocked(code, "Not called.", "Keep trying.")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tier", "outcome", "lost_only", "owed"),
    [
        ("high", "stabilized", False, True),
        ("imminent", "ed_voluntary", True, True),
        ("high", "rejoined", False, True),
        ("high", "rejoined", True, False),
        ("high", "false_alarm", False, False),
        ("moderate", "stabilized", False, False),
    ],
)
def test_a_caregiver_is_called_after_what_was_severe(
    tier: str, outcome: str, lost_only: bool, owed: bool
) -> None:
    assert rules.owes_call(tier, outcome, lost_only=lost_only) is owed


def test_a_call_has_a_window_and_a_check_in_a_time() -> None:
    opens, due = NOW + rules.OPENS, NOW + rules.CLOSES
    at = [opens - timedelta(1), opens, due, due + timedelta(seconds=1)]
    assert [rules.when("caregiver_call", opens, due, one) for one in at] == ["early", "open", "open", "late"]
    assert [rules.when("check_in", NOW, NOW, NOW + timedelta(hours=h)) for h in (-1, 0, 1)] == [
        "open",
        "open",
        "late",
    ]
    assert rules.tier_of("high") == "high"
    assert rules.lapses_at("caregiver_call", due, "high") == due
    assert rules.lapses_at("check_in", due, "high") == due + timedelta(hours=1)
    assert [rules.kind_of(one) for one in ("caregiver_call", "check_in")] == ["caregiver_call", "check_in"]


@pytest.mark.parametrize("tier", ["none", "low", "moderate", "high", "imminent"])
def test_what_is_proposed_can_be_planned_and_far_from_help_comes_sooner(tier: Tier) -> None:
    near, far = (rules.proposal(rules.PROPOSED, tier, NOW, ZONE, far=far) for far in (False, True))
    for times in (near, far):
        assert rules.wrong_times(times, NOW) is None, times
        if tier != "imminent":
            assert all(8 <= one.astimezone(ZONE).hour < 21 for one in times)
    assert far[0] < near[0]
    assert all(one.minute % 15 == 0 and one.second == 0 for one in near)


@given(
    st.dictionaries(st.sampled_from(["high", "low"]), st.lists(st.integers(-3, 900)) | st.text()) | st.text()
)
def test_a_programs_own_hours_hold_where_they_are_sound(own: object) -> None:
    found = rules.hours_of({rules.SETTING: own})
    assert set(found) == set(rules.PROPOSED)
    assert all(rules.wrong_hours(list(hours)) is None for hours in found.values())


def test_nobody_is_woken_but_where_life_is_in_danger() -> None:
    late, early = (datetime(2027, 3, 1, hour, tzinfo=ZONE) for hour in (22, 3))
    for moment, morning in ((late, "03-02 08:00"), (early, "03-01 08:00")):
        [first] = rules.proposal({"high": (1,)}, "high", moment, ZONE, far=False)
        assert f"{first.astimezone(ZONE):%m-%d %H:%M}" == morning
        [at_once] = rules.proposal({"imminent": (1,)}, "imminent", moment, ZONE, far=False)
        assert at_once - moment == timedelta(hours=1)


def test_hours_that_cannot_be_say_why() -> None:
    assert rules.wrong_hours([]) == "Between one and 12 check-ins."
    assert rules.wrong_hours([0]) == rules.wrong_hours([True]) == "Whole hours between 1 and 744."
    assert rules.wrong_hours([24, 12]) == "Each later than the one before."
    assert rules.hours_of({rules.SETTING: {"high": [1, 5]}})["high"] == (1, 5)


def test_a_schedule_that_cannot_be_kept_says_why() -> None:
    hour = timedelta(hours=1)
    assert "one and 12" in str(rules.wrong_times([], NOW))
    assert "past" in str(rules.wrong_times([NOW], NOW))
    assert "month" in str(rules.wrong_times([NOW + 40 * 24 * hour], NOW))
    assert "half an hour" in str(rules.wrong_times([NOW + hour, NOW + 1.1 * hour], NOW))
    assert rules.wrong_times([NOW + hour, NOW + 2 * hour], NOW) is None


@pytest.mark.row("F9")
def test_a_planned_call_rests_on_paper_and_never_on_a_threat() -> None:
    assert rules.planned(THREAT, SIGNED, guardian=False) == ("coaching", SIGNED)
    # To be rung when a client cannot be reached is another permission.
    assert rules.planned(SIGNED, blocked("no_release"), guardian=False)[1] != SIGNED
    act, verdict = rules.planned(GUARDIAN, blocked("no_release"), guardian=True)
    assert (act, verdict.bases) == ("call", ("personal_representative",))  # type: ignore[union-attr]
    # What a young person's family agreed on is not gone around by another paper (R16).
    assert rules.planned(blocked("family_agreement"), SIGNED, guardian=True)[1] == blocked("family_agreement")
    assert rules.planned(THREAT, blocked("no_release"), guardian=True) == ("call", rules.NO_PAPER)


@pytest.mark.parametrize("code", ["no_release", "part2", "release_not_valid", "tier_too_low"])
def test_without_paper_the_next_step_is_to_listen_and_to_ask_the_client(code: str) -> None:
    _, verdict = rules.planned(SIGNED, blocked(code), guardian=False)
    assert isinstance(verdict, Blocked)
    assert verdict.sentence == "Not called."
    assert verdict.lawful_instead.startswith("Listen if they ring, and tell nothing.")
    _, never = rules.planned(blocked("do_not_contact"), blocked("do_not_contact"), guardian=False)
    assert never == blocked("do_not_contact")
