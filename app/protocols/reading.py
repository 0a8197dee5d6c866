"""A protocol as a person reads it: at one tier, for one kind of client, in plain words. Pure."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel

from app.protocols import plain
from app.protocols.checks import ONE_OF
from app.protocols.schema import TIERS, VARIANT_ORDER, Protocol, Script, Step, Tier, VariantName
from app.protocols.step_checks import MACHINE
from app.protocols.variants import with_variants

# Steps that were there before the variants, and what those made of them.
Change = Literal["added", "changed"]


class StepAnswer(BaseModel):
    """`silent`: no person says it. `to` is a step, `end:<word>`, `protocol:<id>` or `nothing`."""

    outcome: str
    answer: str
    to: str
    leads_to: str
    silent: bool


class ReadStep(BaseModel):
    """`limit` is by when at the chosen tier; `limits` holds every tier's, for the table. `alongside`: never leads."""

    id: str
    title: str
    role: str
    action: str
    what: str
    kind: Literal["person", "page", "automatic"]
    beside: bool
    alongside: bool
    limit: str
    limits: dict[str, str]
    waits: str
    least: str | None
    rings: str | None
    say: list[str]
    guards: list[str]
    bases: list[str]
    written_down: list[str]
    starts: list[str]
    branches: list[StepAnswer]
    skippable: bool
    change: Change | None


class ReadScript(BaseModel):
    id: str
    how: str
    discloses: str
    text: dict[str, str]


class ReadVariant(BaseModel):
    """`excludes`: variants that never hold for the same client."""

    name: VariantName
    title: str
    when: str
    chosen: bool
    excludes: list[VariantName]


class RemovedStep(BaseModel):
    title: str
    instead: str


class ProtocolReading(BaseModel):
    """`alone`: the steps met when nobody presses anything, in order."""

    protocol: str
    version: str
    title: str
    purpose: str
    tier: Tier
    tiers: list[Tier]
    starts_when: list[str]
    zero: str
    variants: list[ReadVariant]
    reminders: list[str]
    steps: list[ReadStep]
    alone: list[str]
    removed: list[RemovedStep]
    scripts: list[ReadScript]
    documentation: list[str]
    close: list[str]
    second_person_for: list[str]
    sources: list[str]
    owner: str
    due: str


def known(protocol: Protocol, names: Sequence[str]) -> tuple[VariantName, ...]:
    """The variants of these names that this protocol has, in the order in which they are applied; of those that never
    hold together, the first asked for."""
    kept: list[VariantName] = []
    for name in dict.fromkeys(names):
        if name in protocol.variants and not (name in ONE_OF and ONE_OF.intersection(kept)):
            kept.append(name)
    return tuple(name for name in VARIANT_ORDER if name in kept)


def read(protocol: Protocol, tier: Tier, names: Sequence[str] = ()) -> ProtocolReading:
    chosen = known(protocol, names)
    applied = with_variants(protocol, chosen)
    steps = [_step(applied, protocol, step, tier) for step in applied.steps]
    return ProtocolReading(
        protocol=protocol.id,
        version=protocol.version,
        title=protocol.title,
        purpose=protocol.purpose,
        tier=tier,
        tiers=list(protocol.tiers),
        starts_when=[plain.trigger(one) for one in protocol.trigger],
        zero="the drop" if protocol.of_presence else "the start",
        variants=[_variant(protocol, name, chosen) for name in VARIANT_ORDER if name in protocol.variants],
        reminders=list(applied.reminders),
        steps=steps,
        alone=[step.id for step in left_alone(applied)],
        removed=list(_removed(protocol, applied)),
        scripts=scripts(applied),
        documentation=[plain.word(term) for term in protocol.documentation],
        close=[plain.word(term) for term in protocol.close.requires],
        second_person_for=[plain.TIER_WORDS[one].lower() for one in protocol.close.second_person_for],
        sources=list(protocol.sources),
        owner=plain.sentence(plain.word(protocol.review.owner)),
        due=protocol.review.due,
    )


def read_steps(applied: Protocol, tier: Tier) -> list[ReadStep]:
    """Steps as they stand, compared with nothing; Handrail's own net under them too, should it be open."""
    return [_step(applied, applied, step, tier) for step in applied.by_id.values()]


def left_alone(protocol: Protocol) -> Iterator[Step]:
    """What comes after what when nobody presses anything, until a step repeats."""
    step, met = protocol.entry, set[str]()
    while step.id not in met:
        met.add(step.id)
        yield step
        step = protocol.step(_in_silence(step))


def _in_silence(step: Step) -> str:
    """Telephones that nobody answers; people who do not press."""
    heard = None if step.waits_for_person else step.next.get("sent") or step.next.get("no_answer")
    return heard or step.next["timeout"]


def _step(protocol: Protocol, written: Protocol, step: Step, tier: Tier) -> ReadStep:
    kind: Literal["person", "page", "automatic"] = "automatic"
    if step.waits_for_person:
        kind = "person"
    elif step.action.startswith("page."):
        kind = "page"
    return ReadStep(
        id=step.id,
        title=plain.title(step),
        role=plain.ROLES[step.role],
        action=step.action,
        what=plain.ACTIONS[step.action],
        kind=kind,
        beside=step.beside,
        alongside=step.alongside,
        limit=plain.limit(step, tier),
        limits={one: plain.limit(step, one) for one in TIERS},
        waits=plain.waiting(step),
        least=plain.clock(step.wait_s.of(tier)) if step.wait_s and step.wait_s.of(tier) else None,
        rings=plain.clock(step.ring_s.of(tier)) if step.ring_s else None,
        say=list(step.say),
        guards=[plain.GUARDS[guard] for guard in step.guard],
        bases=[plain.BASES[basis] for basis in step.basis],
        written_down=[plain.word(term) for term in step.record],
        starts=list(step.starts),
        branches=[_branch(protocol, step, outcome, goal) for outcome, goal in step.next.items()],
        skippable=step.skippable,
        change=_change(written, step),
    )


def _change(written: Protocol, step: Step) -> Change | None:
    before = written.find(step.id)
    if before is None:
        return "added"
    return None if before == step else "changed"


def _branch(protocol: Protocol, step: Step, outcome: str, goal: str) -> StepAnswer:
    return StepAnswer(
        outcome=outcome,
        answer=plain.answer(outcome),
        to=goal,
        leads_to=plain.target(protocol, step, goal),
        silent=outcome in MACHINE,
    )


def _removed(written: Protocol, applied: Protocol) -> Iterator[RemovedStep]:
    for step in written.steps:
        if applied.find(step.id) is None:
            instead = applied.instead_of(step.id) or ""
            goal = applied.find(instead)
            yield RemovedStep(
                title=plain.title(step), instead=plain.title(goal) if goal else "Nothing follows"
            )


def scripts(applied: Protocol) -> list[ReadScript]:
    """Only those that somebody says here, in the order in which they are said."""
    said = dict.fromkeys(key for step in applied.steps for key in step.say)
    return [_script(key, applied.scripts[key]) for key in said]


def _script(key: str, script: Script) -> ReadScript:
    return ReadScript(
        id=key,
        how=f"{plain.CHANNELS[script.channel]}, {plain.AUDIENCES[script.audience]}",
        discloses=script.discloses,
        text={language: plain.gaps(text) for language, text in script.text.items()},
    )


def _variant(protocol: Protocol, name: VariantName, chosen: Sequence[VariantName]) -> ReadVariant:
    others = sorted(ONE_OF.intersection(protocol.variants) - {name}) if name in ONE_OF else []
    return ReadVariant(
        name=name,
        title=plain.VARIANTS[name][0],
        when=plain.when_of(name, protocol.variants[name].when),
        chosen=name in chosen,
        excludes=others,
    )
