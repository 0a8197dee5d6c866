"""No combination of revocation, expiry, minority, Part 2, unsafe home and do-not-contact reaches whom it may not."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.consent import (
    CALM,
    TICKS,
    Act,
    Agency,
    Barred,
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
    ticks_for,
)
from app.clients.consent_values import COVERS, NEEDS_GROUNDS
from app.clients.consent_words import NOT_OF_TREATMENT
from app.clients.family import Agreed
from app.clients.terms import PART2_FORMS, Form, MinorsLaw

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
TIERS: list[Tier] = ["none", "low", "moderate", "high", "imminent"]
PEOPLE: list[Act] = ["call", "caregiver_page", "plan_copy", "record_copy", "coaching", "code_words"]
OFFICES: list[Act] = ["responders", "medical", "handoff", "report"]
FORMS: list[Form] = ["agreement", "authorization", "part2_specific", "part2_tpo"]
COVER = st.sampled_from(
    [
        "contact_in_crisis",
        "share_plan",
        "caregiver_coaching",
        "code_words",
        "responders",
        "medical",
        "handoff",
    ]
)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    form = draw(st.sampled_from(FORMS))
    return Terms(
        contact_id=draw(st.sampled_from([None, UUID(int=1), UUID(int=2)])),
        recipient=draw(st.sampled_from(["", "Invented Hospital"])),
        starts_on=draw(st.sampled_from([TODAY - DAY, TODAY, TODAY + DAY])),
        ends_on=draw(st.sampled_from([None, TODAY - DAY, TODAY, TODAY + DAY])),
        revoked=draw(st.booleans()),
        ended=draw(st.booleans()),
        form=form,
        part2=form in PART2_FORMS,
        covers=draw(st.frozensets(COVER, max_size=3)),  # type: ignore[arg-type]
        signed_by=draw(st.sampled_from(["client", "guardian", "client_and_guardian", "client_by_state_law"])),
        age_signed=draw(st.sampled_from([None, 13, 16, 18, 40])),
        signer_verified=draw(st.booleans()),
        missing=draw(st.sampled_from([frozenset(), frozenset({"discloser"})])),
        scope=draw(st.sampled_from(["", "That contact was lost."])),
        id=draw(st.sampled_from([UUID(int=7), UUID(int=8), UUID(int=9)])),
    )


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
    adult=st.sampled_from([None, True, False]),
    knows_of_treatment=st.sampled_from([None, True, False]),
    told_in_crisis=st.booleans(),
    gets_records=st.booleans(),
)
AGENCIES = st.builds(
    Agency,
    name=st.sampled_from(["Invented Hospital", "Elsewhere"]),
    about=st.sampled_from(["child", "adult"]),
)
LAWS = st.sampled_from(
    [
        None,
        MinorsLaw("US-XX"),
        MinorsLaw("US-YY", own_consent_from=14, substance_use_from=16),
        MinorsLaw("US-ZZ", of_age=19, own_consent_from=16),
    ]
)
TOLD = st.sampled_from(["not_told", "young_person_first", "at_once"])
AGREEMENTS = st.none() | st.builds(
    Agreed,
    told=st.fixed_dictionaries({}, optional=dict.fromkeys(("low", "moderate", "high", "imminent"), TOLD)),
    may_call=st.frozensets(st.sampled_from([UUID(int=1), UUID(int=2)])),
    standing=st.sampled_from(["agreed", "not_read_by_both", "review_due"]),
    words=st.sampled_from([{}, {"low": "That we lost touch."}]),
)
KNOWN = st.builds(
    Known,
    client=st.builds(
        Care,
        part2=st.booleans(),
        minor=st.booleans(),
        unsafe_home=st.booleans(),
        own_consent=st.booleans(),
        law=LAWS,
    ),
    releases=st.lists(terms(), max_size=3).map(tuple),
    do_not_contact=st.lists(
        st.builds(
            Barred,
            name=st.sampled_from(["", "ida stone", "Nobody"]),
            contact_id=st.sampled_from([None, UUID(int=1)]),
            number_key=st.sampled_from([None, b"ida"]),
        ),
        max_size=2,
    ).map(tuple),
    danger=st.booleans(),
    supervisor=st.booleans(),
    state_cards=st.frozensets(st.sampled_from(["duty_to_protect", "mandated_report"])),
    agreed=AGREEMENTS,
    hidden=st.frozensets(st.sampled_from(["safety_plan", "code_words", "tier"])),
)
TIER = st.sampled_from(TIERS)


def holds(paper: Terms, known: Known) -> bool:
    """Told anew, and more simply, than the product does it: what any valid paper must be."""
    care = known.client
    in_time = paper.starts_on <= TODAY and (paper.ends_on is None or paper.ends_on >= TODAY)
    if paper.revoked or paper.ended or not in_time:
        return False
    if care.part2 and (not paper.part2 or paper.missing):
        return False
    guardians = paper.signed_by in ("guardian", "client_and_guardian")
    if guardians and not (care.minor and paper.signer_verified):
        return False
    if paper.signed_by == "guardian" and (care.part2 or care.own_consent):
        return False
    majority = care.law.of_age if care.law else 18
    young = care.minor if paper.age_signed is None else paper.age_signed < majority
    if young and paper.signed_by == "client":
        return False
    if young and paper.signed_by == "client_by_state_law":
        alone_from = care.law.alone_from(care.part2) if care.law else None
        return alone_from is not None and paper.age_signed is not None and paper.age_signed >= alone_from
    return True


def told_by_agreement(known: Known, tier: Tier) -> str | None:
    """Told anew: what a standing agreement of a young person's family says about a guardian at this tier."""
    if known.agreed is None or not known.client.minor or known.agreed.standing == "not_read_by_both":
        return None
    return known.agreed.told.get({"none": "low"}.get(tier, tier), "silent")


def check_answer(verdict: Verdict) -> None:
    """Every no names a lawful next step and no basis opens it; every yes asks for its ticks and grounds."""
    if isinstance(verdict, Blocked):
        assert verdict.sentence
        assert verdict.lawful_instead
        for basis in ("release", "serious_threat", "treatment", "law", "duty_to_protect"):
            assert refusal(verdict, basis, "grounds", TICKS)
        return
    assert verdict.bases
    assert verdict.what_may_be_said
    for basis in verdict.bases:
        asked = ticks_for(verdict, basis)
        assert refusal(verdict, basis, "grounds", asked) is None
        if asked:
            assert refusal(verdict, basis, "grounds", asked[1:]) is not None
        if basis in NEEDS_GROUNDS:
            assert refusal(verdict, basis, " ", asked) is not None


@pytest.mark.row("R18")
@given(CONTACTS, KNOWN, st.sampled_from(PEOPLE), TIER)
def test_nobody_is_told_who_may_not_be(contact: Contact, known: Known, act: Act, tier: Tier) -> None:
    verdict = may_disclose(act, contact, known, tier, TODAY)
    check_answer(verdict)
    if isinstance(verdict, Blocked):
        return
    care, danger = known.client, known.client.unsafe_home or known.danger
    assert not (contact.lives_with_client and danger)
    assert not any(
        b.contact_id == contact.id or b.number_key == contact.number_key or b.name == contact.name.casefold()
        for b in known.do_not_contact
    )
    assert contact.listed
    assert contact.adult is not False
    assert not danger or "not_part_of_the_danger" in verdict.ticks
    papers = [p for p in known.releases if p.contact_id == contact.id and p.covers & COVERS[act]]
    signed = [p for p in papers if p.form != "part2_tpo" and holds(p, known)]
    told = told_by_agreement(known, tier) if act == "call" and contact.guardian else None
    assert ("release" in verdict.bases) == bool(signed and not contact.known_objection and told != "not_told")
    if "release" not in verdict.bases:
        assert not care.part2, "Part 2 has no way around a paper for families"
        assert "gave me your number" not in verdict.script
        if act != "call":
            assert verdict.bases == ("personal_representative",)
        elif tier in CALM:
            assert told in ("young_person_first", "at_once"), "at calm tiers only what the family agreed on"
            assert known.agreed
            assert contact.id in known.agreed.may_call
            assert verdict.bases == ("personal_representative",)
    check_agreement(verdict, contact, known, act, tier)
    if "family_involvement" in verdict.bases:
        assert not contact.known_objection
    if "personal_representative" in verdict.bases:
        assert care.minor
        assert not care.own_consent
        assert contact.guardian
        assert contact.authority_verified
        assert contact.told_in_crisis if act == "call" else contact.gets_records
    assert act != "code_words" or verdict.bases == ("release",)
    assert (contact.knows_of_treatment is False) == (NOT_OF_TREATMENT in verdict.cautions)


def check_agreement(verdict: May, contact: Contact, known: Known, act: Act, tier: Tier) -> None:
    """R16: a guardian is told what was agreed; the young person first at every calm tier, and where it was agreed."""
    if not known.client.minor:
        return
    if act in ("plan_copy", "code_words") and contact.guardian:
        assert {"plan_copy": "safety_plan", "code_words": "code_words"}[act] not in known.hidden
    if act != "call":
        return
    told = told_by_agreement(known, tier)
    if contact.guardian:
        if told == "not_told":
            assert tier not in CALM
            assert verdict.bases == ("serious_threat",)
        if tier in CALM or told == "young_person_first":
            assert "young_person_told_first" in verdict.ticks
    elif told is not None and known.agreed and contact.id not in known.agreed.may_call:
        assert "family_involvement" not in verdict.bases
        assert any("did not name" in caution for caution in verdict.cautions)


@given(CONTACTS, KNOWN, TIER)
def test_an_agreement_narrows_and_opens_one_door_only(contact: Contact, known: Known, tier: Tier) -> None:
    with_it = may_disclose("call", contact, known, tier, TODAY)
    without = may_disclose("call", contact, replace(known, agreed=None), tier, TODAY)
    if not isinstance(with_it, May):
        return
    if isinstance(without, May):
        assert set(with_it.bases) <= set(without.bases) | {"serious_threat"}
        assert set(without.ticks) <= set(with_it.ticks)
        assert tier not in CALM or with_it.bases == without.bases
        return
    assert without.code in ("no_release", "release_not_valid")
    assert contact.guardian
    assert contact.authority_verified
    assert contact.told_in_crisis
    assert not contact.known_objection
    assert not known.client.own_consent
    assert not known.client.part2
    assert with_it.bases == ("personal_representative",)
    assert "young_person_told_first" in with_it.ticks


@given(AGENCIES, KNOWN, st.sampled_from(OFFICES), TIER)
def test_no_office_is_told_on_a_basis_it_does_not_have(
    office: Agency, known: Known, act: Act, tier: Tier
) -> None:
    verdict = may_disclose(act, office, known, tier, TODAY)
    check_answer(verdict)
    if isinstance(verdict, Blocked):
        assert act != "responders" or tier in CALM, "at high and imminent help can always be sent for"
        assert known.client.part2 or act == "responders"
        return
    if "release" in verdict.bases:
        assert any(holds(p, known) and p.covers & COVERS[act] for p in known.releases)
    if tier in CALM:
        assert not {"serious_threat", "part2_medical_emergency"} & set(verdict.bases)
    if known.client.part2:
        assert "treatment" not in verdict.bases
        assert act != "report" or office.about == "child"
        if "serious_threat" in verdict.bases and "release" not in verdict.bases:
            assert "Not the program's name" in verdict.what_may_be_said


@given(CONTACTS, KNOWN, TIER)
def test_a_warning_takes_a_supervisor_a_card_and_a_grave_tier(
    contact: Contact, known: Known, tier: Tier
) -> None:
    verdict = may_disclose("warning", contact, known, tier, TODAY)
    check_answer(verdict)
    grave = tier not in CALM and not known.client.part2
    allowed = grave and known.supervisor and "duty_to_protect" in known.state_cards
    assert isinstance(verdict, May) == allowed
    if isinstance(verdict, May):
        assert verdict.bases == ("duty_to_protect",)
        assert set(verdict.ticks) == {"state_card_read", "police_first"}


@given(CONTACTS, KNOWN, st.sampled_from([*PEOPLE, "warning"]), TIER)
def test_the_order_of_records_changes_nothing(contact: Contact, known: Known, act: Act, tier: Tier) -> None:
    turned = replace(known, releases=known.releases[::-1], do_not_contact=known.do_not_contact[::-1])
    one = may_disclose(act, contact, known, tier, TODAY)
    other = may_disclose(act, contact, turned, tier, TODAY)
    assert type(one) is type(other)
    if isinstance(one, May) and isinstance(other, May):
        assert (one.bases, one.ticks) == (other.bases, other.ticks)
    if isinstance(one, Blocked) and isinstance(other, Blocked):
        assert (one.code, one.sentence) == (other.code, other.sentence)
