"""Alike, chosen well, due, and heard in a typed line: decided without database, clock or network."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.code_words.alike import alike, spoken, telling
from app.code_words.choosing import (
    ALIKE_FAULT,
    CLINICAL_FAULT,
    EVERYDAY_FAULT,
    NAME_FAULT,
    ODD_FAULT,
    SIGN_FAULT,
    WORDS_FAULT,
    fault,
    too_like,
)
from app.code_words.hearing import heard, withheld
from app.code_words.renewal import LASTS, Due, Kept, due, lasts_until

SET = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
# Invented phrases, as people in care might choose them.
PHRASES = (
    "blue kettle",
    "marble staircase",
    "turtle parade",
    "silla amarilla",
    "the old piano",
    "cup of cocoa",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("night train", "knight rider"),
        ("sea wall", "see saw"),
        ("flower pot", "flour bag"),
        ("right shoe", "write home"),
        ("mail box", "male voice"),
        ("weather report", "whether so"),
        ("blue kitchen", "blu kichen"),
        ("rainbow shirt", "rain bow"),
        ("Céline's teapot", "tea pot"),
        ("green radio", "green lamp"),
        ("ferry ticket", "fairy tale"),
        ("the two boats", "a boat"),
        ("vaca lechera", "baca del coche"),
        ("casa azul", "caza mayor"),
        ("hola mesa", "ola grande"),
        ("calle larga", "caye corta"),
        ("queso fresco", "keso"),
        ("gato pardo", "pato rojo"),
        ("MARBLE staircase", "marble stáircase"),
    ],
)
def test_these_could_be_taken_for_each_other(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cat basket", "kite string"),
        ("coat rack", "cut grass"),
        ("paper lantern", "winter boots"),
        ("library card", "blueberry jam"),
        ("garden hose", "golden coin"),
        ("pine tree", "spoon drawer"),
        ("the old piano", "the red carpet"),
        ("reloj viejo", "silla nueva"),
        ("año nuevo", "ana maria"),
        ("bread knife", "board game"),
    ],
)
def test_these_could_not(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


WRITTEN = st.text(alphabet="abcdefghijklmnñopqrstuvwxyzáéíóúü '’-", min_size=0, max_size=40)


@given(WRITTEN, WRITTEN)
def test_alike_has_no_order_and_never_breaks(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert alike(one, one) == bool(spoken(one))


@given(st.sampled_from(PHRASES), st.text(max_size=60), st.text(max_size=60))
def test_a_phrase_is_found_in_whatever_stands_around_it(phrase: str, before: str, after: str) -> None:
    assert heard(f"{before} {phrase} {after}", [("danger", phrase)]) == "danger"


@pytest.mark.parametrize("phrase", PHRASES)
def test_ordinary_words_may_be_chosen(phrase: str) -> None:
    assert fault(phrase, "words", ["Marcus T."]) is None


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("kettle", WORDS_FAULT),
        ("one two three four five six", WORDS_FAULT),
        ("kettle 22", ODD_FAULT),
        ("kettle <b>", ODD_FAULT),
        ("green pills", CLINICAL_FAULT),
        ("my therapist says", CLINICAL_FAULT),
        ("the emergency door", CLINICAL_FAULT),
        ("cuchillo de pan", CLINICAL_FAULT),
        ("estoy en peligro", CLINICAL_FAULT),
        ("me mato de risa", CLINICAL_FAULT),
        ("see you tomorrow", EVERYDAY_FAULT),
        ("muchas gracias", EVERYDAY_FAULT),
        ("buenas noches", EVERYDAY_FAULT),
        ("Marcus kettle", NAME_FAULT),
        ("tull kettle", NAME_FAULT),
    ],
)
def test_what_may_not_be_chosen_is_refused_with_a_reason(phrase: str, why: str) -> None:
    assert fault(phrase, "words", ["Marcus T.", "Marcus Aaron Tull"]) == why


@pytest.mark.parametrize(
    "phrase", ["violet scarecrow", "diesel engine", "painted cutlery", "harmonica player", "armario grande"]
)
def test_ordinary_words_that_begin_like_a_clinical_one_pass(phrase: str) -> None:
    assert fault(phrase, "words") is None


def test_no_refusal_repeats_what_was_typed() -> None:
    for phrase in ("kettle", "kettle 22", "green pills", "see you tomorrow"):
        said = fault(phrase, "words") or ""
        assert phrase not in said
    assert "kettle" not in ALIKE_FAULT


def test_a_sign_is_compared_with_signs_and_a_word_with_words() -> None:
    assert fault("touches the left ear", "hand_sign") is None
    assert fault("waves", "hand_sign") == SIGN_FAULT
    assert not too_like("touches the left ear", "hand_sign", [("left luggage", "words")])
    assert not too_like("left luggage", "words", [("touches the left ear", "hand_sign")])
    assert too_like("pulls the left ear", "hand_sign", [("touches the left ear", "hand_sign")])
    assert not too_like("puts on a hat", "hand_sign", [("touches the left ear", "hand_sign")])
    assert too_like("blue kettle", "words", [("kettle drum", "words")])


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("Can we talk about the blue kettle", "danger"),
        ("blu ketle", "danger"),
        ("bluekettle", "danger"),
        ("BLUE... um, that KETTLE!", "danger"),
        ("la silla amarilla está aquí", "pause"),
        ("the turtle parade, and my blue kettle", "danger"),
        ("the kettle is blue", None),
        ("blue sky", None),
        ("I need a moment", None),
        ("", None),
        ("¿?", None),
    ],
)
def test_a_typed_line_is_matched_with_ones_own_words(typed: str, kind: str | None) -> None:
    mine = [("pause", "silla amarilla"), ("danger", "blue kettle"), ("all_clear", "turtle parade")]
    assert heard(typed, mine) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Is the blue kettle on? He has a knife", "Is the … on? He has a knife"),
        ("my blue, um, kettle, now", "my … now"),
        ("bluekettle please", "… please"),
        ("blu eket tle. hurry", "… hurry"),
        ("blue kettle", ""),
        ("the kettle is blue", "the kettle is blue"),
        ("blue kettle and turtle parade, now", "… and … now"),
        ("", ""),
    ],
)
def test_of_what_was_typed_all_is_kept_but_their_words(typed: str, kept: str) -> None:
    assert withheld(typed, ["blue kettle", "turtle parade"]) == kept


@given(st.sampled_from(PHRASES), st.text(max_size=40), st.text(max_size=40))
def test_what_is_kept_never_holds_the_word(phrase: str, before: str, after: str) -> None:
    assert heard(withheld(f"{before} {phrase} {after}", [phrase]), [("danger", phrase)]) is None


def test_a_word_is_due_after_ninety_days() -> None:
    word = Kept("danger", SET)
    assert due(word, SET + LASTS - timedelta(seconds=1)) is None
    assert due(word, SET + LASTS) == Due("age", SET + LASTS)
    assert lasts_until(word) == SET + timedelta(days=90)


def test_use_spends_a_danger_word_and_exposure_spends_any() -> None:
    later = SET + timedelta(days=2)
    assert due(Kept("danger", SET, used_at=later), later) == Due("used", later)
    assert due(Kept("pause", SET, used_at=later), later) is None
    assert due(Kept("all_clear", SET, used_at=later), later) is None
    for kind in ("danger", "pause", "all_clear"):
        assert due(Kept(kind, SET, exposed_at=later), later) == Due("exposed", later)


def test_a_phrase_of_small_words_is_carried_by_all_of_them() -> None:
    assert telling("what about me") == ("about",)
    assert telling("what with me") == ("what", "with", "me")
