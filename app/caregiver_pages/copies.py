"""What staff do: prepare a copy with the client, send its link, end it, take over corrected details."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app import numbers
from app.calls import texts
from app.caregiver_pages import views
from app.caregiver_pages.models import CaregiverCopy, CaregiverProposal
from app.caregiver_pages.standing import tier_of
from app.caregiver_pages.words import words_in
from app.client_pages.tokens import hashed, new_token
from app.clients import contact_actions, contact_views, disclose
from app.clients.consent import Act
from app.clients.models import Client, EmergencyContact
from app.clients.queries import client_of
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.plans import paper
from app.plans import queries as plans
from app.staff.access import Viewer
from app.staff.models import Program

PURPOSE = "To support the client, as the client chose"


async def prepare(db: Db, viewer: Viewer, client_id: UUID, given: views.NewCopy, *, base_url: str) -> str:
    """Answers the address, which is shown once. A copy for the same person that stood before ends now."""
    client = await client_of(db, viewer.program_id, client_id)
    contact = await _contact(db, viewer.program_id, client_id, given.contact_id)
    shared, version_id = await _shared(db, client, contact, given)
    told = [
        await disclose.disclose(db, viewer, client, contact, telling, tier=tier_of(client))
        for telling in _tellings(given, shared)
    ]
    now = now_of(db)
    before = await _standing_for(db, viewer.program_id, contact.id)
    if before is not None:
        before.ended_at, before.ended_by = now, viewer.staff_id
        await texts.cancel(db, viewer.program_id, contact.id)
        await db.flush()
    token = new_token(viewer.program_id)
    copy = CaregiverCopy(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        contact_id=contact.id,
        plan_version_id=version_id,
        language=given.language,
        with_plan=given.with_plan,
        with_coaching=given.with_coaching,
        token_hash=hashed(token),
        made_by=viewer.staff_id,
        made_at=now,
        expires_at=now + timedelta(days=given.days),
    )
    conceal(db, copy, "body", shared.model_dump_json())
    db.add(copy)
    url = f"{base_url}/c/f/{token}"
    if given.send:
        await _text_link(db, copy, contact, url)
    detail = {
        "copy_id": copy.id,
        "contact_id": contact.id,
        "lines": len(shared.lines),
        "coaching": given.with_coaching,
        "texted": given.send,
    }
    made = NewEntry(Kind.copy_made, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [*told, made])
    return url


async def end(db: Db, viewer: Viewer, client_id: UUID, copy_id: UUID) -> None:
    """Counts from this moment, on every device that has it open."""
    copy = await _copy(db, viewer.program_id, client_id, copy_id)
    if copy.ended_at is not None:
        return
    copy.ended_at, copy.ended_by = now_of(db), viewer.staff_id
    await texts.cancel(db, viewer.program_id, copy.contact_id)
    entry = NewEntry(Kind.copy_ended, viewer.actor, client_id=client_id, detail={"copy_id": copy.id})
    await write(db, viewer.program_id, [entry])


async def decide(db: Db, viewer: Viewer, client_id: UUID, proposal_id: UUID, *, accept: bool) -> None:
    """Accepted: the contact's number and language become what they said. Times are for staff to keep in mind."""
    row = await db.get(CaregiverProposal, (viewer.program_id, proposal_id), with_for_update=True)
    if row is None or row.client_id != client_id:
        raise NotFound("There is no such correction for this client.")
    if row.decided_at is not None:
        raise Conflict("Somebody has decided on this already. Look again.")
    row.decision = "accepted" if accept else "declined"
    row.decided_at, row.decided_by = now_of(db), viewer.staff_id
    said = read_proposal(db, row)
    fields = {name: said[name] for name in ("number", "language") if said.get(name)}
    detail = {"proposal_id": row.id, "decision": row.decision, "fields": sorted(fields)}
    if accept and fields:
        # Writes its own entry; one transaction all the same.
        change = contact_views.ChangeContact.model_validate(fields)
        await contact_actions.change_contact(db, viewer, client_id, row.contact_id, change)
    entry = NewEntry(Kind.copy_details_decided, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry])


def read_shared(db: Db, copy: CaregiverCopy) -> views.Shared:
    return views.Shared.model_validate_json(reveal(db, copy, "body") or "{}")


def read_proposal(db: Db, row: CaregiverProposal) -> dict[str, str]:
    return views.Details.model_validate_json(reveal(db, row, "body") or "{}").model_dump()


# --- what they share


async def _shared(
    db: Db, client: Client, contact: EmergencyContact, given: views.NewCopy
) -> tuple[views.Shared, UUID | None]:
    """The chosen lines as they stand in the agreed plan: only what is agreed can be shared."""
    if not given.with_plan:
        return views.Shared(when=given.when), None
    stand = (await plans.standing(db, client.program_id, [client.id])).get(client.id)
    agreed = (await plans.agreed(db, client.program_id, [client.id])).get(client.id)
    if stand is None or agreed is None:
        raise NotValid("No plan is agreed yet. Agree on it with the client first; the coaching can go alone.")
    wanted = set(given.line_ids)
    chosen = [
        (section.part, item) for section in agreed.sections for item in section.items if item.id in wanted
    ]
    if contact.guardian and any(item.hidden_from_guardian for _, item in chosen):
        raise NotValid(
            "A line that is hidden from guardians is among them. Take it out, or ask the young person to show it.",
            code="hidden_from_guardian",
        )
    lines = [views.SharedLine(part=part, words=item.words) for part, item in chosen]
    if len(lines) != len(wanted):
        raise Conflict(
            "The plan changed meanwhile. Look at it with the client again, then choose.",
            code="changed_meanwhile",
        )
    means = await plans.standing_means(db, client.program_id, client.id) if given.with_means else []
    shared = views.Shared(
        lines=lines, means=[paper.means_line(one, given.language) for one in means], when=given.when
    )
    return shared, stand.version_id


def _tellings(given: views.NewCopy, shared: views.Shared) -> list[disclose.Telling]:
    """What is told is kept as two disclosures, because two scopes allow it."""
    acts: list[tuple[Act, str]] = []
    if given.with_plan:
        means = f" and {len(shared.means)} lines on means" if shared.means else ""
        acts.append(
            ("plan_copy", f"{len(shared.lines)} lines of the safety plan{means}, chosen by the client")
        )
    if given.with_coaching:
        acts.append(("coaching", "How to be of help, and when they may be contacted"))
    return [disclose.Telling(act, content, PURPOSE, "release", ticked=given.ticked) for act, content in acts]


async def _text_link(db: Db, copy: CaregiverCopy, contact: EmergencyContact, url: str) -> None:
    program = await db.get_one(Program, copy.program_id)
    words = words_in(copy.language)
    text = words.say(
        "%(office)s: we made a page for you, %(url)s Questions? Ring %(number)s.",
        office=_sentence(program.outward_name),
        url=url,
        number=numbers.readable(program.callback_number),
    )
    number = reveal(db, contact, "number") or ""
    await texts.queue(db, program, number, text, client_id=copy.client_id, contact_id=contact.id)
    copy.sent_at = now_of(db)


def _sentence(name: str) -> str:
    return name[:1].upper() + name[1:]


async def _contact(db: Db, program_id: UUID, client_id: UUID, contact_id: UUID) -> EmergencyContact:
    row = await db.get(EmergencyContact, (program_id, contact_id))
    if row is None or row.client_id != client_id or row.retired_at is not None:
        raise NotFound("This person is no longer a contact of the client. Choose another contact.")
    return row


async def _copy(db: Db, program_id: UUID, client_id: UUID, copy_id: UUID) -> CaregiverCopy:
    row = await db.get(CaregiverCopy, (program_id, copy_id), with_for_update=True)
    if row is None or row.client_id != client_id:
        raise NotFound("There is no such copy for this client.")
    return row


async def _standing_for(db: Db, program_id: UUID, contact_id: UUID) -> CaregiverCopy | None:
    found: CaregiverCopy | None = await db.scalar(
        select(CaregiverCopy)
        .where(
            CaregiverCopy.program_id == program_id,
            CaregiverCopy.contact_id == contact_id,
            CaregiverCopy.ended_at.is_(None),
        )
        .with_for_update()
    )
    return found
