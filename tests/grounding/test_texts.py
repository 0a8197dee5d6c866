"""The exercises' words: whole in every language, easy to read, safe for somebody whose body is on alert."""

import re
from string import Formatter
from typing import get_args

import pytest
import yaml
from pydantic import ValidationError

from app.client_pages.words import LANGUAGES
from app.grounding import texts as module
from app.grounding.steps import Ours
from app.grounding.texts import (
    EXERCISES,
    FOLDER,
    PACES,
    PET,
    ROUNDS,
    ExerciseTexts,
    Phase,
    languages,
    texts_in,
)
from tests.client_pages.reading import english_grade, spanish_ease, words_of

HIGHEST_GRADE = 6.0
LEAST_EASE = 65.0
# What nobody is told to do, and what a household must not read on the page.
EYES_CLOSED = re.compile(
    r"\bclose[sd]? (?:your|the) eyes\b|\bcierre los ojos\b|\bojos cerrados\b", re.IGNORECASE
)
CLINICAL = re.compile(
    r"\b(?:crisis|risk|safety|suicid\w*|harm|therap\w*|clinic\w*|patient|group|program|panic|trauma\w*|emergency"
    r"|distress|riesgo|seguridad|terapia|grupo|programa|p[aá]nico|emergencia|paciente)\b",
    re.IGNORECASE,
)


def said(texts: ExerciseTexts) -> list[str]:
    lines = [texts.opening, texts.opening_group, texts.eyes, texts.stop, *texts.steps.values()]
    for words in texts.exercises.values():
        lines += [words.about, *words.say, *words.page]
    return [line.replace(PET, "Nube") for line in lines]


def whole(texts: ExerciseTexts) -> str:
    return " ".join(
        line if line[-1] in ".?!" else f"{line}." for line in said(texts) if len(words_of(line)) > 3
    )


def test_every_language_of_the_pages_has_its_file_and_english_is_first() -> None:
    assert list(languages()) == ["en", "es"]
    assert set(languages()) == set(LANGUAGES)
    assert texts_in("es-MX").language == "es"
    assert texts_in("vi").language == "en", "visible English, never machine text"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_language_says_as_much_as_english_and_keeps_the_slots(language: str) -> None:
    english, texts = texts_in("en"), texts_in(language)
    assert set(texts.exercises) == set(EXERCISES)
    assert set(texts.steps) == set(get_args(Ours))
    assert set(texts.phases) == set(get_args(Phase))
    for exercise, words in texts.exercises.items():
        assert len(words.say) == len(english.exercises[exercise].say), exercise
        assert len(words.page) == len(english.exercises[exercise].page), exercise
        slots = {name for line in words.say for _, name, _, _ in Formatter().parse(line) if name}
        assert slots == ({"pet"} if exercise == "pets" else set())
        assert not any("{" in line for line in words.page), "the client's own page names no animal"
    if language != "en":
        assert not set(said(texts)) & set(said(english)), "left in English"


@pytest.mark.parametrize("language", ["en", "es"])
def test_nobody_is_asked_to_close_their_eyes_and_anybody_may_stop(language: str) -> None:
    texts = texts_in(language)
    assert re.search(r"eyes open|ojos abiertos", texts.eyes)
    assert re.search(r"[Ss]top|parar", texts.stop)
    assert not [line for line in said(texts) if EYES_CLOSED.search(line)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_looks_over_a_shoulder_reads_nothing_of_a_clinic(language: str) -> None:
    texts = texts_in(language)
    shown = [texts.eyes, texts.stop, *texts.phases.values()]
    for words in texts.exercises.values():
        shown += [words.title, *words.page]
    assert not [line for line in shown if CLINICAL.search(line)]


def test_the_words_are_easy() -> None:
    assert english_grade(whole(texts_in("en"))) <= HIGHEST_GRADE
    assert spanish_ease(whole(texts_in("es"))) >= LEAST_EASE


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_line_is_longer_than_a_breath(language: str) -> None:
    long = [
        part
        for line in said(texts_in(language))
        for part in re.split(r"[.?!:;]\s", line)
        if len(words_of(part)) > 18
    ]
    assert long == []


def test_a_paced_breath_is_never_longer_in_than_out_and_lasts_about_two_minutes() -> None:
    for exercise, parts in PACES.items():
        seconds = dict(parts)
        assert seconds["out"] >= seconds["in"]
        assert 100 <= sum(seconds.values()) * ROUNDS[exercise] <= 150


def test_a_file_with_a_hole_or_an_unknown_key_stops_the_build(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = yaml.safe_load((FOLDER / "es.yaml").read_text())
    del written["steps"]["drink"]
    (tmp_path / "es.yaml").write_text(yaml.safe_dump(written))  # type: ignore[operator]
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="drink"):
        languages.__wrapped__()
    (tmp_path / "es.yaml").write_text(yaml.safe_dump(written | {"smile": "Sonría."}))  # type: ignore[operator]
    with pytest.raises(ValidationError, match="smile"):
        languages.__wrapped__()
