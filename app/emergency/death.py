"""A client has died (R20). In one transaction everything of ours that rings or writes by itself falls silent, towards them
and towards their family; what staff and group need is on the list; nothing is purged.

Recorded by a supervisor, with their PIN and the client's name typed out: never by one press. In error it is taken back,
and nothing that was stopped begins again by itself.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, text, update

from app.clients.models import Client
from app.clients.queries import client_of
from app.db import Db, conceal, new_id, now_of, reveal
from app.emergency.death_views import DeathView, NewDeath, TakenBack
from app.emergency.models import Death
from app.errors import Conflict, NotFound, NotValid
from app.group_sessions.models import ClientLink, GroupSession, Presence
from app.incidents import cases, rules
from app.incidents.carry import carry_out
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.pressing import told_to_runs
from app.incidents.situation import Ended, Verified
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, require
from app.staff.models import StaffMember
from app.tasks.actions import open_task

# What helps those who stay (postvention). Of members nobody is named here, and nothing of it is in the client's record.
FOR_STAFF_AND_GROUP: tuple[tuple[str, timedelta], ...] = (
    (
        "Tell the staff who knew them, by voice, one by one, and ask what each of them needs",
        timedelta(hours=4),
    ),
    (
        "Decide with the family's wishes what the group is told, in which words, and who says it",
        timedelta(hours=24),
    ),
    (
        "Speak with each member on their own before the group meets again; first with whoever was close or is at "
        "high risk now",
        timedelta(hours=48),
    ),
    ("Ask who of the staff should not lead the next group, and find somebody for it", timedelta(hours=24)),
    ("Hold the next group with a second person, time to grieve, and no details", timedelta(days=7)),
    ("Meet as a team with somebody from outside, and look after each other", timedelta(days=7)),
)
FOR_THE_FAMILY: tuple[tuple[str, timedelta], ...] = (
    (
        "One person calls the family, to listen and to say that we are sorry; agree who stays in touch",
        timedelta(hours=24),
    ),
    ("Tell director, counsel and insurer; everything is kept, legal hold is set", timedelta(hours=24)),
    (
        "See that no letter, bill, reminder or call from another system goes to the family",
        timedelta(hours=24),
    ),
)

# As text because these tables belong to packages above this one. Each is what would have gone out by itself.
_SILENCE = tuple(
    text(statement)
    for statement in (
        """
        update contact_attempt a set
            status = case when a.status = 'planned' then 'cancelled' else a.status end,
            result = case when a.status = 'planned' then 'died' else a.result end,
            ended_at = case when a.status = 'planned' then cast(:now as timestamptz) else a.ended_at end,
            wanted = case when a.status = 'planned' then a.wanted else 'hang_up' end
        from incident i
        where i.program_id = a.program_id and i.id = a.incident_id and i.client_id = :client
          and a.program_id = :program and a.status in ('planned', 'dialing', 'ringing')
        """,
        """
        update plain_text set status = 'cancelled', words = null, ended_at = :now
        where program_id = :program and client_id = :client and status = 'planned'
        """,
        """
        update caregiver_copy set ended_at = :now, ended_by = :by
        where program_id = :program and client_id = :client and ended_at is null
        """,
        "update agreement set next_at = null where program_id = :program and client_id = :client",
        """
        update follow_up set ended_at = :now, ended_by = :by, outcome = 'died', next_at = null
        where program_id = :program and client_id = :client and ended_at is null
        """,
        """
        update check_in_plan set ended_at = :now, ended_by = :by, ended_why = 'died'
        where program_id = :program and client_id = :client and ended_at is null
        """,
        """
        update breakout set ended_at = :now, ended_by = :by, ending = 'group_over'
        where program_id = :program and client_id = :client and ended_at is null
        """,
    )
)
_TASKS = text(
    """
    update task set done_at = :now, done_by = :by, outcome = 'not_needed', version = version + 1
    where program_id = :program and client_id = :client and done_at is null and gap is not null
    """
)


async def of_client(db: Db, viewer: Viewer, client_id: UUID) -> DeathView | None:
    """That it was read is an entry of its own."""
    row = await _standing(db, viewer.program_id, client_id)
    if row is None:
        return None
    by = await db.get(StaffMember, (viewer.program_id, row.recorded_by))
    client = await client_of(db, viewer.program_id, client_id)
    entry = NewEntry(Kind.death_read, viewer.actor, client_id=client_id, retention="audit")
    await write(db, viewer.program_id, [entry])
    return DeathView(
        died_on=row.died_on,
        learned_how=reveal(db, row, "learned_how") or "",
        recorded_by=by.name if by else "A colleague",
        recorded_at=row.recorded_at,
        legal_hold_since=client.legal_hold_since,
    )


async def record(db: Db, viewer: Viewer, client_id: UUID, given: NewDeath) -> None:
    require(viewer, "supervisor")
    client = await client_of(db, viewer.program_id, client_id)
    _the_right_person(client, given)
    _a_day_that_was(given.died_on, now_of(db).date())
    # Presence rows come first, everywhere; then incidents, then attempts (docs/decisions/0007).
    meetings = await _off_the_rosters(db, client)
    await db.refresh(client, with_for_update=True)
    if await _standing(db, viewer.program_id, client_id) is not None:
        raise Conflict("This has been recorded already. Look at the record again.", code="recorded")
    ended = await _end_incidents(db, viewer, client_id)
    now = now_of(db)
    row = Death(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        died_on=given.died_on,
        recorded_by=viewer.staff_id,
        recorded_at=now,
    )
    conceal(db, row, "learned_how", given.learned_how)
    db.add(row)
    client.ended_at = client.ended_at or now
    client.legal_hold_since = client.legal_hold_since or now
    await db.flush()
    await _silence(db, viewer, client_id)
    tasks = await _postvention(db, viewer, client_id, meetings)
    entry = NewEntry(
        Kind.death_recorded,
        viewer.actor,
        client_id=client_id,
        detail={"died_on": given.died_on, "learned_how": given.learned_how},
    )
    await carry_out(
        db, ended, before={viewer.program_id: [entry, *_rosters(viewer, client_id, meetings), *tasks]}
    )


async def take_back(db: Db, viewer: Viewer, client_id: UUID, given: TakenBack) -> None:
    """It was somebody else, or it was not true. Care goes on; what was stopped is begun again by people."""
    require(viewer, "supervisor")
    client = await client_of(db, viewer.program_id, client_id)
    row = await _standing(db, viewer.program_id, client_id)
    if row is None:
        raise NotFound("No death is recorded for this client.")
    row.taken_back_by, row.taken_back_at = viewer.staff_id, now_of(db)
    conceal(db, row, "taken_back_why", given.why)
    client.ended_at = None
    entry = NewEntry(Kind.death_taken_back, viewer.actor, client_id=client_id, detail={"reason": given.why})
    await write(db, viewer.program_id, [entry])


# --- what must be so beforehand


def _the_right_person(client: Client, given: NewDeath) -> None:
    if " ".join(given.name.split()).casefold() != client.name_used.casefold():
        sentence = "Type the name as it stands on the record, so that it is about the right person."
        raise NotValid(sentence, fields={"name": sentence})


def _a_day_that_was(died_on: date | None, today: date) -> None:
    if died_on is not None and died_on > today + timedelta(days=1):
        sentence = "This day lies ahead. Leave it empty when it is not known."
        raise NotValid(sentence, fields={"died_on": sentence})


async def _standing(db: Db, program_id: UUID, client_id: UUID) -> Death | None:
    found: Death | None = await db.scalar(
        select(Death).where(
            Death.program_id == program_id, Death.client_id == client_id, Death.taken_back_at.is_(None)
        )
    )
    return found


# --- what falls silent


async def _off_the_rosters(db: Db, client: Client) -> Sequence[UUID]:
    """Of every meeting that stands: no tile, no page, no loss to be found. Their links end."""
    rows = await db.scalars(
        select(Presence)
        .join(
            GroupSession,
            (GroupSession.program_id == Presence.program_id) & (GroupSession.id == Presence.group_session_id),
        )
        .where(
            Presence.program_id == client.program_id,
            Presence.client_id == client.id,
            Presence.removed_at.is_(None),
            GroupSession.state != "closed",
        )
        .order_by(Presence.group_session_id)
        .with_for_update(of=Presence)
    )
    found = rows.all()
    for presence in found:
        presence.removed_at = now_of(db)
        presence.check_at = presence.ask_since = presence.watch_until = None
    await db.execute(
        update(ClientLink)
        .where(
            ClientLink.program_id == client.program_id,
            ClientLink.client_id == client.id,
            ClientLink.ended_at.is_(None),
        )
        .values(ended_at=now_of(db), waiting_hash=None, waiting_since=None)
        .execution_options(synchronize_session=False)
    )
    return [presence.group_session_id for presence in found]


async def _end_incidents(db: Db, viewer: Viewer, client_id: UUID) -> list[Work]:
    found = await db.scalars(
        select(Incident.id).where(
            Incident.program_id == viewer.program_id,
            Incident.client_id == client_id,
            Incident.state == "open",
        )
    )
    made, now = [], now_of(db)
    for case in (await cases.load(db, await cases.lock(db, list(found)))).values():
        incident = case.incident
        incident.state, incident.outcome = "closed", "died"
        incident.closed_at, incident.closed_by, incident.by_hand = now, viewer.staff_id, None
        move = rules.advance(case.protocol, case.situation(), Verified(), now)
        entry = about(incident, Kind.incident_closed, viewer.actor, outcome="died")
        made.append(Work(case, move, viewer.actor, [entry]))
        made += await told_to_runs(db, [case], Ended("stopped"), viewer.actor)
    return made


async def _silence(db: Db, viewer: Viewer, client_id: UUID) -> None:
    values = {"program": viewer.program_id, "client": client_id, "now": now_of(db), "by": viewer.staff_id}
    for statement in (*_SILENCE, _TASKS):
        await db.execute(statement, {name: values[name] for name in statement.compile().params})


# --- what people have to do


async def _postvention(db: Db, viewer: Viewer, client_id: UUID, meetings: Sequence[UUID]) -> list[NewEntry]:
    """For whoever recorded it, to hand on. What concerns the group hangs on its meeting, and names nobody."""
    meeting = meetings[0] if meetings else await _last_meeting(db, viewer.program_id, client_id)
    now = now_of(db)
    wanted: list[tuple[str, timedelta, UUID | None, UUID | None]] = [
        (about, after, None, meeting) for about, after in FOR_STAFF_AND_GROUP
    ]
    wanted += [(about, after, client_id, None) for about, after in FOR_THE_FAMILY]
    return [
        await open_task(
            db,
            viewer.program_id,
            about=about,
            client_id=of_client,
            group_session_id=of_meeting,
            owner_id=viewer.staff_id,
            due_at=now + after,
            made_by=viewer.staff_id,
        )
        for about, after, of_client, of_meeting in wanted
    ]


async def _last_meeting(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    found: UUID | None = await db.scalar(
        select(GroupSession.id)
        .join(
            Presence,
            (Presence.program_id == GroupSession.program_id) & (Presence.group_session_id == GroupSession.id),
        )
        .where(GroupSession.program_id == program_id, Presence.client_id == client_id)
        .order_by(GroupSession.starts_at.desc())
        .limit(1)
    )
    return found


def _rosters(viewer: Viewer, client_id: UUID, meetings: Sequence[UUID]) -> list[NewEntry]:
    return [
        NewEntry(
            Kind.roster_changed,
            viewer.actor,
            client_id=client_id,
            group_session_id=meeting,
            detail={"what": "taken off"},
        )
        for meeting in meetings
    ]
