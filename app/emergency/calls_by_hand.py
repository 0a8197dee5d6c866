"""Calls to responders, dialled by a person: which number, when, who answered, what came of it. Nothing here rings anybody."""

from datetime import datetime, timedelta
from uuid import UUID

from app import numbers
from app.clients.consent import Agency
from app.clients.disclose import Telling, disclose
from app.db import Db, conceal, now_of
from app.emergency import animals, dialling, standing
from app.emergency.brief import wrote
from app.emergency.card import SENDS, card
from app.emergency.chains import answered
from app.emergency.views import CallChange, CallOver, DispatchCard, NewCall
from app.errors import Conflict, NotFound, NotValid
from app.incidents.actions import case_of, renew_of
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Dispatch
from app.incidents.outside import LOCKED
from app.incidents.presence import about
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.lanes import actions as lanes
from app.places.models import DispatchLine
from app.staff.access import Viewer
from app.tasks.actions import open_task

CHECK_THE_LINE = timedelta(hours=24)
PURPOSE = "help for the client where they are now"


async def begin(db: Db, viewer: Viewer, incident_id: UUID, given: NewCall, call_id: UUID) -> None:
    """A person says: I am dialling this now. Its clock runs from here."""
    case = await case_of(db, viewer, incident_id)
    if case.locked:
        raise Conflict(LOCKED, code="perhaps_our_side")
    agency, number, kind = await _line(db, case, given)
    row = Dispatch(
        program_id=viewer.program_id,
        id=call_id,
        incident_id=incident_id,
        line_id=given.line_id,
        decision="mobile_team" if kind == "mobile_crisis" else "responders",
        agency=agency,
        number=number,
        by_staff_id=viewer.staff_id,
        at=now_of(db),
        read_back=[],
    )
    db.add(row)
    entry = about(
        case.incident, Kind.dispatch_dialed, viewer.actor, agency=agency, number=number, call=row.id
    )
    renew_of(case, viewer, now_of(db))
    await carry_out(db, await lanes.dials(db, viewer, case, entry))


async def _line(db: Db, case: Case, given: NewCall) -> tuple[str, str, str]:
    if given.line_id is not None:
        line = await db.get(DispatchLine, (case.incident.program_id, given.line_id))
        if line is None or line.retired_at is not None or line.kind not in SENDS:
            raise NotFound("This line is no longer in the directory. Choose another one, or type the number.")
        return line.agency, line.number, line.kind
    if not given.number:
        sentence = "Write the number that you dial, or choose a line."
        raise NotValid(sentence, fields={"number": sentence})
    # Their own emergency number is kept as it was dialled: a person dials it, no machine does.
    parsed = numbers.parse(given.number, case.program.region)
    number = parsed.e164 if isinstance(parsed, numbers.Number) else given.number
    return given.agency or "Responders", number, "dispatch"


async def change(db: Db, viewer: Viewer, incident_id: UUID, call_id: UUID, given: CallChange) -> None:
    case = await case_of(db, viewer, incident_id)
    row = await _standing_call(db, case, call_id)
    now = now_of(db)
    row.answered_at = row.answered_at or now
    row.held_since = now if given.state == "on_hold" else None
    kind = Kind.dispatch_call_changed
    entry = about(case.incident, kind, viewer.actor, agency=row.agency, what=given.state, call=row.id)
    await wrote(db, case, viewer, entry)


async def over(db: Db, viewer: Viewer, incident_id: UUID, call_id: UUID, given: CallOver) -> None:
    """What came of it. What was said is kept as told, whatever came of it; the chain goes on by its own rules."""
    case = await case_of(db, viewer, incident_id)
    row = await _standing_call(db, case, call_id)
    now = now_of(db)
    shown = await card(db, viewer, case)
    row.outcome, row.ended_at, row.held_since = given.outcome, now, None
    if given.outcome != "no_answer":
        row.answered_at = row.answered_at or now
    row.eta_minutes = given.eta_minutes if given.outcome == "dispatched" else None
    conceal(db, row, "reference", given.reference or None)
    row.read_back = [
        mark.key.removeprefix("read.") for mark in shown.now.marks if mark.key.startswith("read.")
    ]
    entries = await _told(db, viewer, case, row, given, shown)
    if given.outcome == "dispatched":
        entries += await animals.looked_after(db, viewer, case, row)
    if given.outcome == "wrong_place" and row.line_id is not None:
        entries.append(await _check_the_line(db, viewer, row, now))
    entries.append(
        about(
            case.incident,
            Kind.dispatch_recorded,
            viewer.actor,
            agency=row.agency,
            number=row.number,
            read_back=row.read_back,
            outcome=given.outcome,
            eta_minutes=row.eta_minutes,
            call=row.id,
        )
    )
    renew_of(case, viewer, now)
    await db.flush()
    work = Work(case, Move(), viewer.actor, entries)
    await carry_out(
        db,
        [
            work,
            *await answered(db, viewer, case, {"person.dispatch": await _words(db, case, given, shown, now)}),
        ],
    )


async def _standing_call(db: Db, case: Case, call_id: UUID) -> Dispatch:
    row = await db.get(Dispatch, (case.incident.program_id, call_id))
    if row is None or row.incident_id != case.incident.id:
        raise NotFound("There is no such call. Look at the card again.")
    if row.outcome is not None:
        raise Conflict(
            "What came of this call is written down already. Look at the card again.", code="not_now"
        )
    return row


async def _told(
    db: Db, viewer: Viewer, case: Case, row: Dispatch, given: CallOver, shown: DispatchCard
) -> list[NewEntry]:
    """The lines that were ticked; all of them when help was sent and nobody had a hand free to tick."""
    said = {key for key in row.read_back if key not in ("who", "back", "ask")}
    if given.outcome == "no_answer" or (not said and given.outcome != "dispatched"):
        return []
    lines = [line for line in shown.script if not said or line.key in row.read_back]
    telling = Telling(
        act="responders",
        content=" ".join(line.text for line in lines)[:2000],
        purpose=PURPOSE,
        basis="serious_threat",
        grounds=_grounds(given, shown),
        items=tuple(dict.fromkeys(item for line in lines for item in line.items)),
        verified_how=f"Dialled by hand: {standing.as_read(row.number)}",
    )
    return [
        await disclose(
            db,
            viewer,
            case.reach.client,
            Agency(row.agency or "Responders"),
            telling,
            tier=case.situation().tier,
            incident_id=case.incident.id,
            already_told=True,
        )
    ]


def _grounds(given: CallOver, shown: DispatchCard) -> str:
    """Nothing is told without a reason, and nobody is asked twice for it (R18)."""
    if not (given.grounds or shown.grounds):
        sentence = "Write why it was needed. One sentence is enough."
        raise NotValid(sentence, fields={"grounds": sentence})
    return given.grounds or shown.grounds


async def _check_the_line(db: Db, viewer: Viewer, row: Dispatch, now: datetime) -> NewEntry:
    about_it = (
        f"Ring {row.agency} ({row.number}) and find out which place it answers for: it was the wrong one"
    )
    return await open_task(
        db,
        viewer.program_id,
        about=about_it,
        client_id=None,
        owner_id=None,
        due_at=now + CHECK_THE_LINE,
        made_by=viewer.staff_id,
    )


# How the steps of the protocols call what came of a call.
STEP_WORDS: dict[dialling.Outcome, tuple[str, ...]] = {
    "dispatched": ("dispatched",),
    "not_needed": ("not_needed",),
    "wrong_place": ("wrong_line",),
    "no_answer": ("nobody_answers",),
    "could_not": ("nobody_answers",),
    "cut_off": (),
}


async def _words(db: Db, case: Case, given: CallOver, shown: DispatchCard, now: datetime) -> tuple[str, ...]:
    """Another number is tried before anybody is asked to decide anew."""
    words = STEP_WORDS[given.outcome]
    if given.outcome not in ("could_not", "wrong_place", "no_answer"):
        return words
    calls = [standing.as_call(call) for call in await standing.calls_of(db, case.incident)]
    left = dialling.following([line.id for line in shown.lines], calls, now).what != "own"
    own = given.outcome != "could_not" and all(call.line_id is not None for call in calls)
    return words if left or own else (*words, "could_not")
