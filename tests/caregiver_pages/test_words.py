"""Every sentence in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app import caregiver_pages
from app.caregiver_pages.words import LOCALES, words_in
from app.client_pages.words import LANGUAGES

PACKAGE = Path(caregiver_pages.__file__).parent


def sentences() -> set[str]:
    found = extract_from_dir(
        PACKAGE, [("**.py", "python"), ("templates/**.html", "jinja2")], keywords={"say": None, "_": None}
    )
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_language_is_complete(language: str) -> None:
    with (LOCALES / language / "LC_MESSAGES" / "caregiver_pages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    translated = {message.id: message for message in catalogue if message.id}
    wanted = sentences()
    assert len(wanted) > 60, "the sentences were not found"
    assert wanted - set(translated) == set(), "missing"
    assert set(translated) - wanted == set(), "no longer said"
    for sentence, message in translated.items():
        assert message.string, sentence
        assert not message.fuzzy, sentence
        slots = [set(re.findall(r"%\((\w+)\)s", str(text))) for text in (sentence, message.string)]
        assert slots[0] == slots[1], sentence


def test_a_missing_sentence_is_said_in_english() -> None:
    assert words_in("es").say("Nobody has translated this.") == "Nobody has translated this."
