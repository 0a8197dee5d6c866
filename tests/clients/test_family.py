"""What the family agreement says to whoever is about to ring."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.clients.family import Agreed, Standing, Told, about, standing, unknown

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
MOTHER = UUID(int=1)
AUNT = UUID(int=2)
NEIGHBOUR = UUID(int=3)
TOLD: dict[str, Told] = {"low": "not_told", "moderate": "young_person_first", "high": "at_once"}


def agreed(standing: Standing = "agreed", *may_call: UUID) -> Agreed:
    return Agreed(TOLD, frozenset(may_call), standing)


@pytest.mark.parametrize(
    ("young_person_read", "guardians_read", "review_due", "stands"),
    [
        (True, 1, TODAY + DAY, "agreed"),
        (True, 2, TODAY, "agreed"),
        (True, 1, TODAY - DAY, "review_due"),
        (False, 1, TODAY + DAY, "not_read_by_both"),
        (True, 0, TODAY + DAY, "not_read_by_both"),
        (False, 0, TODAY - DAY, "not_read_by_both"),
    ],
)
def test_an_agreement_stands_once_both_sides_read_it_and_until_the_day_of_its_review(
    young_person_read: bool, guardians_read: int, review_due: date, stands: Standing
) -> None:
    assert standing(young_person_read, guardians_read, review_due, TODAY) == stands


@pytest.mark.parametrize(
    ("tier", "said"),
    [
        ("low", "Ida is not told at this tier."),
        ("moderate", "Tell the young person first, then Ida."),
        ("high", "Ida is told at once."),
    ],
)
def test_a_guardian_is_told_what_was_agreed_for_the_tier(tier: str, said: str) -> None:
    whole = about(agreed("agreed", MOTHER), MOTHER, "Ida", True, tier)
    assert whole == f"{said} The family agreed that Ida may be called."


def test_of_a_tier_that_the_family_did_not_speak_about_nothing_is_said() -> None:
    said = about(agreed("agreed", MOTHER), MOTHER, "Ida", True, "imminent")
    assert said == "The family agreed that Ida may be called."


def test_a_guardian_whom_the_family_did_not_name_is_shown_as_not_named() -> None:
    said = about(agreed("agreed", AUNT), MOTHER, "Ida", True, "high")
    assert said == "Ida is told at once. The family did not name Ida among those to call."


def test_somebody_else_whom_the_family_named_may_be_called_and_no_tier_is_told_to_them() -> None:
    said = about(agreed("agreed", AUNT), AUNT, "Rosa", False, "high")
    assert said == "The family agreed that Rosa may be called."


def test_an_agreement_past_its_review_is_shown_with_that_said() -> None:
    said = about(agreed("review_due", AUNT), AUNT, "Rosa", False, "high")
    assert said == "The family agreed that Rosa may be called. The agreement is past its review."


def test_an_agreement_that_one_side_has_not_read_says_only_that() -> None:
    said = about(agreed("not_read_by_both", MOTHER), MOTHER, "Ida", True, "high")
    assert said == "The family agreement has not been read by both yet."


@pytest.mark.parametrize("agreement", [None, agreed("agreed", AUNT), agreed("not_read_by_both", AUNT)])
def test_about_somebody_whom_no_agreement_concerns_nothing_is_said(agreement: Agreed | None) -> None:
    assert about(agreement, NEIGHBOUR, "Sam", False, "high") is None


def test_without_an_agreement_nothing_is_said_of_a_guardian_either() -> None:
    assert about(None, MOTHER, "Ida", True, "high") is None


def test_whom_an_agreement_names_without_being_a_contact_is_found() -> None:
    assert unknown([NEIGHBOUR, AUNT, MOTHER, AUNT], [MOTHER]) == [AUNT, NEIGHBOUR]
    assert unknown([MOTHER], [MOTHER, AUNT]) == []
