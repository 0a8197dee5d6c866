"""What a variant makes of the protocol for one kind of client."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocols import checks, library, variants
from app.protocols.facts import Facts, FirstOutreach, Number
from app.protocols.schema import OUTREACH, TIERS, Protocol
from tests.incidents.escalations import FIRST, PROTOCOL, SAFE, SECOND


def applied(**known: object) -> Protocol:
    return variants.apply(PROTOCOL, Facts(**known))  # type: ignore[arg-type]


def test_nothing_special_is_the_protocol_itself() -> None:
    assert applied() is PROTOCOL
    assert applied(minor=True) is applied(minor=True)
    assert PROTOCOL.variants_in_force == ()


def test_the_original_is_never_changed() -> None:
    before = PROTOCOL.model_dump()
    for first, unsafe in product(("ring", "text_first", "relay", "do_not_ring"), (True, False)):
        applied(first_outreach=first, unsafe_home=unsafe, travel_minutes=90)
    assert PROTOCOL.model_dump() == before
    assert PROTOCOL.step("first-call").next["voicemail"] == "voicemail"


def test_the_rural_variant_hurries_later_steps_and_never_moves_the_first_call() -> None:
    for outreach in ("ring", "text_first", "relay", "do_not_ring"):
        plain, rural = applied(first_outreach=outreach), applied(first_outreach=outreach, travel_minutes=31)
        first = plain.first_outreach
        assert first is not None
        assert first == rural.first_outreach
        assert rural.step(first).due_s == plain.step(first).due_s
        assert rural.step("assign").due_s == plain.step("assign").due_s
        assert rural.step("verify").wait_s == plain.step("verify").wait_s
        for tier in TIERS:
            assert rural.step("decide").due_s.of(tier) == int(plain.step("decide").due_s.of(tier) * 0.75)
        assert rural.step("page-decider").every_s == plain.step("page-decider").every_s
    assert applied(travel_minutes=30) is PROTOCOL


@pytest.mark.parametrize(
    ("outreach", "first"),
    [("ring", "first-call"), ("text_first", "text"), ("relay", "text"), ("do_not_ring", "first-call")],
)
def test_the_first_outreach_follows_the_clients_channel(outreach: FirstOutreach, first: str) -> None:
    protocol = applied(first_outreach=outreach)
    assert protocol.first_outreach == first
    assert {protocol.step(first).due_s.of(tier) for tier in TIERS} == {60, 45, 30, 20}


def test_an_unsafe_home_changes_what_is_said_and_who_may_be_asked() -> None:
    protocol = applied(unsafe_home=True)
    assert protocol.find("voicemail") is None
    assert protocol.instead_of("voicemail") == "text"
    assert protocol.instead_of("text") is None
    assert protocol.step("first-call").say == ("phone-open-quiet",)
    # Both of its scripts become this one: it is said once.
    assert protocol.step("contact").say == ("contact-concern",)
    assert {"not_household", "not_part_of_the_danger", "part2_gate"} <= set(protocol.step("contact").guard)
    assert protocol.step("dispatch").say == ("dispatch-card-quiet",)
    assert any("safe to ring" in sentence for sentence in protocol.reminders)
    assert applied(danger_used=True).variants_in_force == ("unsafe_home",)


def test_voicemail_left_out_leads_to_what_would_have_followed_it() -> None:
    both = applied(unsafe_home=True, first_outreach="text_first")
    assert both.instead_of("voicemail") == "backup"
    assert both.step("first-call").next["voicemail"] == "backup"


def test_what_is_removed_twice_is_gone_once() -> None:
    both = applied(unsafe_home=True, first_outreach="do_not_ring")
    assert both.instead_of("voicemail") == "supervisor"
    assert both.instead_of("keep-trying") == variants.NOTHING
    assert both.step("supervisor").starts == ()
    assert not [step for step in both.steps if step.action in OUTREACH]


def test_relay_asks_a_person_and_changes_signals() -> None:
    protocol = applied(first_outreach="relay")
    assert protocol.signals.lost_again == "relay-call"
    assert protocol.signals.answered == "on-line-again"
    assert protocol.answered_steps == {"on-line-again"}
    assert "through_relay" in protocol.step("relay-call").guard


def test_a_language_without_words_falls_back_to_english_and_says_so() -> None:
    text = PROTOCOL.scripts["text-neutral"]
    assert text.words("es")[0] == "es"
    assert text.words("es-MX") == text.words("es")
    assert text.words("vi") == ("en", text.text["en"])
    assert "interpreter" in applied(language="es").step("verify").guard
    assert applied(language="EN") is PROTOCOL


def test_part_2_narrows_the_basis_and_a_minor_brings_the_family_agreement() -> None:
    assert applied(part2=True).step("contact").basis == ("release", "serious_threat")
    assert {"family_agreement", "verified_authority"} <= set(applied(minor=True).step("contact").guard)


def test_numbers_of_a_guarded_client() -> None:
    stopped = Number(FIRST.id, 4, "00", safe_to_ring=True, text_ok=True, text_stopped=True)
    open_home = Facts(numbers=(SAFE, SECOND, FIRST, stopped))
    assert [number.last2 for number in open_home.callable()] == ["42", "17", "63", "00"]
    assert [number.last2 for number in open_home.textable()] == ["42", "63"]
    guarded = Facts(numbers=(SAFE, SECOND, FIRST, stopped), unsafe_home=True)
    assert [number.last2 for number in guarded.callable()] == ["63", "00"]
    assert [number.last2 for number in guarded.textable()] == ["63"]


@given(
    st.sampled_from(["ring", "text_first", "relay", "do_not_ring"]),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.sampled_from(["en", "es", "vi"]),
    st.sampled_from([None, 5, 500]),
)
@settings(max_examples=60, deadline=None)  # a whole check takes a third of a second on a busy machine
def test_every_client_gets_a_whole_protocol(
    outreach: FirstOutreach, yes: list[bool], language: str, travel: int | None
) -> None:
    protocol = applied(
        first_outreach=outreach,
        unsafe_home=yes[0],
        danger_used=yes[1],
        part2=yes[2],
        minor=yes[3],
        language=language,
        travel_minutes=travel,
    )
    assert checks.faults(protocol) == []
    first = protocol.first_outreach
    assert first is not None
    assert all(protocol.step(first).due_s.of(tier) <= 60 for tier in TIERS)


def test_read_aloud_at_every_tier_for_every_kind_of_client() -> None:
    for tier in ("none", *TIERS):
        for outreach in ("ring", "text_first", "relay", "do_not_ring"):
            said = library.preview(PROTOCOL, tier, Facts(first_outreach=outreach, unsafe_home=True))  # type: ignore[arg-type]
            assert "{" not in said
            assert "Nothing else happens by itself." in said
    high = library.preview_file(library.SHIPPED / "connection-lost.yaml", "high")
    assert "  by 30 s: Ring the client.\n" in high
    assert (
        "  by 5 min: Decide about responders; nothing is sent unless you choose it. (a person does this)\n"
        in high
    )
    assert "Remember: Ring and text only numbers marked safe to ring." in library.preview(
        PROTOCOL, "low", Facts(unsafe_home=True)
    )


def test_a_refused_file_is_not_read_aloud() -> None:
    with pytest.raises(library.RefusedFile, match="cannot be read") as refused:
        library.preview_file(library.SHIPPED / "absent.yaml", "high")
    assert refused.value.faults[0].line == 1
