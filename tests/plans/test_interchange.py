"""A plan as a file: what goes out comes back, whole; and what is not a plan is refused with a reason. Pure."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plans import interchange
from app.plans.interchange import Document, NotAPlan
from app.plans.parts import Content, Item, Means, Part
from tests.plans import making

NOT_OURS = "not a plan that Handrail wrote"


@given(
    content=making.contents(),
    means=making.means,
    number=st.none() | st.integers(min_value=1, max_value=999),
    agreed=st.none() | st.datetimes(timezones=st.just(UTC)),
    language=st.sampled_from(["en", "es", "vi"]),
)
def test_export_and_import_lose_nothing(
    content: Content, means: list[Means], number: int | None, agreed: datetime | None, language: str
) -> None:
    before = Document(language=language, number=number, agreed_at=agreed, content=content, means=tuple(means))
    # Through text, as a file on somebody's desk would go.
    after = interchange.read(json.loads(json.dumps(interchange.write(before))))
    assert after == before


@given(content=making.contents(), known=st.sets(st.uuids(), max_size=3))
def test_links_to_strangers_go_and_every_word_stays(content: Content, known: set[UUID]) -> None:
    linked = {i.contact_id for items in content.parts.values() for i in items if i.contact_id}
    keep = known | set(list(linked)[::2])
    kept, lost = interchange.unlinked(content, keep)
    assert [(p, [i.words for i in items]) for p, items in kept.in_order()] == [
        (p, [i.words for i in items]) for p, items in content.in_order()
    ]
    after = [i.contact_id for items in kept.parts.values() for i in items if i.contact_id]
    assert set(after) <= keep
    before = [i.contact_id for items in content.parts.values() for i in items if i.contact_id]
    assert len(before) - len(after) == lost


GOOD: dict[str, Any] = interchange.write(
    Document(language="en", content=Content(parts={Part.signs: (Item(id=UUID(int=1), words="secretword"),)}))
)


@pytest.mark.parametrize(
    ("given_file", "why"),
    [
        ({}, NOT_OURS),
        ([], NOT_OURS),
        ("secretword", NOT_OURS),
        (None, NOT_OURS),
        ({**GOOD, "format": "another"}, NOT_OURS),
        ({**GOOD, "language": float("nan"), "format": "x"}, NOT_OURS),
        ({**GOOD, "content": None}, "One place"),
        ({**GOOD, "format_version": 2}, "newer Handrail"),
        ({**GOOD, "content": {"parts": {"signs": [{"id": "secretword", "words": "x"}]}}}, "One place"),
        ({**GOOD, "content": {"parts": {"horoscope": []}}}, "One place"),
        ({**GOOD, "secretword": 1}, "One place"),
        ({**GOOD, "means": [{"of": "medicines", "status": "secured"}]}, "Secured needs"),
    ],
)
def test_what_is_not_a_plan_is_refused_with_a_reason(given_file: Any, why: str) -> None:
    with pytest.raises(NotAPlan, match=why) as refused:
        interchange.read(given_file)
    assert "Nothing was taken in" in str(refused.value)


def test_a_refusal_repeats_no_word_of_the_plan() -> None:
    bad = {**GOOD, "content": {"parts": {"signs": [{"id": "secretword", "words": "secretword" * 90}]}}}
    with pytest.raises(NotAPlan) as refused:
        interchange.read(bad)
    assert "secretword" not in str(refused.value)
