"""Two people and one record, as a rule: whatever the two write, no word of either is lost without being told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.alike import alike
from app.clients.merge import Earlier, merge, to_put_back

FIELDS = ("a", "b", "c")
values = st.one_of(st.none(), st.sampled_from(["x", "y", "z"]))
forms = st.dictionaries(st.sampled_from(FIELDS), values)


@given(base=st.fixed_dictionaries(dict.fromkeys(FIELDS, values)), theirs=forms, mine=forms)
def test_nobodys_words_are_lost(base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> None:
    changed = {name: value for name, value in theirs.items() if value != base[name]}
    current = {**base, **changed}
    since = [Earlier(2, "Lena", 1, {name: base[name] for name in changed})] if changed else []
    merged = merge({**base, **mine}, current, since)
    for name in FIELDS:
        wanted = mine.get(name, base[name])
        if wanted == base[name] or wanted == current[name]:
            assert name not in merged.changes | merged.clashes, "left alone, or agreed"
        elif name in changed:
            assert name in merged.clashes, "both wrote, so both are asked"
        else:
            assert merged.changes[name] == wanted


def test_the_latest_who_touched_a_field_is_named_and_the_first_base_counts() -> None:
    since = [Earlier(2, "Lena", 60, {"a": "x"}), Earlier(3, "Sam", 5, {"a": "y"})]
    assert merge({"a": "x"}, {"a": "z"}, since).clashes == {}
    assert merge({"a": "mine"}, {"a": "z"}, since).clashes["a"].by == "Sam"


@given(before=forms, after=forms, current=st.fixed_dictionaries(dict.fromkeys(FIELDS, values)))
def test_putting_back_touches_only_what_nobody_wrote_since(
    before: dict[str, Any], after: dict[str, Any], current: dict[str, Any]
) -> None:
    for name, value in to_put_back(before, after, current).items():
        assert current[name] == after.get(name)
        assert value == before[name] != current[name]


@pytest.mark.parametrize(
    ("name", "other", "similar"),
    [
        ("Ana R.", "Ana B.", True),
        ("Marcus T.", "Markus B.", True),
        ("Caitlin A.", "Kaitlyn B.", True),
        ("Jon B.", "John C.", True),
        ("Ana R.", "Ida B.", False),
        ("Leo F.", "Lea F.", True),
        ("Josephine W.", "Tomasz K.", False),
        ("", "Ana", False),
    ],
)
def test_names_taken_for_each_other(name: str, other: str, similar: bool) -> None:
    assert (alike(name, [other]) == [other]) is similar
