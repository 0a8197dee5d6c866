"""When a line answers: weekly hours in a time zone, read from what people write. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "always"
_ALWAYS = {
    "always", "24/7", "24x7", "24 hours", "24h", "24 hrs", "24 hours a day", "24 hours a day 7 days a week",
    "day and night", "around the clock", "24/7/365", "24-7", "all day every day", "open 24 hours",
}  # fmt: skip
WHOLE_DAY = 24 * 60

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?|(midnight|noon)"
_SPAN = re.compile(
    rf"(?:{_TIME})\s*(?:-|–|—|to|until|till)\s*(?:{_TIME})",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_DAY_RANGE = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s*(?:-|–|—|to|through|thru)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(daily|every\s*day|7 days( a week)?|all week)\b", re.IGNORECASE)
_FILLERS = re.compile(r"\b(and|from|open)\b", re.IGNORECASE)
_PARTS = re.compile(r"[;\n]|,(?=\s*(?:mon|tue|wed|thu|fri|sat|sun|daily|week|every))", re.IGNORECASE)
_WEEKDAYS = re.compile(r"\bweekdays?\b", re.IGNORECASE)
_WEEKEND = re.compile(r"\bweekends?\b", re.IGNORECASE)

Spans = dict[str, list[list[int]]]


@dataclass(frozen=True, slots=True)
class Open:
    """`now` None: written in words that nobody but a person understands. `until`: when that changes, if it does."""

    now: bool | None
    until: datetime | None = None


def is_always(words: str) -> bool:
    return " ".join(re.sub(r"[,.]", " ", words.casefold()).split()) in _ALWAYS


def read(words: str) -> Spans | None:
    """Minutes of the day by weekday. None when it is always, or when it cannot be read whole."""
    if is_always(words):
        return None
    spans: Spans = {}
    before: list[str] = []
    for part in _PARTS.split(words):
        if not part.strip():
            continue
        if not _SPAN.search(part) and not _left(part):
            # "Mon, Wed 10 AM to noon": these days belong to the hours that follow.
            before += _days(part)
            continue
        if not _add(part, before, spans):
            return None
        before = []
    return None if before else spans or None


def _add(part: str, before: list[str], spans: Spans) -> bool:
    found = list(_SPAN.finditer(part))
    days = before + _days(part)
    if not found:
        return bool(days) and _left(part) == "closed"
    if _left(part):
        return False
    for span in found:
        begin, end = _minutes(*span.groups()[:4]), _minutes(*span.groups()[4:])
        if begin is None or end is None or _bare(span, begin, end):
            return False
        for day in days or DAYS:
            spans.setdefault(day, []).append([begin, end or WHOLE_DAY])
    return True


def _bare(span: re.Match[str], begin: int, end: int) -> bool:
    """9-5: nobody knows which half of the day is meant."""
    told = any(span.groups()[n] for n in (1, 2, 3, 5, 6, 7))
    return not told and end <= begin


def _left(part: str) -> str:
    """What is there besides days and hours: words that a machine must not guess about."""
    for pattern in (_SPAN, _DAY_RANGE, _DAY, _EVERY, _WEEKDAYS, _WEEKEND, _FILLERS):
        part = pattern.sub(" ", part)
    return re.sub(r"[^a-z0-9]+", " ", part.casefold()).strip()


def _days(part: str) -> list[str]:
    if _EVERY.search(part):
        return list(DAYS)
    days: list[str] = []
    if _WEEKDAYS.search(part):
        days += DAYS[:5]
    if _WEEKEND.search(part):
        days += DAYS[5:]
    for span in _DAY_RANGE.finditer(part):
        first, last = (DAYS.index(name.lower()) for name in span.groups())
        days += [DAYS[n % 7] for n in range(first, first + (last - first) % 7 + 1)]
    days += [name.lower() for name in _DAY.findall(_DAY_RANGE.sub(" ", part))]
    return list(dict.fromkeys(days))


def _minutes(hour: str | None, minute: str | None, half: str | None, word: str | None) -> int | None:
    if word:
        return 12 * 60 if word.lower() == "noon" else 0
    hours, minutes = int(hour or 0), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    return hours * 60 + minutes if (hours < 24 and minutes < 60) or (hours, minutes) == (24, 0) else None


def standing(words: str, spans: Mapping[str, list[list[int]]] | None, zone: str, now: datetime) -> Open:
    """Open or closed at `now`, by the wall clock of the line's own zone: a change of the clocks moves nobody."""
    if is_always(words):
        return Open(True)
    if not spans:
        return Open(None)
    here = now.astimezone(ZoneInfo(zone))
    edges = _edges(spans, here)
    for begin, end in edges:
        if begin <= here < end:
            return Open(True, end)
    return Open(False, next((begin for begin, _ in edges if begin > here), None))


def _edges(spans: Mapping[str, list[list[int]]], here: datetime) -> list[tuple[datetime, datetime]]:
    """From yesterday, whose hours may run past midnight, to a week ahead; neighbours joined."""
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[tuple[datetime, datetime]] = []
    for ahead in range(-1, 8):
        day = midnight + timedelta(days=ahead)
        for begin, end in sorted(spans.get(DAYS[day.weekday()], [])):
            opens = day + timedelta(minutes=begin)
            closes = day + timedelta(minutes=end if end > begin else end + WHOLE_DAY)
            if found and opens <= found[-1][1]:
                found[-1] = (found[-1][0], max(closes, found[-1][1]))
            else:
                found.append((opens, closes))
    return found


def said(spans: Mapping[str, list[list[int]]]) -> str:
    """Back in words, so that a person sees how theirs were read: Mon to Fri 8 AM to 11 PM."""
    return "; ".join(
        f"{_day_words(days)} {' and '.join(f'{_clock(begin)} to {_clock(end)}' for begin, end in times)}"
        for days, times in grouped(spans)
    )


def grouped(spans: Mapping[str, list[list[int]]]) -> list[tuple[list[int], list[tuple[int, int]]]]:
    """Days (Monday is 0) that have the same hours, and these in minutes of the day."""
    by_hours: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for n, day in enumerate(DAYS):
        if spans.get(day):
            times = tuple((begin, end) for begin, end in sorted(spans[day]))
            by_hours.setdefault(times, []).append(n)
    return [(days, list(times)) for times, days in by_hours.items()]


def in_a_row(days: list[int]) -> bool:
    """Three or more, one after the other: they are said as a stretch."""
    return len(days) > 2 and days[-1] - days[0] == len(days) - 1


def _day_words(days: list[int]) -> str:
    if len(days) == 7:
        return "Every day"
    names = [DAYS[n].title() for n in days]
    return f"{names[0]} to {names[-1]}" if in_a_row(days) else ", ".join(names)


def _clock(minutes: int) -> str:
    if minutes % WHOLE_DAY == 0:
        return "midnight"
    if minutes == 12 * 60:
        return "noon"
    hours, rest = divmod(minutes % WHOLE_DAY, 60)
    exact = f":{rest:02}" if rest else ""
    return f"{hours % 12 or 12}{exact} {'PM' if hours >= 12 else 'AM'}"
