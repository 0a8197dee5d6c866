"""The provider's webhooks: foreign signatures verify, forged ones do nothing, and order and repetition do not matter."""

import base64
import hashlib
import hmac
import itertools
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select
from starlette.datastructures import FormData

from app.calls import callbacks, texts, twiml
from app.calls.twilio_line import verified
from app.clients.models import ClientPhone
from app.journal.models import Entry
from app.settings import Settings, write_key_ring
from app.staff.models import Program
from tests.calls.conftest import AUTH_TOKEN, BASE, STAFF_NUMBER, Office
from tests.house import PIN

SID = "CA" + "1" * 32
FORM = "application/x-www-form-urlencoded"


def signature(
    url: str, fields: list[tuple[str, str]], token: str = AUTH_TOKEN, digest: Any = hashlib.sha1
) -> str:
    """The provider's published recipe, written down here without its library."""
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), digest).digest()).decode()


class Webhooks:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=office.house.app, raise_app_exceptions=False), base_url=BASE
        )

    def path(self, attempt_id: object, hook: str) -> str:
        return f"/hooks/twilio/{self.office.program_id}/{attempt_id}/{hook}"

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        pairs = list(fields.items())
        signed = {"X-Twilio-Signature": signature(BASE + path, pairs), "Content-Type": FORM}
        return await self.http.post(path, content=urlencode(pairs), headers=signed | (headers or {}))

    async def status(self, attempt_id: UUID, status: str, sid: str = SID, **more: str) -> httpx.Response:
        return await self.post(self.path(attempt_id, "status"), CallSid=sid, CallStatus=status, **more)


@pytest.fixture
async def webhooks(office: Office) -> Any:
    made = Webhooks(office)
    yield made
    await made.http.aclose()


async def dialing(office: Office, who: str = "client", **other: Any) -> UUID:
    """As it stands a moment after the order went out, before the provider's answer came."""
    now = office.clock.now()
    return await office.plans(who, status="dialing", dialing_at=now, claimed_by=uuid4(), **other)


def test_a_signature_from_the_providers_own_documentation_verifies(office_settings: Any) -> None:
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]
    known = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert signature(url, fields, "12345") == known
    settings = office_settings("12345")
    assert verified(settings, url, FormData(fields), {"X-Twilio-Signature": known})
    assert not verified(settings, url, FormData(fields[:-1]), {"X-Twilio-Signature": known})
    assert not verified(settings, url + "&x=1", FormData(fields), {"X-Twilio-Signature": known})


@pytest.fixture
def office_settings(key_ring: dict[str, bytes]) -> Any:
    def made(token: str) -> Settings:
        return Settings(environment="test", keys=write_key_ring(key_ring), twilio_auth_token=token)

    return made


def test_signatures_with_the_other_port_form_and_digest_verify(office_settings: Any) -> None:
    settings = office_settings(AUTH_TOKEN)
    fields = [("CallSid", SID), ("Value", "b"), ("Value", "a")]
    with_port, without = "https://handrail.example:443/hooks", "https://handrail.example/hooks"
    assert verified(settings, without, FormData(fields), {"X-Twilio-Signature": signature(with_port, fields)})
    assert verified(settings, without, FormData(fields), {"X-Twilio-Signature": signature(without, fields)})
    shared = {
        "X-Twilio-Signature": signature(without, fields, digest=hashlib.sha256),
        "X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
    }
    assert verified(settings, without, FormData(fields), shared)
    assert not verified(
        settings, without, FormData(fields), shared | {"X-Twilio-Webhooks-Signature-Settings": "x"}
    )


def test_without_a_token_nothing_verifies(office_settings: Any) -> None:
    empty = {"X-Twilio-Signature": signature("https://handrail.example/x", [], token="")}
    assert not verified(office_settings(""), "https://handrail.example/x", FormData([]), empty)


ALL_HOOKS = ("answer", "status", "amd", "wait", "key", "over", "silent", "voicemail", "text-status")
INBOUND = ("inbound", "inbound-after-hours", "inbound-next", "inbound-screen", "inbound-key", "inbound-text")


@pytest.mark.parametrize("forged", ["missing", "wrong", "empty", "of another address"])
async def test_what_the_provider_did_not_sign_does_nothing(
    office: Office, webhooks: Webhooks, forged: str
) -> None:
    attempt_id = await dialing(office)
    paths = [webhooks.path(attempt_id, hook) for hook in ALL_HOOKS]
    paths += [f"/hooks/twilio/{office.program_id}/{hook}" for hook in INBOUND]
    sent = {"CallSid": SID, "CallStatus": "in-progress", "From": STAFF_NUMBER, "Body": "STOP"}
    for path in paths:
        signatures = {
            "wrong": "A" * 28,
            "empty": "",
            "of another address": signature(BASE + path + "x", list(sent.items())),
        }
        headers = {"Content-Type": FORM}
        if forged in signatures:
            headers["X-Twilio-Signature"] = signatures[forged]
        response = await webhooks.http.post(path, content=urlencode(sent), headers=headers)
        assert response.status_code == 403, path
        assert response.json()["code"] == "not_allowed"
    attempt = await office.attempt(attempt_id)
    assert (attempt.status, attempt.provider_id) == ("dialing", None)
    assert office.heard == []


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"", {}, 415),
        (b"--x\r\nbroken", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"CallSid=" + b"x" * 70_000, {"Content-Type": FORM}, 413),
        (b"\xff\xfe=%zz&&&=\x00", {"Content-Type": FORM}, 403),
        (b"CallSid=x", {"Content-Type": FORM, "X-Twilio-Signature": "é"}, 403),
    ],
)
async def test_malformed_and_oversized_requests_are_refused_clearly(
    webhooks: Webhooks, content: bytes, headers: dict[str, str], status: int
) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    response = await webhooks.http.post(webhooks.path(uuid4(), "status"), content=content, headers=encoded)
    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize("hook", ["status", "answer"])
async def test_signed_but_unknown_addresses_are_harmless(
    office: Office, webhooks: Webhooks, hook: str
) -> None:
    unknown = await webhooks.post(webhooks.path(uuid4(), hook), CallSid=SID, CallStatus="ringing")
    no_id = await webhooks.post(webhooks.path("not-an-id", hook), CallSid=SID, CallStatus="ringing")
    assert no_id.status_code == 404
    if hook == "status":
        assert unknown.status_code == 404
    else:
        # Somebody may be on the line: they hear nothing and are hung up, not an error read aloud.
        assert (unknown.status_code, unknown.text) == (200, twiml.nothing())
    assert office.heard == []


async def test_an_attempt_of_another_program_does_not_exist(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office)
    path = f"/hooks/twilio/{office.house.program}/{attempt_id}/status"
    assert (await webhooks.post(path, CallSid=SID, CallStatus="ringing")).status_code == 404
    assert (await office.attempt(attempt_id)).status == "dialing"


async def test_a_whole_call_moves_forward(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office)
    for status in ("initiated", "ringing", "in-progress", "completed"):
        response = await webhooks.status(attempt_id, status, SequenceNumber="1", Invented="next year's field")
        assert response.status_code == 204
    attempt = await office.attempt(attempt_id)
    assert (attempt.status, attempt.result, attempt.provider_id) == ("ended", "completed", SID)
    assert office.events(attempt_id) == ["ringing", "answered", "ended"]


async def test_callbacks_in_any_order_and_twice_tell_the_same_story(
    office: Office, webhooks: Webhooks
) -> None:
    for order in itertools.permutations(["ringing", "in-progress", "completed"]):
        attempt_id = await dialing(office)
        for status in (*order, *order):
            await webhooks.status(attempt_id, status)
        attempt = await office.attempt(attempt_id)
        assert (attempt.status, attempt.result) == ("ended", "completed")
        told = office.events(attempt_id)
        assert told.count("answered") == told.count("ended") == 1
        assert told[-1] == "ended"


@pytest.mark.parametrize(
    ("status", "stands", "result"),
    [
        ("busy", "ended", "busy"),
        ("no-answer", "ended", "no_answer"),
        ("canceled", "ended", "canceled"),
        ("failed", "failed", "failed"),
    ],
)
async def test_the_ends_of_a_call(
    office: Office, webhooks: Webhooks, status: str, stands: str, result: str
) -> None:
    attempt_id = await dialing(office)
    await webhooks.status(attempt_id, status)
    await webhooks.status(attempt_id, "ringing")
    attempt = await office.attempt(attempt_id)
    assert (attempt.status, attempt.result, attempt.answered_at) == (stands, result, None)
    assert office.events(attempt_id) == ["failed" if status == "failed" else "ended"]


async def test_a_status_that_nobody_has_heard_of_changes_nothing(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office)
    assert (await webhooks.status(attempt_id, "levitating")).status_code == 204
    assert (await office.attempt(attempt_id)).status == "dialing"


async def test_a_second_call_of_the_provider_for_one_attempt_never_speaks(
    office: Office, webhooks: Webhooks
) -> None:
    attempt_id = await dialing(office)
    first = await webhooks.post(webhooks.path(attempt_id, "answer"), CallSid=SID)
    second = await webhooks.post(webhooks.path(attempt_id, "answer"), CallSid="CA" + "2" * 32)
    assert "<Conference" in first.text
    assert second.text == twiml.nothing()
    await webhooks.status(attempt_id, "completed", sid="CA" + "2" * 32)
    assert (await office.attempt(attempt_id)).status == "answered"


async def test_the_room_of_a_call(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office)
    document = (await webhooks.post(webhooks.path(attempt_id, "answer"), CallSid=SID)).text
    assert f">{attempt_id}</Conference>" in document
    assert 'beep="false"' in document
    assert 'startConferenceOnEnter="true"' in document
    assert 'endConferenceOnExit="false"' in document
    assert f'waitUrl="{BASE}{webhooks.path(attempt_id, "wait")}"' in document
    assert not any(word in document.lower() for word in ("record", "transcri", "<say", "<play", "<gather"))
    waiting = (await webhooks.post(webhooks.path(attempt_id, "wait"))).text
    assert '<Pause length="2" /><Say language="en-US">Please stay on, Maya is joining.</Say>' in waiting


@pytest.mark.parametrize(
    ("said", "kept", "told"),
    [
        ("human", "human", ["answered", "human"]),
        ("machine_start", "machine", ["answered", "machine"]),
        ("machine_end_beep", "machine", ["answered", "machine"]),
        ("fax", "machine", ["answered", "machine"]),
        ("unknown", "unknown", ["answered"]),
        ("", "unknown", ["answered"]),
    ],
)
async def test_detection_is_kept_as_a_guess_once(
    office: Office, webhooks: Webhooks, said: str, kept: str, told: list[str]
) -> None:
    attempt_id = await dialing(office)
    for answered_by in (said, "human"):
        await webhooks.post(webhooks.path(attempt_id, "amd"), CallSid=SID, AnsweredBy=answered_by)
    assert (await office.attempt(attempt_id)).answered_by == kept
    assert office.events(attempt_id) == told


async def test_a_clients_key_does_nothing(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office)
    await webhooks.post(webhooks.path(attempt_id, "answer"), CallSid=SID)
    response = await webhooks.post(webhooks.path(attempt_id, "key"), CallSid=SID, Digits=PIN)
    assert response.text == twiml.nothing()
    assert office.events(attempt_id) == ["answered"]


async def test_a_press_that_is_delivered_twice_counts_once(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office, "staff", number=STAFF_NUMBER)
    await webhooks.post(webhooks.path(attempt_id, "answer"), CallSid=SID)
    for token in ("a", "a", "a", "a", "b"):
        response = await webhooks.post(
            webhooks.path(attempt_id, "key"),
            {"I-Twilio-Idempotency-Token": token},
            CallSid=SID,
            Digits="999999",
        )
        assert "<Gather" in response.text, "two wrong PINs are not three"
    assert (await office.attempt(attempt_id)).words["wrong_pins"] == 2


@pytest.mark.parametrize("digits", ["", "*", "#", "9" * 4000, "１２３４５６", "'; drop table", "1\n2"])
async def test_strange_keys_are_read_as_none(office: Office, webhooks: Webhooks, digits: str) -> None:
    attempt_id = await dialing(office, "staff", number=STAFF_NUMBER)
    response = await webhooks.post(webhooks.path(attempt_id, "key"), CallSid=SID, Digits=digits)
    assert response.status_code == 200
    assert "pressed" not in office.events(attempt_id)


@pytest.mark.parametrize(
    ("statuses", "stands", "told"),
    [
        (["queued", "sent", "delivered"], ("ended", "delivered"), ["ended"]),
        (["delivered", "sent"], ("ended", "delivered"), ["ended"]),
        (["sent", "undelivered", "delivered"], ("failed", "undelivered"), ["failed"]),
        (["sent"], ("dialing", None), []),
    ],
)
async def test_the_ends_of_a_text(
    office: Office, webhooks: Webhooks, statuses: list[str], stands: tuple[str, str | None], told: list[str]
) -> None:
    text_id = await dialing(office, channel="text")
    for status in statuses:
        await webhooks.post(
            webhooks.path(text_id, "text-status"), MessageSid="SM1", MessageStatus=status, ErrorCode="30005"
        )
    attempt = await office.attempt(text_id)
    assert (attempt.status, attempt.result) == stands
    assert office.events(text_id) == told


async def test_a_number_that_blocked_our_texts_is_remembered(office: Office, webhooks: Webhooks) -> None:
    text_id = await dialing(office, channel="text")
    await webhooks.post(
        webhooks.path(text_id, "text-status"),
        MessageSid="SM1",
        MessageStatus="undelivered",
        ErrorCode="21610",
    )
    async with office.engine.transaction(None) as db:
        phone = await db.get_one(ClientPhone, (office.program_id, office.phone_id))
        assert phone.text_stopped_at == office.clock.now()


async def test_a_callback_for_an_unknown_call_adopts_it_and_says_so(
    office: Office, webhooks: Webhooks
) -> None:
    attempt_id = await dialing(office)
    await office.changes(attempt_id, status="unknown", claimed_by=None)
    await webhooks.status(attempt_id, "ringing")
    attempt = await office.attempt(attempt_id)
    assert (attempt.status, attempt.provider_id) == ("ringing", SID)
    async with office.engine.transaction(None) as db:
        adopted = await db.scalar(select(func.count()).where(Entry.kind == "attempt.adopted"))
    assert adopted == 1


async def test_late_callbacks_do_not_wake_a_replaced_attempt(office: Office, webhooks: Webhooks) -> None:
    attempt_id = await dialing(office)
    await office.changes(attempt_id, status="failed", error_code="never_arrived")
    for status in ("ringing", "in-progress", "completed"):
        assert (await webhooks.status(attempt_id, status)).status_code == 204
    assert (await office.attempt(attempt_id)).status == "failed"
    assert office.heard == []


async def test_a_failed_commit_is_no_success(
    office: Office, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("the disk is full")

    attempt_id = await dialing(office)
    monkeypatch.setattr(callbacks, "tell", breaks)
    assert (await webhooks.status(attempt_id, "ringing")).status_code == 500
    assert (await office.attempt(attempt_id)).status == "dialing"


async def test_a_ring_outside_of_any_incident_says_to_look_and_nothing_more(
    office: Office, webhooks: Webhooks
) -> None:
    async with office.engine.transaction(office.program_id) as db:
        program = await db.get_one(Program, office.program_id)
        ring = await texts.queue(db, program, STAFF_NUMBER, "Look.", channel="call")
    early = await webhooks.post(webhooks.path(ring, "answer"), CallSid=SID)
    assert early.text == twiml.nothing(), "nothing has been started yet"
    await texts.once(office.engine, office.lines, office.settings)
    assert (await office.phone(ring)).channel == "call"
    heard = await webhooks.post(webhooks.path(ring, "answer"), CallSid=SID)
    assert heard.text == twiml.say_and_hang_up(twiml.LOOK)
    assert (await webhooks.post(webhooks.path(ring, "key"), CallSid=SID, Digits="1")).text == twiml.nothing()
    assert (await webhooks.status(ring, "completed")).status_code == 204
    office.clock.move(61)
    assert (await webhooks.post(webhooks.path(ring, "answer"), CallSid=SID)).text == twiml.nothing()
