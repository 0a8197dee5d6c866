"""Deliveries of video platforms, from the request to the board's row."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.rooms.intake import MOST_KEPT
from tests.house import Browser
from tests.rooms import platforms
from tests.rooms.conftest import Clinic, Met

SECRET = "a-secret-of-livekit-32-characters!"


class Room:
    """A connected video room of one meeting; what the platform posts about it."""

    def __init__(self, clinic: Clinic, met: Met, address: str, poster: Browser) -> None:
        self.clinic, self.met, self.address, self.poster = clinic, met, address, poster

    async def posts(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.poster.http.post(self.address, content=body, headers=headers)

    async def tells(
        self, kind: str, name: str = "Ana T", *, at: datetime | None = None, status: int = 200, **given: Any
    ) -> None:
        """The generic form; `person` is our own client id unless given."""
        given = {"person": str(self.met.clients.get(name, name)), "delivery": uuid4().hex} | given
        body = platforms.generic_body(kind, at or self.clinic.now, **given)
        stamp = str(int(self.clinic.now.timestamp()))
        answer = await self.posts(body, platforms.generic_headers(body, SECRET, stamp))
        assert answer.status_code == status, answer.text


async def connects(
    clinic: Clinic, platform: str = "generic", room: str = "evening", **more: Any
) -> tuple[str, str]:
    """Connection id and path."""
    ada = await clinic.house.staff(f"Ada {uuid4().hex[:6]}", "administrator")
    made = await ada.post(
        "/api/platforms", platform=platform, label=f"{platform} {room}", secret=SECRET, **more
    )
    assert made.status_code == 201, made.text
    [view] = [view for view in made.json() if view["label"] == f"{platform} {room}"]
    assert SECRET not in made.text
    return view["id"], view["webhook_address"].removeprefix("http://127.0.0.1:8000")


async def room_of(
    clinic: Clinic, *names: str, platform: str = "generic", ref: str = "evening", **more: Any
) -> Room:
    connection_id, path = await connects(clinic, platform, ref, **more)
    met = await clinic.meets(
        *names, platform=platform, platform_connection_id=connection_id, platform_ref=ref
    )
    return Room(clinic, met, path, await clinic.house.browser())


async def incidents(clinic: Clinic) -> list[str]:
    return [row.reason for row in await clinic.rows("select reason from incident")]


async def test_a_drop_becomes_an_incident_and_a_repeat_changes_nothing(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined")
    assert await room.met.state("Ana T") == "present"
    clinic.house.clock.move(60)
    for _ in range(3):
        await room.tells("left", cause="lost", delivery="one")
    assert await room.met.state("Ana T") == "lost"
    assert await incidents(clinic) == ["platform_left"]
    assert len(await clinic.rows("select 1 from presence_fact")) == 2
    clinic.house.clock.move(5)
    await room.tells("joined", connection="c-2")
    assert await room.met.state("Ana T") == "present"


async def test_a_breakout_move_with_the_join_first_alarms_nobody(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined")
    clinic.house.clock.move(60)
    now = clinic.now
    await room.tells("joined", connection="c-2", at=now)
    clinic.house.clock.move(2)
    await room.tells("left", cause="moved", at=now - timedelta(seconds=0.3))
    assert (await room.met.state("Ana T"), await incidents(clinic)) == ("present", [])


async def test_zooms_whole_way_with_its_question_first(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T", platform="zoom", ref="85012345678")
    stamp = str(int(clinic.now.timestamp()))
    question = b'{"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}'
    answer = await room.posts(question, platforms.zoom_headers(question, SECRET, stamp))
    assert answer.json() == {"plainToken": "abc", "encryptedToken": platforms.openssl_hmac(SECRET, "abc")}
    body = platforms.zoom_body("joined", at=clinic.now, customer_key=str(room.met.clients["Ana T"]))
    assert (await room.posts(body, platforms.zoom_headers(body, SECRET, stamp))).status_code == 200
    assert await room.met.state("Ana T") == "present"
    clinic.house.clock.move(30)
    body = platforms.zoom_body(
        "left",
        at=clinic.now,
        customer_key=str(room.met.clients["Ana T"]),
        leave_reason="got disconnected from the meeting. Reason : Client Close.",
    )
    stamp = str(int(clinic.now.timestamp()))
    assert (await room.posts(body, platforms.zoom_headers(body, SECRET, stamp))).status_code == 200
    assert await room.met.state("Ana T") == "lost"


async def test_livekits_whole_way(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T", platform="livekit", api_key="APIkey")
    identity = str(room.met.clients["Ana T"])
    for event, more in (
        ("participant_joined", {}),
        ("participant_left", {"disconnectReason": "CONNECTION_TIMEOUT"}),
    ):
        body = platforms.livekit_body(event, id=f"EV_{event}", at=clinic.now, identity=identity, **more)
        token = platforms.livekit_token(body, "APIkey", SECRET)
        assert (await room.posts(body, {"authorization": token})).status_code == 200
        clinic.house.clock.move(5)
    assert await room.met.state("Ana T") == "lost"


async def test_somebody_unknown_is_kept_until_staff_say_who_it_is(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    maya = await clinic.house.signed_in(clinic.people["lead"])
    await room.tells("joined", person="guest-7", shown_as="iPhone")
    await room.tells("joined", person="guest-7", delivery="twice", connection="c-2")
    await room.tells("joined", person="guest-7", delivery="twice", connection="c-2")
    assert await clinic.house.entries("platform.person_unmatched") == [("platform.person_unmatched", None)]
    assert await room.met.state("Ana T") == "not_here_yet"
    [guest] = (await maya.get(f"{room.met.path}/people")).json()
    assert (guest["shown_as"], guest["in_the_room"]) == ("Ana", True)
    clinic.house.clock.move(60)
    address = f"{room.met.path}/people/{guest['id']}"
    ana = str(room.met.clients["Ana T"])
    assert (await maya.post(address, client_id=ana)).status_code == 204
    assert await room.met.state("Ana T") == "present"
    assert (await maya.get(f"{room.met.path}/people")).json() == []
    assert (await maya.post(address, client_id=ana)).status_code == 409
    # From now on the reference is known.
    await room.tells("left", person="guest-7", cause="lost")
    assert await room.met.state("Ana T") == "present"
    await room.tells("left", person="guest-7", cause="lost", connection="c-2")
    assert await room.met.state("Ana T") == "lost"


async def test_a_guest_who_turns_out_to_have_been_lost_is_lost_since_then(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined", person="guest-7")
    clinic.house.clock.move(60)
    dropped = clinic.now
    await room.tells("left", person="guest-7", cause="lost")
    clinic.house.clock.move(20)
    [guest] = (await clinic.sam.get(f"{room.met.path}/people")).json()
    assert guest["in_the_room"] is False
    answer = await clinic.sam.post(
        f"{room.met.path}/people/{guest['id']}", client_id=str(room.met.clients["Ana T"])
    )
    assert answer.status_code == 204
    [incident] = await clinic.rows("select drop_at, learned_at from incident")
    assert (incident.drop_at, incident.learned_at) == (dropped, clinic.now)


async def test_staff_in_the_room_are_named_once_and_never_missed(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined", person="maya-laptop")
    [guest] = (await clinic.sam.get(f"{room.met.path}/people")).json()
    address = f"{room.met.path}/people/{guest['id']}"
    assert (await clinic.sam.post(address)).status_code == 422
    assert (await clinic.sam.post(address, staff_id=str(uuid4()))).status_code == 404
    assert (await clinic.sam.post(address, client_id=str(uuid4()))).status_code == 404
    assert (await clinic.sam.post(address, staff_id=str(clinic.people["lead"].id))).status_code == 204
    await room.tells("left", person="maya-laptop", cause="lost")
    assert await incidents(clinic) == []


async def test_only_the_newest_words_of_a_restless_guest_are_kept(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    for n in range(MOST_KEPT + 3):
        await room.tells(
            "joined" if n % 2 == 0 else "left", person="guest-7", delivery=f"d{n}", connection="c"
        )
        clinic.house.clock.move(1)
    [guest] = (await clinic.sam.get(f"{room.met.path}/people")).json()
    answer = await clinic.sam.post(
        f"{room.met.path}/people/{guest['id']}", client_id=str(room.met.clients["Ana T"])
    )
    assert answer.status_code == 204
    assert len(await clinic.rows("select 1 from presence_fact")) == MOST_KEPT
    assert await room.met.state("Ana T") == "present"


async def test_rooms_that_no_meeting_uses_and_meetings_that_are_over_take_nothing(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined", room="another")
    assert await room.met.state("Ana T") == "not_here_yet"
    await room.tells("joined")
    assert (await clinic.sam.post(f"{room.met.path}/close")).status_code == 200
    await room.tells("left", cause="lost")
    assert (await room.met.state("Ana T"), await incidents(clinic)) == ("present", [])


async def test_what_is_not_signed_has_no_effect_and_is_told_nothing(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    body = platforms.generic_body("joined", clinic.now, person=str(room.met.clients["Ana T"]))
    stamp = str(int(clinic.now.timestamp()))
    good = platforms.generic_headers(body, SECRET, stamp)
    old = str(int(clinic.now.timestamp()) - 301)
    program, connection = room.address.rsplit("/", 2)[1:]
    said = set()
    for path, sent, headers in [
        (room.address, body, {}),
        (room.address, body + b" ", good),
        (room.address, body, platforms.generic_headers(body, "another secret", stamp)),
        (room.address, body, platforms.generic_headers(body, SECRET, old)),
        (f"/hooks/generic/{program}/{uuid4()}", body, good),
        (f"/hooks/generic/{uuid4()}/{connection}", body, good),
        (f"/hooks/generic/{clinic.house.programs['Elsewhere']}/{connection}", body, good),
        (f"/hooks/zoom/{program}/{connection}", body, good),
        (f"/hooks/livekit/{program}/{connection}", body, good),
    ]:
        answer = await room.poster.http.post(path, content=sent, headers=headers)
        said.add((answer.status_code, answer.json()["detail"]))
    assert said == {(401, "This delivery is not signed with the secret of this connection.")}
    assert await room.met.state("Ana T") == "not_here_yet"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"kind": {}}', b"0" * 60_000])
async def test_signed_nonsense_is_refused_clearly(clinic: Clinic, body: bytes) -> None:
    room = await room_of(clinic)
    stamp = str(int(clinic.now.timestamp()))
    answer = await room.posts(body, platforms.generic_headers(body, SECRET, stamp))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_valid")


async def test_oversized_and_misaddressed_requests_are_refused(clinic: Clinic) -> None:
    room = await room_of(clinic)
    assert (await room.posts(b"x" * 70_000, {})).status_code == 413
    assert (await room.poster.http.post("/hooks/generic/me/you", content=b"{}")).status_code == 422
    assert (await room.poster.http.get(room.address)).status_code == 405


async def test_a_connection_that_was_ended_is_not_heard_any_more(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined")
    ada = await clinic.house.staff("Ada Example", "administrator")
    connection_id = room.address.rsplit("/", 1)[1]
    assert (await ada.delete(f"/api/platforms/{connection_id}")).status_code == 204
    assert (await ada.delete(f"/api/platforms/{connection_id}")).status_code == 404
    await room.tells("left", cause="lost", status=401)
    assert await incidents(clinic) == []
    assert await room.met.state("Ana T") == "present"


async def test_one_that_was_ended_answers_no_question_either(clinic: Clinic) -> None:
    room = await room_of(clinic, platform="zoom")
    stamp = str(int(clinic.now.timestamp()))
    question = b'{"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}'
    headers = platforms.zoom_headers(question, SECRET, stamp)
    assert (await room.posts(question, headers)).status_code == 200
    ada = await clinic.house.staff("Ada Example", "administrator")
    assert (await ada.delete(f"/api/platforms/{room.address.rsplit('/', 1)[1]}")).status_code == 204
    assert (await room.posts(question, headers)).status_code == 401


async def test_connections_are_for_administrators_and_their_secret_is_sealed(clinic: Clinic) -> None:
    await connects(clinic)
    [row] = await clinic.rows("select secret from platform_connection")
    assert SECRET.encode() not in bytes(row.secret)
    assert (await clinic.sam.get("/api/platforms")).status_code == 200
    una = await clinic.house.staff("Una Example", "clinician")
    assert (await una.get("/api/platforms")).status_code == 403
    body = {"platform": "generic", "label": "x", "secret": SECRET}
    assert (await clinic.sam.sends("POST", "/api/platforms", body)).status_code == 403
    ada = await clinic.house.staff("Ada Example", "administrator")
    assert (await ada.post("/api/platforms", **(body | {"secret": "short"}))).status_code == 422
    assert (await ada.post("/api/platforms", **(body | {"platform": "livekit"}))).status_code == 422
    stranger = await clinic.house.staff("Eve Example", "administrator", program="Elsewhere")
    assert (await stranger.get("/api/platforms")).json() == []


async def test_participants_are_named_only_by_people_of_the_meeting(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await room.tells("joined", person="guest-7")
    [guest] = (await clinic.sam.get(f"{room.met.path}/people")).json()
    address = f"{room.met.path}/people/{guest['id']}"
    ana = str(room.met.clients["Ana T"])
    for browser, status in (
        (await clinic.house.browser(), 401),
        (await clinic.house.staff("Una Example", "clinician"), 404),
        (await clinic.house.staff("Eve Example", "supervisor", program="Elsewhere"), 404),
    ):
        assert (await browser.get(f"{room.met.path}/people")).status_code == status
        assert (await browser.post(address, client_id=ana)).status_code == status
    other = await clinic.meets(opens=False)
    assert (await clinic.sam.post(f"{other.path}/people/{guest['id']}", client_id=ana)).status_code == 404
    assert (await clinic.sam.post(f"{room.met.path}/people/{UUID(int=0)}", client_id=ana)).status_code == 404
