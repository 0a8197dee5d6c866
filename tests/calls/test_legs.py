"""R6: a frightened person never talks to a robot. What each side hears, and who may change what."""

from typing import Any

import pytest

from app.calls import twiml
from app.errors import SomebodyWasFirst
from app.incidents import actions as incident_actions
from app.incidents.models import Incident
from tests.calls.conftest import STAFF_NUMBER, Office
from tests.house import PIN


async def both_legs(office: Office) -> tuple[Any, Any]:
    client = await office.plans()
    staff = await office.plans("staff", STAFF_NUMBER, client_leg_id=client)
    await office.pass_time(2)
    return client, staff


@pytest.mark.row("R6")
async def test_alone_the_client_hears_one_line_once_and_is_rung_back(office: Office) -> None:
    client = await office.plans()
    await office.pass_time(1)
    await office.answers(client)
    assert (await office.phone(client)).words is None
    await office.pass_time(2.5)
    phone = await office.phone(client)
    assert phone.words == "Please stay on, Maya is joining."
    assert phone.state == "in_room"
    await office.pass_time(16)
    assert (await office.phone(client)).words == "Please stay on, Maya is joining."
    assert "silent" not in office.events(client)
    await office.pass_time(3)
    assert (await office.phone(client)).words == "We'll ring straight back."
    assert office.events(client).count("silent") == 1
    await office.pass_time(10)
    attempt = await office.attempt(client)
    assert (attempt.status, attempt.result) == ("ended", "silent")


async def test_the_line_is_in_the_clients_language(office: Office) -> None:
    client = await office.plans(words={"staff_first_name": "Maya", "language": "es"})
    await office.pass_time(1)
    await office.answers(client)
    await office.pass_time(3)
    assert (await office.phone(client)).words == "Por favor, no cuelgue, Maya se une enseguida."


async def test_staff_who_wait_in_the_room_spare_the_client_every_machine(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, "1")
    await office.answers(client)
    await office.pass_time(40)
    assert (await office.phone(client)).words is None
    assert (await office.attempt(client)).status == "answered"
    assert "silent" not in office.events(client)


async def test_staff_who_come_within_the_twenty_seconds_stop_the_ring_back(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(client)
    await office.answers(staff)
    await office.pass_time(15)
    await office.presses(staff, "1")
    await office.pass_time(10)
    assert "silent" not in office.events(client)
    assert office.events(client)[-1] == "joined"


async def test_a_page_names_nobody_and_voicemail_does_not_join(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(staff, "voicemail")
    phone = await office.phone(staff)
    assert phone.words is not None
    assert "Ana" not in phone.words
    assert "Maya" not in phone.words
    await office.pass_time(45)
    attempt = await office.attempt(staff)
    assert (attempt.status, attempt.joined_at, attempt.pressed_at) == ("ended", None, None)
    assert "joined" not in office.events(client)


async def test_one_joins_and_changes_no_owner(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def take(*_: object) -> None:
        raise AssertionError("a key alone must not take an incident")

    monkeypatch.setattr(incident_actions, "take", take)
    _, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, "1")
    assert (await office.phone(staff)).words == twiml.RINGING_THEM


async def test_a_right_pin_joins_and_takes_as_the_owner_of_the_phone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    async def take(_db: object, viewer: Any, incident_id: object) -> None:
        taken.append((viewer.staff_id, incident_id))

    monkeypatch.setattr(incident_actions, "take", take)
    _, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, PIN)
    assert taken == [(office.staff.id, office.incident_id)]
    phone = await office.phone(staff)
    assert phone.words == twiml.YOURS
    assert phone.conference is not None


async def test_the_second_person_hears_who_was_first_and_still_joins(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take(*_: object) -> None:
        raise SomebodyWasFirst("Jon Bell has this already.")

    monkeypatch.setattr(incident_actions, "take", take)
    client, staff = await both_legs(office)
    await office.answers(client)
    await office.answers(staff)
    await office.presses(staff, PIN)
    assert (await office.phone(staff)).words == "Jon Bell has this already."
    assert (await office.phone(client)).words is None, "only the staff leg hears it"
    assert (await office.phone(staff)).conference == str(client)


async def test_three_wrong_pins_end_the_leg(office: Office) -> None:
    _, staff = await both_legs(office)
    await office.answers(staff)
    for _ in range(2):
        await office.presses(staff, "111222")
        assert (await office.phone(staff)).state == "menu"
    await office.presses(staff, "111222")
    phone = await office.phone(staff)
    assert (phone.state, phone.conference) == ("speaking", None)


@pytest.mark.parametrize("digits", ["2", "9", "12", "0"])
async def test_another_key_reads_the_menu_again(office: Office, digits: str) -> None:
    _, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, digits)
    phone = await office.phone(staff)
    assert (phone.state, phone.words) == ("menu", " ".join([twiml.STAFF_MENU] * twiml.MENU_TIMES))
    assert "pressed" not in office.events(staff)


async def test_a_machine_is_not_a_person_and_hears_no_waiting_line(office: Office) -> None:
    client = await office.plans()
    await office.pass_time(1)
    await office.answers(client, "voicemail")
    assert office.events(client)[-2:] == ["answered", "machine"]
    await office.pass_time(3)
    phone = await office.phone(client)
    assert (phone.state, phone.words) == ("ended", None)
    assert (await office.attempt(client)).result == "voicemail"


async def test_a_voicemail_hears_the_neutral_message_when_the_rules_ask_for_it(office: Office) -> None:
    template = "Hello {client_safe_name}, this is {staff_first_name}. {callback_number}."
    words = {"staff_first_name": "Maya", "callback_number": "+15035550100", "template": template}
    client = await office.plans(words=words)
    await office.pass_time(1)
    await office.answers(client, "voicemail")
    await office.changes(client, wanted="voicemail")
    await office.runs()
    assert (await office.phone(client)).words == "Hello Ana, this is Maya. 503-555-0100."
    await office.pass_time(8)
    attempt = await office.attempt(client)
    assert (attempt.status, attempt.result) == ("ended", "voicemail")


async def test_a_person_on_the_line_outranks_the_machines_guess(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, "1")
    await office.answers(client, "voicemail")
    assert "machine" not in office.events(client)
    await office.pass_time(30)
    assert (await office.attempt(client)).status == "answered"


async def test_a_cancelled_call_is_hung_up_and_says_nothing(office: Office) -> None:
    client = await office.plans()
    await office.pass_time(1)
    await office.changes(client, wanted="hang_up")
    await office.answers(client)
    phone = await office.phone(client)
    assert (phone.words, phone.conference, phone.state) == (None, None, "ended")


async def test_a_ringing_call_is_taken_back(office: Office) -> None:
    client = await office.plans()
    await office.pass_time(1)
    await office.changes(client, wanted="hang_up")
    await office.pass_time(1)
    assert await office.ringing() == []
    attempt = await office.attempt(client)
    assert (attempt.status, attempt.result) == ("ended", "canceled")


async def test_staff_are_put_through_to_the_next_number(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, "1")
    backup = await office.plans(number="+15035550188")
    await office.hangs_up(client)
    await office.pass_time(2)
    phone = await office.phone(staff)
    assert phone.conference == str(backup)
    assert phone.words == twiml.NEXT_NUMBER
    await office.answers(backup)
    assert "joined" in office.events(backup)


async def test_staff_without_another_call_are_told_and_let_go(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, "1")
    await office.hangs_up(client)
    await office.pass_time(1)
    assert (await office.phone(staff)).words == twiml.NO_ANSWER
    await office.pass_time(8)
    assert (await office.attempt(staff)).status == "ended"


async def test_after_a_talk_the_line_is_closed_without_a_machine_voice(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.answers(staff)
    await office.presses(staff, "1")
    await office.answers(client)
    await office.pass_time(60, step=5)
    await office.hangs_up(staff)
    await office.pass_time(15)
    assert (await office.attempt(client)).status == "answered", "a dropped staff phone gets time to come back"
    await office.pass_time(8)
    phone = await office.phone(client)
    assert (phone.state, phone.words) == ("ended", None)
    assert "silent" not in office.events(client)


async def test_a_staff_phone_answered_after_it_was_settled_hears_so(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.changes(client, status="cancelled")
    async with office.engine.transaction(None) as db:
        found = await db.get_one(Incident, (office.program_id, office.incident_id))
        found.verified_at = office.clock.now()
    await office.answers(staff)
    assert (await office.phone(staff)).words == twiml.NOTHING_TO_DO


async def test_whoever_picks_up_after_the_clients_phone_rang_out_speaks_on_the_next_call(
    office: Office,
) -> None:
    client, staff = await both_legs(office)
    await office.hangs_up(client)
    following = await office.plans(number="+15035550144")
    await office.pass_time(1)
    await office.answers(staff)
    await office.presses(staff, "1")
    await office.answers(following)
    assert (await office.phone(staff)).conference == (await office.phone(following)).conference


async def test_whoever_picks_up_when_no_call_is_on_its_way_is_asked_to_open_handrail(office: Office) -> None:
    client, staff = await both_legs(office)
    await office.hangs_up(client)
    await office.answers(staff)
    assert twiml.NOTHING_TO_DO not in ((await office.phone(staff)).words or "")
    await office.presses(staff, "1")
    assert (await office.phone(staff)).words == twiml.HEARD
    assert "pressed" in office.events(staff), "it counts as contact with staff"
