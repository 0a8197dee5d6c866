"""The first dispatch card: what a person reads to the right ten-digit line for where the client is now (R21)."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from app.db import Db, now_of, reveal
from app.incidents.at_home import at_home, for_responders
from app.incidents.cases import Case
from app.incidents.page_views import PlaceToday
from app.incidents.person_panel import check_in_of, place_today
from app.numbers import readable
from app.places import regions
from app.places.covering import because, likely_words
from app.places.queries import LineNow, directory
from app.staff.access import Viewer

# Who goes there, or sends somebody. Hotlines and hospitals stand on the quick reference.
SENDS = ("dispatch", "mobile_crisis", "cit")


class LineToDial(BaseModel):
    model_config = ConfigDict(extra="forbid")
    agency: str
    kind: str
    area: str
    number: str
    tel: str
    hours: str
    open: bool | None
    open_until: datetime | None
    police_involved: bool | None
    cit: bool
    contact: str
    arrives_minutes: int | None
    verified_on: str | None
    stale: bool
    wrong: bool
    why: str
    likely: bool


class DispatchCard(BaseModel):
    """`lines`: those for where they are now, best first, and why in that order; `likely` and `doubts`: what about the
    place nobody said. `warning`: what the caller's own emergency number would reach."""

    model_config = ConfigDict(extra="forbid")
    place: PlaceToday
    place_age_s: int | None
    lines: list[LineToDial]
    order_because: str
    likely: str | None
    doubts: list[str]
    time_zone: str | None
    warning: str
    follows_the_phone: str | None
    script: list[str]
    may_not_be_free_to_talk: bool
    callback_number: str
    lost_at: datetime
    legal_name: str
    name_used: str
    pronouns: str


async def card(db: Db, viewer: Viewer, case: Case) -> DispatchCard:
    place = await place_today(db, case)
    client, program = case.reach.client, case.program
    age = (now_of(db) - place.confirmed_at).total_seconds() if place.confirmed_at else None
    known = await directory(db, case.incident.program_id)
    check_in = await check_in_of(db, case)
    where = known.place_of(db, client, check_in)
    tier = case.incident.tier
    there = check_in is None or check_in.same_place
    home = for_responders(await at_home(db, client), there=there, quiet=case.facts.guarded)
    found = known.covering(where, known.linked(client, check_in), tier)
    sent = [now for now in found if now.line.kind in SENDS]
    quiet = case.facts.guarded
    legal = reveal(db, client, "legal_name") or client.name_used
    callback = readable(program.callback_number)
    return DispatchCard(
        place=place,
        place_age_s=int(age) if age is not None else None,
        lines=[_to_dial(now) for now in sent],
        order_because=because(sent, tier),
        likely=likely_words(where),
        doubts=list(where.doubts),
        time_zone=where.time_zone,
        warning=_warning(place, where.country),
        follows_the_phone=regions.follows_the_phone(where.country),
        script=_script(viewer, case, place, legal, callback, home=home, quiet=quiet, cit=_cit(sent)),
        may_not_be_free_to_talk=quiet,
        callback_number=callback,
        lost_at=case.incident.drop_at,
        legal_name=legal,
        name_used=client.name_used,
        pronouns=client.pronouns,
    )


def _to_dial(now: LineNow) -> LineToDial:
    line = now.line
    return LineToDial(
        agency=line.agency,
        kind=line.kind,
        area=line.area,
        number=readable(line.number),
        tel=line.number,
        hours=line.hours,
        open=now.open.now,
        open_until=now.open.until,
        police_involved=line.police_involved,
        cit=line.cit,
        contact=line.contact,
        arrives_minutes=line.arrives_minutes,
        verified_on=line.verified_on.isoformat() if line.verified_on else None,
        stale=now.stale,
        wrong=line.wrong_at is not None,
        why=now.match.why,
        likely=now.match.likely,
    )


def _cit(sent: Sequence[LineNow]) -> bool:
    """Whether the dispatch centre of the place has officers trained for this (M10)."""
    return next((now.line.cit for now in sent if now.line.kind == "dispatch"), False)


def _warning(place: PlaceToday, country: str) -> str:
    where = f" ({place.label})" if place.label else ""
    known = regions.region(country)
    short = known.primary if known else "the emergency number"
    return (
        f"Do not dial {short} from here. It reaches the dispatch centre of your own place, not of theirs"
        f"{where}. Dial the ten-digit line on this card."
    )


def _script(
    viewer: Viewer,
    case: Case,
    place: PlaceToday,
    legal: str,
    callback: str,
    *,
    home: Sequence[str],
    quiet: bool,
    cit: bool,
) -> list[str]:
    """Under a minute when read aloud. The minimum: who calls, where, whom, why, what helps, read back."""
    who = f"My name is {viewer.name}. I am a clinician. My call-back number is {callback}."
    where = f"I am asking for a check on a person at: {place.address or 'an address I do not have; the last place known is ' + (place.label or 'unknown')}."
    entry = [f"How to get in: {place.entry_notes.rstrip('. ')}."] if place.entry_notes else []
    person = (
        f"{legal}, {case.reach.client.pronouns}. We lost contact and I could not confirm that they are safe."
    )
    lines = [who, where, *entry, person, *home]
    if quiet:
        lines.append(
            "They may not be free to talk. Do not ring the client, do not say who called, no siren if possible."
        )
    if cit:
        lines.append("Please send an officer trained in crisis intervention, a CIT officer, if one is free.")
    return [*lines, "Please read the address back to me, and tell me when somebody will be there."]
