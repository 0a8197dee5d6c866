"""One small step: the client's own first, and none towards harm unless all three questions were answered with no (R23)."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.grounding.steps import NOTHING_ASKED, ORDER, OURS, Asked, Known, Ours, offered, toward

KNOWN = get_args(Known)
QUESTIONS = ("ideation", "intoxication", "self_harm")
CLEAR = Asked("absent", "absent", "absent")

answers = st.builds(Asked, *(st.sampled_from(KNOWN) for _ in QUESTIONS))
lines = st.lists(
    st.sampled_from(
        [
            "Text Lee",
            "Sit on the balcony",
            "Walk Biscuit round the block",
            "Go for a drive",
            "Take my evening pills",
            "A long bath",
            "Salir a la azotea",
            "Manejar a la playa",
            "Mis pastillas de la noche",
            "La radio de mi pueblo",
        ]
    ),
    max_size=12,
)


@given(lines, answers, st.booleans())
def test_nothing_towards_harm_is_offered_unless_all_three_are_answered_no(
    own: list[str], asked: Asked, animal: bool
) -> None:
    found = offered(own, asked, animal=animal)
    if asked == CLEAR:
        assert found.own == tuple(range(len(own)))
        assert (found.hidden, found.hidden_count) == ((), 0)
        return
    assert not any(toward(own[index]) for index in found.own)
    assert not any(step.toward for step in found.ours)
    everything = offered(own, CLEAR, animal=animal)
    assert found.hidden_count == len(everything.own) + len(everything.ours) - len(found.own) - len(found.ours)
    assert list(found.hidden) == [one for one in ORDER if one in found.hidden]


@given(lines, answers, st.sampled_from(QUESTIONS), st.sampled_from(["present", "not_asked"]), st.booleans())
def test_a_worse_or_a_missing_answer_never_offers_more(
    own: list[str], asked: Asked, question: str, worse: Known, animal: bool
) -> None:
    before, after = (
        offered(own, asked, animal=animal),
        offered(own, replace(asked, **{question: worse}), animal=animal),
    )
    assert set(after.own) <= set(before.own)
    assert set(after.ours) <= set(before.ours)


@given(lines, answers)
def test_their_own_steps_keep_their_order(own: list[str], asked: Asked) -> None:
    assert list(offered(own, asked, animal=True).own) == sorted(offered(own, asked, animal=True).own)


def test_nobody_asked_is_not_no() -> None:
    assert Asked() == NOTHING_ASKED
    assert NOTHING_ASKED.all_absent is False
    assert "fresh_air" not in [step.key for step in offered([], NOTHING_ASKED, animal=False).ours]
    assert offered([], NOTHING_ASKED, animal=False).hidden == ("heights", "water", "medicines")


def test_a_step_with_an_animal_needs_an_animal() -> None:
    assert "with_animal" not in [step.key for step in offered([], CLEAR, animal=False).ours]
    assert "with_animal" in [step.key for step in offered([], CLEAR, animal=True).ours]


def test_every_step_of_ours_is_known_once() -> None:
    assert sorted(step.key for step in OURS) == sorted(get_args(Ours))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Step out on the Balcony", {"heights"}),
        ("El balcón, con un café", {"heights"}),
        ("Open the window", {"heights"}),
        ("Hike up to the overlook", {"heights"}),
        ("Subir las escaleras", {"heights"}),
        ("Drive to the coast", {"driving"}),
        ("Sit in my car with music", {"driving"}),
        ("Dar una vuelta en coche", {"driving"}),
        ("A bath with the radio on", {"water"}),
        ("Walk down to the river", {"water"}),
        ("Un baño caliente", {"water"}),
        ("Go where the water is", {"water"}),
        ("Cross the bridge to the lake", {"heights", "water"}),
        ("Take my meds as prescribed", {"medicines"}),
        ("Ordenar mis pastillas", {"medicines"}),
        ("Drive to the pharmacy", {"driving", "medicines"}),
    ],
)
def test_what_a_line_leads_towards(line: str, found: set[str]) -> None:
    assert toward(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "Drink a glass of water",
        "Cold water on my hands",
        "Agua fría en las manos",
        "Text Elena",
        "Walk to the mill and back",
        "Water the plants",
        "Sentarme en el banco del parque",
        "Cocinar algo largo",
        "The green radio, any station",
        "Cuddle with Nube",
        "",
    ],
)
def test_what_leads_towards_nothing(line: str) -> None:
    assert toward(line) == frozenset()
