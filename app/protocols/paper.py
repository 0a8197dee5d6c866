"""Protocols on paper: a facilitator runs them from the sheet when no screen works."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Db, now_of
from app.errors import NotFound
from app.protocols import plain, queries
from app.protocols.difference import Difference, differences
from app.protocols.reading import ProtocolReading, ReadStep, known, read
from app.protocols.schema import Protocol, Tier
from app.protocols.variants import with_variants
from app.staff.models import Program

LETTER = ("US", "CA")
# As spoken by whoever holds the sheet; a language without a name here is shown by its code.
LANGUAGES = {"en": "English", "es": "Spanish"}


async def of_one(
    db: Db, program_id: UUID, protocol: Protocol, variants: Sequence[str], *, large: bool
) -> dict[str, object]:
    return await _document(db, program_id, protocol.title, [_sheet(protocol, variants)], large=large)


async def of_all(db: Db, program_id: UUID, *, large: bool) -> dict[str, object]:
    """What is published, in the order of their titles, the lost connection first."""
    names = {row.protocol for row in await queries.versions(db, program_id) if row.status == "published"}
    found = [(await queries.current(db, program_id, name))[1] for name in names]
    if not found:
        raise NotFound("No protocol is published yet, so there is nothing to print.")
    ordered = sorted(found, key=lambda one: (not one.of_presence, one.title))
    return await _document(db, program_id, "Protocols", [_sheet(one, ()) for one in ordered], large=large)


async def _document(
    db: Db, program_id: UUID, title: str, sheets: list[dict[str, object]], *, large: bool
) -> dict[str, object]:
    program = await db.get_one(Program, program_id)
    return {
        "title": title,
        "language": "en",
        "large": large,
        "paper": "us-letter" if program.region in LETTER else "a4",
        "footer": f"{program.name}, printed {now_of(db).date().isoformat()}. The program decides; people act.",
        "sheets": sheets,
    }


def _sheet(protocol: Protocol, variants: Sequence[str]) -> dict[str, object]:
    tiers: list[Tier] = [tier for tier in protocol.tiers if tier != "none"]
    reading = read(protocol, tiers[-1], variants)
    numbers = {step.id: number for number, step in enumerate(reading.steps, start=1)}
    return {
        "title": reading.title,
        "version": f"Version {reading.version}. Read again by {reading.due}. Times count from {reading.zero}.",
        "purpose": reading.purpose,
        "starts_when": reading.starts_when,
        "for_whom": [f"{one.title}: {one.when}" for one in reading.variants if one.chosen],
        "tiers": [plain.TIER_WORDS[tier] for tier in tiers],
        "steps": [_step(step, reading, tiers) for step in reading.steps],
        "alone": " → ".join(str(numbers[key]) for key in reading.alone),
        "reminders": reading.reminders,
        "variants": _variants(protocol, known(protocol, variants)),
        "documentation": reading.documentation,
        "close": reading.close,
        "second": reading.second_person_for,
        "sources": reading.sources,
    }


def _step(step: ReadStep, reading: ProtocolReading, tiers: Sequence[Tier]) -> dict[str, object]:
    words = {script.id: script for script in reading.scripts}
    said = [
        f"{LANGUAGES.get(language, language)}, {words[key].how}: {text}"
        for key in step.say
        for language, text in words[key].text.items()
    ]
    facts = [step.what, *(["beside the others"] if step.beside else []), *step.guards]
    if step.bases:
        facts.append(f"basis: {' or '.join(step.bases)}")
    return {
        "title": step.title,
        "role": step.role,
        "limits": [step.limits[tier] for tier in tiers],
        "facts": ". ".join(plain.sentence(one) for one in facts) + ".",
        "said": said,
        "next": [f"{one.answer}: {one.leads_to}" for one in step.branches],
        "record": ", ".join(step.written_down),
    }


def _variants(protocol: Protocol, chosen: Sequence[str]) -> list[dict[str, object]]:
    """What is different for whom, for those variants that the sheet has not already been made for."""
    found: list[dict[str, object]] = []
    for name in protocol.variants:
        if name in chosen:
            continue
        applied = with_variants(protocol, (name,))
        lines = [_line(one) for one in differences(protocol, applied) if one.where != "The protocol"]
        found.append(
            {
                "title": f"{plain.VARIANTS[name][0]}: {plain.when_of(name, protocol.variants[name].when)}",
                "lines": [*lines, *applied.reminders],
            }
        )
    return found


def _line(one: Difference) -> str:
    if one.about == "Step":
        return f"{one.where}: {'new. ' if one.what == 'added' else 'left out. '}{one.after or ''}".strip()
    return f"{one.where}. {one.about}: {one.after or 'nothing'}"
