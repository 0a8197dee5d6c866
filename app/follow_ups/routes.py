"""Calls after a crisis over HTTP: by client where they are planned, by themselves where they are answered."""

from uuid import UUID

from fastapi import APIRouter

from app.clients.doors import Mine
from app.follow_ups import hours, options, owing, planning, queries, recording, views
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api", tags=["follow-ups"])


@router.get("/follow-ups")
async def owed(viewer: CurrentViewer, db: ViewerDb) -> list[views.FollowUpView]:
    require(viewer, "clinician", "supervisor")
    return await queries.owed(db, viewer)


@router.get("/clients/{client_id}/follow-ups")
async def of_client(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> views.FollowUps:
    return await queries.of_client(db, viewer, client)


@router.post("/clients/{client_id}/check-ins", status_code=201)
async def plan(
    client: Mine, body: views.NewCheckIns, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.FollowUps:
    if await once(db, viewer, command, "check_ins.plan"):
        await planning.plan(db, viewer, client, body)
    return await queries.of_client(db, viewer, client)


@router.post("/clients/{client_id}/caregiver-call", status_code=201)
async def owe_call(
    client: Mine, body: views.NewCaregiverCall, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.FollowUps:
    if await once(db, viewer, command, "caregiver_call.owe"):
        await owing.agree_call(db, viewer, client, body)
    return await queries.of_client(db, viewer, client)


@router.post("/check-ins/{check_in_plan_id}/open")
async def open_plan(check_in_plan_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.PlanWords:
    require(viewer, "clinician", "supervisor")
    return await queries.open_plan(db, viewer, check_in_plan_id)


@router.post("/check-ins/{check_in_plan_id}/end", status_code=204)
async def end_plan(
    check_in_plan_id: UUID, body: views.EndPlan, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    require(viewer, "clinician", "supervisor")
    if await once(db, viewer, command, "check_ins.end"):
        await planning.end(db, viewer, check_in_plan_id, body.reason)


@router.post("/follow-ups/{follow_up_id}/ring")
async def ring(
    follow_up_id: UUID, body: views.Ring, viewer: CurrentViewer, db: ViewerDb
) -> views.NumberToRing:
    """Shows one number, for one ring by hand. Each showing is one entry, so it is not once per command."""
    require(viewer, "clinician", "supervisor")
    return await options.ring(db, viewer, await recording.locked(db, viewer, follow_up_id), body)


@router.post("/follow-ups/{follow_up_id}/open")
async def open_said(follow_up_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.Said:
    require(viewer, "clinician", "supervisor")
    return await queries.open_said(db, viewer, follow_up_id)


@router.post("/follow-ups/{follow_up_id}/tried", status_code=204)
async def tried(
    follow_up_id: UUID, body: views.Tried, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    require(viewer, "clinician", "supervisor")
    if await once(db, viewer, command, "follow_up.tried"):
        await recording.tried(db, viewer, follow_up_id, body)


@router.post("/follow-ups/{follow_up_id}/checked-in", status_code=204)
async def checked_in(
    follow_up_id: UUID, body: views.CheckInDone, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    require(viewer, "clinician", "supervisor")
    if await once(db, viewer, command, "follow_up.checked_in"):
        await recording.checked_in(db, viewer, follow_up_id, body)


@router.post("/follow-ups/{follow_up_id}/called", status_code=204)
async def called(
    follow_up_id: UUID, body: views.CaregiverCallDone, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    require(viewer, "clinician", "supervisor")
    if await once(db, viewer, command, "follow_up.called"):
        await recording.called(db, viewer, follow_up_id, body)


@router.post("/follow-ups/{follow_up_id}/end", status_code=204)
async def end_call(
    follow_up_id: UUID, body: views.EndCall, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    require(viewer, "clinician", "supervisor")
    if await once(db, viewer, command, "follow_up.end"):
        await recording.end_call(db, viewer, follow_up_id, body)


@router.get("/program/check-in-hours")
async def check_in_hours(viewer: CurrentViewer, db: ViewerDb) -> views.CheckInHours:
    require(viewer, "administrator", "supervisor")
    return await hours.of_program(db, viewer)


@router.post("/program/check-in-hours")
async def choose_check_in_hours(
    body: views.CheckInHours, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.CheckInHours:
    require(viewer, "administrator", "supervisor")
    if await once(db, viewer, command, "program.check_in_hours"):
        await hours.choose(db, viewer, body)
    return await hours.of_program(db, viewer)
