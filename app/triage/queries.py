"""Reads of safety checks: the one of an incident, those of a client, and who is asking right now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.incidents.cases import Case
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff import queries as staff
from app.staff.access import Viewer
from app.triage import level, library, rules, screeners, signals
from app.triage.given import Given, evaluated
from app.triage.models import RiskAssessment, ScreenerText
from app.triage.schema import Tier, TierRules
from app.triage.views import CheckOfRecord, CheckView, MatchView, OpenedCheck, ResultView, Who


def given_of(db: Db, row: RiskAssessment) -> Given:
    return Given.model_validate_json(reveal(db, row, "given") or "{}")


def rules_of(row: RiskAssessment | None) -> TierRules:
    """A check keeps the rules it was begun with, to its end and ever after."""
    if row is None:
        return library.current().rules
    return library.shipped()[row.rules_version].rules


def signal_of(held: TierRules, case: Case, now: datetime) -> str:
    incident = case.incident
    facts = signals.Facts(
        lost=incident.kind == "connection_lost",
        tier=incident.tier,
        began_at=incident.drop_at,
        verified=incident.verified_at is not None,
        danger_used_at=case.reach.client.danger_word_used_at,
        pause_used=incident.reason == "pause",
    )
    return held.worst_signal(signals.signals(facts, now))


def result_view(result: rules.Result) -> ResultView:
    return ResultView(
        tier=result.tier,
        assessed=result.assessed,
        matches=[MatchView(id=one.id, tier=one.tier, say=one.say) for one in result.matches],
    )


async def newest(db: Db, program_id: UUID, incident_id: UUID) -> RiskAssessment | None:
    """The one being asked; else the last that was."""
    found: RiskAssessment | None = await db.scalar(
        select(RiskAssessment)
        .where(RiskAssessment.program_id == program_id, RiskAssessment.incident_id == incident_id)
        .order_by((RiskAssessment.state == "asking").desc(), RiskAssessment.begun_at.desc())
        .limit(1)
    )
    return found


async def view(db: Db, case: Case) -> CheckView:
    """Opens sealed answers: the caller has checked who asks and writes the reveal."""
    program_id, incident = case.incident.program_id, case.incident
    row = await newest(db, program_id, incident.id)
    held = rules_of(row)
    given = given_of(db, row) if row else Given()
    signal = signal_of(held, case, now_of(db))
    tier: Tier = incident.tier  # type: ignore[assignment]
    people = {row.begun_by, row.saved_by, row.done_by} - {None} if row else set()
    names = await staff.names(db, program_id, people)  # type: ignore[arg-type]

    def who(staff_id: UUID | None) -> Who | None:
        return Who(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None

    screener = await _screener(db, row, case)
    result = rules.evaluate(held, evaluated(given, signal))
    return CheckView(
        id=row.id if row else None,
        state=row.state if row else "none",
        rules_version=held.version,
        begun_by=who(row.begun_by if row else None),
        begun_at=row.begun_at if row else None,
        saved_by=who(row.saved_by if row else None),
        saved_at=row.saved_at if row else None,
        given=given,
        signal=signal,
        result=result_view(result),
        help_suggested=level.fits(result),
        tier=tier,
        chosen=row.chosen_tier if row else None,
        direction=row.direction if row else None,
        reason=reveal(db, row, "reason") if row else None,
        done_by=who(row.done_by if row else None),
        done_at=row.done_at if row else None,
        screener=await screeners.view(db, screener) if screener else None,
    )


async def _screener(db: Db, row: RiskAssessment | None, case: Case) -> ScreenerText | None:
    """The one it was asked with; before that the one that is offered now."""
    if row is not None and row.screener_id is not None:
        return await db.get(ScreenerText, (row.program_id, row.screener_id))
    return await screeners.offered(db, case.incident.program_id, case.reach.client.language)


async def journal_read(db: Db, viewer: Viewer, case: Case) -> None:
    await write(db, viewer.program_id, [_read(viewer, case.incident.client_id, case.incident.id)])


def _read(viewer: Viewer, client_id: UUID, incident_id: UUID) -> NewEntry:
    return NewEntry(
        Kind.check_read, viewer.actor, incident_id=incident_id, client_id=client_id, retention="audit"
    )


# --- the client's record


async def of_client(db: Db, program_id: UUID, client_id: UUID) -> Sequence[RiskAssessment]:
    found = await db.scalars(
        select(RiskAssessment)
        .where(RiskAssessment.program_id == program_id, RiskAssessment.client_id == client_id)
        .order_by(RiskAssessment.begun_at.desc(), RiskAssessment.id)
    )
    return found.all()


async def lines(db: Db, program_id: UUID, client_id: UUID) -> list[CheckOfRecord]:
    rows = await of_client(db, program_id, client_id)
    names = await staff.names(db, program_id, {row.begun_by for row in rows} | _done_by(rows))
    return [
        CheckOfRecord(
            id=row.id,
            incident_id=row.incident_id,
            state=row.state,
            rules_version=row.rules_version,
            computed=row.computed_tier,
            chosen=row.chosen_tier,
            direction=row.direction,
            begun_at=row.begun_at,
            begun_by=names.get(row.begun_by, "A colleague"),
            done_at=row.done_at,
            done_by=names.get(row.done_by, "A colleague") if row.done_by else None,
            next_contact_at=row.next_contact_at,
        )
        for row in rows
    ]


def _done_by(rows: Sequence[RiskAssessment]) -> set[UUID]:
    return {row.done_by for row in rows if row.done_by}


async def opened(db: Db, viewer: Viewer, client_id: UUID, assessment_id: UUID) -> OpenedCheck:
    """What somebody said about harming themselves: each look is written down."""
    row = await db.get(RiskAssessment, (viewer.program_id, assessment_id))
    if row is None or row.client_id != client_id:
        raise NotFound("There is no such safety check of this client.")
    given = given_of(db, row)
    await write(db, viewer.program_id, [_read(viewer, client_id, row.incident_id)])
    return OpenedCheck(
        id=row.id,
        given=given,
        # Without what Handrail knew at that moment: the incident's timeline tells that.
        result=result_view(rules.evaluate(rules_of(row), evaluated(given, "none"))),
        reason=reveal(db, row, "reason"),
    )


# --- boards


@dataclass(frozen=True, slots=True)
class Asking:
    by: UUID
    since: datetime


async def asking(db: Db, program_id: UUID, incidents: Collection[UUID]) -> dict[UUID, Asking]:
    """By incident: who gave the last answer of a check that goes on."""
    rows = await db.execute(
        select(RiskAssessment.incident_id, RiskAssessment.saved_by, RiskAssessment.begun_at).where(
            RiskAssessment.program_id == program_id,
            RiskAssessment.incident_id.in_(list(incidents)),
            RiskAssessment.state == "asking",
        )
    )
    return {row.incident_id: Asking(row.saved_by, row.begun_at) for row in rows}
