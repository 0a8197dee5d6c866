"""A serious threat to somebody else (domain 4.10, R18): with the supervisor and the state's reviewed card, police first
where that is lawful, each telling by a person's own hand and written down. The one exception to do-not-contact."""

import json
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.clients.consent import Agency
from app.clients.disclose import Telling, disclose
from app.clients.packet import allowed
from app.db import Db, conceal, new_id, now_of, reveal
from app.emergency.brief import wrote
from app.emergency.duty_card import region_now, told_of
from app.emergency.duty_views import DutyFacts, NewDutyDecision, NewWarning, PoliceTold
from app.emergency.models import DutyToProtect
from app.errors import Conflict, NotFound, NotValid
from app.incidents.actions import case_of, renew_of
from app.incidents.beginning import begin, runs_already
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.places.state_cards import state_card
from app.staff.access import Viewer, require
from app.tasks.actions import open_task

PROTOCOL = "duty-to-protect"
NOTE_WITHIN = timedelta(hours=24)
PURPOSE = "to protect somebody from a serious threat"
POLICE_FIRST = "The state card says that police are told first. Tell them, write it down here, and warn the person after that."


async def open_duty(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """From here it has a card, a clock and a supervisor who is asked to join. Begins nothing twice."""
    case = await case_of(db, viewer, incident_id)
    if await of_case(db, case) is not None:
        return
    row = DutyToProtect(
        program_id=viewer.program_id,
        id=new_id(),
        incident_id=incident_id,
        begun_by=viewer.staff_id,
        begun_at=now_of(db),
        choices=[],
    )
    db.add(row)
    work = [Work(case, Move(), viewer.actor, [about(case.incident, Kind.duty_begun, viewer.actor)])]
    if not await runs_already(db, case, PROTOCOL):
        work.append(await begin(db, case, PROTOCOL, viewer.actor, "chosen"))
    renew_of(case, viewer, now_of(db))
    await carry_out(db, work)


async def join(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """A supervisor says: I am with you in this."""
    require(viewer, "supervisor")
    case, row = await _locked(db, viewer, incident_id)
    if row.joined_at is None:
        row.joined_by, row.joined_at = viewer.staff_id, now_of(db)
        await wrote(db, case, viewer, about(case.incident, Kind.duty_joined, viewer.actor))


async def keep_facts(db: Db, viewer: Viewer, incident_id: UUID, given: DutyFacts) -> None:
    case, row = await _locked(db, viewer, incident_id)
    known = facts_of(db, row) | {str(name): words for name, words in given.facts.items()}
    conceal(
        db,
        row,
        "facts",
        json.dumps({name: words for name, words in known.items() if words}, ensure_ascii=False),
    )
    entry = about(case.incident, Kind.duty_changed, viewer.actor, fields=sorted(given.facts))
    await wrote(db, case, viewer, entry)


async def decide(db: Db, viewer: Viewer, incident_id: UUID, given: NewDutyDecision) -> None:
    """With the supervisor. A later decision takes the place of this one; both stay in the journal."""
    case, row = await _locked(db, viewer, incident_id)
    if row.joined_at is None:
        raise Conflict(
            "A supervisor joins first: this is decided by two. Responders can be called on the dispatch card at any time.",
            code="needs_supervisor",
        )
    first = row.decided_at is None
    row.choices, row.decided_by, row.decided_at = sorted(set(given.choices)), viewer.staff_id, now_of(db)
    said = given.model_dump(include={"reasoning", "consulted", "rejected"})
    conceal(db, row, "decision", json.dumps(said, ensure_ascii=False))
    entries = [await _note(db, viewer, case)] if first else []
    entries.append(
        about(case.incident, Kind.duty_decided, viewer.actor, choices=row.choices, note=given.reasoning)
    )
    await wrote(db, case, viewer, *entries)


async def _note(db: Db, viewer: Viewer, case: Case) -> NewEntry:
    return await open_task(
        db,
        viewer.program_id,
        about="Write the legal note: words used, reasoning, consultation, options rejected and why",
        client_id=case.incident.client_id,
        owner_id=viewer.staff_id,
        due_at=now_of(db) + NOTE_WITHIN,
        made_by=viewer.staff_id,
    )


async def police_told(db: Db, viewer: Viewer, incident_id: UUID, given: PoliceTold) -> None:
    """A person spoke with them: the place, who is in danger and from whom. No program, no diagnosis."""
    case, row = await _locked(db, viewer, incident_id)
    part2 = case.reach.client.part2
    telling = Telling(
        act="responders",
        content=given.content,
        purpose=PURPOSE,
        basis="serious_threat",
        grounds=_grounds(db, row),
        items=[item for item in allowed("police", part2=part2) if item in ("place", "threatened", "danger")],
        police=True,
        verified_how="Dialled by hand",
    )
    told = await disclose(
        db,
        viewer,
        case.reach.client,
        Agency(given.recipient),
        telling,
        tier=case.situation().tier,
        incident_id=incident_id,
        already_told=True,
    )
    await wrote(db, case, viewer, told)


async def warn(db: Db, viewer: Viewer, incident_id: UUID, given: NewWarning) -> None:
    """By a supervisor, by hand. Refused unless the law of where they are, as reviewed, lets it be given now."""
    case, row = await _locked(db, viewer, incident_id)
    client = case.reach.client
    card = await state_card(db, viewer.program_id, "duty_to_protect", await region_now(db, case))
    if card is None:
        raise Conflict(
            "There is no reviewed duty-to-protect card for where they are now. Police can be told on the dispatch card; "
            "ask counsel what this state asks of you.",
            code="no_state_card",
        )
    if card.body.police_first == "yes" and not await _police_know(db, case):
        raise Conflict(POLICE_FIRST, code="police_first")
    telling = Telling(
        act="warning",
        content=given.content,
        purpose=PURPOSE,
        basis="duty_to_protect",
        grounds=_grounds(db, row),
        ticked=given.ticked,
        items=("threatened", "keep_safe"),
        verified_how=given.verified_how,
    )
    told = await disclose(
        db,
        viewer,
        client,
        Agency(given.recipient),
        telling,
        tier=case.situation().tier,
        incident_id=incident_id,
    )
    await wrote(db, case, viewer, told)


async def _police_know(db: Db, case: Case) -> bool:
    return any(row.act == "responders" for row in await told_of(db, case))


def _grounds(db: Db, row: DutyToProtect) -> str:
    facts = facts_of(db, row)
    said = [facts[name] for name in ("words", "who", "when") if facts.get(name)]
    if not said:
        # Of no field: it is missing from another form than the one that was sent.
        raise NotValid(
            "Write down first what was said, and about whom, under “What is known”. Then press again."
        )
    return " ".join(said)


def facts_of(db: Db, row: DutyToProtect) -> dict[str, str]:
    kept = reveal(db, row, "facts")
    found: dict[str, str] = json.loads(kept) if kept else {}
    return found


async def of_case(db: Db, case: Case) -> DutyToProtect | None:
    found: DutyToProtect | None = await db.scalar(
        select(DutyToProtect).where(
            DutyToProtect.program_id == case.incident.program_id,
            DutyToProtect.incident_id == case.incident.id,
        )
    )
    return found


async def _locked(db: Db, viewer: Viewer, incident_id: UUID) -> tuple[Case, DutyToProtect]:
    case = await case_of(db, viewer, incident_id)
    row = await of_case(db, case)
    if row is None:
        raise NotFound("Duty to protect is not open in this incident. Open it first.")
    return case, row
