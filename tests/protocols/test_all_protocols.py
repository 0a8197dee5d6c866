"""Every protocol that ships: whole for every client, at every tier, in words for everybody who hears them."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.incidents.situation import CallOutcome, Overdue, PageStaff
from app.protocols import checks, library, plain, reading
from app.protocols.aloud import aloud
from app.protocols.schema import TIERS, Protocol, Step, Tier
from app.protocols.variants import with_variants
from app.protocols.vocabulary import OUTREACH, PAGES, REPEATED_PAGES, SPEAKS_OUTSIDE, VariantName
from tests.incidents.escalations import Run

EIGHTEEN = {
    "deescalate-group", "breakout-1to1", "safety-check", "harm-reduction", "code-word", "connection-lost",
    "imminent-risk", "medical-emergency", "secure-group", "duty-to-protect", "warm-handoff", "after-hours",
    "first-session-back", "client-debrief", "team-huddle", "caregiver-call", "secure-means", "drill",
}  # fmt: skip
# What the clinical text asks of each for some clients, beside what R2 asks of all that reach somebody else.
WANTED: dict[str, set[VariantName]] = {
    "deescalate-group": {"adolescent", "couple_or_roommate", "pet_friendly", "language"},
    "breakout-1to1": {"adolescent", "couple_or_roommate", "rural"},
    "safety-check": {"adolescent", "couple_or_roommate", "part2"},
    "harm-reduction": {"adolescent", "couple_or_roommate", "rural", "pet_friendly"},
    "code-word": {"unsafe_home", "couple_or_roommate", "adolescent"},
    "connection-lost": {"adolescent", "rural", "part2", "language", "unsafe_home", "text_first", "relay", "do_not_ring"},
    "imminent-risk": {"adolescent", "couple_or_roommate", "rural", "pet_friendly", "part2", "language", "unsafe_home"},
    "medical-emergency": {"part2", "rural", "pet_friendly", "unsafe_home"},
    "secure-group": {"adolescent"},
    "duty-to-protect": {"part2", "unsafe_home"},
    "warm-handoff": {"language", "adolescent", "part2"},
    "after-hours": {"rural", "language"},
    "client-debrief": {"adolescent"},
    "caregiver-call": {"adolescent", "couple_or_roommate", "language"},
}  # fmt: skip


@cache
def protocols() -> dict[str, Protocol]:
    return {loaded.protocol.id: loaded.protocol for loaded in library.shipped() if loaded.protocol}


def sets(protocol: Protocol) -> Iterator[tuple[VariantName, ...]]:
    yield ()
    yield from checks._sets(protocol)


def everywhere() -> Iterator[tuple[str, tuple[VariantName, ...], Protocol]]:
    """Each protocol as each set of its variants makes it."""
    for name, protocol in protocols().items():
        for chosen in sets(protocol):
            yield name, chosen, with_variants(protocol, chosen)


@pytest.mark.row("I1")
def test_all_eighteen_ship_and_hold_with_every_set_of_variants() -> None:
    assert library.check([library.SHIPPED]) == []
    assert set(protocols()) == EIGHTEEN
    for name, wanted in WANTED.items():
        assert wanted <= set(protocols()[name].variants), name
    assert sum(1 for _ in everywhere()) > 500


def test_every_variant_changes_what_happens() -> None:
    """R2: never prose alone, but for what hurries or reminds on top of a change."""
    for name, protocol in protocols().items():
        for variant in protocol.variants:
            applied = with_variants(protocol, (variant,))
            same = [step for step in applied.steps if protocol.find(step.id) == step]
            assert len(same) < len(applied.steps) or len(applied.steps) != len(protocol.steps), (
                f"{name}: {variant}"
            )


@pytest.mark.row("D7")
def test_limits_never_grow_with_the_tier_whoever_the_client_is() -> None:
    for name, chosen, applied in everywhere():
        for step in applied.steps:
            for times in (step.due_s, step.not_before_s, step.wait_s, step.every_s, step.ring_s):
                if times is not None:
                    written = [times.of(tier) for tier in TIERS]
                    assert written == sorted(written, reverse=True), (name, chosen, step.id)


@pytest.mark.row("T3")
def test_the_first_outreach_is_within_a_minute_whoever_the_client_is() -> None:
    for chosen in sets(protocols()["connection-lost"]):
        applied = with_variants(protocols()["connection-lost"], chosen)
        first = applied.first_outreach
        assert first is not None
        assert all(applied.step(first).due_s.of(tier) <= 60 for tier in TIERS), chosen


def test_nothing_automatic_reaches_anybody_but_the_client_and_our_own_people() -> None:
    for name, chosen, applied in everywhere():
        for step in applied.steps:
            where = (name, chosen, step.id)
            if not step.waits_for_person:
                assert step.action in OUTREACH | PAGES | {"alert.push"}, where
            if step.action in OUTREACH:
                assert applied.of_presence, where
            for script in step.say:
                outside = applied.scripts[script].audience in ("contact", "responder")
                assert not outside or step.action in SPEAKS_OUTSIDE, where


def test_silence_comes_to_people_and_never_to_an_end() -> None:
    """Each protocol left alone for two hours at each tier: it pages or waits, and it ends nothing by itself."""
    for name, protocol in protocols().items():
        if protocol.of_presence:
            continue  # Its silence is told step by step in tests/incidents/test_rules.py.
        for tier in protocol.tiers:
            run = Run(tier, protocol=protocol, learned_s=0)
            run.pass_until(7200)
            assert run.ended is None, (name, tier)
            assert run.open(), (name, tier)
            assert {type(order) for _, order in run.orders} <= {PageStaff, Overdue}, (name, tier)


TIMES: list[tuple[str, str, dict[Tier, int]]] = [
    ("connection-lost", "first-call", {"low": 60, "moderate": 45, "high": 30, "imminent": 20}),
    ("connection-lost", "text", {"low": 90, "moderate": 75, "high": 60, "imminent": 45}),
    ("connection-lost", "supervisor", {"low": 600, "moderate": 240, "high": 120, "imminent": 60}),
    ("connection-lost", "contact", {"low": 900, "moderate": 360, "high": 180, "imminent": 120}),
    ("connection-lost", "decide", {"low": 1800, "moderate": 900, "high": 300, "imminent": 120}),
    ("deescalate-group", "choice", {"low": 60, "moderate": 60}),
    ("deescalate-group", "go-on", {"low": 600, "moderate": 600}),
    ("breakout-1to1", "room", {"low": 60, "moderate": 60, "high": 45}),
    ("breakout-1to1", "decide", {"low": 1200, "high": 1200}),
    ("safety-check", "ask-directly", {"low": 60, "imminent": 60}),
    ("safety-check", "choose-tier", {"moderate": 840, "high": 840}),
    ("safety-check", "supervisor", {"high": 120, "imminent": 60}),
    ("harm-reduction", "time-box", {"moderate": 600, "high": 600}),
    ("code-word", "confirm", {"high": 120, "imminent": 120}),
    ("imminent-risk", "place", {"imminent": 60}),
    ("imminent-risk", "dispatch", {"imminent": 120}),
    ("imminent-risk", "contact", {"imminent": 300}),
    ("medical-emergency", "dispatch", {"imminent": 90}),
    ("secure-group", "acknowledge", {"high": 30}),
    ("secure-group", "each-member", {"high": 600}),
    ("duty-to-protect", "decide", {"high": 900, "imminent": 300}),
    ("warm-handoff", "copy", {"high": 900}),
    ("after-hours", "answer", {"low": 60, "imminent": 60}),
]


@pytest.mark.row("D5", "D7")
@pytest.mark.parametrize(("protocol", "step", "limits"), TIMES)
def test_each_tier_has_its_protocol_and_its_times(protocol: str, step: str, limits: dict[Tier, int]) -> None:
    found = protocols()[protocol]
    for tier, seconds in limits.items():
        assert tier in found.tiers
        assert found.step(step).due_s.of(tier) == seconds


def test_no_press_and_no_tier_starts_two_protocols() -> None:
    started: dict[tuple[str, str | None], str] = {}
    for name, protocol in protocols().items():
        for trigger in protocol.trigger:
            if trigger.event in ("protocol", "schedule"):
                continue
            key = (trigger.event, trigger.name)
            assert key not in started, (key, name, started.get(key))
            started[key] = name
    buttons = {name for event, name in started if event == "staff.button"}
    assert {"distress", "urges", "conflict", "medical", "observed", "pause", "danger", "emergency", "threat",
            "handoff", "secure_group", "lost"} <= buttons  # fmt: skip
    assert started["tier.chosen", "imminent"] == "imminent-risk"
    assert buttons <= set(plain.BUTTONS)


def test_every_protocol_is_led_to_by_somebody() -> None:
    for name, protocol in protocols().items():
        asked = {target.removeprefix("protocol:") for other in protocols().values() for step in other.steps
                 for target in step.next.values() if target.startswith("protocol:")}  # fmt: skip
        own = {trigger.event for trigger in protocol.trigger}
        assert own - {"protocol"} or name in asked, name


def test_what_clients_and_families_hear_is_there_in_spanish() -> None:
    for name, protocol in protocols().items():
        for key, script in protocol.scripts.items():
            if script.audience in ("client", "household", "contact", "group"):
                assert {"en", "es"} <= set(script.text), (name, key)


def test_every_script_is_said_by_somebody() -> None:
    for name, protocol in protocols().items():
        said = {
            key
            for chosen in sets(protocol)
            for step in with_variants(protocol, chosen).steps
            for key in step.say
        }
        assert set(protocol.scripts) == said, name


def test_each_says_what_is_written_down_where_it_comes_from_and_when_it_is_read_again() -> None:
    for name, protocol in protocols().items():
        assert protocol.documentation, name
        assert protocol.close.requires, name
        assert protocol.sources, name
        assert protocol.review.owner == "clinical_director", name
        assert not {"committed", "manipulative", "non-compliant", "patient"} & set(
            str(protocol).lower().split()
        ), name


def test_a_step_that_repeats_asks_a_person_something() -> None:
    for name, chosen, applied in everywhere():
        for step in applied.steps:
            if step.action in REPEATED_PAGES or step.next.get("timeout") == step.id:
                answers = set(step.next) - {"timeout"}
                assert answers or step.action == "call.repeat", (name, chosen, step.id)


def test_every_reading_is_whole_and_in_plain_words() -> None:
    for protocol in protocols().values():
        for tier in protocol.tiers:
            for chosen in [(), *[(name,) for name in protocol.variants]]:
                made = reading.read(protocol, tier, chosen)
                assert [step.id for step in made.steps] == [
                    s.id for s in with_variants(protocol, chosen).steps
                ]
                assert "{" not in made.model_dump_json().replace('{"', "")
                assert "Nothing else happens by itself." in aloud(with_variants(protocol, chosen), tier)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_people_and_telephones_say_only_people_end_it(data: Any) -> None:
    """A walk through a protocol by answers drawn at random: every move is legal, and no end comes from silence."""
    name = data.draw(st.sampled_from(sorted(EIGHTEEN - {"connection-lost"})))
    protocol = protocols()[name]
    chosen = data.draw(st.sampled_from(list(sets(protocol))))
    applied = with_variants(protocol, chosen)
    step: Step = applied.step(applied.entry.next["sent"])
    for _ in range(30):
        outcome = data.draw(st.sampled_from(sorted(step.next)))
        goal = step.next[outcome]
        if goal.startswith(("end:", "protocol:")):
            assert outcome not in _silent(), (name, step.id, outcome)
            return
        if goal == "nothing":
            return
        step = applied.step(goal)


def _silent() -> set[str]:
    from_telephone: tuple[CallOutcome, ...] = ("no_answer", "busy", "failed", "voicemail", "answered")
    return {"timeout", "sent", "skipped", *from_telephone}
