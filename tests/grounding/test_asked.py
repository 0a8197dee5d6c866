"""From the answers of a safety check to the three questions of R23: over every answer of the rules as they ship."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.grounding.asked import asked_of
from app.grounding.steps import NOTHING_ASKED, Asked
from app.triage import library

INPUTS = library.current().rules.inputs

answers = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*values, "unknown"]) for name, values in INPUTS.items()}
)


def hides(asked: Asked) -> bool:
    return not asked.all_absent


def test_nothing_answered_is_nothing_asked() -> None:
    assert asked_of({}) == NOTHING_ASKED
    assert asked_of(dict.fromkeys(INPUTS, "unknown")) == NOTHING_ASKED


def test_only_three_clear_answers_open_every_step() -> None:
    clear = {"ideation": "none", "intoxication": "none", "selfharm_urge": "none"}
    assert asked_of(clear) == Asked("absent", "absent", "absent")
    for question in clear:
        without = {name: value for name, value in clear.items() if name != question}
        assert hides(asked_of(without)), question


@given(answers, st.data())
def test_a_worse_or_a_missing_answer_never_opens_a_step(found: dict[str, str], data: st.DataObject) -> None:
    """The mildest value of an input stands first in the rules' file."""
    if not found:
        return
    name = data.draw(st.sampled_from(sorted(found)))
    values = list(INPUTS[name])
    at = values.index(found[name]) if found[name] in values else len(values)
    worse = data.draw(st.sampled_from([*values[at:], "unknown"]))
    if name in ("protective", "collaborates"):
        return
    changed = found | {name: worse}
    if worse == "unknown" and name not in ("ideation", "intoxication", "selfharm_urge"):
        return  # what only points to ideation or self-harm says nothing when it was not asked
    assert hides(asked_of(changed)) or not hides(asked_of(found))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ({"plan": "vague"}, "ideation"),
        ({"intent": "ambivalent"}, "ideation"),
        ({"screener": "low"}, "ideation"),
        ({"danger": "now"}, "ideation"),
        ({"behaviour": "today"}, "self_harm"),
        ({"behaviour": "past_3_months"}, "self_harm"),
        ({"danger": "now"}, "self_harm"),
        ({"intoxication": "mild"}, "intoxication"),
        ({"selfharm_urge": "steady"}, "self_harm"),
        ({"ideation": "passive"}, "ideation"),
    ],
)
def test_what_points_to_more_than_it_says_counts(said: dict[str, str], question: str) -> None:
    clear = {"ideation": "none", "intoxication": "none", "selfharm_urge": "none"}
    assert getattr(asked_of(clear | said), question) == "present"
