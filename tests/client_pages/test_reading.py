"""Clients read at grade 6 to 8, in both languages, and no sentence is long."""

import re

import pytest
from babel.messages.pofile import read_po

from app.client_pages.words import LOCALES
from tests.client_pages.reading import (
    english_grade,
    english_syllables,
    spanish_ease,
    spanish_syllables,
    words_of,
)
from tests.client_pages.test_words import sentences

HIGHEST_GRADE = 8.0
# 60 to 70 is the reading of grades 7 and 8, above it is easier.
LEAST_EASE = 60.0
LONGEST = 24  # words to a full stop


def spanish() -> set[str]:
    with (LOCALES / "es" / "LC_MESSAGES" / "client_pages.po").open("rb") as source:
        return {str(message.string) for message in read_po(source, locale="es") if message.id}


def plain(said: set[str]) -> list[str]:
    """As somebody reads it: a name or a number in each slot."""
    return sorted(re.sub(r"%\(\w+\)s", "Jon", sentence) for sentence in said)


def whole(said: set[str]) -> str:
    """Everything that is a sentence; single words and labels have no grade."""
    told = [sentence for sentence in plain(said) if len(words_of(sentence)) > 3]
    return " ".join(sentence if sentence[-1] in ".?!…:" else f"{sentence}." for sentence in told)


def test_english_is_read_at_grade_eight_or_below() -> None:
    assert english_grade(whole(sentences())) <= HIGHEST_GRADE


def test_spanish_is_as_easy() -> None:
    assert spanish_ease(whole(spanish())) >= LEAST_EASE


def test_no_single_text_is_much_harder_than_the_rest() -> None:
    """A mean may hide one that nobody understands; a text of a few words has too little to measure."""
    hard = [
        said for said in plain(sentences()) if len(words_of(said)) > 7 and english_grade(said) > HIGHEST_GRADE
    ]
    assert hard == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_sentence_is_long(language: str) -> None:
    said = plain(sentences() if language == "en" else spanish())
    long = [
        part
        for sentence in said
        for part in re.split(r"[.?!:;]\s", sentence)
        if len(words_of(part)) > LONGEST
    ]
    assert long == []


@pytest.mark.parametrize(
    ("word", "count"),
    [("minute", 3), ("phone", 1), ("decided", 3), ("called", 1), ("people", 2), ("emergency", 4), ("a", 1)],
)
def test_english_syllables_are_counted_well_enough(word: str, count: int) -> None:
    assert abs(english_syllables(word) - count) <= 1


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("teléfono", 4),
        ("casa", 2),
        ("día", 2),
        ("quien", 1),
        ("ayuda", 3),
        ("ciudad", 2),
        ("llámenos", 3),
        ("guitarra", 3),
    ],
)
def test_spanish_syllables_are_counted(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_the_measures_know_hard_from_easy() -> None:
    assert english_grade("The cat sat. It was warm.") < 3
    assert (
        english_grade(
            "Notwithstanding institutional considerations, comprehensive interdisciplinary documentation remains "
            "an organisational responsibility throughout subsequent administrative consultations."
        )
        > 18
    )
    assert spanish_ease("El gato duerme. Hace sol.") > 80
    assert (
        spanish_ease(
            "La responsabilidad institucional comprende consideraciones administrativas interdisciplinarias."
        )
        < 20
    )
