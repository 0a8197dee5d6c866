"""The first words of a handoff, from what is known: only what this kind of receiver is given (B5)."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from babel import Locale

from app.clients.packet import Item, Packet, To, packet
from app.handoffs.views import HandoffCard
from app.incidents.cases import Case
from app.incidents.page_views import Person
from app.incidents.words import headline
from app.numbers import readable

# Who treats in an emergency, and who goes on with the care.
TO: dict[str, To] = {
    "ambulance": "medical",
    "hospital": "medical",
    "mobile_team": "medical",
    "clinician": "clinician",
}
PART_OF: dict[Item, str] = {
    "legal_name": "situation", "name_used": "situation", "age": "situation", "place": "situation", "danger": "situation",
    "language": "background", "access": "background", "near": "background", "happened": "background",
    "who_is_there": "background", "plan": "background", "helps": "background",
    "tier": "assessment",
    "callback": "recommendation",
}  # fmt: skip
LONGEST = 600
ENGLISH = Locale("en")
TIER = {
    "none": "No tier is chosen now.",
    "low": "Tier low, chosen by us.",
    "moderate": "Tier moderate, chosen by us.",
    "high": "Tier high, chosen by us.",
    "imminent": "Tier imminent, chosen by us.",
}


def known_of(case: Case, person: Person) -> dict[Item, str]:
    incident, program = case.incident, case.program
    zone = ZoneInfo(program.time_zone)
    place = person.place
    said = (
        f", said at {place.confirmed_at.astimezone(zone):%H:%M}"
        if place.confirmed_at
        else ", not confirmed today"
    )
    plan = person.plan
    return {
        "legal_name": person.legal_name,
        "name_used": f"{person.name}, {person.pronouns}" if person.pronouns else person.name,
        "age": f"{person.age} years" if person.age is not None else "",
        "place": f"{place.address or place.label}{said}" if place.address or place.label else "",
        "danger": f"{headline(incident, case.reach.client.name_used)}, {incident.drop_at.astimezone(zone):%H:%M}",
        "language": _language(person),
        "access": person.home.accessibility or "",
        "near": person.home.responder_notes or "",
        "who_is_there": {"yes": "Alone, they said.", "no": "Somebody is with them, they said."}.get(
            place.alone, ""
        ),
        "helps": "; ".join(plan.helps_first) if plan else person.what_helps or "",
        "plan": f"A safety plan was agreed on {plan.agreed_at.astimezone(zone):%d %b %Y}."
        if plan and plan.agreed_at
        else "",
        "happened": "",
        "tier": TIER[case.situation().tier],
        "callback": f"Please ring us back at {readable(program.callback_number)} once they are with you.",
    }


def _language(person: Person) -> str:
    """Whoever reads it rings an interpreter: by a name, never by a code."""
    spoken = ENGLISH.languages.get(person.language, person.language)
    asked = person.interpreter_language or person.language
    found = [spoken]
    if person.interpreter_needed:
        found.append(f"an interpreter is needed: {ENGLISH.languages.get(asked, asked)}")
    return ", ".join(found + (["by relay"] if person.relay else []))


def draft(kind: str, case: Case, person: Person) -> HandoffCard:
    made = made_for(kind, case, person)
    parts: dict[str, list[str]] = {}
    words = {line.item: line.words for line in made.lines}
    # In the order in which it is said: who before where.
    for item, part in PART_OF.items():
        if item in words:
            parts.setdefault(part, []).append(_said(item, words[item]))
    return HandoffCard(
        call_back=readable(case.program.callback_number),
        items=tuple(line.item for line in made.lines if line.item in PART_OF),
        **{name: _short(lines) for name, lines in parts.items()},
    )


def made_for(kind: str, case: Case, person: Person) -> Packet:
    return packet(TO[kind], known_of(case, person), part2=person.part2)


BEFORE: dict[Item, str] = {
    "name_used": "Called ",
    "place": "Now at ",
    "language": "Speaks ",
    "helps": "What helps: ",
    "near": "How to come near: ",
    "access": "Needs: ",
}


def _said(item: Item, words: str) -> str:
    return f"{BEFORE.get(item, '')}{words.rstrip('. ')}."


def _short(lines: Sequence[str]) -> str:
    """Whole sentences, as many as fit: half a sentence would be read out as if it were one."""
    kept: list[str] = []
    for line in lines:
        if len(" ".join([*kept, line])) > LONGEST:
            break
        kept.append(line)
    return " ".join(kept)
