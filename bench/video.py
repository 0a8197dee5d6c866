"""An invented video platform that posts signed events, and posts them again until they are taken."""

import asyncio
import json
from datetime import datetime
from uuid import UUID, uuid4

import httpx

from app.clock import SystemClock
from app.rooms import generic
from bench.ground import SECRET, Meeting

# What a platform does between two tries of one delivery.
AGAIN_SECONDS = 0.3
CLOCK = SystemClock()


def delivery(
    meeting: Meeting, client_id: UUID, kind: str, connection: str, at: datetime, cause: str = "lost"
) -> bytes:
    return json.dumps(
        {
            "delivery_id": uuid4().hex,
            "room": str(meeting.group_session_id),
            "person": str(client_id),
            "connection": connection,
            "kind": kind,
            "cause": None if kind == "joined" else cause,
            "occurred_at": at.isoformat(),
        }
    ).encode()


def signed(body: bytes) -> dict[str, str]:
    stamp = str(int(CLOCK.now().timestamp()))
    return {
        "Content-Type": "application/json",
        "X-Handrail-Timestamp": stamp,
        "X-Handrail-Signature": generic.sign(body, SECRET, stamp),
    }


def address(base: str, meeting: Meeting) -> str:
    return f"{base}/hooks/generic/{meeting.program_id}/{meeting.connection_id}"


async def post(http: httpx.AsyncClient, base: str, meeting: Meeting, body: bytes) -> None:
    """Until it is taken. An answer that got lost means that it is posted twice, as platforms do."""
    while True:
        try:
            answer = await http.post(address(base, meeting), content=body, headers=signed(body))
            if answer.status_code == 200:
                return
            if answer.status_code < 500:
                raise AssertionError(f"refused: {answer.status_code} {answer.text}")
        except httpx.HTTPError:
            pass
        await asyncio.sleep(AGAIN_SECONDS)


async def drops(http: httpx.AsyncClient, base: str, meeting: Meeting, client_id: UUID) -> datetime:
    """Was in the room, and is cut off. Gives the moment of the drop."""
    connection = uuid4().hex
    await post(http, base, meeting, delivery(meeting, client_id, "joined", connection, CLOCK.now()))
    at = CLOCK.now()
    await post(http, base, meeting, delivery(meeting, client_id, "left", connection, at))
    return at
