"""What is known for the dispatch card: what the caller said, else what the record and the day say."""

import json
from collections.abc import Sequence
from typing import Any

from babel import Locale

from app.clients.models import Client
from app.clients.packet import gives_away
from app.clients.people import age_on, birth_date, local_today
from app.clock import ago
from app.db import Db, now_of, reveal
from app.emergency.models import Emergency
from app.emergency.pieces import Alone, Ask, Beside, Facts, Urgency, Weapons
from app.emergency.script import sentences
from app.group_sessions.models import LocationCheckIn, Presence
from app.incidents.at_home import AtHome, at_home
from app.incidents.cases import Case
from app.incidents.page_views import PlaceToday
from app.incidents.person_panel import address_line
from app.journal import read
from app.journal.kinds import Kind
from app.numbers import readable
from app.places.queries import LineNow
from app.plans import headings
from app.plans import queries as plans
from app.plans.parts import Means, MeansClass
from app.staff.access import Viewer

MEDICAL = frozenset({"medical", "intoxication"})
ENGLISH = Locale("en")
BODY = {"awake": "Awake", "breathing": "Breathing", "bleeding": "Bleeding"}
GONE = frozenset({"lost", "not_responding", "left", "not_here_yet"})


async def facts_of(
    db: Db,
    viewer: Viewer,
    case: Case,
    row: Emergency | None,
    place: PlaceToday,
    check_in: LocationCheckIn | None,
    sent: Sequence[LineNow],
) -> Facts:
    client, now = case.reach.client, now_of(db)
    there = check_in is None or check_in.same_place
    home = await at_home(db, client)
    means = await plans.standing_means(db, client.program_id, client.id) if there else []
    born, today = birth_date(db, client), await local_today(db, client.program_id, now)
    urgency, gone = _urgency(case, row), await _gone(db, case)
    typed, program = _typed(db, row), case.program.name
    medical = medical_of(db, row)
    return Facts(
        caller=viewer.name,
        callback=readable(case.program.callback_number),
        address=spoken_address(db, case, check_in) or place.address,
        place_label=place.label,
        confirmed=place.confirmed_at is not None,
        entry=untold(place.entry_notes, program),
        legal_name=reveal(db, client, "legal_name") or client.name_used,
        name_used=client.name_used,
        safe_name=reveal(db, client, "safe_name") or "",
        pronouns=client.pronouns,
        age=age_on(born, today) if born else None,
        urgency=urgency,
        asks=_asks(row, urgency, sent),
        lost_ago=ago((now - case.incident.drop_at).total_seconds()) if gone else None,
        said_ago=ago((now - place.confirmed_at).total_seconds()) if place.confirmed_at else None,
        happened=typed["happened"] or "",
        taken=", ".join(medical[name] for name in ("what", "how_much", "when") if medical.get(name)),
        body=" ".join(f"{words}: {medical[name]}." for name, words in BODY.items() if medical.get(name)),
        language=_language(client),
        means=typed["means"] if typed["means"] is not None else _reachable(means),
        weapons=_weapons(row, means),
        alone=_alone(check_in),
        others=typed["others"] if typed["others"] is not None else _household(db, case, there=there),
        beside=_beside(case, gone=gone),
        quiet=case.facts.guarded,
        police=any(line.line.police_involved is not False for line in sent) or not sent,
        approach=untold(home.responder_notes, program),
        access=untold(home.accessibility, program),
        animals=home.animals if there else (),
        speaker=_speaker(home, there=there),
    )


def spoken_address(db: Db, case: Case, check_in: LocationCheckIn | None) -> str | None:
    """Without what nobody says aloud: the postal code, and the country that everybody on the line is in."""
    elsewhere = check_in if check_in is not None and not check_in.same_place else None
    stored = reveal(db, elsewhere, "address") if elsewhere else reveal(db, case.reach.client, "home_address")
    try:
        parts = json.loads(stored or "null")
    except ValueError:
        return None
    if not isinstance(parts, dict):
        return None
    country = "" if parts.get("country") == case.program.region else parts.get("country")
    return address_line(json.dumps(parts | {"code": "", "postal_code": "", "country": country}))


def untold(words: str | None, program: str) -> str:
    """Without the sentences by which a stranger would learn of treatment: no responder needs those (P2-3)."""
    return " ".join(one for one in sentences(words or "") if gives_away(one, program) is None)


DANGER: dict[Urgency, str] = {
    "life": "Immediate risk to their own life",
    "medical": "Medical emergency",
    "others": "Serious threat to another person",
    "check": "Contact lost, not known to be safe",
}


async def grounds_of(db: Db, case: Case, facts: Facts, declared_by: str | None) -> str:
    """Why responders are told (R18), as far as somebody has said it: by declaring it, by what they typed for the card, or
    with the decision."""
    if declared_by is not None or facts.happened:
        happened = f": {facts.happened.rstrip('.')}" if facts.happened else ""
        by = f", declared by {declared_by}" if declared_by else ""
        return f"{DANGER[facts.urgency]}{happened}{by}."
    told = await read.of_incident(db, case.incident.program_id, case.incident.id)
    decided = [one.detail for one in told if one.kind == Kind.decided and one.detail]
    return next((str(d["reason"]) for d in reversed(decided) if d.get("decision") != "wait"), "")


# --- what the caller said, else what the record says


def _typed(db: Db, row: Emergency | None) -> dict[str, str | None]:
    return {name: reveal(db, row, name) if row else None for name in ("happened", "means", "others")}


def medical_of(db: Db, row: Emergency | None) -> dict[str, str]:
    """As it was asked and typed while help was called, by question."""
    found: dict[str, str] = json.loads((reveal(db, row, "medical") if row else None) or "{}")
    return found


def _language(client: Client) -> str:
    """Where nobody has to interpret, a dispatcher need not hear it."""
    if client.relay:
        return "They use a relay service for the telephone."
    spoken = client.interpreter_language or client.language
    return (
        f"They need an interpreter: {ENGLISH.languages.get(spoken, spoken)}."
        if client.interpreter_needed
        else ""
    )


def _urgency(case: Case, row: Emergency | None) -> Urgency:
    if row is not None and row.urgency is not None:
        return row.urgency  # type: ignore[return-value]  # held by the table
    grounds = set(row.grounds) if row else set()
    if grounds & MEDICAL:
        return "medical"
    if grounds == {"danger_others"}:
        return "others"
    return "life" if grounds or case.incident.tier == "imminent" else "check"


def _asks(row: Emergency | None, urgency: Urgency, sent: Sequence[LineNow]) -> list[Ask]:
    """A crisis-trained officer where the dispatch centre of the place has them (M10)."""
    if row is not None and row.asks is not None:
        return row.asks  # type: ignore[return-value]  # closed at the door
    cit: list[Ask] = ["cit"] if _cit(sent) else []
    match urgency:
        case "medical":
            return ["medical"]
        case "life":
            return ["medical", *cit]
        case "others" | "check":
            return cit


def _cit(sent: Sequence[LineNow]) -> bool:
    return next((now.line.cit for now in sent if now.line.kind == "dispatch"), False)


def _weapons(row: Emergency | None, means: Sequence[Means]) -> Weapons:
    if row is not None and row.weapons is not None:
        return row.weapons  # type: ignore[return-value]  # held by the table
    fire = next((one for one in means if one.of is MeansClass.firearms), None)
    if fire is None or fire.status == "rather_not_say":
        return "unknown"
    # Locked is still in the house; kept elsewhere was true on the day it was said.
    gone = fire.status == "none_here" or fire.step == "off_site"
    return "no" if gone else "yes"


def _reachable(means: Sequence[Means]) -> str:
    words = headings.MEANS["en"]
    open_ones = [
        words[one.of] for one in means if one.status == "not_secured" and one.of is not MeansClass.firearms
    ]
    return ", ".join(word.lower() for word in open_ones)


def _alone(check_in: LocationCheckIn | None) -> Alone:
    said: Alone = check_in.alone if check_in else "unknown"  # type: ignore[assignment]  # held by the table
    return said


def _household(db: Db, case: Case, *, there: bool) -> str:
    """By what they are to the client: names of a household are nobody's business outside."""
    people = _list(reveal(db, case.reach.client, "household_people")) if there else []
    return ", ".join(str(one.get("relation") or "somebody else") for one in people)


def _beside(case: Case, *, gone: bool) -> Beside:
    if case.situation().talking:
        return "phone"
    return "nobody" if gone else "unknown"


async def _gone(db: Db, case: Case) -> bool:
    incident = case.incident
    key = (incident.program_id, incident.group_session_id, incident.client_id)
    presence = await db.get(Presence, key)
    return presence is not None and presence.state in GONE


def _speaker(home: AtHome, *, there: bool) -> str:
    return (home.speaks_to_responders or "") if there else ""


def _list(text: str | None) -> list[dict[str, Any]]:
    return json.loads(text) if text else []
