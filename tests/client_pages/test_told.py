"""What the check-in and the weekly page ask beside the place: a way to reach them today, an adult, equipment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.board.people import people
from app.group_sessions.told import EquipmentCheck, ReachToday
from tests.client_pages.conftest import PHONE, START, Room


async def marks(room: Room) -> list[str]:
    async with room.house.engine.transaction(room.program) as db:
        found = await people(db, room.program, meetings=[room.meeting_id])
        return [mark.text for person in found for mark in person.tile.marks]


async def own_page(room: Room, name: str = "Ana") -> dict[str, object]:
    staff = await room.staff(room.maya)
    answer = await staff.get(f"/api/clients/{room.clients[name]}/own-page")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_no_phone_with_me_is_told_to_staff_and_promised_truly(room: Room) -> None:
    phone = await room.phone_of("Ana")
    await phone.taps("here", place="same", phone="none")
    assert await marks(room) == ["No phone today"]
    assert "You have no phone with you, so we look for you in the call" in await phone.page()
    assert await room.numbers() == [(PHONE, None, False)]
    await phone.taps("number", number="503-555-0188")
    assert "the number you gave (ends 88)" in await phone.page()


@pytest.mark.parametrize(
    ("adult", "who", "shown"),
    [("home", "Mum", []), ("reachable", "Aunt Bea", []), ("nobody", "", ["No adult today"])],
)
async def test_a_young_person_says_which_adult_is_there(
    room: Room, adult: str, who: str, shown: list[str]
) -> None:
    """R16."""
    await room.expects("Skye", phone="+15035550166", minor=True)
    phone = await room.phone_of("Skye")
    assert "Which adult is home or reachable today?" in await phone.page()
    await phone.taps("here", place="same", adult=adult, who=who)
    assert [mark for mark in await marks(room) if mark != "Under age"] == shown
    kind, detail = (await room.journal())[-1]
    assert (kind, detail["adult"], detail.get("adult_who")) == (
        "group_session.checked_in",
        adult,
        who or None,
    )
    [row] = await room.rows(ReachToday)
    assert who == "" or who.encode() not in row.adult_who


async def test_nobody_of_age_is_asked_for_an_adult(room: Room) -> None:
    phone = await room.phone_of("Ana")
    assert "Which adult" not in await phone.page()
    await phone.taps("here", adult="home", who="Mum")
    assert await room.rows(ReachToday) == []


async def test_a_second_number_stays_and_comes_after_the_first(room: Room) -> None:
    phone = await room.phone_of("Ana")
    assert "A second number, if the first one fails" in await phone.page()
    await phone.taps("here", place="same", phone="other", number="503 555 0177", backup="503-555-0188")
    assert await room.numbers() == [
        (PHONE, None, False),
        ("+15035550177", room.meeting_id, False),
        ("+15035550188", None, False),
    ]
    assert (await room.journal())[-1][1]["backup_ends"] == "88"
    assert "A second number" not in (await phone.opens("/c/kit")).text


async def test_a_second_number_that_cannot_ring_comes_back_with_what_was_typed(room: Room) -> None:
    phone = await room.phone_of("Ana")
    answer = await phone.presses("/c/here", command=str(uuid4()), place="same", backup="911")
    assert answer.status_code == 422
    assert "emergency number" in answer.text
    assert 'value="911"' in answer.text
    assert await room.places() == []


@pytest.mark.row("P18", "T4", "T5", "T6", "T7", "T8")
async def test_equipment_is_asked_once_a_week_and_staff_read_the_answers(room: Room) -> None:
    phone = await room.companion_of("Ana")
    assert "Once a week: your equipment" in await phone.page()
    page = (await phone.opens("/c/kit")).text
    assert "Is this device charged, or plugged in?" in page
    assert "checked" not in page
    # T5 to T8: what others see and hear, a private spot and how to find one, and something in reserve.
    for asked in (
        "Headphones with you?",
        "A blurred picture is good.",
        "Finding a private spot",
        "Headphones, and something that hums outside the door",
        "Is there another device or a charger",
        # T4, agreed to by the client themselves.
        "Nobody records this, not you and not us. Is that all right?",
    ):
        assert asked in page, asked
    told = {"charged": "yes", "headphones": "no", "private_spot": "yes", "no_recording": "yes"}
    told |= {"backup_device": "yes"}
    answer = await phone.presses("/c/kit", command=await phone.command(), **told, background="perhaps")
    assert (answer.status_code, answer.headers["location"]) == (303, "/c/here?said=kit")
    assert "Once a week" not in await phone.page()
    read = await own_page(room)
    assert read["equipment"] == {
        "at": START.isoformat().replace("+00:00", "Z"),
        "due": False,
        "battery": None,
        "charged": True,
        "headphones": False,
        "background": None,
        "private_spot": True,
        "backup_device": True,
        "no_recording": True,
    }
    room.house.clock.move(timedelta(days=7).total_seconds())
    room.browsers.clear()  # nobody stays signed in for a week
    again = await own_page(room)
    assert again["equipment"] == read["equipment"] | {"due": True}  # type: ignore[operator]


async def test_nobody_who_is_late_is_sent_to_their_equipment(room: Room) -> None:
    """R8."""
    phone = await room.companion_of("Ana")
    room.house.clock.move(31 * 60)
    assert "Once a week" not in await phone.page()
    assert "Your equipment" in (await phone.opens("/c/kit")).text


@pytest.mark.parametrize(
    ("battery", "power", "charged", "kept"),
    [
        ("83", "0", True, 83),
        ("20", "0", False, 20),
        ("20", "1", True, 20),
        ("101", "1", None, None),
        ("-1", "1", None, None),
        ("x", "1", None, None),
        ("٣", "1", None, None),
    ],
)
async def test_a_battery_that_the_browser_read_answers_for_itself(
    room: Room, battery: str, power: str, charged: bool | None, kept: int | None
) -> None:
    phone = await room.companion_of("Ana")
    await phone.presses("/c/kit", command=await phone.command(), battery=battery, power=power)
    [row] = await room.rows(EquipmentCheck)
    assert (row.charged, row.battery) == (charged, kept)


async def test_a_colleague_without_a_part_in_it_reads_nothing_of_their_page(room: Room) -> None:
    other = await room.house.signed_in(await room.house.add_person("Sol Other", "clinician"))
    answer = await other.get(f"/api/clients/{room.clients['Ana']}/own-page")
    assert answer.status_code == 404


async def test_grounding_cards_open_for_everybody_and_know_nobody(room: Room) -> None:
    stranger = (await (await room.phone()).opens("/c/calm")).text
    assert "Breathe in a square" in stranger
    assert "tel:" not in stranger
    phone = await room.companion_of("Ana")
    own = (await phone.opens("/c/calm")).text
    assert 'id="lost"' in own, "going there is not going away: the page beats"
    assert "Ana" not in own


@pytest.mark.row("F8")
async def test_numbers_to_ring_are_one_press_away(room: Room) -> None:
    supervisor = await room.house.signed_in(await room.house.add_person("Dana Example", "supervisor"))
    for kind, agency in (
        ("hotline", "Harbor warm line"),
        ("mobile_crisis", "Harbor mobile crisis team"),
        ("urgent_care", "Harbor walk-in clinic"),
        ("hospital", "Harbor General"),
        ("dispatch", "Harbor dispatch"),
    ):
        answer = await supervisor.post(
            "/api/places/dispatch-lines",
            kind=kind,
            agency=agency,
            area="Harbor City, OR",
            country="US",
            number="+15035550121",
            source="invented",
            verified=True,
        )
        assert answer.status_code < 300, answer.text
    phone = await room.companion_of("Ana")
    assert 'href="/c/help"' in await phone.page()
    page = (await phone.opens("/c/help")).text
    agencies = ("Harbor warm line", "Harbor mobile crisis team", "Harbor walk-in clinic", "Harbor General")
    for words in (*agencies, "tel:988", "tel:911", "When your group is on"):
        assert words in page
    assert "Harbor dispatch" not in page, "staff ring dispatch, and read the place to them"
    assert "It goes by the area code of your phone" in page
    assert (await (await room.phone()).opens("/c/help")).status_code == 401
