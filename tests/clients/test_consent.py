"""Whom we may contact. The examples are the rules; the properties hold for every combination there is."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.consent import (
    CALM,
    TICKS,
    Barred,
    Blocked,
    Care,
    Contact,
    May,
    Terms,
    Tier,
    Verdict,
    in_language,
    may_contact,
    refusal,
    ticks_for,
)

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
    return may_contact(contact, releases, barred, care, tier, TODAY, danger)


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


def test_a_known_objection_leaves_only_the_serious_threat() -> None:
    assert may(asked(replace(IDA, known_objection=True))).bases == ("serious_threat",)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (replace(RELEASE, revoked=True), "revoked"),
        (replace(RELEASE, ends_on=TODAY - DAY), "expired"),
        (replace(RELEASE, starts_on=TODAY + DAY), "not started"),
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


def test_a_young_persons_own_signature_counts_where_state_law_says_so() -> None:
    minor = Care(minor=True)
    assert "young person alone" in blocked(asked(IDA, RELEASE, care=minor, tier="low")).sentence
    by_law = replace(RELEASE, signed_by="client_by_state_law")
    assert may(asked(IDA, by_law, care=minor, tier="low")).basis == "release"


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


CONTACTS = st.builds(
    Contact,
    id=st.sampled_from([UUID(int=1), UUID(int=2)]),
    name=st.sampled_from(["Ida Stone", "Rob Stone"]),
    number_key=st.sampled_from([b"ida", b"rob"]),
    lives_with_client=st.booleans(),
    guardian=st.booleans(),
    authority_verified=st.booleans(),
    known_objection=st.booleans(),
    listed=st.booleans(),
)
RELEASES = st.lists(
    st.builds(
        Terms,
        contact_id=st.sampled_from([UUID(int=1), UUID(int=2)]),
        starts_on=st.sampled_from([TODAY - DAY, TODAY, TODAY + DAY]),
        ends_on=st.sampled_from([None, TODAY - DAY, TODAY, TODAY + DAY]),
        revoked=st.booleans(),
        part2=st.booleans(),
        signed_by=st.sampled_from(["client", "guardian", "client_by_state_law"]),
        scope=st.sampled_from(["", "That contact was lost."]),
    ),
    max_size=3,
)
BARRED = st.lists(
    st.builds(
        Barred,
        name=st.sampled_from(["", "ida stone", "Nobody"]),
        contact_id=st.sampled_from([None, UUID(int=1)]),
        number_key=st.sampled_from([None, b"ida"]),
    ),
    max_size=2,
)
CARES = st.builds(Care, part2=st.booleans(), minor=st.booleans(), unsafe_home=st.booleans())


@given(CONTACTS, RELEASES, BARRED, CARES, st.sampled_from(TIERS), st.booleans())
def test_in_every_situation(
    contact: Contact, releases: list[Terms], barred: list[Barred], care: Care, tier: Tier, danger: bool
) -> None:
    verdict = may_contact(contact, releases, barred, care, tier, TODAY, danger)
    held = any(
        r.contact_id == contact.id
        and not r.revoked
        and r.starts_on <= TODAY
        and (r.ends_on is None or r.ends_on >= TODAY)
        for r in releases
    )
    if isinstance(verdict, Blocked):
        assert verdict.lawful_instead, "every no names a lawful next step"
        assert refusal(verdict, "serious_threat", "grounds", TICKS), "and no basis opens it"
        return
    assert not (contact.lives_with_client and (care.unsafe_home or danger))
    assert not any(b.contact_id == contact.id or b.number_key == contact.number_key for b in barred)
    assert contact.listed
    if not held:
        assert tier not in CALM
        assert not care.part2
        assert "gave me your number" not in verdict.script
    if "family_involvement" in verdict.bases:
        assert not contact.known_objection
    if "personal_representative" in verdict.bases:
        assert care.minor
        assert contact.authority_verified
    for basis in verdict.bases:
        assert refusal(verdict, basis, "grounds", ticks_for(verdict, basis)) is None
        if care.unsafe_home or danger:
            assert refusal(verdict, basis, "grounds", ()) is not None


@given(CONTACTS, RELEASES, BARRED, CARES, st.sampled_from(TIERS), st.booleans())
def test_the_order_of_records_changes_nothing(
    contact: Contact, releases: list[Terms], barred: list[Barred], care: Care, tier: Tier, danger: bool
) -> None:
    one = may_contact(contact, releases, barred, care, tier, TODAY, danger)
    other = may_contact(contact, releases[::-1], barred[::-1], care, tier, TODAY, danger)
    assert type(one) is type(other)
    if isinstance(one, May) and isinstance(other, May):
        assert (one.bases, one.ticks) == (other.bases, other.ticks)
