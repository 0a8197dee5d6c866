"""Webhooks of video platforms, their connections, and who their participants are."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from starlette.routing import Route

from app.db import Db, conceal, new_id, now_of
from app.errors import NotFound, NotValid
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.rooms import intake
from app.rooms.deliveries import Delivery
from app.rooms.models import PlatformConnection
from app.rooms.posts import Platform, Post
from app.rooms.together import Together
from app.settings import Settings
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter()
api = APIRouter(prefix="/api", tags=["rooms"])


# --- what platforms send


async def _take(platform: Platform, request: Request) -> JSONResponse:
    together: Together = request.app.state.together
    program_id, connection_id = _id(request, "program_id"), _id(request, "connection_id")
    post = Post(program_id, connection_id, platform, request.headers, await request.body())
    return JSONResponse(await together.take(post) or {"ok": True})


def _id(request: Request, name: str) -> UUID:
    try:
        return UUID(request.path_params[name])
    except ValueError as error:
        raise NotValid("This is not the address of a video platform's connection.") from error


def _hook(platform: Platform) -> Route:
    path = f"/hooks/{platform}/{{program_id}}/{{connection_id}}"
    return Route(path, partial(_take, platform), methods=["POST"], include_in_schema=False)


# Plain routes, first among all: reading two ids by FastAPI's way took a tenth of a drop's processor time.
hooks = APIRouter(routes=[_hook("zoom"), _hook("livekit"), _hook("generic")])


# --- connections


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class PlatformBody(Body):
    platform: Literal["zoom", "livekit", "generic"]
    label: Annotated[str, Field(min_length=1, max_length=80)]
    api_key: Annotated[str, Field(max_length=200)] | None = None
    # LiveKit: the server that is asked who is in a room. Without it only its webhooks count.
    api_url: Annotated[str, Field(max_length=300)] | None = None
    # Shorter ones can be guessed from one signed delivery.
    secret: Annotated[str, Field(min_length=16, max_length=500)]


class PlatformView(BaseModel):
    id: UUID
    platform: Literal["zoom", "livekit", "generic"]
    label: str
    webhook_address: str = Field(description="What to enter at the platform.")
    asked: bool = Field(description="Its rooms are looked into as well, because webhooks can be lost.")


async def administrator(viewer: CurrentViewer) -> None:
    require(viewer, "administrator")


def _view(request: Request, connection: PlatformConnection) -> PlatformView:
    settings: Settings = request.app.state.settings
    base = settings.public_base_url.rstrip("/")
    address = f"{base}/hooks/{connection.platform}/{connection.program_id}/{connection.id}"
    return PlatformView.model_validate(
        {
            "id": connection.id,
            "platform": connection.platform,
            "label": connection.label,
            "webhook_address": address,
            "asked": connection.api_url is not None,
        }
    )


def _server(address: str, settings: Settings) -> str:
    """Only over TLS: the answer says who is in a group. Within one machine a plain address is enough outside production."""
    parts = urlsplit(address)
    near = parts.hostname in ("127.0.0.1", "localhost", "::1") and not settings.is_production
    allowed = ("https", "wss", "http", "ws") if near else ("https", "wss")
    if parts.scheme not in allowed or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise NotValid(
            "This is not the address of a LiveKit server.",
            fields={"api_url": "Give it as https://your-server.example, without anything after it."},
        )
    return address.rstrip("/")


async def _connections(db: Db, program_id: UUID) -> Sequence[PlatformConnection]:
    rows = await db.scalars(
        select(PlatformConnection)
        .where(PlatformConnection.program_id == program_id, PlatformConnection.ended_at.is_(None))
        .order_by(PlatformConnection.label, PlatformConnection.id)
    )
    return rows.all()


@api.get("/platforms")
async def platforms(request: Request, viewer: CurrentViewer, db: ViewerDb) -> list[PlatformView]:
    require(viewer, "supervisor", "administrator")
    return [_view(request, connection) for connection in await _connections(db, viewer.program_id)]


@api.post("/platforms", status_code=201, dependencies=[Depends(administrator)])
async def connect(
    body: PlatformBody, request: Request, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[PlatformView]:
    """The secret is kept sealed and never shown again."""
    if body.platform == "livekit" and not body.api_key:
        raise NotValid("LiveKit signs with a key and its secret.", fields={"api_key": "Give the key's id."})
    settings: Settings = request.app.state.settings
    api_url = _server(body.api_url, settings) if body.platform == "livekit" and body.api_url else None
    if await once(db, viewer, command, "platform.connect"):
        connection = PlatformConnection(
            program_id=viewer.program_id,
            id=new_id(),
            platform=body.platform,
            label=body.label,
            api_key=body.api_key,
            api_url=api_url,
        )
        conceal(db, connection, "secret", body.secret)
        db.add(connection)
        detail = {"platform": body.platform, "label": body.label}
        entry = NewEntry(Kind.platform_connected, viewer.actor, detail=detail, retention="audit")
        await write(db, viewer.program_id, [entry])
    return [_view(request, connection) for connection in await _connections(db, viewer.program_id)]


@api.delete("/platforms/{connection_id}", status_code=204, dependencies=[Depends(administrator)])
async def disconnect(connection_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> None:
    """Its deliveries are refused from now on. Facts that were told stay."""
    if not await once(db, viewer, command, "platform.disconnect"):
        return
    connection = await db.get(PlatformConnection, (viewer.program_id, connection_id), with_for_update=True)
    if connection is None or connection.ended_at is not None:
        raise NotFound("There is no such connection.")
    connection.ended_at = now_of(db)
    entry = NewEntry(Kind.platform_ended, viewer.actor, detail={"label": connection.label}, retention="audit")
    await write(db, viewer.program_id, [entry])


# --- who it is


class UnmatchedPerson(BaseModel):
    id: UUID
    shown_as: str
    in_the_room: bool
    since: datetime


class MatchBody(Body):
    client_id: UUID | None = None
    staff_id: UUID | None = None


@api.get("/group-sessions/{group_session_id}/people")
async def people(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> list[UnmatchedPerson]:
    """Participants of the video room whom nobody has named yet."""
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    return [
        UnmatchedPerson(
            id=person.id,
            shown_as=deliveries[-1].shown_as,
            in_the_room=_in_the_room(deliveries),
            since=deliveries[0].occurred_at,
        )
        for person, deliveries in await intake.unmatched(db, meeting)
    ]


def _in_the_room(deliveries: Sequence[Delivery]) -> bool:
    newest = {delivery.connection: delivery.kind for delivery in deliveries}
    return "joined" in newest.values()


@api.post("/group-sessions/{group_session_id}/people/{person_id}", status_code=204)
async def match(
    group_session_id: UUID,
    person_id: UUID,
    body: MatchBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> None:
    if await once(db, viewer, command, "platform.match"):
        await intake.match(
            db, viewer, group_session_id, person_id, client_id=body.client_id, staff_id=body.staff_id
        )


router.include_router(api)
