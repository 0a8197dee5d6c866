"""Presses that were wrong (R17): the alert was about somebody else, or about nobody.

Nothing is unsaid: the incident that should not have been stays, closed, with who said so.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select, update

from app.clients.models import Disclosure
from app.db import Db, now_of
from app.errors import Conflict, NotAllowed, NotFound
from app.group_sessions import signals, watches
from app.group_sessions.actions import NewFact, Transition, record_facts
from app.group_sessions.fusing import GONE
from app.group_sessions.models import GroupSession, Presence
from app.incidents import cases, danger, rules
from app.incidents.actions import case_of, open_incident
from app.incidents.beginning import SECURE_GROUP
from app.incidents.carry import carry_out
from app.incidents.cases import CONCERN, Case
from app.incidents.closing import over_with
from app.incidents.concerns import on_the_list, open_concern, taken_back
from app.incidents.models import Dispatch, EscalationStep, Incident, ProtocolRun
from app.incidents.presence import about, follow
from app.incidents.pressing import told_to_runs
from app.incidents.reasons import CODE_WORDS, Reason
from app.incidents.situation import Ended
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.journal.write import NewEntry, write
from app.others.moving import moved
from app.staff.access import Viewer


async def wrong_client(db: Db, viewer: Viewer, incident_id: UUID, right_id: UUID) -> None:
    """Moves it to the right client in one press, and its clock with it. Whoever presses says that they see the other.

    Raises NotFound for somebody who is not on the list of this group, Conflict when something is open about them.
    """
    incident = await _of(db, viewer, incident_id)
    await _may_receive(db, incident, right_id)
    if incident.kind == CONCERN:
        await _move_concern(db, viewer, incident_id, right_id)
        return
    meeting_id, drop_at = incident.group_session_id, incident.drop_at
    kind = "not_responding" if incident.reason == "not_responding" else "lost"
    over = await watches.answered(db, viewer, meeting_id, [incident.client_id, right_id])
    seen = NewFact(incident.client_id, "staff", "seen", by_staff_id=viewer.staff_id)
    lost = NewFact(right_id, "staff", kind, occurred_at=drop_at, by_staff_id=viewer.staff_id)
    changed = await record_facts(db, meeting_id, [seen, lost])
    if not _gone(changed, right_id):
        # Staff have seen them since that drop, so it is from this press on that they are missed.
        lost = NewFact(right_id, "staff", kind, by_staff_id=viewer.staff_id)
        changed += await record_facts(db, meeting_id, [lost])
    await cases.lock(db, [incident_id])
    await follow(db, changed, actor=viewer.actor, more=over)
    await _close(db, viewer, await case_of(db, viewer, incident_id), "wrong_client")
    made = await open_incident(db, viewer.program_id, right_id, incident.kind)
    if made is not None:
        await hand_on(db, viewer, incident_id, made)


async def mispress(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """Cancels one's own tap, as long as nothing went out towards the client or anybody of theirs."""
    incident = await _of(db, viewer, incident_id)
    opener = await db.scalar(
        select(Entry.actor_id).where(
            Entry.program_id == viewer.program_id,
            Entry.incident_id == incident_id,
            Entry.kind == Kind.incident_opened.value,
        )
    )
    if opener != viewer.staff_id:
        raise NotAllowed("Only the person who pressed can take the press back. Recognise the client instead.")
    if incident.kind != CONCERN:
        over = await watches.answered(db, viewer, incident.group_session_id, [incident.client_id])
        seen = NewFact(incident.client_id, "staff", "seen", by_staff_id=viewer.staff_id)
        changed = await record_facts(db, incident.group_session_id, [seen])
        # Before the journal's head, which following takes.
        await cases.lock(db, [incident_id])
        await follow(db, changed, actor=viewer.actor, more=over)
    if incident.reason == "danger":
        await danger.hold_everything(db, viewer.program_id, incident.client_id)
    case = await case_of(db, viewer, incident_id)
    if await _raised_by_another(db, viewer, incident_id):
        raise Conflict(
            "A colleague raised it too, so it is not yours alone to take back. Close it together.",
            code="joined",
        )
    if await _went_out(db, case):
        raise Conflict(
            "A call or a text went out already, so this press cannot be taken back. Recognise the client, then close it.",
            code="went_out",
        )
    await undone(db, viewer, case, "mispress")


async def _move_concern(db: Db, viewer: Viewer, incident_id: UUID, right_id: UUID) -> None:
    """Same press, same clock, another client. Both presences are held, in order, before the incident is."""
    incident = await _of(db, viewer, incident_id)
    meeting_id, zero_at = incident.group_session_id, incident.drop_at
    reason: Reason = incident.reason  # type: ignore[assignment]
    for client_id in sorted((incident.client_id, right_id), key=str):
        await on_the_list(db, viewer, meeting_id, client_id)
    if reason == "danger":
        await danger.hold_everything(db, viewer.program_id, incident.client_id, right_id)
    case = await case_of(db, viewer, incident_id)
    await undone(db, viewer, case, "wrong_client")
    made = await open_concern(db, viewer, meeting_id, right_id, reason, zero_at)
    await hand_on(db, viewer, incident_id, made)


async def _unsaid(db: Db, viewer: Viewer, case: Case) -> tuple[list[NewEntry], list[Work]]:
    """A code word that was not heard, or not from this client: nothing of it holds, what it stopped goes on, and a signal
    that was taken for it waits for a person again."""
    incident = case.incident
    if incident.reason not in CODE_WORDS:
        return [], []
    said: list[NewEntry] = []
    others: list[Work] = []
    if incident.reason == "danger":
        said, others = await danger.not_heard(db, viewer, case)
    again = await signals.open_again(
        db, viewer, incident.group_session_id, incident.client_id, incident.learned_at
    )
    return said + again, others


async def _raised_by_another(db: Db, viewer: Viewer, incident_id: UUID) -> bool:
    found = await db.scalar(
        select(Entry.seq)
        .where(
            Entry.program_id == viewer.program_id,
            Entry.incident_id == incident_id,
            Entry.kind == Kind.concern_joined.value,
            Entry.actor_id != viewer.staff_id,
        )
        .limit(1)
    )
    return found is not None


async def _went_out(db: Db, case: Case) -> bool:
    """Something has reached the client, or anybody of theirs, or a dispatcher: it cannot be unsaid."""
    incident = case.incident
    if incident.first_outreach_at is not None:
        return True
    acts = (
        select(Dispatch.id).where(
            Dispatch.program_id == incident.program_id, Dispatch.incident_id == incident.id
        ),
        select(Disclosure.id).where(
            Disclosure.program_id == incident.program_id, Disclosure.incident_id == incident.id
        ),
    )
    return any([await db.scalar(act.limit(1)) is not None for act in acts])


async def _of(db: Db, viewer: Viewer, incident_id: UUID) -> Incident:
    """Unlocked: presence rows are locked before incidents, and `case_of` looks again under the lock."""
    incident = await db.get(Incident, (viewer.program_id, incident_id))
    if incident is None:
        raise NotFound("There is no such incident among the groups you work with.")
    return incident


async def _may_receive(db: Db, incident: Incident, right_id: UUID) -> None:
    presence = await db.get(Presence, (incident.program_id, incident.group_session_id, right_id))
    if presence is None or presence.removed_at is not None or right_id == incident.client_id:
        raise NotFound("Choose another client who is on the list of this group session.")
    db.expire(presence)
    if await open_incident(db, incident.program_id, right_id, incident.kind):
        raise Conflict(
            "Something is open about that client already. Close this one as a false alarm.", code="open"
        )


def _gone(changed: list[Transition], client_id: UUID) -> bool:
    return any(t.client_id == client_id and t.after in GONE for t in changed)


async def undone(db: Db, viewer: Viewer, case: Case, outcome: str) -> None:
    """What a press opened closes with it, the tier that it raised is as it was, and a signal it answered waits again."""
    taken_back(case, now_of(db))
    more, others = await _unsaid(db, viewer, case)
    await _close(db, viewer, case, outcome, more, others)


async def hand_on(db: Db, viewer: Viewer, wrong_id: UUID, right_id: UUID, *, stands: bool = False) -> None:
    """R17: the others of the group are looked after from the right client's incident on; what was done and said with them
    goes with it. Right after the one was closed as `wrong_client` and the other opened. An incident that stays open for a
    reason of its own keeps them; `stands`: it has none, and stays until two people have told responders otherwise."""
    await cases.lock(db, sorted((wrong_id, right_id)))
    wrong, right = [await db.get_one(Incident, (viewer.program_id, one)) for one in (wrong_id, right_id)]
    if wrong.state == "open" and not stands:
        return
    if wrong.group_session_id != right.group_session_id:
        # It is another group's from here on, and nobody answers steps of what is closed.
        closed = (await cases.load(db, [wrong])).values() if wrong.state != "open" else ()
        await carry_out(db, await told_to_runs(db, list(closed), Ended("cancelled"), viewer.actor))
        return
    run = await db.scalar(_of_the_others(wrong))
    if run is not None:
        run.incident_id = right.id
        of_run = EscalationStep.run_id == run.id
        await db.execute(update(EscalationStep).where(of_run).values(incident_id=right.id))
    meeting = await db.get_one(GroupSession, (viewer.program_id, right.group_session_id))
    here, there = (wrong.id, wrong.client_id), (right.id, right.client_id)
    await write(db, viewer.program_id, await moved(db, viewer, meeting, here, there))


def _of_the_others(incident: Incident) -> Select[ProtocolRun]:
    return select(ProtocolRun).where(
        ProtocolRun.program_id == incident.program_id,
        ProtocolRun.incident_id == incident.id,
        ProtocolRun.protocol == SECURE_GROUP,
        ProtocolRun.state == "running",
    )


async def _close(
    db: Db,
    viewer: Viewer,
    case: Case,
    outcome: str,
    more: Sequence[NewEntry] = (),
    others: Sequence[Work] = (),
) -> None:
    incident, now = case.incident, now_of(db)
    incident.state, incident.outcome = "closed", outcome
    incident.closed_at, incident.closed_by = now, viewer.staff_id
    incident.by_hand = None
    move = rules.advance(case.protocol, case.situation(), over_with(case, "cancelled"), now)
    entry = about(incident, Kind.incident_closed, viewer.actor, outcome=outcome)
    # Who looks after the others goes on: it is handed on with the alert.
    but = SECURE_GROUP if outcome == "wrong_client" else None
    over = await told_to_runs(db, [case], Ended("cancelled"), viewer.actor, but=but)
    await carry_out(db, [Work(case, move, viewer.actor, [entry, *more]), *over, *others])
