"""Writing a family agreement, and writing down who read it. A changed agreement is a new version, read anew by both."""

import json
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.clients import family_views, versions
from app.clients.family import unknown
from app.clients.family_queries import latest
from app.clients.law import is_minor
from app.clients.models import EmergencyContact
from app.clients.people import local_today
from app.clients.record_models import AgreementReading, FamilyAgreement
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

BESIDE = {"version", "review_due"}
LONGEST_DAYS = 366


async def write_agreement(db: Db, viewer: Viewer, client_id: UUID, given: family_views.NewAgreement) -> UUID:
    client = await versions.locked(db, viewer.program_id, client_id)
    today = await local_today(db, viewer.program_id, now_of(db))
    if not await is_minor(db, client, today):
        raise Conflict(
            "A family agreement is for clients under age. Write down a release instead.", code="of_age"
        )
    standing = await latest(db, viewer.program_id, client_id)
    if given.version != (standing.version if standing else 0):
        raise Conflict(
            "Somebody wrote a newer agreement meanwhile. Yours is still here: look at both, then save again.",
            code="changed_meanwhile",
        )
    _check_review(given.review_due, today)
    contacts = await db.scalars(
        select(EmergencyContact.id).where(
            EmergencyContact.program_id == viewer.program_id,
            EmergencyContact.client_id == client_id,
            EmergencyContact.retired_at.is_(None),
        )
    )
    if unknown(given.may_call, contacts.all()):
        sentence = "Somebody named here is no contact of this client any more. Choose again."
        raise NotValid(sentence, fields={"may_call": sentence})
    body = given.model_dump(mode="json", exclude=BESIDE)
    row = FamilyAgreement(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        version=given.version + 1,
        review_due=given.review_due,
        by_staff_id=viewer.staff_id,
        made_at=now_of(db),
    )
    conceal(db, row, "body", json.dumps(body, ensure_ascii=False))
    db.add(row)
    before = None
    if standing is not None:
        standing.ended_at = now_of(db)
        before = json.loads(reveal(db, standing, "body") or "null")
    versions.append(db, viewer, client, {"agreement": before}, {"agreement": body}, part="agreement")
    detail = {"version": row.version, "review_due": given.review_due.isoformat()}
    entry = NewEntry(Kind.agreement_changed, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry])
    return row.id


def _check_review(due: date, today: date) -> None:
    if not 0 < (due - today).days <= LONGEST_DAYS:
        sentence = "Choose a day for the review, within a year from today."
        raise NotValid(sentence, fields={"review_due": sentence})


async def write_reading(db: Db, viewer: Viewer, client_id: UUID, given: family_views.NewReading) -> None:
    standing = await latest(db, viewer.program_id, client_id)
    if standing is None or standing.id != given.agreement_id:
        raise Conflict(
            "A newer version was written meanwhile. It is the one to read.", code="changed_meanwhile"
        )
    today = await local_today(db, viewer.program_id, now_of(db))
    made_on = await local_today(db, viewer.program_id, standing.made_at)
    if not made_on <= given.read_on <= today:
        sentence = "It can only have been read between the day it was written and today."
        raise NotValid(sentence, fields={"read_on": sentence})
    if (given.who == "guardian") != (given.contact_id is not None):
        sentence = "Choose which guardian read it."
        raise NotValid(sentence, fields={"contact_id": sentence})
    name = await _guardian(db, viewer.program_id, client_id, given.contact_id)
    db.add(
        AgreementReading(
            program_id=viewer.program_id,
            id=new_id(),
            agreement_id=standing.id,
            client_id=client_id,
            who=given.who,
            contact_id=given.contact_id,
            how=given.how,
            read_on=given.read_on,
            by_staff_id=viewer.staff_id,
            made_at=now_of(db),
        )
    )
    detail = {"version": standing.version, "who": given.who, "name": name, "how": given.how}
    entry = NewEntry(Kind.agreement_read, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry])


async def _guardian(db: Db, program_id: UUID, client_id: UUID, contact_id: UUID | None) -> str | None:
    if contact_id is None:
        return None
    contact = await db.get(EmergencyContact, (program_id, contact_id))
    if contact is None or contact.client_id != client_id or contact.retired_at is not None:
        raise NotFound("This line is no longer there. Somebody may have removed it; look again.")
    if not contact.guardian:
        sentence = "This person is not marked as a guardian. Mark them first."
        raise NotValid(sentence, fields={"contact_id": sentence})
    return reveal(db, contact, "name")
