"""Emergency access (SEC-2): to one client outside one's own work, for an hour, with a reason, looked at afterwards.

Opening it is never slow and never silent: the supervisors' screens say so at once, and so does the client's incident.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Exists, Select, exists, func, or_, select, text

from app import numbers
from app.clients.break_glass_views import AccessLine, AskAccess, Candidate, Looked, Opened
from app.clients.models import Client, ClientPhone
from app.db import Db, conceal, new_id, now_of, reveal, seal_of
from app.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff import limits
from app.staff.access import Viewer, may_see_client
from app.staff.models import EmergencyAccess, Program, StaffMember

# SEC-2, defaults.
WINDOW = timedelta(minutes=60)
REVIEW_WITHIN = timedelta(hours=24)
# Enough for a bad evening, too few for looking around.
TRIES = 12
# Somebody who mistyped a name should not read a list of people in care.
FEW = 4


async def ask(db: Db, viewer: Viewer, given: AskAccess) -> Opened:
    """Opens it when exactly one client is meant. Nobody found, or several, is answered and written down, not refused:
    the count of tries must outlive the answer."""
    try:
        await limits.count(db, "emergency_access", str(viewer.staff_id), TRIES)
    except TooMany:
        raise TooMany(
            "Too many tries in a quarter of an hour. Ring the supervisor: they reach every client."
        ) from None
    found = await _meant(db, viewer, given)
    if len(found) != 1:
        entry = NewEntry(
            Kind.emergency_access_tried, viewer.actor, detail={"found": len(found)}, retention="audit"
        )
        await write(db, viewer.program_id, [entry])
        shown = found if len(found) <= FEW else []
        return Opened(
            candidates=tuple(Candidate(client_id=c.id, name=c.name_used, pronouns=c.pronouns) for c in shown),
            too_many=len(found) > FEW,
        )
    [client] = found
    if await may_see_client(db, viewer, client.id):
        return Opened(client_id=client.id, yours_already=True)
    await _open(db, viewer, client, given)
    return Opened(client_id=client.id)


async def _meant(db: Db, viewer: Viewer, given: AskAccess) -> list[Client]:
    """By the whole name used, by a telephone of theirs, or one of the few that were shown a moment ago."""
    query = select(Client).where(Client.program_id == viewer.program_id, Client.ended_at.is_(None))
    if given.client_id is not None:
        query = query.where(Client.id == given.client_id)
    wanted = []
    if given.name:
        plain = " ".join(given.name.casefold().split()).rstrip(".")
        wanted.append(func.rtrim(func.lower(Client.name_used), ".") == plain)
    if given.number:
        wanted.append(await _has_number(db, viewer, given.number))
    if wanted:
        query = query.where(or_(*wanted))
    return list((await db.scalars(query.order_by(Client.name_used, Client.id).limit(FEW + 1))).all())


async def _has_number(db: Db, viewer: Viewer, typed: str) -> Exists:
    region: str | None = await db.scalar(select(Program.region).where(Program.id == viewer.program_id))
    number = numbers.parse(typed, region or "US")
    if isinstance(number, numbers.Refused):
        raise NotValid(number.sentence, fields={"number": number.sentence})
    key = seal_of(db).keyed_hash("phone", number.e164)
    return exists().where(
        ClientPhone.program_id == Client.program_id,
        ClientPhone.client_id == Client.id,
        ClientPhone.number_key == key,
        ClientPhone.retired_at.is_(None),
    )


async def _open(db: Db, viewer: Viewer, client: Client, given: AskAccess) -> None:
    now = now_of(db)
    row = EmergencyAccess(
        program_id=viewer.program_id,
        id=new_id(),
        staff_id=viewer.staff_id,
        client_id=client.id,
        reason_code=given.reason_code,
        opened_at=now,
        ends_at=now + WINDOW,
        review_due_at=now + REVIEW_WITHIN,
    )
    conceal(db, row, "reason", given.reason)
    db.add(row)
    await _tell(
        db, viewer, Kind.emergency_access_opened, row, reason_code=given.reason_code, reason=given.reason
    )


async def give_back(db: Db, viewer: Viewer, access_id: UUID) -> None:
    """Before its time: by the person themselves, or by a supervisor."""
    row = await _row(db, viewer, access_id)
    if row.staff_id != viewer.staff_id and "supervisor" not in viewer.roles:
        raise NotFound("There is no such emergency access.")
    if row.ended_at is not None or row.ends_at <= now_of(db):
        return
    row.ended_at = now_of(db)
    await _tell(db, viewer, Kind.emergency_access_ended, row)


async def look_at(db: Db, viewer: Viewer, access_id: UUID, given: Looked) -> None:
    """A supervisor's second look. Nobody looks at their own."""
    row = await _row(db, viewer, access_id)
    if row.staff_id == viewer.staff_id:
        raise NotAllowed("Somebody else has to look at this: it was your own access.")
    if row.reviewed_at is not None:
        raise Conflict("A colleague has looked at this already. Read the list again.")
    row.reviewed_at, row.reviewed_by, row.verdict = now_of(db), viewer.staff_id, given.verdict
    conceal(db, row, "review", given.note)
    if row.ended_at is None and row.ends_at > now_of(db) and given.verdict == "not_fitting":
        row.ended_at = now_of(db)
    await _tell(db, viewer, Kind.emergency_access_reviewed, row, verdict=given.verdict, note=given.note)


async def _row(db: Db, viewer: Viewer, access_id: UUID) -> EmergencyAccess:
    row = await db.get(EmergencyAccess, (viewer.program_id, access_id), with_for_update=True)
    if row is None:
        raise NotFound("There is no such emergency access.")
    return row


async def _tell(db: Db, viewer: Viewer, kind: Kind, row: EmergencyAccess, **detail: str) -> None:
    """With the client's open incident, if there is one: everybody in it reads the line."""
    incident: UUID | None = await db.scalar(
        text(
            "select id from incident where program_id = :program and client_id = :client and state = 'open'"
        ),
        {"program": row.program_id, "client": row.client_id},
    )
    entry = NewEntry(
        kind,
        viewer.actor,
        incident_id=incident,
        client_id=row.client_id,
        detail={"access_id": row.id, "staff_id": row.staff_id, **detail},
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])


async def standing(db: Db, viewer: Viewer) -> list[AccessLine]:
    """A supervisor: whatever is open or waits for a look. Others: their own that are open."""
    now = now_of(db)
    is_open = (EmergencyAccess.ended_at.is_(None)) & (EmergencyAccess.ends_at > now)
    query = _lines(viewer)
    if "supervisor" in viewer.roles:
        query = query.where(or_(is_open, EmergencyAccess.reviewed_at.is_(None)))
    else:
        query = query.where(is_open, EmergencyAccess.staff_id == viewer.staff_id)
    rows = await db.execute(query.order_by(EmergencyAccess.opened_at.desc(), EmergencyAccess.id))
    return [
        AccessLine(
            id=row.id,
            staff_id=row.staff_id,
            who=who,
            client_id=row.client_id,
            client=client,
            reason_code=row.reason_code,
            reason=reveal(db, row, "reason") or "",
            opened_at=row.opened_at,
            ends_at=row.ended_at or row.ends_at,
            open=row.ended_at is None and row.ends_at > now,
            mine=row.staff_id == viewer.staff_id,
            reviewed=row.reviewed_at is not None,
            review_due_at=row.review_due_at,
            review_late=row.reviewed_at is None and row.review_due_at <= now,
        )
        for row, who, client in rows
    ]


async def open_to(db: Db, program_id: UUID, client_id: UUID) -> list[tuple[str, datetime]]:
    """Who has this client open now, and until when: for everybody in the client's incident."""
    rows = await db.execute(
        select(StaffMember.name, EmergencyAccess.ends_at)
        .join(
            EmergencyAccess,
            (StaffMember.program_id == EmergencyAccess.program_id)
            & (StaffMember.id == EmergencyAccess.staff_id),
        )
        .where(
            EmergencyAccess.program_id == program_id,
            EmergencyAccess.client_id == client_id,
            EmergencyAccess.ended_at.is_(None),
            EmergencyAccess.ends_at > now_of(db),
        )
        .order_by(EmergencyAccess.opened_at)
    )
    return [(row.name, row.ends_at) for row in rows]


def _lines(viewer: Viewer) -> Select[EmergencyAccess, str, str]:
    return (
        select(EmergencyAccess, StaffMember.name, Client.name_used)
        .join(
            StaffMember,
            (StaffMember.program_id == EmergencyAccess.program_id)
            & (StaffMember.id == EmergencyAccess.staff_id),
        )
        .join(
            Client,
            (Client.program_id == EmergencyAccess.program_id) & (Client.id == EmergencyAccess.client_id),
        )
        .where(EmergencyAccess.program_id == viewer.program_id)
    )
