"""What a variant may not do, and what each one promises the client (R2). Pure."""

from collections.abc import Iterator

from app.protocols.schema import OUTREACH, THIRD_PARTY, VARIANT_ORDER, Protocol, Step, Variant, VariantName
from app.protocols.variants import NOTHING, ONWARDS, end_of_removal
from app.protocols.wording import Problem

SAFETY: tuple[VariantName, ...] = ("text_first", "relay", "do_not_ring", "unsafe_home")


def faults(protocol: Protocol) -> Iterator[Problem]:
    reaches_out = [step.id for step in protocol.steps if step.action in THIRD_PARTY]
    applied = bool(protocol.variants_in_force)
    if reaches_out and not applied and "unsafe_home" not in protocol.variants:
        yield (
            ("variants",),
            f'"{reaches_out[0]}" reaches somebody else, and no variant says how in an unsafe home (R2).',
        )
    for name, variant in protocol.variants.items():
        for where, sentence in _of_variant(protocol, name, variant):
            yield ("variants", name, *where), sentence


def _of_variant(protocol: Protocol, name: VariantName, variant: Variant) -> Iterator[Problem]:
    if variant.when.empty:
        yield ("when",), f'The variant "{name}" does not say for whom it is.'
    acts = variant.remove or variant.change or variant.add or variant.replace_script
    if name in SAFETY and not acts:
        yield (), f'The variant "{name}" is only advice: it must change what happens (R2).'
    yield from _of_changes(variant, _known(protocol, name))
    yield from _of_replaced(protocol, variant)


def _known(protocol: Protocol, name: VariantName) -> set[str]:
    """Steps there may be when this variant is applied: the protocol's, its own, and those of variants before it, of
    which what protects from danger must be able to take away."""
    before = VARIANT_ORDER[: VARIANT_ORDER.index(name) + 1]
    added = (protocol.variants[one].add for one in before if one in protocol.variants)
    return {step.id for steps in (protocol.steps, *added) for step in steps}


def _of_changes(variant: Variant, known: set[str]) -> Iterator[Problem]:
    for place, keys in (("change", variant.change), ("remove", variant.remove)):
        for key in sorted(set(keys) - known):
            yield (place, key), f'There is no step "{key}" to {place}.'
    for key, target in variant.remove.items():
        end = end_of_removal(key, variant.remove)
        if end in variant.remove or end not in known | {NOTHING, ONWARDS}:
            yield ("remove", key), f'When "{key}" is left out, "{target}" cannot take its place.'


def _of_replaced(protocol: Protocol, variant: Variant) -> Iterator[Problem]:
    for old, new in variant.replace_script.items():
        before, after = protocol.scripts.get(old), protocol.scripts.get(new)
        if before is None or after is None:
            yield ("replace_script", old), f'"{old}" and "{new}" must both be scripts of this protocol.'
        elif before.channel != after.channel:
            yield ("replace_script", old), f'"{new}" is not written for the channel of "{old}".'


def promises(protocol: Protocol, names: tuple[VariantName, ...]) -> Iterator[str]:
    """What a client was promised when the variant was agreed with them, whatever else holds too."""
    for step in protocol.steps:
        if "do_not_ring" in names and step.action in OUTREACH:
            yield f'"{step.id}" reaches out by itself to someone who asked us not to ring (R2).'
        if "unsafe_home" in names:
            yield from _of_unsafe(step)


def _of_unsafe(step: Step) -> Iterator[str]:
    if step.action == "call.leave_voicemail":
        yield f'"{step.id}" would leave a voicemail in an unsafe home (R2).'
    if step.action in OUTREACH and "safe_to_ring" not in step.guard:
        yield f'"{step.id}" must be guarded by safe_to_ring (R2).'
    if step.action == "person.contact" and not {"not_household", "not_part_of_the_danger"} <= set(step.guard):
        yield f'"{step.id}" must be guarded by not_household and not_part_of_the_danger (R2).'
    if step.action == "person.dispatch" and "quiet_responders" not in step.guard:
        yield f'"{step.id}" must be guarded by quiet_responders (R2).'
