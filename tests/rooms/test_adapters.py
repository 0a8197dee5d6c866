"""What each platform's own words become, and which signatures hold."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.errors import NotValid
from app.rooms import generic, livekit, zoom
from app.rooms.deliveries import Forged
from tests.rooms import platforms

NOW = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("left the meeting. Reason : left the meeting", "deliberate"),
        ("left the meeting. Reason : to join breakout room", "moved"),
        ("left the meeting. Reason : leave breakout to join main", "moved"),
        ("got disconnected from the meeting. Reason : Client Close.", "lost"),
        ("left the meeting. Reason : Host ended the meeting.", "ended"),
        ("left the meeting. Reason : Removed by host.", "removed"),
        ("left the meeting. Reason : Network connection error.", "lost"),
        ("left the meeting. Reason : Exceeded free meeting minutes limit.", "lost"),
        ("left the meeting. Reason : something new", "unknown"),
        ("Ana left the meeting.", "deliberate"),
        ("Ana got disconnected from the meeting.", "lost"),
        ("Lefty Host ended got disconnected from the meeting.", "lost"),
        ("breakout left the meeting.", "deliberate"),
        ("Host ended the meeting.", "ended"),
        ("Removed by host from waiting room.", "removed"),
        ("Network connection error.", "lost"),
        ("Unknown reason.", "unknown"),
        ("", "unknown"),
    ],
)
def test_zooms_reasons(reason: str, cause: str) -> None:
    assert zoom.cause_of(reason) == cause


def test_nobody_can_name_themselves_out_of_being_lost() -> None:
    assert (
        zoom.cause_of("Reason : breakout got disconnected from the meeting. Reason : Client Close.") == "lost"
    )


def test_zooms_delivery_is_read_by_the_steadiest_reference() -> None:
    body = platforms.zoom_body(
        "left", user_id=16778240, leave_reason="left the meeting. Reason : left the meeting"
    )
    [delivery] = zoom.read(body)
    assert (delivery.room, delivery.connection, delivery.kind, delivery.cause) == (
        "85012345678",
        "16778240",
        "left",
        "deliberate",
    )
    assert delivery.person == "participant_uuid:55AE"
    assert delivery.occurred_at == NOW
    [named] = zoom.read(platforms.zoom_body("joined", customer_key="c-1", registrant_id="r-1"))
    assert (named.person, named.cause) == ("customer_key:c-1", None)
    assert named.delivery_id != delivery.delivery_id


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"event": "meeting.started"},
        {"event": "meeting.participant_joined"},
        {"event": "meeting.participant_joined", "payload": []},
        {"event": "meeting.participant_joined", "event_ts": True, "payload": {"object": {"id": 1}}},
        json.loads(platforms.zoom_body("joined")) | {"event_ts": "soon"},
        json.loads(platforms.zoom_body("joined")) | {"event_ts": 10**20},
        json.loads(platforms.zoom_body("joined", user_id="")),
        json.loads(platforms.zoom_body("joined", user_id=None)),
    ],
)
def test_what_zoom_sends_besides_is_nothing(value: Any) -> None:
    assert zoom.read(json.dumps(value).encode()) == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[1]", b"null", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotValid):
        zoom.read(body)
    with pytest.raises(NotValid):
        generic.read(body)


def test_zooms_signature() -> None:
    body = platforms.zoom_body("joined")
    good = platforms.zoom_headers(body, "secret-of-zoom", STAMP)
    zoom.check(good, body, "secret-of-zoom", NOW)
    wrong = [
        ({}, body, "secret-of-zoom", NOW),
        (good, body + b" ", "secret-of-zoom", NOW),
        (good, body, "another secret", NOW),
        (good | {"x-zm-request-timestamp": str(int(STAMP) + 1)}, body, "secret-of-zoom", NOW),
        (good, body, "secret-of-zoom", NOW + timedelta(minutes=6)),
        (good, body, "secret-of-zoom", NOW - timedelta(minutes=6)),
        (platforms.zoom_headers(body, "secret-of-zoom", "soon"), body, "secret-of-zoom", NOW),
        (platforms.zoom_headers(body, "secret-of-zoom", "9" * 30), body, "secret-of-zoom", NOW),
        (good | {"x-zm-signature": "v0=é"}, body, "secret-of-zoom", NOW),
    ]
    for headers, sent, secret, now in wrong:
        with pytest.raises(Forged):
            zoom.check(headers, sent, secret, now)


def test_zooms_question_is_answered_with_the_hash_of_its_token() -> None:
    body = json.dumps(
        {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    )
    # Computed with another implementation: printf %s token | openssl dgst -sha256 -hmac secret
    assert zoom.challenge(body.encode(), "secret") == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": platforms.openssl_hmac("secret", "qgg8vlvZRS6UYooatFL8Aw"),
    }
    assert zoom.challenge(b'{"event": "endpoint.url_validation"}', "secret") is None
    assert zoom.challenge(platforms.zoom_body("joined"), "secret") is None


def test_the_generic_signature_and_form() -> None:
    body = platforms.generic_body("joined", NOW)
    good = platforms.generic_headers(body, "secret-of-generic", STAMP)
    generic.check(good, body, "secret-of-generic", NOW)
    [delivery] = generic.read(body)
    assert (delivery.person, delivery.kind, delivery.cause) == ("person:p-1", "joined", None)
    [left] = generic.read(platforms.generic_body("left", NOW))
    assert left.cause == "unknown"
    for headers, now in [
        ({}, NOW),
        (good | {"x-handrail-signature": "v1=00"}, NOW),
        (good, NOW + timedelta(minutes=6)),
    ]:
        with pytest.raises(Forged):
            generic.check(headers, body, "secret-of-generic", now)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "danced"},
        {"cause": "bored"},
        {"occurred_at": "2026-03-04T20:00:00"},
        {"occurred_at": "yesterday"},
        {"person": ""},
        {"person": "x" * 501},
        {"room": None},
        {"delivery_id": 7},
    ],
)
def test_a_generic_form_that_is_wrong_is_refused(change: dict[str, Any]) -> None:
    value = json.loads(platforms.generic_body("joined", NOW)) | change
    with pytest.raises(NotValid):
        generic.read(json.dumps(value).encode())


def test_livekits_token_is_checked_by_its_own_library() -> None:
    body = platforms.livekit_body("participant_joined")
    token = platforms.livekit_token(body, "APIkey", "a-secret-of-livekit-32-characters!")
    [delivery] = livekit.check_and_read(
        {"authorization": token}, body, "APIkey", "a-secret-of-livekit-32-characters!"
    )
    assert (delivery.delivery_id, delivery.room, delivery.person, delivery.connection) == (
        "EV_1",
        "evening",
        "identity:ana",
        "PA_1",
    )
    for headers, sent, key in [
        ({}, body, "APIkey"),
        ({"authorization": f"Bearer {token}"}, body, "APIkey"),
        ({"authorization": token}, body + b" ", "APIkey"),
        ({"authorization": token}, body, "another"),
        ({"authorization": "garbage"}, body, "APIkey"),
    ]:
        with pytest.raises(Forged):
            livekit.check_and_read(headers, sent, key, "a-secret-of-livekit-32-characters!")
    with pytest.raises(NotValid):
        livekit.check_and_read({}, b"\xff", "APIkey", "a-secret-of-livekit-32-characters!")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("UNKNOWN_REASON", "unknown"),
        ("CLIENT_INITIATED", "deliberate"),
        ("DUPLICATE_IDENTITY", "moved"),
        ("SERVER_SHUTDOWN", "lost"),
        ("PARTICIPANT_REMOVED", "removed"),
        ("ROOM_DELETED", "ended"),
        ("ROOM_CLOSED", "ended"),
        ("CONNECTION_TIMEOUT", "lost"),
        ("SIGNAL_CLOSE", "lost"),
        ("MEDIA_FAILURE", "lost"),
    ],
)
def test_livekits_reasons(reason: str, cause: str) -> None:
    body = platforms.livekit_body("participant_left", disconnectReason=reason)
    secret = "a-secret-of-livekit-32-characters!"
    token = platforms.livekit_token(body, "APIkey", secret)
    [delivery] = livekit.check_and_read({"authorization": token}, body, "APIkey", secret)
    assert (delivery.kind, delivery.cause) == ("left", cause)


def test_livekits_robots_and_other_events_are_nobody() -> None:
    secret = "a-secret-of-livekit-32-characters!"
    for body in (
        platforms.livekit_body("room_started"),
        platforms.livekit_body("participant_joined", kind="EGRESS"),
        platforms.livekit_body("participant_joined", sid=""),
    ):
        token = platforms.livekit_token(body, "APIkey", secret)
        assert livekit.check_and_read({"authorization": token}, body, "APIkey", secret) == []
