"""The second of a press's two transactions: the chain, the lanes, the protocol and our own phones. By whoever pressed, at
once; where their process died in between, by the engine half a second later. Under the incident's lock and only while the
row says that it waits, so that of two who come for it one sets out everything and the other nothing."""

from dataclasses import replace
from typing import get_args
from uuid import UUID

from app.db import Db, now_of
from app.emergency import standing
from app.emergency.models import Emergency
from app.incidents import cases
from app.incidents.beginning import begin, begins_with, opened, runs_already, version_of
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.pressing import moves
from app.incidents.reasons import EMERGENCY, Trigger
from app.incidents.situation import Taken
from app.journal.write import Actor
from app.lanes import actions as lanes


async def set_out(db: Db, incident_id: UUID) -> bool:
    """False: it does not wait any more, or the emergency has ended meanwhile."""
    locked = await cases.lock(db, [incident_id])
    row = await standing.of_incident(db, locked[0]) if locked else None
    if row is None or row.sets_out_by is None:
        return False
    row.sets_out_by = None
    incident = locked[0]
    if incident.state != "open" or row.declared_at is None or row.stood_down_at is not None:
        await db.flush()
        return False
    await _set_out(db, incident, row)
    return True


async def _set_out(db: Db, incident: Incident, row: Emergency) -> None:
    actor, protocol = Actor("person", row.declared_by), EMERGENCY[trigger_of(row)]
    case = (await cases.load(db, [incident]))[incident.id]
    # Whoever recognised the client meanwhile has ended this chain before it began; the protocol runs beside it then.
    if case.running and case.next_ordinal == 1:
        await _opens(db, case, actor)
    now = now_of(db)
    has = incident.owner_id is not None and incident.owned_until and incident.owned_until > now
    work = await moves(
        db, case, actor, Taken(incident.owned_until) if has and incident.owned_until else None, []
    )
    await lanes.open_for_emergency(db, work[0], actor, said=True)
    if not await runs_already(db, case, protocol):
        work.append(await begin(db, case, protocol, actor, "chosen"))
    await carry_out(db, work)


async def _opens(db: Db, case: Case, actor: Actor) -> None:
    """As any concern does, and as if nobody had it yet: that somebody has is told to the chain once it stands."""
    incident = case.incident
    key = await begins_with(db, incident.program_id, incident.reason, incident.tier)  # type: ignore[arg-type]
    incident.protocol_version_id, case.protocol = await version_of(db, incident.program_id, key)
    nobodys = replace(case.situation(), owned_until=None)
    reason = incident.reason
    work = opened(case, actor, now_of(db), "concern", pressed=reason, situation=nobodys)  # type: ignore[arg-type]
    await carry_out(db, [work])
    await cases.read_again(db, case)


def trigger_of(row: Emergency) -> Trigger:
    return next((one for one in get_args(Trigger) if one == row.trigger), "harm")
