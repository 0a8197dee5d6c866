"""Incidents over HTTP: the log, the page and what is read beside it. Presses and taps have files of their own."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from app.group_sessions.models import Group
from app.group_sessions.quick_reference import QuickReference
from app.incidents import (
    caller_routes,
    code_words,
    concern_routes,
    correction_routes,
    log,
    page,
    person_panel,
    press_routes,
    quick_reference,
    run_routes,
    tap_routes,
    timeline,
)
from app.incidents.cases import load_runs
from app.incidents.page_views import ContactLine, IncidentPage
from app.incidents.queries import journal_reveal, readable_case
from app.journal import read
from app.protocols.schema import Tier
from app.staff.access import Confirmed, CurrentViewer, ViewerDb
from app.staff.models import StaffMember

router = APIRouter(prefix="/api", tags=["incidents"])

LogFilters = Annotated[datetime | None, Query()]


def _filters(
    since: datetime | None,
    until: datetime | None,
    tier: Tier | None,
    group_id: UUID | None,
    state: Literal["open", "closed"] | None,
    outcome: str | None,
) -> log.Filters:
    return log.Filters(_aware(since), _aware(until), tier, group_id, state, outcome)


def _aware(moment: datetime | None) -> datetime | None:
    """A date without a zone is read as UTC rather than refused."""
    return moment.replace(tzinfo=ZoneInfo("UTC")) if moment and moment.tzinfo is None else moment


@router.get("/incidents")
async def incident_log(
    viewer: CurrentViewer,
    db: ViewerDb,
    since: LogFilters = None,
    until: LogFilters = None,
    tier: Tier | None = None,
    group_id: UUID | None = None,
    state: Literal["open", "closed"] | None = None,
    outcome: Annotated[str | None, Query(max_length=40)] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> log.LogPage:
    return await log.page(db, viewer, _filters(since, until, tier, group_id, state, outcome), page)


@router.get("/incidents.csv", response_class=Response, dependencies=[Confirmed])
async def incident_csv(
    viewer: CurrentViewer,
    db: ViewerDb,
    since: LogFilters = None,
    until: LogFilters = None,
    tier: Tier | None = None,
    group_id: UUID | None = None,
    state: Literal["open", "closed"] | None = None,
    outcome: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    made = await log.as_csv(db, viewer, _filters(since, until, tier, group_id, state, outcome))
    return Response(
        made,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="incidents.csv"'},
    )


@router.get("/incidents/{incident_id}")
async def incident_page(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> IncidentPage:
    case = await readable_case(db, viewer, incident_id)
    made = await page.page(db, viewer, case.incident)
    await journal_reveal(db, viewer, case, "incident_page")
    return made


@router.get("/incidents/{incident_id}/summary")
async def incident_summary(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> dict[str, str]:
    case = await readable_case(db, viewer, incident_id)
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == viewer.program_id)
    )
    names = {row.id: row.name for row in rows}
    runs = await load_runs(db, [case], ended=True)
    made = timeline.lines(case, await read.of_incident(db, viewer.program_id, incident_id), names, runs)
    group = await db.get(Group, (viewer.program_id, case.meeting.group_id))
    zone = ZoneInfo(case.program.time_zone)

    def local(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    text = timeline.summary(case, made, group.name if group else "", case.program.time_zone, local)
    await journal_reveal(db, viewer, case, "summary")
    return {"text": text}


@router.get("/incidents/{incident_id}/contacts")
async def incident_contacts(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> list[ContactLine]:
    return await person_panel.contacts(db, await readable_case(db, viewer, incident_id))


@router.post("/incidents/{incident_id}/code-words")
async def incident_code_words(
    viewer: CurrentViewer, db: ViewerDb, incident_id: UUID
) -> code_words.IncidentWords:
    """Not once per command: each answer that holds the words is one more look, and one more entry."""
    return await code_words.show(db, viewer, await readable_case(db, viewer, incident_id))


@router.get("/incidents/{incident_id}/quick-reference")
async def incident_quick_reference(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> QuickReference:
    return await quick_reference.of_incident(db, await readable_case(db, viewer, incident_id))


router.include_router(press_routes.router)
router.include_router(run_routes.router)
router.include_router(concern_routes.router)
router.include_router(correction_routes.router)
router.include_router(caller_routes.router)
router.include_router(tap_routes.router)
