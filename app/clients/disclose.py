"""The one path by which anything about a client is told to somebody outside (PRIV-2)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from app.clients.consent import Tier, refusal
from app.clients.models import Client, Disclosure, EmergencyContact
from app.clients.queries import contact_options
from app.db import Db, conceal, new_id
from app.errors import NotAllowed, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer

# Bases on which responders are told; a contact's bases come from consent alone.
RESPONDER_BASES = frozenset({"serious_threat", "treatment", "medical_emergency", "law"})


async def disclose(
    db: Db,
    viewer: Viewer,
    client: Client,
    contact: EmergencyContact,
    *,
    tier: Tier,
    incident_id: UUID | None,
    content: str,
    purpose: str,
    basis: str,
    grounds: str,
    ticked: Collection[str],
    now: datetime,
) -> NewEntry:
    """Refuses unless consent allows this basis at this very moment, whatever the screen showed.

    Returns the entry; the caller writes it last, with its own.
    """
    options = await contact_options(db, client, tier)
    option = next((o for o in options if o.contact.id == contact.id), None)
    if option is None:
        raise NotFound("This person is no longer a contact of the client. Choose another contact.")
    if sentence := refusal(option.verdict, basis, grounds, ticked):
        raise NotAllowed(sentence, code="contact_blocked")
    return _record(
        db,
        viewer,
        client,
        incident_id=incident_id,
        contact_id=contact.id,
        recipient=f"{option.name} ({contact.relation})",
        recipient_kind="contact",
        content=content,
        purpose=purpose,
        basis=basis,
        grounds=grounds,
        now=now,
    )


def disclose_to_responders(
    db: Db,
    viewer: Viewer,
    client: Client,
    *,
    incident_id: UUID | None,
    agency: str,
    content: str,
    purpose: str,
    basis: str,
    grounds: str,
    now: datetime,
) -> NewEntry:
    """What dispatch, a mobile team or a hospital was told, after a person rang them."""
    if basis not in RESPONDER_BASES:
        raise NotValid("Choose the basis on which responders were told.", fields={"basis": "Choose a basis."})
    if not grounds.strip() or not agency.strip():
        raise NotValid("Write down whom you told and why it was needed. One sentence is enough.")
    return _record(
        db,
        viewer,
        client,
        incident_id=incident_id,
        contact_id=None,
        recipient=agency.strip(),
        recipient_kind="responders",
        content=content,
        purpose=purpose,
        basis=basis,
        grounds=grounds,
        now=now,
    )


def _record(
    db: Db,
    viewer: Viewer,
    client: Client,
    *,
    incident_id: UUID | None,
    contact_id: UUID | None,
    recipient: str,
    recipient_kind: str,
    content: str,
    purpose: str,
    basis: str,
    grounds: str,
    now: datetime,
) -> NewEntry:
    row = Disclosure(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client.id,
        incident_id=incident_id,
        contact_id=contact_id,
        recipient_kind=recipient_kind,
        purpose=purpose,
        basis=basis,
        by_staff_id=viewer.staff_id,
        at=now,
    )
    conceal(db, row, "recipient", recipient)
    conceal(db, row, "content", content)
    conceal(db, row, "grounds", grounds.strip() or None)
    db.add(row)
    detail = {
        "disclosure_id": row.id,
        "recipient": recipient,
        "content": content,
        "purpose": purpose,
        "basis": basis,
        "grounds": grounds.strip(),
    }
    return NewEntry(Kind.disclosed, viewer.actor, incident_id=incident_id, client_id=client.id, detail=detail)
