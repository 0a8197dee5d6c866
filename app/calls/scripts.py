"""What may be said to a voicemail or written in a text: the protocol's own words, filled with neutral slots only."""

from sqlalchemy import select

from app import numbers
from app.calls.lines import LineRefused
from app.clients.models import Client
from app.db import Db, reveal
from app.incidents.models import ContactAttempt, Incident


async def words_of(db: Db, attempt: ContactAttempt) -> str:
    """The template that the pinned protocol gave the attempt, filled. Raises LineRefused rather than let half a
    sentence leave: the attempt then fails where a person sees it."""
    template = attempt.words.get("template")
    if not isinstance(template, str) or not template:
        raise LineRefused("no_script", permanent=True)
    slots = {"staff_first_name": staff_first_name(attempt)}
    if callback := attempt.words.get("callback_number"):
        slots["callback_number"] = numbers.readable(str(callback))
    if "{client_safe_name}" in template:
        slots["client_safe_name"] = await _safe_name(db, attempt)
    try:
        return template.format_map({slot: value for slot, value in slots.items() if value})
    except (KeyError, ValueError, IndexError) as error:
        raise LineRefused("script_slot", permanent=True) from error


def language_of(attempt: ContactAttempt) -> str:
    return str(attempt.words.get("language", "en"))[:2].lower()


def staff_first_name(attempt: ContactAttempt) -> str:
    return str(attempt.words.get("staff_first_name", ""))


async def _safe_name(db: Db, attempt: ContactAttempt) -> str:
    client = (
        await db.scalars(
            select(Client)
            .join(Incident, (Incident.program_id == Client.program_id) & (Incident.client_id == Client.id))
            .where(Incident.program_id == attempt.program_id, Incident.id == attempt.incident_id)
        )
    ).one()
    return reveal(db, client, "safe_name") or ""
