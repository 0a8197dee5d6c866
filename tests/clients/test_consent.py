"""Whom we may ring about a client. The examples are the rules; test_consent_properties holds for every combination."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.clients.consent import (
    TICKS,
    Barred,
    Blocked,
    Care,
    Contact,
    Known,
    May,
    Terms,
    Tier,
    Verdict,
    holds,
    in_language,
    may_disclose,
    refusal,
)
from app.clients.terms import MinorsLaw, SignedBy

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
IDA = Contact(UUID(int=1), "Ida Stone", number_key=b"ida")
RELEASE = Terms(IDA.id, TODAY - 30 * DAY, TODAY + 30 * DAY, False, False, "client", "That contact was lost.")
ORDINARY = Care()
TIERS: list[Tier] = ["none", "low", "moderate", "high", "imminent"]


def asked(
    contact: Contact = IDA,
    *releases: Terms,
    tier: Tier = "high",
    care: Care = ORDINARY,
    barred: tuple[Barred, ...] = (),
    danger: bool = False,
) -> Verdict:
    known = Known(care, releases, barred, danger)
    return may_disclose("call", contact, known, tier, TODAY)


def blocked(verdict: Verdict) -> Blocked:
    assert isinstance(verdict, Blocked)
    return verdict


def may(verdict: Verdict) -> May:
    assert isinstance(verdict, May)
    return verdict


@pytest.mark.parametrize("tier", TIERS)
def test_a_release_allows_what_it_says_at_every_tier(tier: Tier) -> None:
    verdict = may(asked(IDA, RELEASE, tier=tier))
    assert verdict.bases == ("release",)
    assert verdict.what_may_be_said == "That contact was lost."
    assert "gave me your number" in verdict.script
    assert refusal(verdict, "release", "", ()) is None


@pytest.mark.parametrize("tier", ["none", "low", "moderate"])
def test_low_and_moderate_without_a_release_are_not_called(tier: Tier) -> None:
    verdict = blocked(asked(tier=tier))
    assert verdict.code == "no_release"
    assert "supervisor" in verdict.lawful_instead


@pytest.mark.parametrize("tier", ["high", "imminent"])
def test_high_without_a_release_needs_an_honest_basis(tier: Tier) -> None:
    verdict = may(asked(tier=tier))
    assert verdict.bases == ("family_involvement", "serious_threat")
    assert verdict.basis == "family_involvement"
    assert "I'm concerned for" in verdict.script
    assert "gave me your number" not in verdict.script, "nobody may claim that the client asked"
    assert refusal(verdict, "family_involvement", "", ()) is None
    assert "able to lessen" in (refusal(verdict, "serious_threat", "said goodbye", ()) or "")
    assert "Write down" in (refusal(verdict, "serious_threat", "  ", {"able_to_lessen_it"}) or "")
    assert refusal(verdict, "serious_threat", "said goodbye", {"able_to_lessen_it"}) is None
    assert "does not hold" in (refusal(verdict, "release", "", ()) or "")
    # R18: what is still to be confirmed or written down makes a basis no less one; what is not offered is none.
    assert (holds(verdict, "serious_threat"), holds(verdict, "release")) == (True, False)


def test_a_known_objection_leaves_only_the_serious_threat() -> None:
    assert may(asked(replace(IDA, known_objection=True))).bases == ("serious_threat",)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (replace(RELEASE, revoked=True), "revoked"),
        (replace(RELEASE, ends_on=TODAY - DAY), "expired"),
        (replace(RELEASE, starts_on=TODAY + DAY), "not started"),
        (replace(RELEASE, ended=True), "has happened"),
        (replace(RELEASE, signed_by="guardian"), "of age"),
    ],
)
def test_a_release_that_does_not_hold_is_named(terms: Terms, why: str) -> None:
    verdict = blocked(asked(IDA, terms, tier="low"))
    assert verdict.code == "release_not_valid"
    assert why in verdict.sentence


@pytest.mark.parametrize(
    "terms",
    [replace(RELEASE, starts_on=TODAY), replace(RELEASE, ends_on=TODAY), replace(RELEASE, ends_on=None)],
)
def test_the_first_and_the_last_day_count(terms: Terms) -> None:
    assert may(asked(IDA, terms, tier="low")).basis == "release"


def test_a_release_for_one_person_says_nothing_about_another() -> None:
    other = replace(IDA, id=UUID(int=2), name="Rob Stone", number_key=b"rob")
    assert blocked(asked(other, RELEASE, tier="moderate")).code == "no_release"


@pytest.mark.parametrize(
    "barred",
    [Barred(contact_id=IDA.id), Barred(number_key=b"ida"), Barred(name="  ida   STONE ")],
)
@pytest.mark.parametrize("tier", TIERS)
def test_do_not_contact_beats_everything(barred: Barred, tier: Tier) -> None:
    verdict = blocked(asked(IDA, RELEASE, tier=tier, barred=(barred,)))
    assert verdict.code == "do_not_contact"
    assert "duty-to-protect" in verdict.lawful_instead
    assert "do-not-contact" in (refusal(verdict, "release", "grounds", TICKS) or "")
    assert not holds(verdict, "serious_threat")


def test_do_not_contact_for_somebody_else_blocks_nobody() -> None:
    others = (Barred(name="Rob"), Barred(contact_id=UUID(int=9)), Barred(number_key=b"x"), Barred())
    assert may(asked(IDA, RELEASE, barred=others))


@pytest.mark.parametrize("how", [{"care": Care(unsafe_home=True)}, {"danger": True}])
def test_where_home_may_be_the_danger_the_household_is_not_called(how: dict) -> None:  # type: ignore[type-arg]
    verdict = blocked(asked(replace(IDA, lives_with_client=True), RELEASE, tier="imminent", **how))
    assert verdict.code == "lives_where_the_danger_is"
    assert "siren" in verdict.lawful_instead

    elsewhere = may(asked(IDA, RELEASE, **how))
    assert elsewhere.ticks == ("not_part_of_the_danger",)
    assert "not part of the danger" in (refusal(elsewhere, "release", "", ()) or "")
    assert refusal(elsewhere, "release", "", {"not_part_of_the_danger"}) is None


@pytest.mark.parametrize("tier", TIERS)
def test_substance_use_records_need_their_own_release_at_every_tier(tier: Tier) -> None:
    care = Care(part2=True)
    assert "42 CFR 2.31" in blocked(asked(IDA, RELEASE, tier=tier, care=care)).sentence
    assert blocked(asked(tier=tier, care=care)).code == "part2"
    assert may(asked(IDA, replace(RELEASE, part2=True), tier=tier, care=care)).basis == "release"


def test_a_guardian_of_a_minor_needs_verified_authority() -> None:
    minor, mother = Care(minor=True), replace(IDA, guardian=True)
    verified = replace(mother, authority_verified=True)
    assert may(asked(verified, care=minor)).basis == "personal_representative"
    assert may(asked(mother, care=minor)).bases == ("serious_threat",)
    assert blocked(asked(verified, care=minor, tier="moderate")).code == "no_release"
    assert may(asked(verified)).bases == ("family_involvement", "serious_threat"), (
        "an adult has no such guardian"
    )


def test_at_calm_tiers_the_young_person_is_told_first() -> None:
    minor, mother = Care(minor=True), replace(IDA, guardian=True, authority_verified=True)
    signed = replace(RELEASE, signed_by="guardian")
    assert may(asked(mother, signed, care=minor, tier="low")).ticks == ("young_person_told_first",)
    assert may(asked(mother, signed, care=minor, tier="high")).ticks == ()
    assert may(asked(IDA, signed, care=minor, tier="low")).ticks == (), "an aunt is not a guardian"


LAW = MinorsLaw("US-OR", own_consent_from=14, substance_use_from=15, reviewed_by="Invented Counsel")


@pytest.mark.parametrize(("age", "signs"), [(13, False), (14, True), (17, True)])
def test_a_young_persons_own_signature_counts_where_the_reviewed_row_of_their_state_says_so(
    age: int, signs: bool
) -> None:
    care = Care(minor=True, law=LAW)
    assert "young person alone" in blocked(asked(IDA, RELEASE, care=care, tier="low")).sentence
    by_law = replace(RELEASE, signed_by="client_by_state_law", age_signed=age)
    if signs:
        assert may(asked(IDA, by_law, care=care, tier="low")).basis == "release"
    else:
        assert "Oregon does not let them" in blocked(asked(IDA, by_law, care=care, tier="low")).sentence
    without = blocked(asked(IDA, by_law, care=Care(minor=True), tier="low"))
    assert "no reviewed row of their state's law" in without.sentence


def test_substance_use_has_an_age_of_its_own_and_the_guardian_never_signs_alone() -> None:
    care = Care(minor=True, part2=True, law=LAW)
    mother = replace(IDA, guardian=True, authority_verified=True)
    paper = replace(
        RELEASE, part2=True, form="part2_specific", signed_by="client_by_state_law", age_signed=14
    )
    assert "does not let them" in blocked(asked(mother, paper, care=care)).sentence
    assert may(asked(mother, replace(paper, age_signed=15), care=care)).basis == "release"
    alone = replace(paper, signed_by="guardian")
    assert "42 CFR 2.14" in blocked(asked(mother, alone, care=care)).sentence
    assert may(asked(mother, replace(paper, signed_by="client_and_guardian"), care=care)).basis == "release"


def test_what_a_child_signed_does_not_become_valid_with_the_birthday() -> None:
    signed = replace(RELEASE, age_signed=16)
    assert "young person alone" in blocked(asked(IDA, signed, tier="low")).sentence
    assert may(asked(IDA, replace(RELEASE, age_signed=18), tier="low")).basis == "release"
    later = replace(RELEASE, age_signed=18)
    care = Care(minor=True, law=replace(LAW, of_age=19))
    assert "young person alone" in blocked(asked(IDA, later, care=care, tier="low")).sentence


@pytest.mark.parametrize("signed_by", ["guardian", "client_and_guardian"])
def test_on_the_day_of_majority_a_guardians_signature_ends(signed_by: SignedBy) -> None:
    signed = replace(RELEASE, signed_by=signed_by, age_signed=17)
    mother = replace(IDA, guardian=True, authority_verified=True)
    assert may(asked(mother, signed, care=Care(minor=True), tier="low")).basis == "release"
    assert "of age now" in blocked(asked(mother, signed, tier="low")).sentence
    assert may(asked(mother, signed, tier="imminent")).bases == ("family_involvement", "serious_threat")


def test_a_guardian_signs_only_with_verified_authority_and_for_a_child_they_speak_for() -> None:
    signed = replace(RELEASE, signed_by="guardian", signer_verified=False)
    assert "authority nobody" in blocked(asked(IDA, signed, care=Care(minor=True), tier="low")).sentence
    own = Care(minor=True, own_consent=True)
    signed = replace(RELEASE, signed_by="guardian")
    assert "consented to this care alone" in blocked(asked(IDA, signed, care=own, tier="low")).sentence
    mother = replace(IDA, guardian=True, authority_verified=True)
    assert may(asked(mother, care=own)).bases == ("serious_threat",)


def test_an_objection_beats_a_release() -> None:
    objected = replace(IDA, known_objection=True)
    assert blocked(asked(objected, RELEASE, tier="moderate")).code == "objection"
    verdict = may(asked(objected, RELEASE))
    assert verdict.bases == ("serious_threat",)
    assert "gave me your number" not in verdict.script
    mother = replace(objected, guardian=True, authority_verified=True)
    bases = may(asked(mother, care=Care(minor=True))).bases
    assert bases == ("personal_representative", "serious_threat")


def test_a_child_is_never_rung() -> None:
    assert blocked(asked(replace(IDA, adult=False), RELEASE, tier="imminent")).code == "is_a_child"
    assert may(asked(replace(IDA, adult=True), RELEASE))


def test_who_does_not_know_of_the_treatment_is_not_told_of_it() -> None:
    told = may(asked(replace(IDA, knows_of_treatment=False), RELEASE))
    assert "name neither the program" in told.cautions[0]
    assert may(asked(replace(IDA, knows_of_treatment=True), RELEASE)).cautions == ()


def test_a_release_covers_what_it_says_and_no_more() -> None:
    for_plan = replace(RELEASE, covers=frozenset({"share_plan"}))
    assert "does not cover this" in blocked(asked(IDA, for_plan, tier="low")).sentence
    general = replace(RELEASE, form="part2_tpo", part2=True)
    assert blocked(asked(IDA, general, tier="low")).code == "no_release", "a general consent names no family"
    newest = replace(RELEASE, starts_on=TODAY, scope="The newer words.")
    assert may(asked(IDA, RELEASE, newest)).what_may_be_said == "The newer words."


def test_a_part2_paper_with_an_element_missing_does_not_hold() -> None:
    paper = replace(RELEASE, part2=True, form="part2_specific", missing=frozenset({"signed_on", "discloser"}))
    why = blocked(asked(IDA, paper, care=Care(part2=True))).sentence
    assert "does not say who may disclose, the day of the signature (42 CFR 2.31)" in why


def test_a_contact_who_was_taken_off_the_list_is_not_called() -> None:
    assert blocked(asked(replace(IDA, listed=False), RELEASE)).code == "no_longer_listed"


def test_without_a_stated_scope_the_minimum_is_said() -> None:
    assert "Only that you are concerned" in may(asked(IDA, replace(RELEASE, scope=""))).what_may_be_said


def test_scripts_come_in_the_contacts_language_or_in_english() -> None:
    script = may(asked()).script
    assert in_language(script, "es-MX").startswith("Hola")
    assert in_language(script, "vi") == script
    assert in_language(may(asked(IDA, RELEASE)).script, "es").startswith("Hola")
    assert in_language("something else", "es") == "something else"
