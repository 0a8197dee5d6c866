"""What a contact was asked to do, by voice (I8, R25): kept as a task for whoever asked, never texted."""

from datetime import timedelta
from uuid import UUID

from app.clients.consent import Blocked
from app.clients.known import standing_of
from app.clients.models import EmergencyContact
from app.db import Db, now_of, reveal
from app.emergency.brief import wrote
from app.emergency.views import Asked
from app.errors import NotAllowed, NotFound
from app.incidents.actions import case_of
from app.incidents.presence import about
from app.journal.kinds import Kind
from app.staff.access import Viewer
from app.tasks.actions import open_task

TO_DO: dict[Asked, str] = {
    "meet": "meet responders at the door and let them in",
    "secure": "make the place safer: put away what could harm, without arguing or searching",
    "animals": "take care of the animals",
}
FIND_OUT = timedelta(minutes=30)


async def ask(db: Db, viewer: Viewer, incident_id: UUID, contact_id: UUID, asked: Asked, words: str) -> None:
    """A person spoke with them. Whom nobody may tell anything nobody asks for anything either."""
    case = await case_of(db, viewer, incident_id)
    client = case.reach.client
    contact = await db.get(EmergencyContact, (viewer.program_id, contact_id))
    if contact is None or contact.client_id != client.id or contact.retired_at is not None:
        raise NotFound("This person is no longer a contact of the client. Choose another contact.")
    verdict = (await standing_of(db, client)).may(db, "call", contact, case.situation().tier)
    if isinstance(verdict, Blocked):
        raise NotAllowed(f"{verdict.sentence} {verdict.lawful_instead}", code="contact_blocked")
    name = reveal(db, contact, "name") or "A contact"
    more = f" {words}" if words else ""
    task = await open_task(
        db,
        viewer.program_id,
        about=f"{name} was asked to {TO_DO[asked]}.{more} Find out whether it is done.",
        client_id=client.id,
        owner_id=viewer.staff_id,
        due_at=now_of(db) + FIND_OUT,
        made_by=viewer.staff_id,
    )
    entry = about(
        case.incident,
        Kind.asked_of_contact,
        viewer.actor,
        contact_id=contact_id,
        asked=TO_DO[asked],
        note=words or None,
    )
    await wrote(db, case, viewer, task, entry)
