"""Where a listed line is for and when it answers, in the language of the page it stands on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from babel.dates import get_day_names

from app.client_pages.words import ENGLISH, Words, words_in
from app.places.hours import WHOLE_DAY, grouped, in_a_row
from app.places.queries import Listed

_ANY_MIDNIGHT = datetime(2027, 1, 1, tzinfo=UTC)


def note(page: Words, line: Listed) -> str:
    """The directory's words are typed by staff: what can be read of them is said anew, the rest is quoted and never
    put into another language by a machine. From this package's catalogue, also on a caregiver's page."""
    words = words_in(page.code)
    return ", ".join(part for part in (_area(words, line), _hours(words, line)) if part)


def _area(words: Words, line: Listed) -> str:
    if line.whole_country and words.code != ENGLISH:
        return words.say("in the whole country")
    return line.area


def _hours(words: Words, line: Listed) -> str:
    if words.code == ENGLISH or not line.hours:
        return line.hours
    if not line.spans:
        return words.say("hours as we have them: “%(hours)s”", hours=line.hours)
    return _said(words, line.spans)


def _said(words: Words, spans: Mapping[str, list[list[int]]]) -> str:
    return "; ".join(
        words.say(
            "%(days)s, %(times)s",
            days=_days(words, days),
            times=words.listed([_from_to(words, *time) for time in times]),
        )
        for days, times in grouped(spans)
    )


def _days(words: Words, days: list[int]) -> str:
    if len(days) == 7:
        return words.say("every day")
    names = get_day_names("wide", locale=words.code)
    if in_a_row(days):
        return words.say("%(first)s to %(last)s", first=names[days[0]], last=names[days[-1]])
    return words.listed([names[n] for n in days])


def _from_to(words: Words, begin: int, end: int) -> str:
    return words.say("from %(begin)s to %(end)s", begin=_clock(words, begin), end=_clock(words, end))


def _clock(words: Words, minutes: int) -> str:
    if minutes % WHOLE_DAY == 0:
        return words.say("midnight")
    return words.clock(_ANY_MIDNIGHT + timedelta(minutes=minutes), "UTC")
