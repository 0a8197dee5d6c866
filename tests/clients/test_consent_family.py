"""What a family agreed on, laid over what the law allows: it narrows, and opens one door (R16)."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.clients.consent import Act, Blocked, Care, Contact, Known, May, Terms, Tier, may_disclose, refusal
from app.clients.consent_values import CALM
from app.clients.family import Agreed, Told
from tests.clients.test_consent import DAY, RELEASE, TIERS, TODAY

MOTHER = Contact(UUID(int=1), "Ida Stone", number_key=b"ida", guardian=True, authority_verified=True)
AUNT = Contact(UUID(int=2), "Rosa Stone", number_key=b"rosa")
TEEN = Care(minor=True)
SIGNED = replace(RELEASE, contact_id=MOTHER.id, signed_by="client_and_guardian")
WORDS = {
    "low": "That we lost touch",
    "moderate": "That we lost touch, and that we are in contact",
    "high": "The danger",
}


def agreed(*may_call: UUID, **told: Told) -> Agreed:
    tiers: dict[str, Told] = {"low": "not_told", "moderate": "young_person_first", "high": "at_once"}
    return Agreed({**tiers, "imminent": "at_once", **told}, frozenset(may_call), "agreed", WORDS)


def asked(
    contact: Contact,
    tier: Tier,
    agreement: Agreed | None,
    *papers: Terms,
    care: Care = TEEN,
    danger: bool = False,
) -> May | Blocked:
    return may_disclose("call", contact, Known(care, papers, danger=danger, agreed=agreement), tier, TODAY)


@pytest.mark.parametrize("tier", ["none", "low"])
def test_a_guardian_whom_the_family_does_not_tell_is_not_called_even_with_a_release(tier: Tier) -> None:
    verdict = asked(MOTHER, tier, agreed(MOTHER.id), SIGNED)
    assert isinstance(verdict, Blocked)
    assert verdict.code == "family_agreement"
    assert "not told at this tier" in verdict.sentence
    assert "choose the tier" in verdict.lawful_instead
    assert isinstance(asked(MOTHER, tier, None, SIGNED), May), "only the agreement stands in the way"


def test_what_was_agreed_for_a_calm_tier_is_told_to_a_guardian_with_verified_authority() -> None:
    verdict = asked(MOTHER, "moderate", agreed(MOTHER.id))
    assert isinstance(verdict, May)
    assert verdict.bases == ("personal_representative",)
    assert verdict.ticks == ("young_person_told_first",)
    assert "That we lost touch, and that we are in contact" in verdict.what_may_be_said
    assert "gave me your number" not in verdict.script
    assert "has been told" in (refusal(verdict, "personal_representative", "", ()) or "")
    assert isinstance(asked(MOTHER, "moderate", None), Blocked), "without the agreement a release is needed"


@pytest.mark.parametrize(
    ("guardian", "care"),
    [
        (replace(MOTHER, authority_verified=False), TEEN),
        (replace(MOTHER, told_in_crisis=False), TEEN),
        (replace(MOTHER, known_objection=True), TEEN),
        (MOTHER, Care(minor=True, own_consent=True)),
        (MOTHER, Care(minor=True, part2=True)),
    ],
)
def test_an_agreement_makes_nobody_a_guardian_who_is_none(guardian: Contact, care: Care) -> None:
    assert isinstance(asked(guardian, "moderate", agreed(MOTHER.id), care=care), Blocked)


def test_a_guardian_whom_the_family_did_not_name_is_not_called_at_a_calm_tier_without_a_release() -> None:
    assert isinstance(asked(MOTHER, "moderate", agreed(AUNT.id)), Blocked)
    verdict = asked(MOTHER, "moderate", agreed(AUNT.id), SIGNED)
    assert isinstance(verdict, May)
    assert "did not name" in verdict.cautions[0]


@pytest.mark.parametrize("tier", ["high", "imminent"])
def test_in_danger_only_the_threat_is_left_where_the_family_agreed_not_to_tell(tier: Tier) -> None:
    silent = agreed(MOTHER.id, high="not_told", imminent="not_told")
    for papers in ((), (SIGNED,)):
        verdict = asked(MOTHER, tier, silent, *papers)
        assert isinstance(verdict, May)
        assert verdict.bases == ("serious_threat",)
        assert "not told at this tier" in verdict.cautions[0]
        assert refusal(verdict, "serious_threat", "", {"able_to_lessen_it"}) is not None, (
            "grounds are written"
        )


def test_a_substance_use_record_has_no_threat_to_fall_back_on() -> None:
    paper = replace(SIGNED, form="part2_specific", part2=True)
    care = Care(minor=True, part2=True)
    assert isinstance(asked(MOTHER, "high", agreed(MOTHER.id), paper, care=care), May)
    verdict = asked(MOTHER, "high", agreed(MOTHER.id, high="not_told"), paper, care=care)
    assert isinstance(verdict, Blocked)
    assert verdict.code == "family_agreement"
    assert "local responders" in verdict.lawful_instead


def test_the_young_person_comes_first_where_it_was_agreed_and_at_every_calm_tier() -> None:
    verdict = asked(MOTHER, "high", agreed(MOTHER.id, high="young_person_first"))
    assert isinstance(verdict, May)
    assert "young_person_told_first" in verdict.ticks
    at_once = asked(MOTHER, "moderate", agreed(MOTHER.id, moderate="at_once"), SIGNED)
    assert isinstance(at_once, May)
    assert at_once.ticks == ("young_person_told_first",)


def test_somebody_else_is_family_only_if_the_family_named_them() -> None:
    named = asked(AUNT, "high", agreed(AUNT.id))
    assert isinstance(named, May)
    assert "family_involvement" in named.bases
    other = asked(AUNT, "high", agreed(MOTHER.id))
    assert isinstance(other, May)
    assert other.bases == ("serious_threat",)
    with_paper = asked(AUNT, "low", agreed(MOTHER.id), replace(SIGNED, contact_id=AUNT.id))
    assert isinstance(with_paper, May)
    assert with_paper.bases == ("release",)
    assert "did not name" in with_paper.cautions[0]


@pytest.mark.parametrize("tier", TIERS)
def test_what_both_have_not_read_binds_nobody_and_of_age_it_is_over(tier: Tier) -> None:
    unread = replace(agreed(MOTHER.id), standing="not_read_by_both")
    assert asked(MOTHER, tier, unread, SIGNED) == asked(MOTHER, tier, None, SIGNED)
    grown = Care(minor=False)
    assert asked(MOTHER, tier, agreed(MOTHER.id), SIGNED, care=grown) == asked(
        MOTHER, tier, None, SIGNED, care=grown
    )


def test_past_its_review_it_still_binds_and_says_so() -> None:
    old = replace(agreed(MOTHER.id), standing="review_due")
    assert isinstance(asked(MOTHER, "low", old, SIGNED), Blocked)
    verdict = asked(MOTHER, "high", old, SIGNED)
    assert isinstance(verdict, May)
    assert any("past its review" in caution for caution in verdict.cautions)


def test_home_may_be_where_the_danger_is_whatever_was_agreed() -> None:
    at_home = replace(MOTHER, lives_with_client=True)
    verdict = asked(at_home, "moderate", agreed(MOTHER.id), care=Care(minor=True, unsafe_home=True))
    assert isinstance(verdict, Blocked)
    assert verdict.code == "lives_where_the_danger_is"
    opened = asked(MOTHER, "moderate", agreed(MOTHER.id), danger=True)
    assert isinstance(opened, May)
    assert opened.ticks == ("not_part_of_the_danger", "young_person_told_first")


@pytest.mark.parametrize(("act", "part"), [("plan_copy", "safety_plan"), ("code_words", "code_words")])
def test_what_is_hidden_from_guardians_is_not_shared_with_one_whatever_was_signed(
    act: Act, part: str
) -> None:
    paper = replace(SIGNED, covers=frozenset({"share_plan", "code_words"}), starts_on=TODAY - DAY)
    open_to = Known(TEEN, (paper,))
    assert isinstance(may_disclose(act, MOTHER, open_to, "low", TODAY), May)
    kept = replace(open_to, hidden=frozenset({part}))
    verdict = may_disclose(act, MOTHER, kept, "low", TODAY)
    assert isinstance(verdict, Blocked)
    assert verdict.code == "hidden_from_guardian"
    assert "Ask the young person" in verdict.lawful_instead
    for_aunt = replace(kept, releases=(replace(paper, contact_id=AUNT.id),))
    assert isinstance(may_disclose(act, AUNT, for_aunt, "low", TODAY), May), "only guardians are kept out"


def test_a_copy_of_the_record_is_a_right_that_no_release_for_a_plan_gives() -> None:
    paper = replace(SIGNED, covers=frozenset({"share_plan"}))
    assert may_disclose("record_copy", MOTHER, Known(TEEN, (paper,)), "low", TODAY) == May(
        ("personal_representative",), "The parts that are not marked hidden from guardians.",
        ticks=("young_person_told_first",),
    )  # fmt: skip
    none = may_disclose(
        "record_copy", replace(MOTHER, gets_records=False), Known(TEEN, (paper,)), "low", TODAY
    )
    assert isinstance(none, Blocked)
    assert "no right to copies" in none.sentence
    assert isinstance(
        may_disclose("record_copy", AUNT, Known(TEEN, (replace(paper, contact_id=AUNT.id),)), "low", TODAY),
        Blocked,
    )


@pytest.mark.parametrize("tier", TIERS)
def test_every_block_of_an_agreement_names_what_is_lawful(tier: Tier) -> None:
    verdict = asked(MOTHER, tier, agreed(MOTHER.id, moderate="not_told", high="not_told"), SIGNED)
    if isinstance(verdict, Blocked):
        assert tier in CALM
        assert "supervisor" in verdict.lawful_instead


def test_what_blocks_without_the_agreement_still_blocks_where_the_family_does_not_tell() -> None:
    at_home = replace(MOTHER, lives_with_client=True)
    verdict = asked(at_home, "high", agreed(MOTHER.id, high="not_told"), danger=True)
    assert isinstance(verdict, Blocked)
    assert verdict.code == "lives_where_the_danger_is"


def test_what_the_law_blocks_stays_blocked_whatever_the_family_agreed_on() -> None:
    assert isinstance(asked(AUNT, "low", agreed(AUNT.id)), Blocked)
    care = Care(minor=True, part2=True)
    law = asked(MOTHER, "high", None, care=care)
    assert isinstance(law, Blocked)
    assert law.code == "part2"
    assert asked(MOTHER, "high", agreed(MOTHER.id, high="not_told"), care=care) == law
