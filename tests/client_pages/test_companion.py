"""The companion page's buttons, as plain forms and from the page's own script (P3, T10, R13, R19)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.board.people import people
from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.models import Group, Presence
from app.journal.models import Entry
from app.staff.models import Program
from tests.client_pages.conftest import Room


@pytest.mark.parametrize(
    ("button", "fields", "minutes", "says"),
    [
        ("moment", {}, None, "We know. Maya or Jon will come to you."),
        ("away", {}, 5, "We know: back by 7:05."),
        ("leaving", {"minutes": "20"}, 20, "We know: you leave at 7:20."),
    ],
)
async def test_a_button_tells_staff_and_the_page_says_so(
    room: Room, button: str, fields: dict[str, str], minutes: int | None, says: str
) -> None:
    phone = await room.companion_of("Ana")
    await phone.taps(button, **fields)
    until = None if minutes is None else room.house.clock.now() + timedelta(minutes=minutes)
    assert await room.told() == [(button, until)]
    page = await phone.page()
    assert says in page
    assert '<div id="back">' in page
    kinds = [kind for kind, _ in await room.journal()]
    assert "client.told" in kinds
    [presence] = await room.rows(Presence)
    assert presence.state == ("leaving" if button == "leaving" else "away")

    room.house.clock.move(30)
    await phone.taps("back")
    page = await phone.page()
    assert '<div id="back" hidden>' in page
    assert says not in page


async def test_a_told_time_that_has_passed_is_no_longer_shown(room: Room) -> None:
    phone = await room.companion_of("Ana")
    await phone.taps("away")
    room.house.clock.move(301)
    assert "back by" not in await phone.page()


@pytest.mark.parametrize("minutes", ["", "-5", "7", "1e3", "٥", "9999999999999999999"])
async def test_leaving_takes_only_the_times_offered(room: Room, minutes: str) -> None:
    phone = await room.companion_of("Ana")
    answer = await phone.presses("/c/leaving", command=str(uuid4()), minutes=minutes)
    assert answer.status_code == 422
    assert await room.told() == []


async def test_a_press_that_arrives_twice_is_told_once(room: Room) -> None:
    phone = await room.companion_of("Ana")
    command = await phone.command()
    for _ in range(3):
        assert (await phone.sends("/c/away", command=command)).status_code == 200
    assert len(await room.told()) == 1


async def test_what_staff_said_outranks_the_page(room: Room) -> None:
    """R7: a button on the page is no live check."""
    phone = await room.companion_of("Ana")
    async with room.house.engine.transaction(room.program) as db:
        tap = NewFact(room.clients["Ana"], "staff", "not_responding", by_staff_id=room.maya.id)
        await record_facts(db, room.meeting_id, [tap], program_id=room.program)
    room.house.clock.move(5)
    await phone.taps("back")
    [presence] = await room.rows(Presence)
    assert presence.state == "not_responding"
    assert (await room.journal())[-1][0] == "client.told"


@pytest.mark.row("P3")
async def test_moving_keeps_the_places_before(room: Room) -> None:
    phone = await room.companion_of("Ana")
    room.house.clock.move(600)
    await phone.taps("place", where="Car behind the library", town="Harrow", unit="")
    room.house.clock.move(600)
    await phone.taps("place", place="same")
    places = await room.places()
    assert [place["label"] for place in places] == ["Home", "Car behind the library", "Home"]
    assert [place["alone"] for place in places] == ["yes", "unknown", "unknown"]
    assert [kind for kind, _ in await room.journal()].count("group_session.place_told") == 2


async def test_moving_needs_a_place_and_keeps_what_was_typed(room: Room) -> None:
    phone = await room.companion_of("Ana")
    answer = await phone.presses("/c/place", command=str(uuid4()), where="", town="Harrow")
    assert answer.status_code == 422
    assert 'value="Harrow"' in answer.text
    assert "<details open>" in answer.text
    assert len(await room.places()) == 1


async def test_another_number_can_be_given_later(room: Room) -> None:
    phone = await room.companion_of("Ana")
    assert "ends" not in await phone.page()
    await phone.taps("number", number="503-555-0188")
    assert (await room.numbers())[1] == ("+15035550188", room.meeting_id, False)
    assert "the number you gave (ends 88)" in await phone.page()


async def test_a_private_note_reaches_the_two_staff_and_nobody_else(room: Room) -> None:
    """R13, and the page's own promise."""
    phone = await room.companion_of("Ana")
    await phone.taps("note", note="My brother <b>came</b> home")
    assert await room.notes() == ["My brother <b>came</b> home"]
    assert "Sent." in (await phone.opens("/c/here?said=note")).text
    kind, detail = (await room.journal())[-1]
    assert kind == "client.noted"
    assert set(detail) == {"note_id"}

    path = f"/api/group-sessions/{room.meeting_id}/notes"
    supervisor = await room.house.staff("Sam Super", "supervisor")
    stranger = await room.house.staff("Eve Elsewhere", "supervisor", program="Elsewhere")
    for browser in (supervisor, stranger):
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(f"{path}/read")).status_code == 404
    assert (await (await room.house.browser()).get(path)).status_code == 401

    jon = await room.staff(room.jon)
    [head] = (await jon.get(path)).json()
    assert head["read_at"] is None
    assert "words" not in head
    [read] = (await jon.post(f"{path}/read")).json()
    assert read["words"] == "My brother <b>came</b> home"
    assert read["read_at"]
    again = (await (await room.staff(room.maya)).post(f"{path}/read")).json()
    assert again == [read]
    assert [kind for kind, _ in await room.journal()].count("client.note_read") == 1


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
async def test_a_note_says_something_and_is_short(room: Room, note: str) -> None:
    phone = await room.companion_of("Ana")
    answer = await phone.sends("/c/note", command=str(uuid4()), note=note)
    assert answer.status_code == 422
    assert answer.json()["say"]
    assert await room.notes() == []


async def test_the_script_gets_a_sentence_and_a_fresh_command(room: Room) -> None:
    phone = await room.companion_of("Ana")
    first = (await phone.sends("/c/away", command=str(uuid4()))).json()
    second = (await phone.sends("/c/note", command=first["key"], note="thank you")).json()
    assert first["say"] == "We know: back by 7:05."
    assert first["told"] is True
    assert second["say"] == "Sent."
    assert second["key"] != first["key"]


@pytest.mark.row("T10")
async def test_the_page_holds_the_steps_for_a_lost_connection(room: Room) -> None:
    page = await (await room.companion_of("Ana")).page()
    steps = page[page.index("<ol>") : page.index("</ol>")]
    for words in (
        "Keep your phone near you",
        "Just say yes or no",
        "Open your call again",
        "Ring us: +1 503-555-0100",
        "local emergency number",
    ):
        assert words in steps, words
    assert "We call you within a minute. Please pick up: it will be Maya or Jon." in page
    assert "We lost each other" in page, "what the script shows when nobody hears it"


async def test_the_audio_dial_in_stands_among_the_steps(room: Room) -> None:
    """R24."""
    [group] = await room.rows(Group)
    async with room.house.engine.transaction(None) as db:
        program = await db.get(Program, room.program)
        assert program is not None
        program.settings = {"dial_in": {str(group.id): "+1 503-555-0199, then 123456"}}
    page = await (await room.companion_of("Ana")).page()
    assert "You can also join by phone: +1 503-555-0199, then 123456" in page


async def test_the_page_is_neutral_and_speaks_of_nobody_else(room: Room) -> None:
    await room.expects("Ben", phone="+15035550155")
    page = await (await room.companion_of("Ana")).page()
    assert "<title>Connected</title>" in page
    for word in (
        "Ana",
        "Ben",
        "Harbor",
        "therap",
        "crisis",
        "clinic",
        "group",
        "Handrail",
        "<style",
        " style=",
    ):
        assert word not in page, word
    assert 'class="leave" href="about:blank" rel="noreferrer"' in page


async def test_one_facilitator_or_none_is_named_as_it_is(room: Room) -> None:
    phone = await room.companion_of("Ana")
    await room.change_meeting(cofacilitator_id=None)
    assert "it will be Maya." in await phone.page()
    await room.change_meeting(lead_id=None)
    assert "it will be one of us." in await phone.page()


async def _marks(room: Room) -> list[str]:
    async with room.house.database.transaction(room.program) as db:
        [person] = await people(db, room.program, meetings=[room.meeting_id])
    return [mark.text for mark in person.tile.marks]


async def test_the_board_shows_what_the_page_asks_for(room: Room) -> None:
    phone = await room.companion_of("Ana")
    assert await _marks(room) == []
    await phone.taps("moment")
    await phone.taps("note", note="please ask about the noise")
    other = await room.phone()
    await other.presses(await room.link_for("Ana"))
    await phone.presses("/c/note", command=str(uuid4()), note="from a device that has ended")
    assert sorted(await _marks(room)) == ["Asked for a moment", "Private note"]

    staff = await room.staff(room.maya)
    await staff.post(f"/api/group-sessions/{room.meeting_id}/notes/read")
    await other.taps("back")
    assert await _marks(room) == []


async def test_the_board_shows_that_another_device_waits(room: Room) -> None:
    path = await room.link_for("Ana")
    first, second = await room.phone(), await room.phone()
    await first.presses(path)
    await second.presses(path)
    assert await _marks(room) == ["Other device waits"]
    await (await room.staff(room.maya)).post(room.staff_path("Ana", "admit-device"))
    assert await _marks(room) == []


async def test_a_press_during_an_incident_stands_in_its_timeline(room: Room) -> None:
    phone = await room.companion_of("Ana")
    incident_id = uuid4()
    async with room.house.engine.transaction(None) as db:
        presence = await db.get(Presence, (room.program, room.meeting_id, room.clients["Ana"]))
        assert presence is not None
        presence.incident_id = incident_id
    await phone.taps("back")
    await phone.taps("place", where="The garden")
    entries = [entry for entry in await room.rows(Entry) if entry.incident_id == incident_id]
    assert {entry.kind for entry in entries} >= {"client.told", "group_session.place_told"}
