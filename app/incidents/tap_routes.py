"""Taps on a tile: one press each, usable without any video platform (R21)."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from app.group_sessions import watches
from app.incidents import taps
from app.incidents.bodies import DONE, Done, LeavingAt, Minutes, Recognised
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/group-sessions/{group_session_id}", tags=["taps"])
PLAIN: dict[str, taps.Tap] = {
    "lost": "lost",
    "not-responding": "not_responding",
    "excuse": "excused",
    "moment": "moment",
    "back": "back",
    "dismissed": "dismissed",
}


@router.post("/seen-all")
async def seen_all(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, group_session_id: UUID
) -> dict[str, int]:
    seen = 0
    if await once(db, viewer, command, "tap.seen_all"):
        seen = await taps.see_everyone(db, viewer, group_session_id)
    return {"seen": seen}


@router.post("/clients/{client_id}/seen")
async def tap_seen(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, group_session_id: UUID, client_id: UUID
) -> Done:
    if await once(db, viewer, command, "tap.seen"):
        await taps.see(db, viewer, group_session_id, client_id)
    return DONE


@router.post("/clients/{client_id}/away")
async def tap_away(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Minutes,
) -> Done:
    if await once(db, viewer, command, "tap.away"):
        await taps.away(db, viewer, group_session_id, client_id, body.minutes)
    return DONE


@router.post("/clients/{client_id}/leaving")
async def tap_leaving(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: LeavingAt,
) -> Done:
    if await once(db, viewer, command, "tap.leaving"):
        await taps.tap(db, viewer, group_session_id, client_id, "leaving", body.at)
    return DONE


@router.post("/clients/{client_id}/recognised")
async def tap_recognised(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Recognised,
) -> Done:
    if await once(db, viewer, command, "tap.recognised"):
        words = f"by {' and '.join(body.checked)}, at {body.place}"
        await taps.recognised(db, viewer, group_session_id, client_id, words)
    return DONE


@router.post("/clients/{client_id}/camera-off")
async def tap_camera_off(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, group_session_id: UUID, client_id: UUID
) -> Done:
    if await once(db, viewer, command, "tap.camera_off"):
        await watches.camera_off(db, viewer, group_session_id, client_id)
    return DONE


@router.post("/clients/{client_id}/{tap}")
async def plain_tap(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    tap: Literal["lost", "not-responding", "excuse", "moment", "back", "dismissed"],
) -> Done:
    if await once(db, viewer, command, f"tap.{tap}"):
        await taps.tap(db, viewer, group_session_id, client_id, PLAIN[tap])
    return DONE
