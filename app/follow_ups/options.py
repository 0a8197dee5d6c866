"""Who may be called, and on which number: asked anew at every look and at the moment of the ring (R2, R16, R18)."""

from uuid import UUID

from sqlalchemy import select

from app.clients.consent import TICKS, Act, Blocked, May, Verdict
from app.clients.known import Standing, standing_of
from app.clients.models import Client, ClientPhone, EmergencyContact
from app.clients.queries import client_of
from app.db import Db, reveal
from app.errors import NotAllowed, NotFound, NotValid
from app.follow_ups import owing, rules
from app.follow_ups.models import FollowUp
from app.follow_ups.views import CallOption, NumberToRing, PhoneOption, Ring
from app.journal.kinds import Kind
from app.journal.write import write
from app.numbers import readable
from app.staff.access import Viewer

OWN_PHONE = "Rung by hand on the number that stands on the client's record."


def planned_verdict(db: Db, standing: Standing, row: EmergencyContact, tier: str) -> tuple[Act, Verdict]:
    at = rules.tier_of(tier)
    guardian = standing.known.client.minor and row.guardian
    return rules.planned(
        standing.may(db, "call", row, at), standing.may(db, "coaching", row, at), guardian=guardian
    )


async def contacts(db: Db, client: Client, tier: str) -> list[CallOption]:
    standing = await standing_of(db, client)
    return [
        _option(db, row, planned_verdict(db, standing, row, tier)[1])
        for row in standing.contacts
        if row.retired_at is None
    ]


def _option(db: Db, row: EmergencyContact, verdict: Verdict) -> CallOption:
    may = verdict if isinstance(verdict, May) else None
    blocked = verdict if isinstance(verdict, Blocked) else None
    return CallOption(
        contact_id=row.id,
        name=reveal(db, row, "name") or "",
        relation=row.relation,
        last2=row.last2,
        language=row.language,
        may=may is not None,
        basis=may.basis if may else None,
        ticks=list(may.ticks) if may else [],
        what_may_be_said=may.what_may_be_said if may else None,
        cautions=list(may.cautions) if may else [],
        block=blocked.sentence if blocked else None,
        lawful_instead=blocked.lawful_instead if blocked else None,
    )


async def phones(db: Db, client: Client) -> list[PhoneOption]:
    rows = await db.scalars(
        select(ClientPhone)
        .where(
            ClientPhone.program_id == client.program_id,
            ClientPhone.client_id == client.id,
            ClientPhone.retired_at.is_(None),
            ClientPhone.today_only_for.is_(None),
        )
        .order_by(ClientPhone.rank, ClientPhone.id)
    )
    return [
        PhoneOption(
            phone_id=row.id,
            label=row.label,
            last2=row.last2,
            voicemail_ok=row.voicemail_ok,
            shared=row.shared,
            why_not=why_not(client, row),
        )
        for row in rows
    ]


def why_not(client: Client, phone: ClientPhone) -> str | None:
    """R2: where home is not safe, or the danger word was used, only a number marked safe to ring."""
    if phone.safe_to_ring:
        return None
    if client.danger_word_used_at is not None:
        return "Not rung: their danger word was used, and this number is not marked safe to ring."
    if client.unsafe_home:
        return "Not rung: home is not safe, and this number is not marked safe to ring."
    return None


async def ring(db: Db, viewer: Viewer, row: FollowUp, given: Ring) -> NumberToRing:
    """One number, for one ring by hand. Each showing is an entry of its own."""
    client = await client_of(db, viewer.program_id, row.client_id)
    if row.kind == "caregiver_call":
        number, who = await _of_contact(db, client, row, given), "contact"
    else:
        number, who = await _of_client(db, client, given.phone_id), "client"
    entry = owing.about(row, Kind.follow_up_rung, viewer, who=who, ends=number[-2:])
    await write(db, viewer.program_id, [entry])
    return NumberToRing(number=readable(number), dial=number, safe_name=reveal(db, client, "safe_name") or "")


async def _of_contact(db: Db, client: Client, row: FollowUp, given: Ring) -> str:
    standing = await standing_of(db, client)
    contact = next(
        (one for one in standing.contacts if one.id == given.contact_id and one.retired_at is None), None
    )
    if contact is None:
        raise NotFound("This person is no longer a contact of the client. Choose another contact.")
    verdict = planned_verdict(db, standing, contact, row.tier)[1]
    if isinstance(verdict, Blocked):
        raise NotAllowed(f"{verdict.sentence} {verdict.lawful_instead}", code="contact_blocked")
    missing = [TICKS[tick] for tick in verdict.ticks if tick not in given.ticked]
    if missing:
        sentence = f"Confirm first: {' '.join(missing)}"
        raise NotValid(sentence, fields={"ticked": sentence})
    return reveal(db, contact, "number") or ""


async def _of_client(db: Db, client: Client, phone_id: UUID | None) -> str:
    phone = await db.get(ClientPhone, (client.program_id, phone_id)) if phone_id else None
    if phone is None or phone.client_id != client.id or phone.retired_at is not None:
        raise NotFound("This number is no longer there. Somebody may have removed it; look again.")
    if sentence := why_not(client, phone):
        raise NotAllowed(sentence, code="not_safe_to_ring")
    return reveal(db, phone, "number") or ""
