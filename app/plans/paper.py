"""A version as a document on paper (also in large print) and as a file."""

from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select

from app.clients.models import EmergencyContact
from app.clients.queries import client_of
from app.db import Db, reveal
from app.errors import NotAllowed, NotFound
from app.numbers import readable
from app.places import regions
from app.plans import headings, interchange, queries
from app.plans.models import SafetyPlanVersion
from app.plans.parts import Content, Item, Means
from app.staff.models import Program

LETTER = ("US", "CA")


async def chosen(db: Db, program_id: UUID, client_id: UUID, version_id: UUID | None) -> SafetyPlanVersion:
    """The version asked for; else the agreed one, else the draft."""
    if version_id is not None:
        return await queries.version_row(db, program_id, client_id, version_id)
    rows = await queries.versions_of(db, program_id, client_id)
    row = next((row for row in rows if row.status == "agreed"), rows[0] if rows else None)
    if row is None:
        raise NotFound("There is no plan yet. Begin one first.")
    return row


async def refuse_if_hidden(db: Db, program_id: UUID, client_id: UUID) -> None:
    """The young person may keep the whole plan from guardians, not only lines of it (R16)."""
    client = await client_of(db, program_id, client_id)
    if "safety_plan" in client.hidden_from_guardian:
        raise NotAllowed(
            "The young person keeps their plan from guardians. Ask them whether they want to show it, and take the mark "
            "off with them, under what is hidden from guardians.",
            code="hidden_from_guardian",
        )


async def data(db: Db, row: SafetyPlanVersion, *, large: bool, for_guardian: bool) -> dict[str, object]:
    """For the template `safety_plan`. A guardian's copy leaves out what the young person hid from them (R16)."""
    program = await db.get_one(Program, row.program_id)
    client = await client_of(db, row.program_id, row.client_id)
    language = headings.language_of(row.language)
    words = headings.PAPER[language]
    content = queries.content_of(db, row)
    if for_guardian:
        content = content.for_guardian()
    means = await queries.standing_means(db, row.program_id, row.client_id)
    local = regions.region(program.region)
    return {
        "title": words["title"],
        "language": language,
        "large": large,
        "paper": "us-letter" if program.region in LETTER else "a4",
        "footer": words["footer"],
        "name": client.name_used,
        "standing": _standing(row, program, language),
        "parts": await _parts(db, row, content, language),
        "means_heading": words["means_heading"],
        "means": [means_line(one, language) for one in means],
        "now": words["now"],
        "now_lines": [
            *([words["now_words"].format(emergency=local.primary)] if local else []),
            *_crisis_line(program.region, words),
            words["office"].format(number=readable(program.callback_number)),
        ],
    }


def _crisis_line(country: str, words: dict[str, str]) -> list[str]:
    """988 follows the calling phone; other countries' lines do not."""
    local = regions.region(country)
    if local is None or local.crisis_line is None:
        return []
    kind = "crisis_line" if regions.follows_the_phone(country) else "crisis_line_plain"
    return [words[kind].format(line=local.crisis_line)]


def _standing(row: SafetyPlanVersion, program: Program, language: str) -> list[str]:
    words, zone = headings.PAPER[language], ZoneInfo(program.time_zone)
    if row.agreed_at is None or row.review_due is None:
        return [words["draft"]]
    days = [
        format_date(moment.astimezone(zone).date(), "long", locale=language)
        for moment in (row.agreed_at, row.review_due)
    ]
    return [
        words["agreed"].format(day=days[0], number=row.number),
        words["review"].format(day=days[1]),
    ]


async def _parts(db: Db, row: SafetyPlanVersion, content: Content, language: str) -> list[dict[str, object]]:
    contacts = {
        contact.id: contact
        for contact in await db.scalars(
            select(EmergencyContact).where(
                EmergencyContact.program_id == row.program_id, EmergencyContact.client_id == row.client_id
            )
        )
    }

    def line(item: Item) -> str:
        contact = contacts.get(item.contact_id) if item.contact_id else None
        if contact is None or contact.retired_at is not None:
            return item.words
        return f"{item.words} · {readable(reveal(db, contact, 'number') or '')}"

    return [
        {"heading": headings.PARTS[language][part], "lines": [line(item) for item in items]}
        for part, items in content.in_order()
    ]


def means_line(means: Means, language: str) -> str:
    said = f"{headings.MEANS[language][means.of]}: {headings.STATUS[language][means.status]}"
    if means.step is None or means.on is None:
        return said
    day = format_date(means.on, "medium", locale=language)
    return f"{said}, {headings.STEPS[language][means.step]} ({means.by}, {day})"


async def document(db: Db, row: SafetyPlanVersion) -> interchange.Document:
    return interchange.Document(
        language=row.language,
        number=row.number,
        agreed_at=row.agreed_at,
        content=queries.content_of(db, row),
        means=tuple(await queries.standing_means(db, row.program_id, row.client_id)),
    )
