"""Responders, hospital, handoff, reports and warnings: on which basis, and what instead when there is none."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.clients.consent import (
    Act,
    Agency,
    Blocked,
    Care,
    Contact,
    Known,
    May,
    Terms,
    Tier,
    Verdict,
    may_disclose,
    refusal,
)
from app.clients.terms import elements_missing, minors_law

TODAY = date(2027, 3, 1)
HOSPITAL = Agency("Invented Hospital")
PAPER = Terms(
    None, TODAY, None, False, True, "client", "What brought them there.", frozenset({"medical", "handoff"}),
    "part2_specific", "Invented  hospital",
)  # fmt: skip
PART2 = Care(part2=True)


def asked(act: Act, tier: Tier, *papers: Terms, care: Care | None = None, to: Agency = HOSPITAL) -> Verdict:
    return may_disclose(act, to, Known(care or Care(), papers), tier, TODAY)


def may(verdict: Verdict) -> May:
    assert isinstance(verdict, May)
    return verdict


def blocked(verdict: Verdict) -> Blocked:
    assert isinstance(verdict, Blocked)
    return verdict


def test_responders_are_told_at_high_and_imminent_and_below_only_with_a_release() -> None:
    assert may(asked("responders", "high")).bases == ("serious_threat",)
    no = blocked(asked("responders", "moderate"))
    assert no.code == "tier_too_low"
    assert "choose the tier" in no.lawful_instead
    paper = replace(
        PAPER, covers=frozenset({"responders"}), recipient="Invented Hospital", scope="The place."
    )
    assert may(asked("responders", "low", paper)).bases == ("release",)
    assert may(asked("responders", "imminent", paper)).bases == ("release", "serious_threat")
    assert refusal(may(asked("responders", "high")), "serious_threat", "Said goodbye.", ()) is None, "no tick"


def test_police_hear_the_place_and_the_danger_and_not_the_program() -> None:
    said = may(asked("responders", "imminent", care=PART2)).what_may_be_said
    assert said.startswith("The place, the danger")
    assert "Not the program's name" in said


def test_a_hospital_is_told_what_treatment_needs() -> None:
    assert may(asked("medical", "none")).bases == ("treatment",)
    assert may(asked("handoff", "low")).bases == ("treatment",)
    assert may(asked("medical", "none", replace(PAPER, form="authorization", part2=False))).bases == (
        "release",
        "treatment",
    )


def test_a_substance_use_record_goes_to_a_hospital_with_its_paper_or_in_a_medical_emergency() -> None:
    assert may(asked("medical", "imminent", care=PART2)).bases == ("part2_medical_emergency",)
    assert blocked(asked("medical", "moderate", care=PART2)).code == "part2"
    assert blocked(asked("handoff", "imminent", care=PART2)).code == "part2"
    with_paper = may(asked("medical", "imminent", PAPER, care=PART2))
    assert with_paper.bases == ("release", "part2_medical_emergency")
    assert with_paper.what_may_be_said == "What brought them there."
    assert may(asked("handoff", "low", PAPER, care=PART2)).bases == ("release",)
    elsewhere = Agency("Another Hospital")
    assert blocked(asked("handoff", "low", PAPER, care=PART2, to=elsewhere)).code == "part2"
    treating = replace(PAPER, form="part2_tpo", recipient="Those who treat me")
    assert may(asked("handoff", "low", treating, care=PART2, to=elsewhere)).bases == ("release",)


def test_a_report_waits_for_no_card_and_a_substance_use_record_lets_reports_about_children_out() -> None:
    without = may(asked("report", "none"))
    assert without.bases == ("law",)
    assert "does not wait" in without.cautions[0]
    with_card = may_disclose(
        "report",
        HOSPITAL,
        Known(Care(), state_cards=frozenset({"mandated_report"})),
        "none",
        TODAY,
    )
    assert may(with_card).ticks == ("state_card_read",)
    assert may(asked("report", "none", care=PART2)).bases == ("law",)
    adult = blocked(asked("report", "imminent", care=PART2, to=replace(HOSPITAL, about="adult")))
    assert "without naming the program" in adult.lawful_instead


@pytest.mark.parametrize(
    ("body", "reviewed_by", "reviewed_on"),
    [
        ({"consents_from_age": 14}, "", TODAY),
        ({"consents_from_age": 14}, "Invented Counsel", None),
        ({"consents_from_age": "14"}, "Invented Counsel", TODAY),
        ({"consents_from_age": True}, "Invented Counsel", TODAY),
        ({"consents_from_age": 0}, "Invented Counsel", TODAY),
        ({"of_age_at": 40}, "Invented Counsel", TODAY),
    ],
)
def test_a_row_that_nobody_reviewed_or_that_makes_no_sense_says_nothing(
    body: dict[str, object], reviewed_by: str, reviewed_on: date | None
) -> None:
    assert minors_law("US-OR", body, reviewed_by, reviewed_on) is None


def test_a_reviewed_row_is_read() -> None:
    law = minors_law("US-OR", {"consents_from_age": 14, "of_age_at": None}, "Invented Counsel", TODAY)
    assert law is not None
    assert (law.of_age, law.alone_from(False), law.alone_from(True)) == (18, 14, None)
    said = {"consents_from_age": 14, "part2_own_consent": "yes", "of_age_at": 19}
    law = minors_law("US-OR", said, "Invented Counsel", TODAY)
    assert law is not None
    assert (law.of_age, law.alone_from(True)) == (19, 14)


def test_the_elements_of_a_part2_release_are_counted_one_by_one() -> None:
    whole: dict[str, object] = {
        "discloser": "the program",
        "scope": "what",
        "recipient": "whom",
        "purpose": "why",
        "right_to_revoke_told": True,
        "ends_event": "discharge",
        "signed_how": "paper",
        "signed_on": TODAY,
        "notice_version": "2024-04",
    }
    assert elements_missing(whole) == []
    for name in whole:
        lacking = {key: value for key, value in whole.items() if key != name}
        assert elements_missing(lacking) == ["ends" if name == "ends_event" else name]
    assert elements_missing(whole | {"signed_how": "voice"}) == ["signed_how"]


def test_a_guardian_who_speaks_for_the_young_person_gets_what_is_not_hidden_from_guardians() -> None:
    mother = Contact(UUID(int=1), "Ida Stone", guardian=True, authority_verified=True)
    minor = Known(Care(minor=True))
    copy = may(may_disclose("plan_copy", mother, minor, "high", TODAY))
    assert copy.bases == ("personal_representative",)
    assert "hidden from guardians" in copy.what_may_be_said
    assert blocked(may_disclose("code_words", mother, minor, "high", TODAY)).code == "no_release"
    for less in ({"gets_records": False}, {"known_objection": True}, {"authority_verified": False}):
        assert blocked(may_disclose("plan_copy", replace(mother, **less), minor, "high", TODAY))  # type: ignore[arg-type]
    for care in (Care(minor=True, own_consent=True), Care(minor=True, part2=True), Care()):
        assert blocked(may_disclose("plan_copy", mother, Known(care), "high", TODAY))


def test_a_warning_says_what_it_lacks_in_its_order() -> None:
    rob = Agency("Rob Testperson")

    def code(tier: Tier, **known: Any) -> str:
        return blocked(may_disclose("warning", rob, Known(**{"client": Care(), **known}), tier, TODAY)).code

    assert code("moderate") == "tier_too_low"
    assert code("imminent", client=PART2) == "part2"
    assert code("imminent") == "needs_supervisor"
    assert code("imminent", supervisor=True) == "no_state_card"
    cards = frozenset({"duty_to_protect"})
    ready = Known(Care(), supervisor=True, state_cards=cards)
    assert may(may_disclose("warning", rob, ready, "imminent", TODAY)).bases == ("duty_to_protect",)
