"""What a client is shown of their own chain: what would come if they dropped now and nobody pressed anything."""

from dataclasses import replace

import pytest

from app.incidents.own_chain import NO_ROW, Link, own_chain
from app.incidents.situation import Active, Situation
from app.protocols.schema import TIERS, Tier
from tests.incidents.escalations import FIRST, PROTOCOL, SAFE, SECOND, T0, Run, facts


def chain(tier: Tier = "moderate", **known: object) -> tuple[Link, ...]:
    return own_chain(PROTOCOL, Situation(tier, T0, facts(**known)))


def keys(links: tuple[Link, ...]) -> list[str]:
    return [link.key for link in links]


def test_the_whole_chain_is_shown_with_its_latest_times_and_the_numbers_it_uses() -> None:
    assert [(link.key, link.seconds, link.last2, link.every_s) for link in chain("moderate")] == [
        ("assign", 20, None, None),
        ("first-call", 45, "42", None),
        ("voicemail", 75, "42", None),
        ("text", 75, "42", None),
        ("backup", 120, "17", None),
        ("again", 150, "42", None),
        ("supervisor", 240, None, None),
        ("keep-trying", 255, "42", 120),
        ("contact", 360, None, None),
        ("decide", 900, None, None),
        ("page-decider", 1200, None, 300),
    ]


@pytest.mark.parametrize("tier", TIERS)
def test_left_alone_the_engine_opens_exactly_what_was_foretold_and_leads_on_no_later(tier: Tier) -> None:
    foretold = {link.key: link.seconds for link in chain(tier) if link.key != "voicemail"}
    run = Run(tier)
    run.pass_until(3000)
    opened = {said.removeprefix("+"): at for at, said in reversed(run.log) if said.startswith("+")}
    assert opened.keys() == foretold.keys()
    assert [key for key, at in opened.items() if at > foretold[key]] == []


def test_a_chain_that_comes_to_a_question_beside_it_is_shown_as_far_as_that() -> None:
    steps = [
        step.model_copy(update={"next": step.next | {"timeout": "verify"}}) if step.id == "decide" else step
        for step in PROTOCOL.steps
    ]
    protocol = PROTOCOL.with_steps(steps, PROTOCOL.signals)
    shown = keys(own_chain(protocol, Situation("moderate", T0, facts())))
    assert shown[-3:] == ["contact", "decide", "verify"]


def test_a_message_is_left_only_where_the_client_said_so() -> None:
    assert "voicemail" in keys(chain(numbers=(FIRST,)))
    assert "voicemail" not in keys(chain(numbers=(replace(FIRST, voicemail_ok=False),)))


def test_the_message_follows_the_first_call_and_goes_to_the_same_number() -> None:
    links = chain(numbers=(FIRST, SECOND))
    message = links[keys(links).index("first-call") + 1]
    assert (message.key, message.number, message.last2) == ("voicemail", "primary", "42")


def test_a_number_that_takes_no_texts_gets_none_and_with_one_number_there_is_no_backup() -> None:
    shown = keys(chain("high", numbers=(SECOND,)))
    assert shown[:3] == ["assign", "first-call", "again"]


def test_without_a_number_only_people_are_left() -> None:
    assert keys(chain(numbers=())) == ["assign", "supervisor", "contact", "decide", "page-decider"]


def test_in_an_unsafe_home_only_a_safe_number_is_used_and_no_message_is_left() -> None:
    links = chain(unsafe_home=True, numbers=(FIRST, SECOND, SAFE))
    assert {link.last2 for link in links} == {None, "63"}
    assert "voicemail" not in keys(links)


def test_whoever_may_not_be_rung_sees_that_a_person_decides_instead() -> None:
    links = chain(first_outreach="do_not_ring")
    first = next(link for link in links if link.key == "first-call")
    assert (first.action, first.last2) == ("person.staff_decide", None)
    assert {link.last2 for link in links} == {None}


def test_a_danger_word_and_a_chain_under_way_do_not_show() -> None:
    calm = Situation("high", T0, facts())
    under_way = Active(NO_ROW, "decide", "pending", T0, T0)
    told = replace(calm, active=(under_way,), facts=facts(danger_used=True))
    assert own_chain(PROTOCOL, told) == own_chain(PROTOCOL, calm)
