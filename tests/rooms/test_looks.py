"""Webhooks of a video platform can be lost: rooms of open groups are looked into, and nobody is missed or made up."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from livekit.protocol.models import ParticipantInfo

from app.rooms import livekit_look, polling
from tests.rooms import platforms
from tests.rooms.conftest import Clinic
from tests.rooms.livekit_server import LiveKitServer, Mood, livekit_server
from tests.rooms.test_hooks import SECRET, Room, connects, incidents, room_of

KEY = "APIinvented"


class Watched:
    """A room with Ana and her group's lead in it, and somebody who looks every ten seconds."""

    def __init__(self, room: Room, server: LiveKitServer) -> None:
        self.room, self.server, self.clinic = room, server, room.clinic
        self.looks = polling.Looks(room.clinic.house.engine)

    async def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.clinic.house.clock.move(10)
            await self.looks.once()

    def comes(self, name: str, sid: str, **more: Any) -> None:
        identity = str(self.room.met.clients.get(name, name))
        self.server.comes("evening", sid, identity, self.clinic.now, **more)

    async def webhook(self, event: str, sid: str, name: str = "Ana T", **more: Any) -> None:
        identity = str(self.room.met.clients[name])
        body = platforms.livekit_body(
            event, id=f"EV_{event}_{sid}", at=self.clinic.now, identity=identity, sid=sid, **more
        )
        token = platforms.livekit_token(body, KEY, SECRET)
        answer = await self.room.posts(body, {"authorization": token})
        assert answer.status_code == 200, answer.text

    async def state(self, name: str = "Ana T") -> str:
        return await self.room.met.state(name)

    async def facts(self) -> list[tuple[str, str]]:
        rows = await self.clinic.rows("select kind, connection from presence_fact order by occurred_at, kind")
        return [(row.kind, row.connection) for row in rows]


@pytest.fixture
async def watched(clinic: Clinic) -> AsyncIterator[Watched]:
    async with livekit_server(KEY, SECRET) as server:
        room = await room_of(clinic, "Ana T", "Ben S", platform="livekit", api_key=KEY, api_url=server.url)
        made = Watched(room, server)
        made.comes("the lead", "PA_lead")
        yield made


async def test_a_join_whose_webhook_was_lost_is_found(watched: Watched) -> None:
    watched.comes("Ana T", "PA_1")
    await watched.look()
    assert await watched.state() == "present"
    assert watched.server.asked == ["evening"]
    # Told once, however often it is looked at, and the late webhook changes nothing.
    await watched.look(3)
    await watched.webhook("participant_joined", "PA_1")
    assert await watched.state() == "present"
    assert await incidents(watched.clinic) == []


async def test_a_leave_whose_webhook_was_lost_is_a_lost_person_after_two_looks(watched: Watched) -> None:
    watched.comes("Ana T", "PA_1")
    await watched.webhook("participant_joined", "PA_1")
    await watched.look()
    watched.server.goes("evening", "PA_1")
    await watched.look()
    assert await watched.state() == "present", "one look may fall into a reconnection"
    since = watched.clinic.now
    await watched.look()
    assert await watched.state() == "lost"
    assert await incidents(watched.clinic) == ["platform_left"]
    [incident] = await watched.clinic.rows("select drop_at, learned_at from incident")
    assert incident.drop_at <= since
    assert incident.learned_at == watched.clinic.now
    # The webhook that comes after all tells nothing new, and no second incident.
    await watched.webhook("participant_left", "PA_1", disconnect_reason="CONNECTION_TIMEOUT")
    await watched.look(2)
    assert await incidents(watched.clinic) == ["platform_left"]


async def test_both_the_look_and_the_webhook_are_one_story(watched: Watched) -> None:
    watched.comes("Ana T", "PA_1")
    await watched.webhook("participant_joined", "PA_1")
    await watched.look(2)
    watched.server.goes("evening", "PA_1")
    await watched.webhook("participant_left", "PA_1")
    await watched.look(3)
    assert await watched.facts() == [("joined", "PA_1"), ("left", "PA_1")]


async def test_a_reconnection_between_two_looks_alarms_nobody(watched: Watched) -> None:
    watched.comes("Ana T", "PA_1")
    await watched.look()
    watched.server.goes("evening", "PA_1")
    watched.comes("Ana T", "PA_2")
    await watched.look(4)
    assert await watched.state() == "present"
    assert await incidents(watched.clinic) == []


@pytest.mark.row("E7", "T1")
async def test_somebody_in_the_private_room_beside_it_is_not_missed_until_they_are_lost_there(
    watched: Watched,
) -> None:
    """By webhook and by look: the second room is heard as the group's own."""
    watched.comes("Ana T", "PA_1")
    await watched.webhook("participant_joined", "PA_1")
    sam, met = watched.clinic.sam, watched.room.met
    opened = await sam.post(f"{met.path}/clients/{met.clients['Ana T']}/breakout")
    assert opened.status_code == 200, opened.text
    [room] = await watched.clinic.rows("select id, room_ref from breakout")
    await watched.look()
    watched.server.goes("evening", "PA_1")
    await watched.webhook("participant_left", "PA_1", disconnectReason="CLIENT_INITIATED")
    watched.server.comes(room.room_ref, "PA_2", str(met.clients["Ana T"]), watched.clinic.now)
    await watched.webhook("participant_joined", "PA_2", room=room.room_ref)
    joined = await sam.post(f"/api/breakouts/{room.id}/joined")
    assert joined.status_code == 200, joined.text
    await watched.look(4)
    assert await watched.state() == "private_room"
    assert await incidents(watched.clinic) == []
    watched.server.goes(room.room_ref, "PA_2")
    await watched.look(3)
    assert await watched.state() == "lost"
    assert await incidents(watched.clinic) == ["platform_left"]


@pytest.mark.row("B9")
async def test_a_colleague_who_falls_out_of_the_video_is_known(watched: Watched) -> None:
    met, clinic = watched.room.met, watched.clinic
    body = platforms.livekit_body("participant_joined", id="EV_l", at=clinic.now, identity="lead", sid="PA_9")
    token = platforms.livekit_token(body, KEY, SECRET)
    await watched.room.posts(body, {"authorization": token})
    [person] = await clinic.rows("select id from platform_person")
    lead = clinic.people["lead"].id
    said = await clinic.sam.post(f"{met.path}/people/{person.id}", staff_id=str(lead))
    assert said.status_code == 204, said.text
    for event, sid in (("participant_joined", "PA_10"), ("participant_connection_aborted", "PA_10")):
        clinic.house.clock.move(2)
        body = platforms.livekit_body(event, id=f"EV_{event}", at=clinic.now, identity="lead", sid=sid)
        token = platforms.livekit_token(body, KEY, SECRET)
        await watched.room.posts(body, {"authorization": token})
    rows = await clinic.rows("select staff_id, here, connection from staff_connection")
    assert [(row.staff_id, row.here, row.connection) for row in rows] == [(lead, False, "PA_10")]


@pytest.mark.parametrize("mood", ["500", "401", "nonsense"])
async def test_a_server_that_gives_no_answer_says_nothing_about_anybody(watched: Watched, mood: Mood) -> None:
    for name, sid in (("Ana T", "PA_1"), ("Ben S", "PA_2")):
        watched.comes(name, sid)
    await watched.look()
    watched.server.mood = mood
    await watched.look(4)
    watched.server.mood = "well"
    await watched.look(2)
    assert [await watched.state(name) for name in ("Ana T", "Ben S")] == ["present", "present"]
    assert await incidents(watched.clinic) == []


async def test_an_empty_room_is_no_answer_either(watched: Watched) -> None:
    """A server that has just started again knows of nobody; an open group has at least its staff in it."""
    watched.comes("Ana T", "PA_1")
    await watched.look()
    watched.server.rooms.clear()
    await watched.look(4)
    assert await watched.state() == "present"


async def test_a_server_that_hangs_is_left_after_its_time(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(livekit_look, "SECONDS", 0.2)
    watched.comes("Ana T", "PA_1")
    watched.server.mood = "hangs"
    began = time.monotonic()
    await watched.look()
    assert time.monotonic() - began < 5
    assert await watched.state() == "not_here_yet"


async def test_nobody_is_asked_without_an_open_group_or_more_often_than_every_ten_seconds(
    watched: Watched,
) -> None:
    await watched.look()
    for _ in range(5):
        watched.clinic.house.clock.move(1)
        await watched.looks.once()
    other = polling.Looks(watched.clinic.house.engine)
    await other.once()
    assert watched.server.asked == ["evening"]
    close = await watched.clinic.sam.post(f"{watched.room.met.path}/close", outcomes=[])
    assert close.status_code == 200, close.text
    await watched.look(2)
    assert watched.server.asked == ["evening"]


async def test_recorders_and_people_on_their_way_in_are_nobody(watched: Watched) -> None:
    watched.comes("Ana T", "PA_1", state=ParticipantInfo.JOINING)
    watched.comes("Ben S", "PA_2", kind=ParticipantInfo.EGRESS)
    await watched.look()
    assert [await watched.state(name) for name in ("Ana T", "Ben S")] == ["not_here_yet", "not_here_yet"]


async def test_a_guest_whom_nobody_has_named_is_asked_about(watched: Watched) -> None:
    watched.comes("guest-7", "PA_9")
    await watched.look()
    people = (await watched.clinic.sam.get(f"{watched.room.met.path}/people")).json()
    assert {(one["shown_as"], one["in_the_room"]) for one in people} >= {("guest-7", True)}
    watched.server.goes("evening", "PA_9")
    await watched.look(2)
    people = (await watched.clinic.sam.get(f"{watched.room.met.path}/people")).json()
    assert ("guest-7", False) in {(one["shown_as"], one["in_the_room"]) for one in people}


async def test_a_connection_that_was_ended_is_not_asked(watched: Watched) -> None:
    await watched.clinic.rows("update platform_connection set ended_at = clock_timestamp() returning 1")
    await watched.look()
    assert watched.server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://video.example",
        "ftp://video.example",
        "https://",
        "https://me:you@video.example",
        "video.example",
    ],
)
async def test_an_address_that_is_not_safe_to_ask_is_refused(clinic: Clinic, address: str) -> None:
    ada = await clinic.house.staff("Ada Root", "administrator")
    body = {"platform": "livekit", "label": "x", "api_key": KEY, "secret": SECRET, "api_url": address}
    answer = await ada.post("/api/platforms", **body)
    assert answer.status_code == 422
    assert "api_url" in answer.json()["fields"]


async def test_without_an_address_only_webhooks_count(clinic: Clinic) -> None:
    await connects(clinic, "livekit", api_key=KEY)
    assert await polling.Looks(clinic.house.engine).once() == 0


def test_missing_twice_counts_from_the_first_time() -> None:
    now = platforms.EIGHT
    known = {"PA_1": livekit_look.Known("identity:ana", left=False)}
    lead = livekit_look.Present("PA_lead", "identity:lead", now)
    first = livekit_look.compared("evening", [lead], known, {}, now)
    assert [one.kind for one in first.deliveries] == ["joined"]
    later = now + timedelta(seconds=10)
    known |= {"PA_lead": livekit_look.Known("identity:lead", left=False)}
    second = livekit_look.compared("evening", [lead], known, first.missing, later)
    [left] = second.deliveries
    assert (left.kind, left.connection, left.occurred_at) == ("left", "PA_1", now)
    assert second.missing == {}
