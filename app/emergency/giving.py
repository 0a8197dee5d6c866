"""Giving the dispatch card in writing: one press, one recipient, one disclosure; then paper or a file of what was given."""

from uuid import UUID
from zoneinfo import ZoneInfo

from app.clients.packet import Item
from app.db import Db, now_of
from app.emergency.brief import wrote
from app.emergency.card import known_now
from app.emergency.in_writing import Written, written
from app.emergency.known import grounds_of
from app.emergency.models import Emergency, GivenCard
from app.emergency.views import GiveCard
from app.errors import Conflict, NotValid
from app.fhir import documents as fhir
from app.incidents.actions import case_of
from app.incidents.cases import Case
from app.incidents.outside import LOCKED
from app.staff.access import Viewer
from app.staff.models import StaffMember

LETTER = ("US", "CA")
TITLE = "For responders"
# As it is looked for at the door: where, who, what, what stands in the way, how to come near, what is asked.
PARTS: dict[str, tuple[Item, ...]] = {
    "Where": ("place", "way_in"),
    "Who": ("legal_name", "name_used", "age", "language"),
    "What is happening": ("danger", "taken", "medicines", "free_to_talk", "threatened"),
    "At the place": ("means", "who_is_there", "animals"),
    "Before going in": ("near", "access", "speaker"),
    "What we ask": ("ask",),
}
READ_BACK = "Not sure of something? Ring the call-back number before anybody goes in."


async def give(db: Db, viewer: Viewer, incident_id: UUID, given: GiveCard) -> None:
    """Refused where consent does not allow it now: nothing is made, nothing is kept as told."""
    case = await case_of(db, viewer, incident_id)
    if case.locked:
        raise Conflict(LOCKED, code="perhaps_our_side")
    known = await known_now(db, viewer, case)
    grounds = given.grounds or await grounds_of(db, case, known.facts, await _declared_by(db, known.row))
    if not grounds:
        sentence = "Write why it was needed. One sentence is enough."
        raise NotValid(sentence, fields={"grounds": sentence})
    _, entries = await written(db, viewer, case, known.facts, given.to, given.recipient, grounds)
    await wrote(db, case, viewer, *entries)


async def _declared_by(db: Db, row: Emergency | None) -> str | None:
    if row is None or row.declared_by is None:
        return None
    return (await db.get_one(StaffMember, (row.program_id, row.declared_by))).name


async def by_whom(db: Db, row: GivenCard) -> str:
    return (await db.get_one(StaffMember, (row.program_id, row.by_staff_id))).name


def parts_of(body: Written) -> list[tuple[str, str]]:
    """Headings with what was given under them; a heading with nothing under it is left out."""
    found = [
        (heading, " ".join(_ended(body.of(item)) for item in items if body.of(item)))
        for heading, items in PARTS.items()
    ]
    return [(heading, words) for heading, words in found if words]


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def paper(case: Case, row: GivenCard, body: Written, by: str) -> dict[str, object]:
    """For the template `dispatch`."""
    zone = ZoneInfo(case.program.time_zone)
    return {
        "title": TITLE,
        "language": "en",
        "paper": "us-letter" if case.program.region in LETTER else "a4",
        "footer": "Confidential. For the recipient named above.",
        "lines": [
            f"To {body.recipient}.",
            f"From {by}, a clinician, {row.at.astimezone(zone):%d %b %Y, %H:%M}: what was known at that minute.",
        ],
        "call_back": f"Call back: {body.call_back}",
        "parts": [{"heading": heading, "words": words} for heading, words in parts_of(body)],
        "read_back": READ_BACK,
        "notice": body.notice or "",
    }


def file(db: Db, case: Case, row: GivenCard, body: Written, by: str) -> str:
    """A FHIR R4 document of what was given, and of nothing else that is known: no birth date, no tier, no program.

    Where the recipient may know of a substance use record, its notice and its label go along; nobody else learns by a label
    what they were not told in words (P2-3).
    """
    security = fhir.labels(substance_use=body.notice is not None)
    first = fhir.beside(row.id, 2)
    author, office, place = fhir.urn(row.by_staff_id), fhir.urn(case.program.id), fhir.beside(row.id, 1)
    subject = fhir.urn(fhir.beside(row.id, 4))
    sections = [
        fhir.section(heading, words, [fhir.urn(place)] if heading == "Where" else ())
        for heading, words in parts_of(body)
    ]
    if body.notice:
        sections.append(fhir.section("Notice", body.notice))
    resources = [
        (
            fhir.urn(first),
            fhir.composition(
                TITLE,
                row=first,
                security=security,
                subject=subject,
                author=author,
                custodian=office,
                at=row.at,
                sections=sections,
            ),
        ),
        (subject, _person(row, body)),
        (author, fhir.practitioner(row.by_staff_id, by)),
        (office, fhir.organization(case.program.id, body.call_back)),
        (fhir.urn(place), _place(row, body)),
    ]
    return fhir.document(row.id, security, resources, now_of(db))


def _person(row: GivenCard, body: Written) -> fhir.Resource:
    """With an id of this document alone: who collects two of them learns nothing from it."""
    return {
        "resourceType": "Patient",
        "id": str(fhir.beside(row.id, 4)),
        "name": [{"use": "official", "text": body.of("legal_name")}],
    }


def _place(row: GivenCard, body: Written) -> fhir.Resource:
    return {
        "resourceType": "Location",
        "id": str(fhir.beside(row.id, 1)),
        "status": "active",
        "mode": "instance",
        "address": {"text": body.address},
        **({"description": body.of("way_in")} if body.of("way_in") else {}),
    }
