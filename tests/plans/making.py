"""Plans to test with, invented and looking it."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from app.plans.parts import CORE, Content, Item, Means, MeansClass, Part

WORDS = {
    Part.helps_first: "Ring me and talk about the garden",
    Part.signs: "I stop answering Ida",
    Part.alone: "Walk to the invented river",
    Part.people: "Ida, my sister",
    Part.professionals: "The office, any time",
    Part.safer: "Ida keeps the medicines",
}


def line(words: str, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "words": words, **more}


def core(**more: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts without which nothing is agreed, one line each; and whatever else is given."""
    return {"parts": {part.value: [line(WORDS[part])] for part in CORE} | more}


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)
items = st.builds(
    Item,
    id=st.uuids(),
    words=words,
    hidden_from_guardian=st.booleans(),
    contact_id=st.none() | st.uuids(),
)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    drawn = draw(st.lists(items, max_size=12, unique_by=lambda item: item.id))
    parts: dict[Part, list[Item]] = {}
    for item in drawn:
        parts.setdefault(draw(st.sampled_from(list(Part))), []).append(item)
    return Content(parts={part: tuple(lines) for part, lines in parts.items()})


secured = st.builds(
    Means,
    of=st.sampled_from(MeansClass),
    status=st.just("secured"),
    step=st.sampled_from(["off_site", "locked", "limited_supply", "held_by_someone"]),
    by=words,
    on=st.dates(),
)
open_means = st.builds(
    Means,
    of=st.sampled_from(MeansClass),
    status=st.sampled_from(["none_here", "not_secured", "rather_not_say"]),
)
means = st.lists(secured | open_means, unique_by=lambda one: one.of, max_size=5)


def of(**parts: list[tuple[int, str]]) -> Content:
    """of(signs=[(1, "words")]): lines by small numbers, so that a test can move them."""
    return Content(
        parts={
            Part(part): tuple(Item(id=UUID(int=number), words=said) for number, said in lines)
            for part, lines in parts.items()
        }
    )
