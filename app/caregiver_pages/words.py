"""The caregiver pages' own catalogue: the sentences here and in the templates. English where a text is missing."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.client_pages.words import ENGLISH, LANGUAGES, Words, choose

LOCALES = Path(__file__).parent / "locales"


@cache
def words_in(language: str) -> Words:
    if language == ENGLISH or language not in LANGUAGES:
        return Words(ENGLISH, NullTranslations())
    with (LOCALES / language / "LC_MESSAGES" / "caregiver_pages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)  # leaves out what is fuzzy or empty
    compiled.seek(0)
    return Words(language, GNUTranslations(compiled))


def chosen(*wishes: str | None) -> Words:
    return words_in(choose(*wishes).code)
