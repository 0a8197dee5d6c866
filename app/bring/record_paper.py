"""The whole record as a document on paper: sections of lines, in the order in which people look for things."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.bring.record import plan_heading
from app.numbers import readable

_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)")
TITLES = {
    "record": "Record",
    "telephones": "Telephones",
    "contacts": "Emergency contacts",
    "releases": "Releases",
    "do_not_contact": "Do not contact",
    "safety_plans": "Safety plan",
    "safety_checks": "Safety checks",
    "family_agreements": "Family agreement",
    "group_sessions": "Group sessions",
    "places": "Places said",
    "incidents": "Incidents",
    "calls_after_a_crisis": "Calls after a crisis",
    "exercises": "Exercises and small steps",
    "told_to_others": "What was told to others",
}
LEFT_OUT = (
    "Code words and the agreed ordinary question are in no copy: they let a stranger pass for the client."
)
GUARDIAN = "This copy is for a guardian. What the young person keeps to themselves is not in it."


def data(whole: dict[str, Any], *, name: str, zone: str, region: str, large: bool) -> dict[str, object]:
    """For the template `client_record`."""
    made = _moment(whole["made_at"], ZoneInfo(zone))
    guardian = whole["copy_for"] == "guardian"
    return {
        "title": "Client record",
        "language": "en",
        "large": large,
        "paper": "us-letter" if region in ("US", "CA") else "a4",
        "footer": "Client record, confidential",
        "name": name,
        "standing": [f"{whole['program']}, made {made}.", *([GUARDIAN] if guardian else []), LEFT_OUT],
        "sections": [
            {"heading": title, "lines": list(_lines(key, whole[key], ZoneInfo(zone)))}
            for key, title in TITLES.items()
            if whole.get(key)
        ],
    }


def _lines(key: str, held: Any, zone: ZoneInfo) -> Iterable[str]:
    if key == "record":
        return [f"{_words(name)}: {_said(value, zone)}" for name, value in held.items()]
    if key == "telephones":
        return [f"{readable(one['number'])}, {_rest(one, zone, 'number')}" for one in held]
    if key == "contacts":
        return [
            f"{one['name']}, {readable(one['number'])}, {_rest(one, zone, 'name', 'number')}" for one in held
        ]
    if key == "safety_plans":
        return [line for one in held for line in _plan(one, zone)]
    if key == "incidents":
        return [line for one in held for line in _incident(one, zone)]
    return [_rest(one, zone) for one in held]


def _plan(one: dict[str, Any], zone: ZoneInfo) -> Iterable[str]:
    yield f"Version {one['number'] or 'not agreed yet'}, {one['status']}, {_said(one['agreed_at'], zone) or 'draft'}"
    for part, items in one["content"]["parts"].items():
        for item in items:
            yield f"{plan_heading(part)}: {item['words']}"


def _incident(one: dict[str, Any], zone: ZoneInfo) -> Iterable[str]:
    yield _rest(one, zone, "timeline")
    for line in one["timeline"]:
        who = f"{line['who']}: " if line["who"] else ""
        note = f" ({line['note']})" if line["note"] else ""
        yield f"{_said(line['at'], zone)} {who}{line['text']}{note}"


def _rest(one: dict[str, Any], zone: ZoneInfo, *but: str) -> str:
    said = (
        f"{_words(name)}: {_said(value, zone)}"
        for name, value in one.items()
        if name not in but and value not in (None, "", [], False)
    )
    return "; ".join(said)


def _said(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{_said(inner, zone)}" for inner in value.values() if inner not in (None, ""))
        case list() | tuple():
            return ", ".join(_said(inner, zone) for inner in value)
        case str() if "T" in value and value[:4].isdigit():
            return _moment(value, zone)
        case str() if _DAY.fullmatch(value):
            return f"{date.fromisoformat(value):%d %B %Y}"
        case _:
            return str(value).replace("_", " ") if isinstance(value, str) and "_" in value else str(value)


def _moment(written: str, zone: ZoneInfo) -> str:
    try:
        return f"{datetime.fromisoformat(written).astimezone(zone):%d %B %Y, %H:%M}"
    except ValueError:
        return written


# Where a name of ours would tell a reader nothing.
_NAMES = {
    "part2": "Substance use record (42 CFR part 2)",
    "assessed": "Asked about safety",
    "danger_wish": "What I want done when I use my danger word",
    "text_ok": "Texts allowed",
    "voicemail_ok": "Voicemail allowed",
    "starts_on": "From",
    "ends_on": "Until",
}


def _words(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())
