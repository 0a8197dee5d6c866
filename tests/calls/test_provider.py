"""The real client against a provider that behaves badly: what is asked, what is believed, what is never done twice."""

import base64
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.calls import callbacks, legs, outbox, routes, twilio_line, twiml
from app.calls.lines import LineRefused, Placed
from app.calls.models import RateToken
from app.calls.twilio_line import TwilioLine
from app.incidents.models import ContactAttempt, EngineState, EscalationStep
from app.journal.models import Entry
from app.settings import Settings
from tests.calls.conftest import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    BASE,
    CLIENT_NUMBER,
    OFFICE_NUMBER,
    STAFF_NUMBER,
    Office,
    hear,
    make_office,
)
from tests.calls.provider import Made, Mood, Provider, provider
from tests.house import House, built


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, routes.router) as made:
        yield made


@pytest.fixture
async def twilio(house: House) -> AsyncIterator[Provider]:
    async with provider(house.clock) as made:
        yield made


@pytest.fixture
async def live(house: House, twilio: Provider, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A live program on the outside line. Redials are the real ones."""
    monkeypatch.setattr(twilio_line, "REQUEST_SECONDS", 0.4)
    office = await make_office(house, kind="live")
    office.settings = office.settings.model_copy(update={"twilio_api_base": twilio.base})
    office.lines._outside = TwilioLine(office.settings)
    hear(office, monkeypatch)
    yield office
    twilio.release()
    await office.lines.close()


async def rings(office: Office, call: Made, attempt_id: UUID, event: callbacks.Event) -> None:
    async with office.house.database.transaction(office.program_id) as db:
        await callbacks.handle_status(
            db, office.program_id, attempt_id, call.sid, event, None, office.clock.now()
        )


async def picked_up(office: Office, call: Made) -> str:
    """What the provider is told to do with the call when somebody answers."""
    attempt_id = UUID(call.hook("Url").split("/")[4])
    async with office.house.database.transaction(office.program_id) as db:
        return await legs.answer(db, BASE, office.program_id, attempt_id, call.sid)


async def all_attempts(office: Office) -> list[ContactAttempt]:
    async with office.engine.transaction(None) as db:
        return list(await db.scalars(select(ContactAttempt).order_by(ContactAttempt.planned_at)))


@pytest.mark.row("T4")
async def test_a_call_is_asked_for_as_it_must_be(live: Office, twilio: Provider) -> None:
    attempt_id = await live.plans(ring_s=20)
    await live.runs()
    call = twilio.call_to(CLIENT_NUMBER)
    hooks = f"{BASE}/hooks/twilio/{live.program_id}/{attempt_id}"
    assert call.fields["Url"] == f"{hooks}/answer"
    assert call.fields["StatusCallback"] == f"{hooks}/status"
    assert call.events == ["initiated", "ringing", "answered", "completed"]
    assert call.fields["From"] == OFFICE_NUMBER
    assert call.fields["Timeout"] == "20"
    assert (call.fields["AsyncAmd"], call.fields["MachineDetection"]) == ("true", "DetectMessageEnd")
    assert call.fields["AsyncAmdStatusCallback"] == f"{hooks}/amd"
    assert "Twiml" not in call.fields, (
        "a document of ours is always fetched, so that an old call can be told nothing"
    )
    assert not [name for name in call.fields if "record" in name.lower() or "transcri" in name.lower()]
    credentials = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    assert twilio.seen[0]["auth"] == f"Basic {credentials}"
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.provider_id) == ("dialing", call.sid)


async def test_a_staff_leg_is_not_listened_to_for_machines(live: Office, twilio: Provider) -> None:
    await live.plans("staff", STAFF_NUMBER)
    await live.runs()
    assert not [name for name in twilio.call_to(STAFF_NUMBER).fields if "Amd" in name or "Machine" in name]


async def test_a_text_expires_and_discloses_nothing(live: Office, twilio: Provider) -> None:
    words = {"template": "Hi, it's {staff_first_name}. Our call dropped.", "staff_first_name": "Maya"}
    text_id = await live.plans(channel="text", words=words)
    await live.runs()
    [text] = twilio.texts
    assert text.fields["Body"] == "Hi, it's Maya. Our call dropped."
    assert text.fields["ValidityPeriod"] == "90"
    assert text.fields["StatusCallback"].endswith(f"/{text_id}/text-status")
    assert (await live.attempt(text_id)).provider_id == text.sid


@pytest.mark.parametrize("mood", ["500", "hangs"])
async def test_no_answer_is_never_asked_again_but_looked_up_and_then_redialled(
    live: Office, twilio: Provider, mood: Mood
) -> None:
    twilio.mood = mood
    attempt_id = await live.plans()
    await live.runs()
    assert twilio.posts == 1, "each post may be a ringing phone"
    assert (await live.attempt(attempt_id)).status == "unknown"
    twilio.mood = "well"
    twilio.release()
    await live.pass_time(3.5)
    assert (twilio.posts, twilio.lists) == (1, 0), "the callback gets its time first"
    await live.pass_time(2)
    assert (twilio.posts, twilio.lists) == (2, 1)
    old, new = await all_attempts(live)
    assert (old.id, old.status, old.error_code) == (attempt_id, "failed", "never_arrived")
    assert (new.replaces_id, new.status) == (attempt_id, "dialing")


@pytest.mark.parametrize("mood", ["accepts and hangs", "accepts and breaks"])
async def test_a_call_made_without_an_answer_is_adopted(live: Office, twilio: Provider, mood: Mood) -> None:
    twilio.mood = mood
    attempt_id = await live.plans()
    await live.runs()
    assert (await live.attempt(attempt_id)).status == "unknown"
    twilio.mood = "well"
    twilio.calls[0].status = "ringing"
    await live.pass_time(6)
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.provider_id) == ("ringing", twilio.calls[0].sid)
    assert twilio.posts == 1


async def test_the_callback_proves_the_call_before_anybody_asks(live: Office, twilio: Provider) -> None:
    twilio.mood = "accepts and hangs"
    attempt_id = await live.plans()
    await live.runs()
    await rings(live, twilio.calls[0], attempt_id, "ringing")
    await live.pass_time(10)
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.provider_id) == ("ringing", twilio.calls[0].sid)
    assert (twilio.posts, twilio.lists) == (1, 0)


async def test_a_hidden_call_and_its_redial_both_ring_and_only_one_speaks(
    live: Office, twilio: Provider
) -> None:
    """The provider took the call, lost its answer, and hides it from its list for 30 s."""
    twilio.mood, twilio.hides = "accepts and hangs", True
    await live.plans()
    await live.runs()
    twilio.mood, twilio.hides = "well", False
    await live.pass_time(8)
    hidden, redial = twilio.calls
    twilio.calls[0].hidden = False
    assert await picked_up(live, hidden) == twiml.nothing()
    assert "<Conference" in await picked_up(live, redial)
    assert await picked_up(live, hidden) == twiml.nothing()
    statuses = [attempt.status for attempt in await all_attempts(live)]
    assert statuses == ["failed", "answered"]


async def test_the_hidden_call_may_ring_first_and_is_then_the_one(live: Office, twilio: Provider) -> None:
    twilio.mood, twilio.hides = "accepts and hangs", True
    attempt_id = await live.plans()
    await live.runs()
    twilio.mood = "well"
    assert "<Conference" in await picked_up(live, twilio.calls[0])
    await live.pass_time(15)
    assert len(twilio.calls) == 1
    assert (await live.attempt(attempt_id)).status == "answered"


async def test_an_older_call_to_the_same_number_is_not_adopted(live: Office, twilio: Provider) -> None:
    first = await live.plans()
    await live.runs()
    await rings(live, twilio.calls[0], first, "no-answer")
    live.clock.move(30)
    twilio.mood = "500"
    second = await live.plans()
    await live.runs()
    twilio.mood = "well"
    await live.pass_time(6)
    assert (await live.attempt(second)).provider_id is None
    assert len(twilio.calls) == 2
    assert len({attempt.provider_id for attempt in await all_attempts(live)} - {None}) == 2


async def test_staff_waiting_in_the_room_meet_the_redial_there(live: Office, twilio: Provider) -> None:
    twilio.mood = "500"
    client = await live.plans()
    await live.runs()
    twilio.mood = "well"
    await live.pass_time(7)
    document = await picked_up(live, twilio.call_to(CLIENT_NUMBER))
    assert f">{client}<" in document, "the room keeps the name of the first leg"


async def test_a_provider_that_cannot_even_be_asked_is_given_up_and_nothing_is_dialled_twice(
    live: Office, twilio: Provider
) -> None:
    twilio.mood, twilio.list_mood = "500", "500"
    attempt_id = await live.plans()
    await live.pass_time(26)
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.error_code) == ("failed", "provider_silent")
    assert live.events(attempt_id) == ["failed"]
    assert twilio.posts == 1


async def test_a_busy_provider_is_asked_again_and_then_it_is_a_signal(live: Office, twilio: Provider) -> None:
    twilio.mood = "429"
    attempt_id = await live.plans()
    await live.runs()
    assert (await live.attempt(attempt_id)).status == "planned"
    await live.pass_time(4)
    twilio.mood = "well"
    await live.pass_time(4)
    assert (await live.attempt(attempt_id)).provider_id == twilio.call_to(CLIENT_NUMBER).sid


async def test_a_busy_provider_is_asked_ever_less_often_by_the_whole_account(
    live: Office, twilio: Provider
) -> None:
    twilio.mood = "429"
    began = live.clock.now()
    calls = [await live.plans(number=f"+1503555014{last}") for last in range(3)]
    asked = []
    for _ in range(50):
        before = twilio.posts
        await live.runs()
        if twilio.posts > before:
            asked.append(round((live.clock.now() - began).total_seconds()))
        live.clock.move(0.25)
    assert asked == [0, 1, 3, 7, 11], "three attempts are no more tries than one"
    twilio.mood = "well"
    await live.pass_time(8)
    assert {(await live.attempt(call)).status for call in calls} == {"dialing"}
    # It is well again: the next refusal begins with a second.
    async with live.engine.transaction(None) as db:
        assert set(await db.scalars(select(RateToken.refused))) == {0}


async def test_it_is_asked_once_more_before_a_limit_passes(live: Office, twilio: Provider) -> None:
    """Refused 5, 4 and 2 s before the limit: four seconds more would be too late."""
    twilio.mood = "429"
    async with live.engine.transaction(None) as db:
        step = await db.get_one(EscalationStep, (live.program_id, live.step_id))
        step.limit_at = live.clock.now() + timedelta(seconds=5)
    attempt_id = await live.plans()
    await live.pass_time(3.5)
    twilio.mood = "well"
    await live.pass_time(1)
    assert (await live.attempt(attempt_id)).provider_id == twilio.call_to(CLIENT_NUMBER).sid


async def test_a_provider_that_stays_busy_is_a_signal(live: Office, twilio: Provider) -> None:
    twilio.mood = "429"
    attempt_id = await live.plans()
    await live.pass_time(20)
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.error_code) == ("failed", "20429")
    assert live.events(attempt_id) == ["failed"]


@pytest.mark.parametrize("code", [21211, 21210, 21408, 21612, 20003])
async def test_a_refusal_is_a_signal_with_its_code(live: Office, twilio: Provider, code: int) -> None:
    twilio.mood, twilio.code = "refuses", code
    attempt_id = await live.plans()
    await live.runs()
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.error_code) == ("failed", str(code))
    assert live.events(attempt_id) == ["failed"]
    await live.pass_time(10)
    assert twilio.posts == 1


@pytest.mark.parametrize("mood", ["429", "500", "hangs"])
async def test_boards_can_tell_since_when_the_telephone_fails(
    live: Office, twilio: Provider, mood: Mood
) -> None:
    async with live.engine.transaction(None) as db:
        db.add(EngineState(id=1, overdue_steps=0))
    began = live.clock.now()
    twilio.mood = mood
    await live.plans()
    await live.runs()
    assert await failing_since(live) == began
    twilio.mood = "well"
    twilio.release()
    await live.pass_time(8)
    assert len(twilio.calls) == 1
    assert await failing_since(live) is None


async def failing_since(office: Office) -> Any:
    async with office.engine.transaction(None) as db:
        return await db.scalar(select(EngineState.failing_since))


async def test_a_text_that_may_have_left_is_not_sent_twice(live: Office, twilio: Provider) -> None:
    twilio.mood = "hangs"
    text_id = await live.plans(channel="text", words={"template": "Hi.", "staff_first_name": "Maya"})
    await live.pass_time(8)
    attempt = await live.attempt(text_id)
    assert (attempt.status, attempt.error_code) == ("failed", "unknown")
    assert twilio.posts == 1


async def test_a_provider_that_hangs_delays_nobody_else(live: Office, twilio: Provider) -> None:
    twilio.mood = "hangs"
    await live.plans()
    await outbox.once(live.engine, live.lines, live.settings, live.clock)
    assert live.lines.under_way == 1, "the round ended while the provider still kept its answer"


async def test_a_killed_process_leaves_no_call_forgotten(live: Office, twilio: Provider) -> None:
    """Claimed and committed, and then nothing: whether the call was made nobody knows."""
    attempt_id = await live.plans()
    claimed = live.clock.now()
    await live.changes(
        attempt_id, status="dialing", dialing_at=claimed, lease_until=claimed, claimed_by=UUID(int=1)
    )
    await live.pass_time(2)
    assert (await live.attempt(attempt_id)).status == "unknown"
    await live.pass_time(5)
    old, new = await all_attempts(live)
    assert (old.status, new.replaces_id) == ("failed", attempt_id)
    assert twilio.posts == 1


async def test_a_call_without_callbacks_is_asked_about(live: Office, twilio: Provider) -> None:
    """Our address cannot be reached from outside: the provider's list is the only witness left."""
    attempt_id = await live.plans()
    await live.runs()
    twilio.calls[0].status = "no-answer"
    await live.pass_time(50, step=5)
    attempt = await live.attempt(attempt_id)
    assert (attempt.status, attempt.result) == ("ended", "no_answer")


async def test_a_call_is_taken_back_at_the_provider(live: Office, twilio: Provider) -> None:
    attempt_id = await live.plans()
    await live.runs()
    twilio.calls[0].status = "ringing"
    await live.changes(attempt_id, wanted="hang_up")
    await live.runs()
    assert twilio.calls[0].status == "canceled"
    await live.pass_time(7)
    assert (await live.attempt(attempt_id)).result == "canceled"


async def test_nobody_speaks_and_the_live_call_is_sent_to_the_ring_back_line(
    live: Office, twilio: Provider
) -> None:
    attempt_id = await live.plans()
    await live.runs()
    twilio.calls[0].status = "in-progress"
    await picked_up(live, twilio.calls[0])
    await live.pass_time(19)
    assert twilio.calls[0].redirected_to == []
    await live.pass_time(2)
    assert twilio.calls[0].redirected_to == [f"/hooks/twilio/{live.program_id}/{attempt_id}/silent"]
    assert live.events(attempt_id)[-1] == "silent"


async def test_a_simulated_row_never_reaches_an_outside_line(live: Office, twilio: Provider) -> None:
    placed = Placed(live.program_id, UUID(int=1), "simulated", "call", CLIENT_NUMBER, OFFICE_NUMBER)
    line = live.lines.of("outside")
    for order in (line.place_call, line.send_text):
        with pytest.raises(LineRefused, match="wrong_line"):
            await order(placed)
    assert twilio.posts == 0


async def test_an_outside_row_never_reaches_a_simulated_line(live: Office) -> None:
    placed = Placed(live.program_id, UUID(int=1), "outside", "call", CLIENT_NUMBER, OFFICE_NUMBER)
    with pytest.raises(LineRefused, match="wrong_line"):
        await live.lines.of("simulated").place_call(placed)


@pytest.mark.parametrize("mood", ["well", "500", "refuses", "429", "accepts and breaks", "hangs"])
async def test_no_log_and_no_entry_outside_the_seal_holds_a_number(
    live: Office, twilio: Provider, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.mood = mood
    await live.plans()
    await live.runs()
    twilio.mood = "well"
    await live.pass_time(6)
    digits = CLIENT_NUMBER.removeprefix("+")
    ours = [
        r for r in caplog.records if r.name.startswith(("app", "handrail", "twilio", "aiohttp", "asyncio"))
    ]
    assert digits not in " ".join(record.getMessage() for record in ours)
    assert digits not in repr(
        Placed(live.program_id, UUID(int=1), "outside", "call", CLIENT_NUMBER, OFFICE_NUMBER)
    )
    async with live.engine.transaction(None) as db:
        rows = (await db.execute(select(Entry))).all()
    assert rows


def settings(**values: Any) -> Settings:
    ring = "k1:" + base64.b64encode(bytes(32)).decode()
    return Settings(keys=ring, public_base_url="https://handrail.example", **values)


async def test_production_refuses_a_plain_http_provider() -> None:
    with pytest.raises(ValueError, match="TWILIO_API_BASE must start with https"):
        settings(environment="production", twilio_api_base="http://127.0.0.1:9")
    line = TwilioLine(settings(environment="test", twilio_account_sid="AC1", twilio_auth_token="t"))
    await line.close()


async def test_without_a_base_of_its_own_the_client_asks_the_provider_itself() -> None:
    http = twilio_line.BoundedHttpClient("")
    assert http._rebased("https://api.twilio.com/x?To=1") == "https://api.twilio.com/x?To=1"
    await http.close()
    based = twilio_line.BoundedHttpClient("https://proxy.example/twilio/")
    assert based._rebased("https://api.twilio.com/x?To=1") == "https://proxy.example/twilio/x?To=1"
    await based.close()
