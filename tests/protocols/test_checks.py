"""Every broken protocol is refused, with the line and a sentence that a clinician understands."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.protocols import checks, library, wording
from app.protocols.schema import Protocol, Seconds

SHIPPED = library.SHIPPED / "connection-lost.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")
BODY: dict[str, Any] = yaml.safe_load(TEXT)

Break = Callable[[dict[str, Any]], object]


def broken(change: Break) -> list[str]:
    body = copy.deepcopy(BODY)
    change(body)
    return [sentence for _, sentence in checks.faults(Protocol.model_validate(body))]


def step(body: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in body["steps"] if step["id"] == key)
    return found


def test_what_ships_breaks_no_rule() -> None:
    assert library.check([library.SHIPPED]) == []


def set_in(key: str, field: str, value: object) -> Break:
    return lambda body: step(body, key).__setitem__(field, value)


def next_of(key: str, outcome: str, target: str) -> Break:
    return lambda body: step(body, key)["next"].__setitem__(outcome, target)


def script(key: str, field: str, value: object) -> Break:
    return lambda body: body["scripts"][key].__setitem__(field, value)


def variant(name: str, **value: object) -> Break:
    return lambda body: body["variants"][name].update(value)


CASES: list[tuple[str, Break, str]] = [
    ("no such target", next_of("text", "sent", "nowhere"), '"text" leads to "nowhere", and there is no such step'),
    ("no timeout", lambda b: step(b, "decide")["next"].pop("timeout"), "does not say what happens when nobody does anything"),
    ("two steps of one name", set_in("backup", "id", "text"), 'two steps called "text"'),
    ("unreachable", lambda b: b["steps"].append({**step(b, "text"), "id": "lonely"}), 'No path leads to "lonely"'),
    ("no such script", set_in("text", "say", ["poem"]), 'says "poem"'),
    ("no such signal", lambda b: b["signals"].update(stuck="nowhere"), 'signal "stuck" leads to "nowhere"'),
    ("a signal to the wrong place", lambda b: b["signals"].update(reached="text"), 'signal "reached" must lead to a step person.verify'),
    ("starts nothing alongside", set_in("supervisor", "starts", ["text"]), "which is no step that runs alongside"),
    ("limits grow", set_in("backup", "due_s", {"low": 60, "moderate": 70, "high": 70, "imminent": 60}), "limits never grow with the tier"),
    ("waits grow", set_in("decide", "wait_s", {"low": 30, "moderate": 30, "high": 30, "imminent": 60}), "limits never grow with the tier"),
    ("a late first call", set_in("first-call", "due_s", {"low": 61, "moderate": 45, "high": 30, "imminent": 20}), "must start within 60 seconds of the drop at low"),
    ("a first call by its own clock", set_in("first-call", "from", "step"), "must start within 60 seconds"),
    ("waiting into the first call", set_in("assign", "due_s", 20), "until less than 10 seconds before the first outreach (imminent)"),
    ("silence starts a protocol", next_of("decide", "timeout", "protocol:imminent-risk"), "silence never starts another protocol"),
    ("silence raises a tier", next_of("supervisor", "timeout", "tier:high"), "silence never starts another protocol or raises a tier"),
    ("a person leads to something else", next_of("supervisor", "emergency", "tier:imminent"), "a target is a step, an end or another protocol"),
    ("a person starts the same again", next_of("supervisor", "again", "protocol:connection-lost"), "would start its own protocol again"),
    ("a person starts one with no name", next_of("supervisor", "emergency", "protocol:Imminent risk"), "a target is a step, an end or another protocol"),
    ("silence ends it", next_of("page-decider", "timeout", "end:verified"), "would end in silence on timeout"),
    ("an unknown end", next_of("verify", "verified", "end:fine"), 'ends with "fine"'),
    ("verified by anything but a person who looked", next_of("supervisor", "fine", "end:verified"), "needs a person at a step person.verify"),
    ("nobody decides and something happens", next_of("decide", "timeout", "wait-agreed"), "When nobody decides"),
    ("a silent dispatch", next_of("contact", "timeout", "dispatch"), "may not open the dispatch card on timeout"),
    ("a page that gives up", next_of("page-decider", "timeout", "decide"), "must repeat until a person decides"),
    ("a page that dawdles", set_in("page-decider", "every_s", 120), "ring again at least every 60 seconds at high"),
    ("a page once", lambda b: step(b, "page-decider").pop("every_s"), "ring again at least every 300 seconds at low"),
    ("going round and asking nobody", next_of("again", "timeout", "first-call"), "goes round by"),
    ("no basis", lambda b: step(b, "contact").pop("basis"), "states no basis"),
    ("an unguarded contact", set_in("contact", "guard", []), "must be guarded by release_or_emergency_basis"),
    ("a robot speaks to a contact", set_in("first-call", "say", ["contact-release"]), "only a person speaks to a contact"),
    ("a robot speaks to responders", set_in("keep-trying", "say", ["dispatch-card"]), "only a person speaks to a responder"),
    ("rings for no stated time", lambda b: step(b, "backup").pop("ring_s"), "how long it rings"),
    ("which number", lambda b: step(b, "backup").pop("number"), "which number"),
    ("a chain alongside itself", set_in("text", "alongside", True), "which runs alongside: list it in `starts`"),
    ("a repeated call that leads", lambda b: (set_in("backup", "action", "call.repeat")(b), set_in("backup", "every_s", 60)(b)), "a repeated call runs alongside"),
    ("how often", lambda b: step(b, "keep-trying").pop("every_s"), "how often it comes round"),
    ("nothing to say", set_in("first-call", "say", []), "has no script to say"),
    ("a voicemail as a text", set_in("text", "say", ["voicemail-neutral"]), "sends a text"),
    ("a call to somebody on screen", next_of("rejoin-check", "timeout", "first-call"), "never to a call to somebody who is on screen"),
    ("nobody is ever reached", lambda b: (next_of("assign", "timeout", "page-decider")(b), next_of("assign", "accepted", "page-decider")(b)), "nobody is ever rung"),
    ("a script that commands calm", script("dispatch-card", "text", {"en": "Please calm down."}), "A command takes the choice away."),
    ("a step that blames", set_in("supervisor", "title", "Ask after the failed attempt"), "nobody succeeds or fails at it"),
    ("a purpose that judges", lambda b: b.update(purpose="For a non-compliant client."), "“declined” says what happened"),
    ("a telling voicemail", script("voicemail-neutral", "text", {"en": "It's your therapist."}), '"therap" tells a stranger'),
    ("a telling text in Spanish", script("text-neutral", "text", {"en": "Hi", "es": "Es del grupo."}), '"grupo" tells a stranger'),
    ("a text that discloses", script("text-neutral", "discloses", "minimum"), "may disclose nothing: anybody may hear or read it"),
    ("a household script that discloses", script("household-neutral", "discloses", "minimum"), "whoever answers at home"),
    ("a long text", script("text-neutral", "text", {"en": "x" * 140 + "{staff_first_name}{client_safe_name}"}), "can grow to 175 characters"),
    ("signs that count twice", script("text-neutral", "text", {"en": "€" * 81}), "can grow to 162 characters"),
    ("letters that halve a text", script("text-neutral", "text", {"en": "Se cortó"}), "holds ó"),
    ("a field that a text may not have", script("text-neutral", "text", {"en": "{address}"}), "no field {address}"),
    ("no English", script("text-neutral", "text", {"es": "Hola"}), "no English text"),
    ("a title with a name", set_in("text", "title", "Text {staff_first_name}"), "A title knows only"),
    ("a loss that hears nothing", lambda b: b.pop("signals"), "it must say where everything leads that may be heard"),
    ("a step of Handrail's own", set_in("text", "id", "after-five-visits"), "Handrail brings itself"),
    ("an unsafe home forgotten", lambda b: b["variants"].pop("unsafe_home"), "no variant says how in an unsafe home"),
    ("a variant for nobody", variant("rural", when={}), "does not say for whom it is"),
    ("safety in prose", lambda b: b["variants"].update(unsafe_home={"when": {"unsafe_home_or_danger": True}, "remind": ["Mind."]}), "is only advice"),
    ("a variant of no step", variant("rural", change={"nowhere": {}}), 'no step "nowhere" to change'),
    ("a variant removing no step", variant("rural", remove={"nowhere": "text"}), 'no step "nowhere" to remove'),
    ("a removal into nothing there", variant("rural", remove={"voicemail": "nowhere"}), '"nowhere" cannot take its place'),
    ("removals in a circle", variant("rural", remove={"voicemail": "text", "text": "voicemail"}), "cannot take its place"),
    ("a script for no script", variant("rural", replace_script={"phone-open": "poem"}), "must both be scripts"),
    ("a script for another channel", variant("rural", replace_script={"phone-open": "text-quiet"}), "not written for the channel"),
    ("ringing who asked us not to", variant("do_not_ring", remove={"voicemail": "supervisor"}), "reaches out by itself to someone who asked us not to ring"),
    ("voicemail in an unsafe home", variant("unsafe_home", remove={}), "would leave a voicemail in an unsafe home"),
    ("an unsafe number", lambda b: b["variants"]["unsafe_home"]["change"].pop("backup"), "must be guarded by safe_to_ring"),
    ("the household of an unsafe home", lambda b: b["variants"]["unsafe_home"]["change"].pop("contact"), "not_household and not_part_of_the_danger"),
    ("sirens to an unsafe home", lambda b: b["variants"]["unsafe_home"]["change"].pop("dispatch"), "quiet_responders"),
    ("a variant that breaks a path", variant("text_first", change={"text": {"next": {"timeout": "nowhere"}}}), 'With the variant "text_first": "text" leads to "nowhere"'),
    ("two variants that break one together", variant("unsafe_home", remove={"voicemail": "text"}), 'With the variant "text_first" with "unsafe_home"'),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_broken_protocol_is_refused_in_a_sentence(change: Break, said: str) -> None:
    sentences = broken(change)
    assert any(said in sentence for sentence in sentences), sentences


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "connection-lost.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def replaced(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1)


LINES = [
    ("unknown key", "    widens: true\n", "    widens: true\n    colour: red\n", "colour: red", '"steps.supervisor.colour" is not a key'),
    ("unknown action", "action: person.decide", "action: call.police", "action: call.police", "it may be"),
    ("missing", "purpose: Find", "porpoise: Find", None, '"purpose" is missing'),
    ("negative", "due_s: 60\n", "due_s: -1\n", "due_s: -1", "greater than or equal to 0"),
    ("a bare boolean", "next: {sent: assign}", "next: {on: assign}", "next: {on: assign}", 'bare "on" as true or false'),
    ("twice", "    ring_s: {low: 25,", "    role: system\n    ring_s: {low: 25,", "    role: system\n    ring_s", "is written twice"),
    ("not YAML", "tiers: [none,", "tiers: [[none,", None, "This is not YAML"),
    ("broken rule", "timeout: page-decider}\n\n  - id: page-decider", "timeout: wait-agreed}\n\n  - id: page-decider", "next: {responders: dispatch", "When nobody decides"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "said"), [case[1:] for case in LINES], ids=[case[0] for case in LINES]
)
def test_a_refusal_names_the_line(tmp_path: Path, old: str, new: str, line: str | None, said: str) -> None:
    text = replaced(old, new)
    faults = library.check([write(tmp_path, text)])
    fault = next(fault for fault in faults if said in fault.sentence)
    assert fault.file == "connection-lost.yaml"
    if line is not None:
        assert fault.line == text[: text.index(line)].count("\n") + 1


def test_files_that_are_no_protocol(tmp_path: Path) -> None:
    assert "cannot be read" in library.check([tmp_path / "absent.yaml"])[0].sentence
    assert "no protocol" in library.check([write(tmp_path, "- a list\n")])[0].sentence
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"title: caf\xe9\n")
    assert "UTF-8" in library.check([latin])[0].sentence
    impossible = write(tmp_path, "title: 2027-02-31\n? [a, b]\n: c\n")
    assert "not YAML" in library.check([impossible])[0].sentence
    nameless = write(tmp_path, TEXT.replace("  - id: text\n", "  -\n"))
    assert any('"steps.4.id" is missing' in fault.sentence for fault in library.check([nameless]))
    odd = write(tmp_path, TEXT.replace("steps:\n  - id: alert", "steps:\n  - alert\n  - id: alert"))
    assert any('"steps.0" is not right' in fault.sentence for fault in library.check([odd]))
    control = write(tmp_path, "title: \x07\n")
    assert "not YAML" in library.check([control])[0].sentence


def test_a_published_version_never_changes(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    good = library.load(path)
    record = tmp_path / library.PUBLISHED
    record.write_text(
        f"# id version sha256\nconnection-lost {BODY['version']} {good.sha256}\n", encoding="utf-8"
    )
    assert library.check([path]) == []
    changed = replaced("due_s: {low: 1800, moderate: 900, high: 300, imminent: 120}", "due_s: 120")
    faults = library.check([write(tmp_path, changed)])
    assert ["was published and has changed" in fault.sentence for fault in faults] == [True]
    assert faults[0].line == changed[: changed.index("\nversion:")].count("\n") + 2
    renumbered = changed.replace(f"version: {BODY['version']}", "version: 9.9.9")
    assert library.check([write(tmp_path, renumbered)]) == []


def test_a_hash_is_of_what_is_said_not_of_its_order() -> None:
    assert library.digest({"a": 1, "b": [1, 2]}) == library.digest({"b": [1, 2], "a": 1})
    assert library.digest({"b": [1, 2]}) != library.digest({"b": [2, 1]})


def test_one_number_stands_for_all_tiers_and_true_is_no_number() -> None:
    assert Seconds.model_validate(5).of("none") == 5
    with pytest.raises(ValueError, match="Seconds"):
        Seconds.model_validate(True)


def test_texts_are_short_at_their_longest() -> None:
    protocol = Protocol.model_validate(BODY)
    for script in protocol.scripts.values():
        if script.channel == "text":
            assert all(len(wording.longest(text)) <= 160 for text in script.text.values())


def test_a_protocol_that_nobody_is_reached_by_has_no_first_outreach() -> None:
    body = copy.deepcopy(BODY)
    step(body, "alert")["next"]["sent"] = "end:verified"
    assert Protocol.model_validate(body).first_outreach is None
