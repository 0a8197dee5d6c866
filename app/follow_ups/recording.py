"""What came of a call: rung, not reached, reached with what was agreed, or ended with the reason it is not made."""

import json
from uuid import UUID

from app.clients.consent import May
from app.clients.disclose import Telling, disclose
from app.clients.known import standing_of
from app.clients.models import Client, EmergencyContact
from app.clients.queries import client_of
from app.db import Db, conceal, now_of
from app.errors import Conflict, NotFound, NotValid, SomebodyWasFirst
from app.follow_ups import owing, planning, rules
from app.follow_ups.models import FollowUp
from app.follow_ups.options import OWN_PHONE, planned_verdict
from app.follow_ups.views import CaregiverCallDone, CheckInDone, EndCall, Tried
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, require_client
from app.tasks.actions import open_task

PURPOSE = "to make home safer after a crisis, and to agree on the next steps"
AGAIN = "Ring {name} again, as was agreed in the call after the crisis. Look first at what the client signed."


async def tried(db: Db, viewer: Viewer, follow_up_id: UUID, given: Tried) -> None:
    """It is owed as before. Nothing follows from it but what a person asks for (R1)."""
    row = await locked(db, viewer, follow_up_id)
    row.tries, row.tried_at = row.tries + 1, now_of(db)
    entries = [
        owing.about(
            row,
            Kind.follow_up_tried,
            viewer,
            result=given.result,
            note=given.note or None,
            tries=row.tries,
            supervisor=given.supervisor or None,
        )
    ]
    if given.supervisor:
        entries += await to_supervisor(db, viewer, row)
    await write(db, viewer.program_id, entries)


async def checked_in(db: Db, viewer: Viewer, follow_up_id: UUID, given: CheckInDone) -> None:
    """Those before it that nobody answered were missed: they are not made up for, and not hidden."""
    row = await locked(db, viewer, follow_up_id, "check_in")
    plan = await planning.locked(db, viewer, _plan_of(row))
    now = now_of(db)
    for one in await planning.still_owed(db, plan):
        if one.due_at < row.due_at and one.id != row.id:
            one.ended_at, one.ended_by, one.outcome, one.next_at = now, viewer.staff_id, "missed", None
    _end(
        db, viewer, row, "worried" if given.worried else "reached", {"how": given.how, "agreed": given.agreed}
    )
    await db.flush()
    entries = [owing.about(row, Kind.follow_up_done, viewer, outcome=row.outcome, late_s=_late(db, row))]
    entries += await planning.went_on(db, viewer, plan)
    if given.worried:
        entries += await to_supervisor(db, viewer, row)
    await write(db, viewer.program_id, entries)


async def called(db: Db, viewer: Viewer, follow_up_id: UUID, given: CaregiverCallDone) -> None:
    """A person has spoken. What was told is kept with its basis; what the rules would have stopped waits for a second look."""
    row = await locked(db, viewer, follow_up_id, "caregiver_call")
    client = await client_of(db, viewer.program_id, row.client_id)
    contact = await db.get(EmergencyContact, (viewer.program_id, given.contact_id))
    if contact is None or contact.client_id != client.id:
        raise NotFound("There is no such person among those the client named.")
    told = await _told(db, viewer, row, client, contact, given)
    row.contact_id, row.disclosure_id = contact.id, told.detail["disclosure_id"]
    said = given.model_dump(include={"home", "means", "next_steps", "told", "coaching_wanted"})
    _end(db, viewer, row, "reached", said)
    await db.flush()
    entries = [
        told,
        owing.about(
            row,
            Kind.follow_up_done,
            viewer,
            outcome=row.outcome,
            early=True
            if rules.when("caregiver_call", row.opens_at, row.due_at, now_of(db)) == "early"
            else None,
            late_s=_late(db, row),
        ),
        *await _settled(db, viewer, row, done=True),
    ]
    if given.again_at is not None:
        entries.append(await _again(db, viewer, row, contact, given))
    await write(db, viewer.program_id, entries)


async def _told(
    db: Db,
    viewer: Viewer,
    row: FollowUp,
    client: Client,
    contact: EmergencyContact,
    given: CaregiverCallDone,
) -> NewEntry:
    act, verdict = planned_verdict(db, await standing_of(db, client), contact, row.tier)
    telling = Telling(
        act=act,
        content=given.told,
        purpose=PURPOSE,
        basis=verdict.basis if isinstance(verdict, May) else "release",
        ticked=given.ticked,
        verified_how=OWN_PHONE,
    )
    return await disclose(
        db,
        viewer,
        client,
        contact,
        telling,
        tier=rules.tier_of(row.tier),
        incident_id=row.incident_id,
        already_told=True,
    )


async def _again(
    db: Db, viewer: Viewer, row: FollowUp, contact: EmergencyContact, given: CaregiverCallDone
) -> NewEntry:
    if given.again_at is None or given.again_at <= now_of(db):
        sentence = "Choose a time from now on for the next call."
        raise NotValid(sentence, fields={"again_at": sentence})
    return await open_task(
        db,
        viewer.program_id,
        about=AGAIN.format(name=contact.relation or "the same person"),
        client_id=row.client_id,
        owner_id=viewer.staff_id,
        due_at=given.again_at,
        made_by=viewer.staff_id,
    )


async def end_call(db: Db, viewer: Viewer, follow_up_id: UUID, given: EndCall) -> None:
    """It is not made: with the reason, and the lawful next step done where there is one."""
    row = await locked(db, viewer, follow_up_id, "caregiver_call")
    if given.why == "not_reached" and row.tries < rules.ENOUGH_TRIES:
        raise Conflict(
            f"Try {rules.ENOUGH_TRIES} times, at different hours, before it is closed as not reached. "
            f"So far: {row.tries}.",
            code="too_few_tries",
        )
    if given.why == "not_permitted" and not given.client_told:
        sentence = (
            "Tell the client first that nobody was called, and why; ask whom they would like us to call."
        )
        raise NotValid(sentence, fields={"client_told": sentence})
    _end(db, viewer, row, given.why, {"reason": given.reason})
    await db.flush()
    entries = [
        owing.about(
            row, Kind.follow_up_ended, viewer, outcome=given.why, reason=given.reason, by_person=True
        ),
        *await _settled(db, viewer, row, done=False),
    ]
    if given.why == "not_reached":
        entries += await to_supervisor(db, viewer, row)
    await write(db, viewer.program_id, entries)


# --- what they share


async def locked(db: Db, viewer: Viewer, follow_up_id: UUID, kind: str | None = None) -> FollowUp:
    """Absent and not yours read the same. A plan is locked before what belongs to it."""
    known = await db.get(FollowUp, (viewer.program_id, follow_up_id))
    if known is None or (kind is not None and known.kind != kind):
        raise NotFound("There is no such call among those that are owed to the people you work with.")
    await require_client(db, viewer, known.client_id)
    if known.plan_id is not None:
        await planning.locked(db, viewer, known.plan_id)
    await db.refresh(known, with_for_update=True)
    if known.ended_at is not None:
        raise SomebodyWasFirst("This has been answered already. The list says by whom.")
    return known


async def to_supervisor(db: Db, viewer: Viewer, row: FollowUp) -> list[NewEntry]:
    """A person's press, or a lapse: one task, however often."""
    gap = owing.MISSED_GAP[row.kind]
    await db.flush()
    owner = await owing.supervisor_of(db, row.program_id, row.client_id)
    words = WORRIED if row.outcome == "worried" else ASKED[row.kind]
    due_at = now_of(db) + rules.SUPERVISOR_WITHIN[rules.tier_of(row.tier)]
    return (await owing.task_of(db, viewer, row.client_id, gap, words, due_at, owner))[1]


WORRIED = "They were reached, and whoever asked is worried. Decide together what comes next: the safety check, or more."
ASKED = {
    "caregiver_call": "Whoever rings a caregiver does not reach them and asks you. Decide who rings, or why not.",
    "check_in": "They were not reached at a check-in, and whoever rang asks you. Decide together what comes next.",
}


async def _settled(db: Db, viewer: Viewer, row: FollowUp, *, done: bool) -> list[NewEntry]:
    return [
        *await owing.settle(db, row, viewer.staff_id, owing.CALL_GAP, done=done),
        *await owing.settle(db, row, viewer.staff_id, owing.MISSED_GAP["caregiver_call"], done=done),
    ]


def _end(db: Db, viewer: Viewer, row: FollowUp, outcome: str, said: dict[str, object]) -> None:
    row.ended_at, row.ended_by, row.outcome, row.next_at = now_of(db), viewer.staff_id, outcome, None
    conceal(db, row, "said", json.dumps({name: value for name, value in said.items() if value}))


def _late(db: Db, row: FollowUp) -> int | None:
    late = (
        now_of(db) - rules.lapses_at(rules.kind_of(row.kind), row.due_at, rules.tier_of(row.tier))
    ).total_seconds()
    return int(late) if late > 0 else None


def _plan_of(row: FollowUp) -> UUID:
    if row.plan_id is None:
        raise NotFound("There are no check-ins that this belongs to.")
    return row.plan_id
