"""What a plan is made of, when it may be agreed, how complete it is, when it is read again. Pure.

The order of `Part` is the order in which a plan is read in a crisis: what helps most comes first (P12).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

REVIEW_AFTER: Final = timedelta(days=30)
REVIEW_AFTER_INCIDENT: Final = timedelta(days=7)
MOST_ITEMS: Final = 30
MOST_WORDS: Final = 400


class Part(StrEnum):
    helps_first = "helps_first"
    signs = "signs"
    alone = "alone"
    around = "around"
    people = "people"
    professionals = "professionals"
    safer = "safer"
    soothes = "soothes"
    animals = "animals"
    reasons = "reasons"
    place = "place"
    numbers = "numbers"
    mobile = "mobile"


# Without a word in each of these there is nothing to agree on.
CORE: Final = (Part.helps_first, Part.signs, Part.alone, Part.people, Part.professionals, Part.safer)


class Fixed(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True
    )


class Item(Fixed):
    """One line. `id` stays with it through edits and versions, so that a change can be told from a new line."""

    id: UUID
    words: Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]
    hidden_from_guardian: bool = False
    contact_id: UUID | None = None


class Content(Fixed):
    """The parts of one version, each in the client's order. A part without a line is left out."""

    parts: dict[Part, Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)]]

    @model_validator(mode="after")
    def _whole(self) -> "Content":
        ids = [item.id for items in self.parts.values() for item in items]
        if len(ids) != len(set(ids)):
            raise ValueError("Two lines carry the same id.")
        return self

    @field_validator("parts")
    @classmethod
    def _without_empty(cls, parts: dict[Part, tuple[Item, ...]]) -> dict[Part, tuple[Item, ...]]:
        return {part: parts[part] for part in Part if parts.get(part)}

    def of(self, part: Part) -> tuple[Item, ...]:
        return self.parts.get(part, ())

    def in_order(self) -> list[tuple[Part, tuple[Item, ...]]]:
        return [(part, self.of(part)) for part in Part if self.of(part)]

    def for_guardian(self) -> "Content":
        """Without the lines that the young person wants kept from a guardian (R16)."""
        kept = {
            part: tuple(item for item in items if not item.hidden_from_guardian)
            for part, items in self.parts.items()
        }
        return Content(parts=kept)


EMPTY: Final = Content(parts={})


class MeansClass(StrEnum):
    firearms = "firearms"
    medicines = "medicines"
    sharps = "sharps"
    vehicle = "vehicle"
    other = "other"


MeansStatus = Literal["none_here", "not_secured", "secured", "rather_not_say"]
MeansStep = Literal["off_site", "locked", "limited_supply", "held_by_someone"]


class Means(Fixed):
    """One class of means and what was done about it. Never how it might be used."""

    of: MeansClass
    status: MeansStatus
    step: MeansStep | None = None
    by: Annotated[str, Field(max_length=80)] = ""
    on: date | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Means":
        if self.status == "secured" and (self.step is None or not self.by or self.on is None):
            raise ValueError("Secured needs how, by whom and on which day.")
        if self.status != "secured" and (self.step is not None or self.by or self.on is not None):
            raise ValueError("How, by whom and when belong to means that are secured.")
        return self


def missing_core(content: Content) -> list[Part]:
    return [part for part in CORE if not content.of(part)]


Piece = Literal["signs", "tools", "people", "means", "interventions", "place", "numbers", "mobile"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known outside the plan's own lines and completes it."""

    usual_place: bool = False
    local_line: bool = False
    danger_word: bool = False


def complete(content: Content, means: Iterable[Means], known: Known) -> dict[Piece, bool]:
    """The eight of a good plan (Q5), each there or not; shown by name, never as a score of a person."""
    has = {part: bool(content.of(part)) for part in Part}
    return {
        "signs": has[Part.signs],
        "tools": has[Part.alone] or has[Part.around] or has[Part.soothes],
        "people": has[Part.people],
        "means": any(True for _ in means),
        "interventions": has[Part.helps_first] and known.danger_word,
        "place": has[Part.place] or known.usual_place,
        "numbers": has[Part.numbers] or known.local_line,
        "mobile": has[Part.mobile],
    }


def review_due(stated: datetime, reviewed_at: datetime, last_incident: datetime | None) -> datetime:
    """`stated` when it was agreed or last read together; a moderate or higher incident since then brings it forward."""
    if last_incident is None or last_incident <= reviewed_at:
        return stated
    return min(stated, last_incident + REVIEW_AFTER_INCIDENT)


What = Literal["added", "removed", "reworded", "moved", "hidden", "shown", "linked"]


@dataclass(frozen=True, slots=True)
class Change:
    part: Part
    what: What
    before: str | None
    after: str | None


def changes(before: Content, after: Content) -> list[Change]:
    """What a person would say has changed, part by part. A line keeps its id, so moving it is not a new line."""
    found: list[Change] = []
    for part in Part:
        found += _of_part(part, before.of(part), after.of(part))
    return found


def _of_part(part: Part, before: tuple[Item, ...], after: tuple[Item, ...]) -> list[Change]:
    old, new = {item.id: item for item in before}, {item.id: item for item in after}
    found = [Change(part, "removed", item.words, None) for item in before if item.id not in new]
    stayed = _stayed([item.id for item in before if item.id in new], [i.id for i in after if i.id in old])
    for item in after:
        was = old.get(item.id)
        if was is None:
            found.append(Change(part, "added", None, item.words))
            continue
        if was.words != item.words:
            found.append(Change(part, "reworded", was.words, item.words))
        if item.id not in stayed:
            found.append(Change(part, "moved", was.words, item.words))
        if was.hidden_from_guardian != item.hidden_from_guardian:
            what: What = "hidden" if item.hidden_from_guardian else "shown"
            found.append(Change(part, what, was.words, item.words))
        if was.contact_id != item.contact_id:
            found.append(Change(part, "linked", was.words, item.words))
    return found


def _stayed(before: list[UUID], after: list[UUID]) -> set[UUID]:
    """The most lines that kept their order: moving one line up is one change, however many it passed."""
    place = {item: index for index, item in enumerate(before)}
    chains: dict[UUID, list[UUID]] = {}
    for item in after:
        earlier = [chain for other, chain in chains.items() if place[other] < place[item]]
        chains[item] = [*_longest(earlier), item]
    return set(_longest(chains.values()))


def _longest(chains: Iterable[list[UUID]]) -> list[UUID]:
    return max(chains, key=lambda chain: len(chain), default=[])
