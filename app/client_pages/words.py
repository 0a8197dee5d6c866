"""The client pages' languages. English is in the code; every other language is a gettext catalogue beside it.

A sentence that a catalogue lacks appears in English, marked as such; a test names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"
# Code to its own name, and to the clock as people write it there.
LANGUAGES = {"en": ("English", "h:mm"), "es": ("Español", "H:mm")}
ENGLISH = "en"


@dataclass(frozen=True)
class Words:
    """One language: `say` is gettext, and only sentences from this package's code and templates go through it."""

    code: str
    translations: NullTranslations

    def say(self, sentence: str, **values: object) -> str:
        said = self.translations.gettext(sentence)
        return said % values if values else said

    def clock(self, moment: datetime, time_zone: str) -> str:
        return format_time(moment, LANGUAGES[self.code][1], tzinfo=ZoneInfo(time_zone), locale=self.code)

    def day(self, moment: datetime, time_zone: str) -> str:
        return format_date(moment.astimezone(ZoneInfo(time_zone)), "long", locale=self.code)

    def listed(self, names: Sequence[str]) -> str:
        return format_list(names, locale=self.code)

    def either(self, names: Sequence[str]) -> str:
        """Maya or Jon; Maya; one of us."""
        match names:
            case [one, other, *_]:
                return self.say("%(one)s or %(other)s", one=one, other=other)
            case [one]:
                return one
            case _:
                return self.say("one of us")

    def both(self, names: Sequence[str]) -> str:
        match names:
            case [one, other, *_]:
                return self.say("%(one)s and %(other)s", one=one, other=other)
            case [one]:
                return one
            case _:
                return self.say("us")


class Marked(GNUTranslations):
    """What a catalogue lacks is said in English and marked: whoever reads it sees that a person has to translate it."""

    def gettext(self, message: str) -> str:
        said = super().gettext(message)
        known: Mapping[str, str] = vars(self)["_catalog"]
        return said if message in known else f"[English] {said}"


@cache
def words_in(language: str) -> Words:
    path = LOCALES / language / "LC_MESSAGES" / "client_pages.po"
    if language == ENGLISH or language not in LANGUAGES:
        return Words(ENGLISH, NullTranslations())
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)  # leaves out what is fuzzy or empty
    compiled.seek(0)
    return Words(language, Marked(compiled))


def choose(*wishes: str | None) -> Words:
    """The first wish that names a language we have. A wish may be a whole Accept-Language header."""
    for wish in wishes:
        for part in (wish or "").split(",")[:8]:
            code = part.split(";")[0].split("-")[0].strip().lower()
            if code in LANGUAGES:
                return words_in(code)
    return words_in(ENGLISH)
