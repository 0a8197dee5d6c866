"""Protocols that people start are held to R1 and R2 as the one that a loss starts, and to rules of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.protocols import checks, library, variants
from app.protocols.facts import Facts
from app.protocols.schema import END_WORDS, TOO_OFTEN, Protocol
from tests.protocols import people

Break = Callable[[dict[str, Any]], object]


def step(body: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in body["steps"] if step["id"] == key)
    return found


def set_in(key: str, field: str, value: object) -> Break:
    return lambda body: step(body, key).__setitem__(field, value)


def next_of(key: str, outcome: str, target: str) -> Break:
    return lambda body: step(body, key)["next"].__setitem__(outcome, target)


def rings_by_itself(body: dict[str, Any]) -> None:
    step(body, "again").update(action="call.client", number="primary", ring_s=20, say=["softly"])


CASES: list[tuple[str, Break, str]] = [
    ("rings the client by itself", rings_by_itself, "Only a lost connection may; here a person does it"),
    ("silence rings the client", lambda b: (rings_by_itself(b), next_of("check", "timeout", "again")(b)), "a step in front of a person or a page must follow (R1)"),
    ("silence starts a protocol", next_of("check", "timeout", "protocol:safety-check"), "silence never starts another protocol"),
    ("skipping starts a protocol", next_of("check", "skipped", "protocol:safety-check"), "silence never starts another protocol"),
    ("silence raises a tier", next_of("check", "timeout", "tier:high"), "silence never starts another protocol or raises a tier"),
    ("silence ends it", next_of("offer", "timeout", "end:done"), "would end in silence on timeout"),
    ("an unknown end", next_of("offer", "stays", "end:fine"), 'ends with "fine"'),
    ("a brief drop without a drop", next_of("offer", "stays", "end:brief_drop"), 'ends with "brief_drop"'),
    ("verified by a word", next_of("offer", "stays", "end:verified"), "needs a person at a step person.verify"),
    ("a dispatch in silence", lambda b: (set_in("check", "action", "person.dispatch")(b), next_of("breathe", "timeout", "check")(b)), "may not open the dispatch card on timeout"),
    ("decided by nobody", set_in("check", "action", "person.decide"), "people are rung again; nothing else happens"),
    ("a caller's page that gives up", lambda b: (set_in("decide", "action", "page.caller")(b), next_of("decide", "timeout", "check")(b)), "must repeat until a person decides"),
    ("a caller's page that dawdles", lambda b: (set_in("decide", "action", "page.caller")(b), set_in("decide", "every_s", 90)(b)), "ring again at least every 60 seconds at high"),
    ("pages in a circle", next_of("ask-supervisor", "timeout", "ask-supervisor"), "goes round by"),
    ("nothing to answer", lambda b: step(b, "again").update(next={"timeout": "again"}), "leaves them nothing to answer"),
    ("no timeout at the very first step", lambda b: step(b, "breathe")["next"].pop("timeout"), "does not say what happens when nobody does anything"),
    ("alongside and silent onwards", next_of("eyes-on", "timeout", "group"), "its timeout must name itself"),
    ("alongside and leading", next_of("eyes-on", "worse", "check"), "so it never leads"),
    ("alongside and ending", next_of("eyes-on", "worse", "end:done"), "so it never leads"),
    ("a page of deciders alongside", set_in("group", "action", "page.deciders"), "may not run alongside"),
    ("the chain leads to nothing", next_of("offer", "stays", "nothing"), 'leads to "nothing", and there is no such step'),
    ("the chain leads alongside", next_of("offer", "stays", "group"), "list it in `starts`"),
    ("signals without a loss", lambda b: b.update(signals=dict.fromkeys(("reached", "answered", "other_person", "back", "lost_again", "replied", "locked", "stopped", "stuck"), "again")), "Only a protocol that a lost connection starts hears signals"),
    ("a button without a name", lambda b: b["trigger"][0].pop("name"), "needs the name of what was pressed"),
    ("a tier that is none", lambda b: b["trigger"][1].update(name="severe"), '"severe" is no tier'),
    ("a word to the group about one of them", lambda b: b["scripts"]["to-group"]["text"].update(en="{client_name} needs us."), "no field {client_name}"),
    ("a word to the group that discloses", lambda b: b["scripts"]["to-group"].update(discloses="clinical"), "for the group, so it may disclose nothing"),
    ("spoken in secret, told in clear", lambda b: b["scripts"]["softly"].update(discloses="nothing", text={"en": "Are you at risk?"}), '"risk" tells a stranger'),
    ("an unsafe home forgotten", lambda b: b["variants"].pop("unsafe_home"), "no variant says how in an unsafe home"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_broken_protocol_is_refused_in_a_sentence(change: Break, said: str) -> None:
    body = people.body()
    change(body)
    sentences = [sentence for _, sentence in checks.faults(Protocol.model_validate(body))]
    assert any(said in sentence for sentence in sentences), sentences


def test_a_step_alongside_that_nothing_starts_is_refused() -> None:
    body = people.body()
    step(body, "breathe")["starts"] = ["group"]
    step(body, "group")["next"]["holding"] = "nothing"
    sentences = [sentence for _, sentence in checks.faults(Protocol.model_validate(body))]
    assert 'No path leads to "eyes-on".' in sentences


def test_it_hears_no_signals() -> None:
    with pytest.raises(LookupError, match="hears no signals"):
        _ = Protocol.model_validate(people.body()).signals_heard


def test_the_whole_one_breaks_no_rule() -> None:
    assert checks.faults(people.PROTOCOL) == []


def test_a_declared_emergency_may_bring_the_card_in_front_of_a_person() -> None:
    """R1: silence puts a step in front of a person; at imminent alone that may be the card they asked for."""
    body = people.body()
    step(body, "check").update(
        action="person.dispatch",
        basis=["serious_threat"],
        next={"told": "end:handed_over", "timeout": "check"},
    )
    step(body, "breathe")["next"]["timeout"] = "check"
    step(body, "breathe")["starts"] = ["eyes-on", "group"]
    body["variants"]["unsafe_home"]["change"]["check"] = {"guard": ["quiet_responders"]}
    body["steps"] = [one for one in body["steps"] if one["id"] != "contact"]
    body["variants"]["unsafe_home"]["change"].pop("contact")
    body["tiers"] = ["imminent"]
    body["trigger"][1]["name"] = "imminent"
    assert checks.faults(Protocol.model_validate(body)) == []


def test_start_is_the_zero_of_the_clock() -> None:
    assert people.PROTOCOL.step("breathe").counts_from == "drop"
    assert people.PROTOCOL.first_outreach is None


def test_every_end_has_a_word_and_every_people_protocol_a_way_out() -> None:
    built_in = people.PROTOCOL.step(TOO_OFTEN)
    assert built_in.next["timeout"] == TOO_OFTEN
    assert set(built_in.next.values()) >= {"breathe", "offer", "check", "end:stopped"}
    assert "eyes-on" not in built_in.next.values()
    assert len(set(END_WORDS)) == len(END_WORDS)


def test_who_shares_a_home_and_who_has_animals_changes_what_runs() -> None:
    together = variants.apply(people.PROTOCOL, Facts(shares_home=True, pets=True))
    assert together.variants_in_force == ("pet_friendly", "couple_or_roommate")
    assert "headphones" in together.step("offer").title
    assert together.reminders == ("The animal may help.",)
    assert variants.apply(people.PROTOCOL, Facts()) is people.PROTOCOL


def test_the_last_word_is_that_of_the_variant_that_protects_most() -> None:
    in_force = variants.apply(people.PROTOCOL, Facts(shares_home=True, unsafe_home=True)).variants_in_force
    assert in_force == ("couple_or_roommate", "unsafe_home")


def test_a_protocol_that_leads_to_no_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "calm-together.yaml"
    path.write_text(yaml.safe_dump(people.body(), sort_keys=False), encoding="utf-8")
    assert library.check([path]) == []
    [one, two] = library.check([tmp_path])
    assert (one.sentence, two.sentence) == (
        '"check" leads to "protocol:safety-check", and no file holds it.',
        '"eyes-on" leads to "protocol:connection-lost", and no file holds it.',
    )
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "protocol:safety-check" in lines[one.line - 1]
