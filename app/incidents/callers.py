"""People who ring the office's own number. Each stands on the boards they concern until somebody has spoken with
them or a person has said what came of it: a call that nobody answered never disappears by itself."""

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from app import numbers
from app.clock import ago
from app.db import Db, conceal, new_id, now_of, seal_of
from app.errors import NotFound, SomebodyWasFirst
from app.group_sessions.models import GroupSession, Presence
from app.incidents.actions import open_incident
from app.incidents.caller_models import InboundCaller
from app.incidents.models import Incident
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, may_see_group_session
from app.staff.models import StaffMember

Outcome = Literal["spoke", "nothing_needed", "not_ours"]


# --- what the telephone tells


async def rings(db: Db, program_id: UUID, client_id: UUID | None, number: str, call_id: str) -> None:
    """One row for one number, however often it rings. A withheld number is one row as well."""
    now = now_of(db)
    plain = number if numbers.dialable(number) is None else None
    row = InboundCaller(program_id=program_id, id=new_id())
    conceal(db, row, "number", plain)
    made = insert(InboundCaller).values(
        program_id=program_id,
        id=row.id,
        client_id=client_id,
        number=row.number,
        number_key=seal_of(db).keyed_hash("phone", number),
        last2=plain[-2:] if plain else None,
        call_id=call_id,
        state="ringing",
        first_at=now,
        last_at=now,
        times=1,
    )
    await db.execute(
        made.on_conflict_do_update(
            index_elements=["program_id", "number_key"],
            index_where=text("state <> 'over'"),
            set_={
                "state": "ringing",
                "client_id": made.excluded.client_id,
                "call_id": call_id,
                "last_at": now,
                "times": InboundCaller.times + 1,
            },
        )
    )


async def missed(db: Db, program_id: UUID, call_id: str) -> InboundCaller | None:
    """Nobody answered this call, or the caller hung up before. None: it is not their latest, or it is over."""
    return await _latest(db, program_id, call_id, ("ringing",), state="missed")


async def put_through(db: Db, program_id: UUID, call_id: str) -> InboundCaller | None:
    """One of us pressed the key that lets this caller in: two people speak with each other. None: known already."""
    return await _latest(
        db,
        program_id,
        call_id,
        ("ringing", "missed"),
        state="over",
        outcome="put_through",
        over_at=now_of(db),
    )


async def _latest(
    db: Db, program_id: UUID, call_id: str, before: Sequence[str], **values: object
) -> InboundCaller | None:
    changed = await db.scalars(
        update(InboundCaller)
        .where(
            InboundCaller.program_id == program_id,
            InboundCaller.call_id == call_id,
            InboundCaller.state.in_(before),
        )
        .values(**values)
        .returning(InboundCaller)
    )
    return changed.first()


# --- what a person presses


async def rung_back(db: Db, viewer: Viewer, caller_id: UUID) -> None:
    """Rung back by hand, and nobody answered: noted, and the card stays."""
    caller = await _standing(db, viewer, caller_id)
    caller.rung_back_at, caller.rung_back_by = now_of(db), viewer.staff_id
    await _journal(db, viewer, caller, Kind.caller_rung_back)


async def handled(db: Db, viewer: Viewer, caller_id: UUID, outcome: Outcome) -> None:
    caller = await _standing(db, viewer, caller_id)
    caller.state, caller.outcome = "over", outcome
    caller.over_at, caller.over_by = now_of(db), viewer.staff_id
    await _journal(db, viewer, caller, Kind.caller_handled, outcome=outcome)


async def _standing(db: Db, viewer: Viewer, caller_id: UUID) -> InboundCaller:
    """Locked. Absent and not yours read the same."""
    caller = await db.scalar(
        select(InboundCaller)
        .where(InboundCaller.program_id == viewer.program_id, InboundCaller.id == caller_id)
        .with_for_update()
    )
    if caller is None or not await _may_see(db, viewer, caller):
        raise NotFound("There is no such caller among the people you work with.")
    if caller.state == "over":
        raise SomebodyWasFirst(await _who_was_first(db, caller))
    return caller


async def _who_was_first(db: Db, caller: InboundCaller) -> str:
    """Always after `over_at` was set, by a person or by the call itself."""
    name = None
    if caller.over_by is not None:
        name = await db.scalar(
            select(StaffMember.name).where(
                StaffMember.program_id == caller.program_id, StaffMember.id == caller.over_by
            )
        )
    when = ago((now_of(db) - (caller.over_at or caller.last_at)).total_seconds())
    return f"{name} handled it {when}." if name else f"They rang again and were put through {when}."


async def _may_see(db: Db, viewer: Viewer, caller: InboundCaller) -> bool:
    if "supervisor" in viewer.roles:
        return True
    meetings = (await concerned(db, viewer.program_id, [caller]))[caller.id]
    rows = await db.scalars(
        select(GroupSession).where(
            GroupSession.program_id == viewer.program_id, GroupSession.id.in_(list(meetings))
        )
    )
    return any(may_see_group_session(viewer, meeting) for meeting in rows)


async def _journal(db: Db, viewer: Viewer, caller: InboundCaller, kind: Kind, **detail: object) -> None:
    incident = None
    if caller.client_id is not None:
        incident_id = await open_incident(db, caller.program_id, caller.client_id, None)
        incident = await db.get(Incident, (caller.program_id, incident_id)) if incident_id else None
    entry = NewEntry(
        kind,
        viewer.actor,
        incident_id=incident.id if incident else None,
        client_id=caller.client_id,
        group_session_id=incident.group_session_id if incident else None,
        detail={"caller_id": caller.id, **detail},
        retention="phone",
    )
    await db.flush()
    await write(db, caller.program_id, [entry])


# --- whom it concerns


async def concerned(
    db: Db, program_id: UUID, callers: Collection[InboundCaller]
) -> dict[UUID, frozenset[UUID]]:
    """By caller: the meetings whose staff see the card; supervisors see all. A number we do not know may be anybody
    of any group that is under way now, on a telephone that is not theirs."""
    if not callers:
        return {}
    clients = {caller.client_id for caller in callers if caller.client_id is not None}
    rows = await db.execute(
        select(GroupSession.id, GroupSession.state, Presence.client_id)
        .outerjoin(
            Presence,
            (Presence.program_id == GroupSession.program_id)
            & (Presence.group_session_id == GroupSession.id)
            & Presence.client_id.in_(list(clients)),
        )
        .where(GroupSession.program_id == program_id, GroupSession.state != "closed")
    )
    of_client: dict[UUID, set[UUID]] = {}
    under_way: set[UUID] = set()
    for meeting_id, state, client_id in rows:
        if state in ("open", "paused"):
            under_way.add(meeting_id)
        if client_id is not None:
            of_client.setdefault(client_id, set()).add(meeting_id)
    return {
        caller.id: frozenset(under_way if caller.client_id is None else of_client.get(caller.client_id, ()))
        for caller in callers
    }
