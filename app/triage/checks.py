"""The safety check as it is asked: saved tap by tap, finished with a tier that a clinician chooses, or put away.

Nothing is required (R8, R23). What was given is kept as it was given, and joined by whoever asks on.
"""

from datetime import datetime
from uuid import UUID

from app.agreements import actions as agreements
from app.db import Db, conceal, new_id, now_of
from app.errors import Conflict, NotValid
from app.incidents import lowering
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.pressing import case_of, press, renew_of
from app.incidents.situation import TierChanged
from app.incidents.tiers import LOWER_REASON, choose_tier, set_tier
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.triage import library, rules, screeners
from app.triage.given import Given, Save, evaluated, merged, unknown_words
from app.triage.models import RiskAssessment
from app.triage.queries import given_of, newest, rules_of, signal_of
from app.triage.schema import Tier


async def save(db: Db, viewer: Viewer, incident_id: UUID, given: Save) -> None:
    """The first answer begins the check; from then on everybody sees who is asking."""
    case = await case_of(db, viewer, incident_id)
    row = await _asking(db, case)
    entries: list[NewEntry] = []
    if row is None:
        row = await _begin(db, viewer, case)
        entries.append(about(case.incident, Kind.check_begun, viewer.actor, assessment_id=row.id))
    if wrong := unknown_words(rules_of(row), given):
        raise NotValid(
            f"The rules of this check have no such answer: {', '.join(wrong)}. Load this page again."
        )
    now = now_of(db)
    whole = merged(given_of(db, row), given)
    conceal(db, row, "given", whole.model_dump_json())
    row.computed_tier = _result(row, case, whole, now).tier
    row.next_contact_at = whole.next_contact_at
    row.saved_at, row.saved_by = now, viewer.staff_id
    if given.screener and row.screener_id is None:
        offered = await screeners.offered(db, viewer.program_id, case.reach.client.language)
        row.screener_id = offered.id if offered else None
    renew_of(case, viewer, now)
    names = sorted({*given.answers, *given.model_fields_set} - {"answers"})
    entries.append(about(case.incident, Kind.check_answered, viewer.actor, assessment_id=row.id, given=names))
    await db.flush()
    await write(db, viewer.program_id, entries)


async def _asking(db: Db, case: Case) -> RiskAssessment | None:
    row = await newest(db, case.incident.program_id, case.incident.id)
    return row if row is not None and row.state == "asking" else None


async def _begin(db: Db, viewer: Viewer, case: Case) -> RiskAssessment:
    held = library.current()
    now = now_of(db)
    row = RiskAssessment(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=case.incident.client_id,
        incident_id=case.incident.id,
        rules_version=held.rules.version,
        rules_sha256=held.sha256,
        state="asking",
        begun_at=now,
        begun_by=viewer.staff_id,
        saved_at=now,
        saved_by=viewer.staff_id,
    )
    conceal(db, row, "given", Given().model_dump_json())
    db.add(row)
    return row


def _result(row: RiskAssessment, case: Case, given: Given, now: datetime) -> rules.Result:
    held = rules_of(row)
    return rules.evaluate(held, evaluated(given, signal_of(held, case, now)))


async def finish(db: Db, viewer: Viewer, incident_id: UUID, chosen: Tier, reason: str) -> None:
    """A clinician chooses the tier. Where it is not what the answers suggest, they say why; less than what stands from
    high or imminent waits for a second person (R15). Raises NotValid without the words that this takes."""
    case = await case_of(db, viewer, incident_id)
    row = await _asking(db, case)
    if row is None:
        raise Conflict("Nothing has been asked yet. Tap an answer first.", code="nothing_asked")
    now, before = now_of(db), case.incident.tier
    given = given_of(db, row)
    result = _result(row, case, given, now)
    _may_choose(result, before, chosen, reason)
    row.state, row.done_at, row.done_by = "done", now, viewer.staff_id
    row.chosen_tier, row.direction = chosen, rules.direction(chosen, result.tier)
    row.computed_tier = result.tier
    if reason.strip():
        conceal(db, row, "reason", reason)
    await db.flush()
    more = await _chosen(db, case, viewer, chosen, reason, row)
    more += await agreements.settle_checks(db, viewer, case)
    entry = about(
        case.incident,
        Kind.check_done,
        viewer.actor,
        assessment_id=row.id,
        computed=result.tier,
        chosen=chosen,
        direction=row.direction,
        rules=row.rules_version,
        note=reason or None,
    )
    signal = TierChanged(chosen) if case.incident.tier != before else None
    await press(db, case, viewer, signal, entry, more=more)


def _may_choose(result: rules.Result, before: str, chosen: Tier, reason: str) -> None:
    falls = rules.RANK[chosen] < rules.RANK[before]
    if falls and not result.assessed:
        raise NotValid(
            f"Thoughts of suicide were not asked, so the tier cannot fall. Ask, or keep {before}.",
            fields={"tier": f"It stays {before} until somebody has asked."},
        )
    if not rules.needs_reason(result, chosen):
        return
    less = rules.direction(chosen, result.tier) == "lower"
    if less and len(reason.strip()) < LOWER_REASON:
        sentence = (
            f"Say why less than the answers suggest is right now, in at least {LOWER_REASON} characters."
        )
        raise NotValid(sentence, fields={"reason": sentence})
    if not reason.strip():
        sentence = "Say why in a few words: it is not what the answers suggest."
        raise NotValid(sentence, fields={"reason": sentence})


async def _chosen(
    db: Db, case: Case, viewer: Viewer, chosen: Tier, reason: str, row: RiskAssessment
) -> list[NewEntry]:
    if chosen != case.incident.tier:
        return await choose_tier(db, case, viewer, chosen, reason, row.id)
    # The same tier, looked at again: its flag is renewed, and a lowering that waited is over.
    over = await lowering.overtake(db, case, viewer)
    return over + await set_tier(db, case, viewer, chosen, row.id)


async def stop(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """The client wants to stop, or something else comes first. What was answered stays; the tier stays."""
    case = await case_of(db, viewer, incident_id)
    row = await _asking(db, case)
    if row is None:
        return
    put_away(row, now_of(db))
    entry = about(case.incident, Kind.check_stopped, viewer.actor, assessment_id=row.id)
    await press(db, case, viewer, None, entry)


def put_away(row: RiskAssessment, now: datetime) -> None:
    row.state, row.saved_at = "stopped", now
