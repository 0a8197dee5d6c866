"""R11: the call-back line does not tell. R13: nobody's words are kept. Who is rung when somebody calls back."""

import re
from collections.abc import AsyncIterator
from typing import Any

import phonenumbers
import pytest
from sqlalchemy import select, text

from app import numbers
from app.calls import inbound, twiml
from app.clients.models import ClientPhone
from app.db import conceal, new_id
from app.incidents import attempts
from app.incidents.models import Incident
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.staff.models import StaffPhone
from tests.calls.conftest import CLIENT_NUMBER, OFFICE_NUMBER, STAFF_NUMBER, Office
from tests.calls.test_routes import Webhooks

STRANGER = "+15035550190"
SID = "CA" + "3" * 32
# Nothing of the kind may reach a caller whom nobody has confirmed.
TELLING = re.compile(
    r"crisis|emergenc|9 ?8 ?8|9 ?1 ?1|therap|group|clinic|program|patient|client|suicid|handrail",
    re.IGNORECASE,
)


@pytest.fixture
async def line(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["Callers"]:
    made = Callers(office)

    async def replied(_db: object, _program_id: object, client_id: object, *, at_number_key: bytes) -> bool:
        assert at_number_key
        made.replies.append(client_id)
        return True

    monkeypatch.setattr(attempts, "replied", replied)
    yield made
    await made.webhooks.http.aclose()


class Callers:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.webhooks = Webhooks(office)
        self.replies: list[Any] = []

    async def post(self, hook: str, **fields: str) -> str:
        response = await self.webhooks.post(f"/hooks/twilio/{self.office.program_id}/{hook}", **fields)
        assert response.status_code == 200, response.text
        return response.text

    async def calls(self, number: str, hook: str = "inbound", sid: str = SID) -> str:
        return await self.post(hook, From=number, CallSid=sid, CallStatus="ringing")

    async def texts(self, body: str, number: str = CLIENT_NUMBER, message: str = "SM1") -> None:
        document = await self.post("inbound-text", From=number, Body=body, MessageSid=message)
        assert "<Message" not in document

    async def entries(self, kind: Kind) -> list[Entry]:
        async with self.office.engine.transaction(None) as db:
            return list(
                await db.scalars(
                    select(Entry).where(Entry.kind == kind, Entry.program_id == self.office.program_id)
                )
            )


def said(document: str) -> list[str]:
    return re.findall(r"<Say[^>]*>([^<]*)</Say>", document)


def rung(document: str) -> list[str]:
    return re.findall(r"<Number[^>]*>([^<]*)</Number>", document)


@pytest.mark.row("R11")
async def test_a_client_and_a_stranger_hear_the_same_words_and_none_that_tell(line: Callers) -> None:
    client, stranger = await line.calls(CLIENT_NUMBER), await line.calls(STRANGER, sid="CA9")
    assert said(client) == said(stranger) == ["Hello, please hold for the office."]
    assert client.replace(SID, "CA9") == stranger or rung(client) != rung(stranger)
    for document in (client, stranger):
        assert not TELLING.search(" ".join(said(document)))
    away = await line.post(
        "inbound-next?tried=6", From=CLIENT_NUMBER, CallSid=SID, DialCallStatus="no-answer"
    )
    assert not TELLING.search(" ".join(said(away)))


async def test_the_published_line_says_where_help_is(line: Callers) -> None:
    [words] = said(await line.calls(STRANGER, "inbound-after-hours"))
    assert "9 1 1" in words
    assert "9 8 8" in words


def test_the_emergency_numbers_are_those_of_their_countries() -> None:
    for region, spoken in inbound.EMERGENCY_NUMBER.items():
        assert phonenumbers.is_emergency_number(spoken.replace(" ", ""), region)


async def test_a_caller_with_an_open_incident_reaches_whoever_has_it_first(line: Callers) -> None:
    office = line.office
    jon = await office.house.add_person("Jon Bell", "clinician", program="Office demo")
    number = "+15035550166"
    async with office.engine.transaction(None) as db:
        phone = StaffPhone(
            program_id=office.program_id,
            id=new_id(),
            staff_id=jon.id,
            number_key=b"x",
            last2="66",
            label="m",
            rank=1,
        )
        conceal(db, phone, "number", number)
        db.add(phone)
        incident = await db.get_one(Incident, (office.program_id, office.incident_id))
        incident.owner_id = jon.id
    first = await line.calls(CLIENT_NUMBER)
    assert rung(first) == [number]
    assert f'callerId="{OFFICE_NUMBER}"' in first, "a staff phone never shows a client's number"
    following = await line.post(
        "inbound-next?tried=1", From=CLIENT_NUMBER, CallSid=SID, DialCallStatus="no-answer"
    )
    assert rung(following) == [STAFF_NUMBER]


async def test_a_voicemail_of_staff_never_takes_the_caller(line: Callers) -> None:
    document = await line.calls(CLIENT_NUMBER)
    assert "inbound-screen" in document
    screen = await line.post("inbound-screen", CallSid=SID)
    assert "<Gather" in screen
    assert screen.endswith("<Hangup /></Response>")
    assert await line.post("inbound-key", CallSid=SID, Digits="1") == twiml.empty()
    assert await line.post("inbound-key", CallSid=SID, Digits="2") == twiml.nothing()


async def test_nobody_free_is_said_and_stands_in_the_journal_once(line: Callers) -> None:
    for _ in range(2):
        await line.calls(CLIENT_NUMBER)
        away = await line.post(
            "inbound-next?tried=6", From=CLIENT_NUMBER, CallSid=SID, DialCallStatus="no-answer"
        )
        assert said(away) == [twiml.OFFICE_AWAY]
    [waiting], [missed] = await line.entries(Kind.caller_waiting), await line.entries(Kind.caller_missed)
    assert waiting.incident_id == missed.incident_id == line.office.incident_id


async def test_after_a_talk_the_next_phone_does_not_ring(line: Callers) -> None:
    document = await line.post(
        "inbound-next?tried=1", From=CLIENT_NUMBER, CallSid=SID, DialCallStatus="completed"
    )
    assert document == twiml.nothing()


async def test_a_voicemail_that_took_our_leg_was_no_talk_and_the_next_phone_rings(line: Callers) -> None:
    """The provider ends that leg as completed too, and says that nobody was bridged."""
    await line.calls(CLIENT_NUMBER)
    ended = {"DialCallStatus": "completed", "DialBridged": "false"}
    document = await line.post("inbound-next?tried=6", From=CLIENT_NUMBER, CallSid=SID, **ended)
    assert said(document) == [twiml.OFFICE_AWAY]
    assert len(await line.entries(Kind.caller_missed)) == 1


async def test_the_key_of_a_colleague_says_which_caller_was_let_in(line: Callers) -> None:
    await line.calls(CLIENT_NUMBER)
    screen = await line.post(f"inbound-screen?caller={SID}", CallSid="CAstaff")
    assert f"inbound-key?caller={SID}" in screen
    await line.post(f"inbound-key?caller={SID}", CallSid="CAstaff", Digits="2")
    assert await line.entries(Kind.caller_put_through) == []
    for _ in range(2):
        assert await line.post(f"inbound-key?caller={SID}", CallSid="CAstaff", Digits="1") == twiml.empty()
    [let_in] = await line.entries(Kind.caller_put_through)
    assert let_in.incident_id == line.office.incident_id
    over = {"CallStatus": "completed", "DialCallStatus": "completed", "DialBridged": "true"}
    await line.post("inbound-next?tried=1", From=CLIENT_NUMBER, CallSid=SID, **over)
    assert await line.entries(Kind.caller_missed) == []


@pytest.mark.parametrize("tried", ["", "-1", "1e9", "999999", "%C2%B2", "%00"])
async def test_a_strange_turn_ends_the_call_quietly(line: Callers, tried: str) -> None:
    response = await line.webhooks.post(
        f"/hooks/twilio/{line.office.program_id}/inbound-next?tried={tried}", From=STRANGER, CallSid=SID
    )
    assert response.status_code == 200


async def test_a_withheld_number_is_a_stranger(line: Callers) -> None:
    for number in ("", "anonymous", "+266696687", "\u2603" * 100):
        assert said(await line.calls(number)) == ["Hello, please hold for the office."]


async def test_a_text_from_the_clients_own_number_is_a_reply(line: Callers) -> None:
    await line.texts("I am ok, my wifi died")
    assert line.replies == [line.office.client_id]
    await line.texts("I am ok, my wifi died")
    assert len(line.replies) == 1, "delivered twice, counted once"


async def test_a_text_from_a_shared_or_unknown_number_is_none(line: Callers) -> None:
    await line.texts("hello", number=STRANGER)
    async with line.office.engine.transaction(None) as db:
        (await db.get_one(ClientPhone, (line.office.program_id, line.office.phone_id))).shared = True
    await line.texts("hello", message="SM2")
    assert line.replies == []


@pytest.mark.row("R13")
async def test_the_words_of_a_text_are_kept_nowhere(line: Callers) -> None:
    secret = "xylophone-marmalade"
    await line.texts(f"my word is {secret}")
    async with line.office.engine.transaction(None) as db:
        tables = (
            await db.execute(
                text("select table_name from information_schema.tables where table_schema = 'public'")
            )
        ).scalars()
        for table in list(tables):
            rows = (await db.execute(text(f'select t::text from "{table}" t'))).scalars()  # noqa: S608
            assert not any(secret in row for row in rows), table
    opened = [
        line.office.house.engine.seal.open(
            detail.sealed,
            table="entry_detail",
            column="sealed",
            row_id=str(detail.seq),
            program_id=detail.program_id,
        )
        for detail in await details(line)
    ]
    assert opened
    assert not any(secret in words for words in opened)


async def details(line: Callers) -> list[Any]:
    async with line.office.engine.transaction(None) as db:
        return list(await db.execute(text("select program_id, seq, sealed from entry_detail")))


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "QUIT", "end"])
async def test_stop_is_heeded_and_start_takes_it_back(line: Callers, word: str) -> None:
    await line.texts(word)
    assert (await stopped_at(line)) == line.office.clock.now()
    assert line.replies == []
    await line.texts("START", message="SM2")
    assert (await stopped_at(line)) is None
    assert len(await line.entries(Kind.phone_changed)) == 2


async def stopped_at(line: Callers) -> Any:
    async with line.office.engine.transaction(None) as db:
        return (await db.get_one(ClientPhone, (line.office.program_id, line.office.phone_id))).text_stopped_at


async def test_a_text_without_an_id_is_refused(line: Callers) -> None:
    response = await line.webhooks.post(
        f"/hooks/twilio/{line.office.program_id}/inbound-text", From=CLIENT_NUMBER, Body="hi"
    )
    assert response.status_code == 422


def test_the_office_number_is_one_that_could_be_dialled() -> None:
    assert numbers.dialable(OFFICE_NUMBER) is None
