"""What one version says otherwise than another, in words that a clinician can sign. Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.protocols import plain
from app.protocols.schema import VARIANT_ORDER, Protocol, Seconds, Step
from app.protocols.variants import with_variants

What = Literal["added", "removed", "changed"]
TIMES = {
    "due_s": "Limit",
    "not_before_s": "Not sooner than",
    "wait_s": "Least time to answer",
    "every_s": "Comes round every",
    "ring_s": "Rings for",
}


class Difference(BaseModel):
    """`where`: the step, script or part it is about. `only_with`: the variant without which it does not show."""

    model_config = ConfigDict(frozen=True)

    where: str
    what: What
    about: str
    before: str | None = None
    after: str | None = None
    only_with: str | None = None


def differences(old: Protocol, new: Protocol) -> list[Difference]:
    """In the order of the newer file. Nothing of it means that both run alike."""
    found = [*_head(old, new), *_steps(old, new), *_scripts(old, new), *_paper(old, new)]
    return found + list(_variants(old, new, set(found)))


def _head(old: Protocol, new: Protocol) -> Iterator[Difference]:
    for name, about in (("title", "Title"), ("purpose", "Purpose")):
        yield from _changed("The protocol", about, getattr(old, name), getattr(new, name))
    yield from _changed(
        "The protocol",
        "What starts it",
        _listed(plain.trigger(one) for one in old.trigger),
        _listed(plain.trigger(one) for one in new.trigger),
    )
    yield from _changed("The protocol", "Tiers", _listed(old.tiers), _listed(new.tiers))


def _steps(old: Protocol, new: Protocol) -> Iterator[Difference]:
    before, after = {step.id: step for step in old.steps}, {step.id: step for step in new.steps}
    for key, step in after.items():
        if key not in before:
            yield Difference(where=plain.title(step), what="added", about="Step", after=_whole(new, step))
        else:
            yield from _step(old, new, before[key], step)
    for key, step in before.items():
        if key not in after:
            yield Difference(where=plain.title(step), what="removed", about="Step", before=_whole(old, step))


def _step(old: Protocol, new: Protocol, was: Step, now: Step) -> Iterator[Difference]:
    where = plain.title(now)
    yield from _changed(where, "Words", plain.title(was), where)
    yield from _changed(where, "Who", plain.ROLES[was.role], plain.ROLES[now.role])
    yield from _changed(where, "What happens", plain.ACTIONS[was.action], plain.ACTIONS[now.action])
    yield from _changed(where, "Counts from", _zero(was), _zero(now))
    for name, about in TIMES.items():
        yield from _changed(where, about, _time(getattr(was, name)), _time(getattr(now, name)))
    for outcome in dict.fromkeys([*now.next, *was.next]):
        yield from _changed(
            where,
            f"When {plain.answer(outcome)[:1].lower()}{plain.answer(outcome)[1:]}",
            _leads(old, was, outcome),
            _leads(new, now, outcome),
        )
    yield from _changed(where, "Says", _listed(was.say), _listed(now.say))
    yield from _changed(
        where,
        "Conditions",
        _listed(plain.GUARDS[one] for one in was.guard),
        _listed(plain.GUARDS[one] for one in now.guard),
    )
    yield from _changed(
        where,
        "Basis",
        _listed(plain.BASES[one] for one in was.basis),
        _listed(plain.BASES[one] for one in now.basis),
    )
    yield from _changed(where, "Begins beside it", _titles(old, was.starts), _titles(new, now.starts))
    yield from _changed(where, "Written down", _listed(was.record), _listed(now.record))
    yield from _changed(where, "May be skipped", _yes(was.skippable), _yes(now.skippable))
    yield from _changed(where, "Runs beside the chain", _yes(was.alongside), _yes(now.alongside))


def _scripts(old: Protocol, new: Protocol) -> Iterator[Difference]:
    for key in dict.fromkeys([*new.scripts, *old.scripts]):
        was, now = old.scripts.get(key), new.scripts.get(key)
        texts_before: Mapping[str, str] = was.text if was else {}
        texts_after: Mapping[str, str] = now.text if now else {}
        for language in dict.fromkeys([*texts_after, *texts_before]):
            words = (one.get(language) for one in (texts_before, texts_after))
            yield from _changed(f"Words “{key}”", language, *(plain.gaps(text or "") for text in words))
        if was and now:
            told = [f"{one.channel}, to {one.audience}, discloses {one.discloses}" for one in (was, now)]
            yield from _changed(f"Words “{key}”", "How and to whom", *told)


def _paper(old: Protocol, new: Protocol) -> Iterator[Difference]:
    for about, was, now in (
        ("Written down", old.documentation, new.documentation),
        ("Closing asks for", old.close.requires, new.close.requires),
        ("A second person at", old.close.second_person_for, new.close.second_person_for),
        ("Sources", old.sources, new.sources),
    ):
        yield from _changed("The protocol", about, _listed(was), _listed(now))
    yield from _changed("The protocol", "Read again by", old.review.due, new.review.due)


def _variants(old: Protocol, new: Protocol, plainly: set[Difference]) -> Iterator[Difference]:
    """What shows only for some clients: both versions as each variant makes them, less what shows without it."""
    for name in VARIANT_ORDER:
        title = plain.VARIANTS[name][0]
        if name in new.variants and name in old.variants:
            applied = [with_variants(one, (name,)) for one in (old, new)]
            found = [*_steps(applied[0], applied[1]), *_reminders(applied[0], applied[1])]
            yield from (one.model_copy(update={"only_with": title}) for one in found if one not in plainly)
            was, now = old.variants[name].when, new.variants[name].when
            yield from _changed(
                f"Variant “{title}”", "For whom", plain.when_of(name, was), plain.when_of(name, now)
            )
        elif name in new.variants:
            yield Difference(where=f"Variant “{title}”", what="added", about="Variant", only_with=title)
        elif name in old.variants:
            yield Difference(where=f"Variant “{title}”", what="removed", about="Variant", only_with=title)


def _reminders(old: Protocol, new: Protocol) -> Iterator[Difference]:
    yield from _changed("The protocol", "Remember", _listed(old.reminders), _listed(new.reminders))


def _changed(where: str, about: str, before: str | None, after: str | None) -> Iterator[Difference]:
    if before == after:
        return
    what: What = "changed" if before and after else "added" if after else "removed"
    yield Difference(where=where, what=what, about=about, before=before or None, after=after or None)


def _whole(protocol: Protocol, step: Step) -> str:
    leads = (
        f"{plain.answer(outcome)}: {plain.target(protocol, step, goal)}"
        for outcome, goal in step.next.items()
    )
    return f"{plain.ROLES[step.role]}, {_limit(step)}. {'; '.join(leads)}."


def _limit(step: Step) -> str:
    if step.every_s is not None:
        return f"every {plain.seconds(step.every_s)}"
    return f"{'within' if step.counts_from == 'step' else 'by'} {plain.seconds(step.due_s)}"


def _leads(protocol: Protocol, step: Step, outcome: str) -> str | None:
    return plain.target(protocol, step, step.next[outcome]) if outcome in step.next else None


def _titles(protocol: Protocol, keys: tuple[str, ...]) -> str:
    return _listed(plain.title(protocol.step(key)) for key in keys)


def _time(value: Seconds | None) -> str | None:
    return None if value is None else plain.seconds(value)


def _zero(step: Step) -> str:
    return "its own opening" if step.counts_from == "step" else "the zero of the clock"


def _listed(words: "Iterator[str] | tuple[str, ...]") -> str:
    return ", ".join(plain.word(one) for one in words)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
