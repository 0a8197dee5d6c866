"""What a file of practice may not be: at odds with the real rules, a dead end, or unkind. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.protocols import gentle
from app.training import scoring
from app.training.schema import Module, Scene, Talk
from app.triage.schema import DERIVED, UNKNOWN, TierRules

# The path of what is wrong, and a sentence.
Problem = tuple[tuple[str | int, ...], str]
# Of the questions at the end, so many at least tell of a person.
TELL_OF_A_PERSON = 0.6


def of_scene(scene: Scene, rules: TierRules, vignettes: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    unknown = list(_unknown(scene, rules))
    yield from unknown
    if not unknown:
        yield from _rules_agree(scene, rules)
    yield from _vignette(scene, vignettes)
    for place in ("title", "seen", "notice", "say"):
        yield from _gentle((place,), getattr(scene, place))


def _unknown(scene: Scene, rules: TierRules) -> Iterator[Problem]:
    for name, value in scene.shows.items():
        if name in DERIVED:
            yield ("shows", name), f'"{name}" is nothing that anybody is asked: give it as "signal".'
        elif value != UNKNOWN and value not in rules.inputs[name]:
            yield ("shows", name), f'"{value}" is no answer to "{name}".'
    if scene.signal is not None and scene.signal not in rules.inputs["signal"]:
        yield ("signal",), f'"{scene.signal}" is no signal that Handrail knows.'


def _rules_agree(scene: Scene, rules: TierRules) -> Iterator[Problem]:
    found = scoring.expected(scene, rules)
    if found.tier != scene.tier:
        yield ("tier",), f'The rules give "{found.tier}" for what this scene shows, not "{scene.tier}".'
    if found.next != scene.next:
        yield ("next",), f'At this level the next step is "{found.next}", not "{scene.next}".'


def _vignette(scene: Scene, vignettes: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    if scene.vignette is None:
        return
    told = vignettes.get(scene.vignette)
    if told is None:
        yield ("vignette",), f"There is no situation {scene.vignette} among those of the rules."
        return
    shown: dict[str, str | None] = {str(name): value for name, value in scene.shows.items()}
    shown["signal"] = scene.signal
    if missing := [name for name, value in told["answers"].items() if shown.get(name) != value]:
        yield ("vignette",), f"{scene.vignette} also says {', '.join(missing)}, and this scene does not."


def of_module(module: Module) -> Iterator[Problem]:
    for group, items in (("parts", module.parts), ("talks", module.talks), ("questions", module.questions)):
        yield from _twice((group,), [one.id for one in items])
    for place, talk in enumerate(module.talks):
        yield from _talk(("talks", place), talk)
    for place, question in enumerate(module.questions):
        if question.right > len(question.options):
            yield (
                ("questions", place, "right"),
                f'"{question.id}" has {len(question.options)} answers: "right" names none of them.',
            )
    told = sum(question.scenario for question in module.questions)
    if told < TELL_OF_A_PERSON * len(module.questions):
        yield (
            ("questions",),
            f"{told} of {len(module.questions)} questions tell of a person: six in ten must, at least.",
        )
    yield from _kind(module)


def _twice(where: tuple[str | int, ...], ids: Collection[str]) -> Iterator[Problem]:
    listed = list(ids)
    for one in dict.fromkeys(listed):
        if listed.count(one) > 1:
            yield where, f'Two are called "{one}".'


def _talk(where: tuple[str | int, ...], talk: Talk) -> Iterator[Problem]:
    names = {turn.id for turn in talk.turns}
    yield from _twice((*where, "turns"), [turn.id for turn in talk.turns])
    led_to = {talk.turns[0].id}
    for place, turn in enumerate(talk.turns):
        at = (*where, "turns", place)
        yield from _twice((*at, "replies"), [reply.id for reply in turn.replies])
        if not any(reply.fits == "helps" for reply in turn.replies):
            yield at, f'No reply to "{turn.id}" helps: there must be one.'
        for number, reply in enumerate(turn.replies):
            # Onwards only: a conversation that could go round would never come to its end.
            later = {one.id for one in talk.turns[place + 1 :]}
            if reply.then != "end" and reply.then not in later:
                what = "leads back" if reply.then in names else "leads nowhere"
                yield (*at, "replies", number, "then"), f'"{reply.id}" {what}: "{reply.then}".'
            led_to.add(reply.then)
    for place, turn in enumerate(talk.turns):
        if turn.id not in led_to:
            yield (*where, "turns", place), f'No reply leads to "{turn.id}".'


def _kind(module: Module) -> Iterator[Problem]:
    """What we say ourselves. What is better left unsaid, and replies that hurt, are there to be met."""
    for place, part in enumerate(module.parts):
        for number, text in enumerate(part.read):
            yield from _gentle(("parts", place, "read", number), text)
        for number, text in enumerate(part.say):
            yield from _gentle(("parts", place, "say", number), text)
    for place, talk in enumerate(module.talks):
        yield from _gentle(("talks", place, "opens"), talk.opens)
        yield from _gentle(("talks", place, "closes"), talk.closes)
        for turn_place, turn in enumerate(talk.turns):
            for number, reply in enumerate(turn.replies):
                if reply.fits == "helps":
                    yield from _gentle(
                        ("talks", place, "turns", turn_place, "replies", number, "words"), reply.words
                    )


def _gentle(where: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    yield from ((where, sentence) for sentence in gentle.faults_of(text))
