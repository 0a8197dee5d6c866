"""The check-in: one screen, three questions, nothing chosen beforehand, nothing stored shown (P1, P2, R4, R8)."""

import re
from uuid import uuid4

import pytest

from app.client_pages import forms
from app.client_pages.standing import plan
from app.errors import Refusal
from tests.client_pages.conftest import PHONE, Room


@pytest.mark.row("P1", "W3")
async def test_three_answers_confirm_the_place_for_this_group(room: Room) -> None:
    phone = await room.phone_of("Ana")
    await phone.taps("here", place="same", alone="no", phone="same")
    assert await room.places() == [{"same": True, "label": "Home", "address": None, "alone": "no"}]
    assert "You’re connected" in await phone.page()
    kind, detail = (await room.journal())[-1]
    assert kind == "group_session.checked_in"
    assert detail == {"plan_read": "ring", "place": "Home", "alone": "no", "same_number": True}
    assert await room.numbers() == [(PHONE, None, False)]


@pytest.mark.row("P2")
async def test_somewhere_else_is_a_street_a_town_and_a_floor(room: Room) -> None:
    phone = await room.phone_of("Ana")
    await phone.taps(
        "here", place="other", where="9 Example\u0000 Street ", town="Harrow", unit="3rd floor, flat 12"
    )
    [place] = await room.places()
    assert place["address"] == {"street": "9 Example Street", "town": "Harrow", "unit": "3rd floor, flat 12"}
    assert (place["same"], place["label"], place["alone"]) == (False, "9 Example Street", "unknown")


async def test_nothing_is_chosen_beforehand_and_nothing_stored_is_shown(room: Room) -> None:
    page = await (await room.phone_of("Ana")).page()
    assert "checked" not in page
    assert "Are you at Home, as usual?" in page
    assert "<title>Before 7:30</title>" in page
    for stored in ("Ana", "Invented", "Harrow", "42", PHONE[-7:], "Harbor", "low"):
        assert stored not in re.sub(r"name=\"command\" value=\"[^\"]+\"|/c/a/\S+", "", page), stored


async def test_who_is_late_is_not_told_by_how_much(room: Room) -> None:
    phone = await room.phone_of("Ana")
    room.house.clock.move(31 * 60)
    assert "<title>Before you join</title>" in await phone.page()


@pytest.mark.row("R8")
async def test_every_question_can_be_skipped(room: Room) -> None:
    """R8: care never waits for a form."""
    phone = await room.phone_of("Ana")
    await phone.taps("here")
    assert "You’re connected" in await phone.page()
    assert await room.places() == []
    assert (await room.journal())[-1] == ("group_session.checked_in", {"plan_read": "ring"})


async def test_a_number_for_today_comes_after_the_others_and_is_not_marked_safe(room: Room) -> None:
    phone = await room.phone_of("Ana")
    await phone.taps("here", place="same", alone="yes", phone="other", number="(503) 555-0177")
    assert await room.numbers() == [(PHONE, None, False), ("+15035550177", room.meeting_id, False)]
    assert (await room.journal())[-1][1]["number_ends"] == "77"
    assert "the number you gave (ends 77)" in await phone.page()


async def test_a_number_we_have_is_not_kept_twice(room: Room) -> None:
    phone = await room.phone_of("Ana")
    await phone.taps("here", phone="other", number="503 555 0142")
    assert await room.numbers() == [(PHONE, None, False)]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"place": "other"}, "Please write the street"),
        ({"place": "other", "where": "12345"}, "Please write the street"),
        ({"place": "other", "where": "P.O. Box 12"}, "post office box"),
        ({"place": "other", "where": "Apartado Postal 7"}, "post office box"),
        ({"place": "other", "where": "a" * 201}, "too long"),
        ({"phone": "other"}, "area code"),
        ({"phone": "other", "number": "call me"}, "area code"),
        ({"phone": "other", "number": "911"}, "emergency number"),
        ({"phone": "other", "number": "1-900-555-0100"}, "Please"),
    ],
)
async def test_what_needs_mending_comes_back_with_what_was_typed(
    room: Room, fields: dict[str, str], says: str
) -> None:
    phone = await room.phone_of("Ana")
    answer = await phone.presses("/c/here", command=str(uuid4()), alone="yes", town="Harrow", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Harrow"' in answer.text
    assert 'name="alone" value="yes" checked' in answer.text
    by_script = await phone.sends("/c/here", command=str(uuid4()), **fields)
    assert by_script.status_code == 422
    assert says in by_script.json()["say"]
    assert await room.places() == []
    assert len(await room.numbers()) == 1


async def test_a_double_press_is_one_check_in_and_a_corrected_one_is_another(room: Room) -> None:
    phone = await room.phone_of("Ana")
    command = await phone.command()
    for _ in range(3):
        answer = await phone.presses("/c/here", command=command, place="same")
        assert answer.status_code == 303
    assert len(await room.places()) == 1
    await phone.presses("/c/here", command=command, place="other", where="Library", town="Harrow")
    assert [place["label"] for place in await room.places()] == ["Home", "Library"]


async def test_the_page_of_one_client_never_touches_another(room: Room) -> None:
    await room.expects("Ben", phone="+15035550155", home_label="The farm")
    ana, ben = await room.phone_of("Ana"), await room.phone_of("Ben")
    assert "The farm" in await ben.page()
    assert "The farm" not in await ana.page()
    await ben.taps("here", place="same")
    assert [place["label"] for place in await room.places()] == ["The farm"]
    assert "Are you at Home" in await ana.page()
    stolen = ana.http.cookies["handrail_page"].split(".")
    other = ben.http.cookies["handrail_page"].split(".")
    for mixed in (
        f"{stolen[0]}.{other[1]}.{stolen[2]}",
        f"{uuid4().hex}.{stolen[1]}.{stolen[2]}",
        f"{stolen[0]}.{stolen[1]}",
        "x" * 4000,
        f"{'z' * 32}.{stolen[1]}.{stolen[2]}",
    ):
        phone = await room.phone()
        phone.http.cookies.set("handrail_page", mixed)
        answer = await phone.opens("/c/here")
        assert answer.status_code == 401
        assert "Home" not in answer.text
        assert (await phone.presses("/c/moment", command=str(uuid4()))).status_code == 401
    assert await room.told() == []


@pytest.mark.parametrize(
    ("outreach", "unsafe", "safe", "promised"),
    [
        ("ring", False, [False], "ring"),
        ("ring", False, [], "no_number"),
        ("ring", True, [False], "agreed"),
        ("ring", True, [False, True], "ring"),
        ("ring", True, [], "agreed"),
        ("text_first", False, [False], "text"),
        ("text_first", True, [True], "agreed"),
        ("relay", False, [False], "relay"),
        ("do_not_ring", False, [True], "agreed"),
    ],
)
def test_the_page_promises_only_what_will_be_done(
    outreach: str, unsafe: bool, safe: list[bool], promised: str
) -> None:
    """P20 under R2 and R24."""
    assert plan(outreach, unsafe, safe) == promised


@pytest.mark.row("P20")
async def test_the_plan_for_a_lost_connection_is_shown_read_and_kept(room: Room) -> None:
    phone = await room.phone_of("Ana")
    promise = "We call you within a minute. Please pick up: it will be Maya or Jon."
    assert promise in await phone.page()
    await phone.taps("here", place="same")
    assert promise in await phone.page()
    assert (await room.journal())[-1][1]["plan_read"] == "ring"


async def test_nobody_is_promised_a_call_that_will_not_come(room: Room) -> None:
    phone = await room.companion_of("Ana")
    for change, words in (
        ({"first_outreach": "do_not_ring"}, "We do what you agreed with us."),
        ({"first_outreach": "text_first"}, "We text you within a minute, then call."),
        ({"first_outreach": "relay"}, "relay service within a minute"),
        ({"first_outreach": "ring", "unsafe_home": True}, "We do what you agreed with us."),
    ):
        await room.change_client("Ana", **change)
        page = await phone.page()
        assert words in page, change
        assert "We call you" not in page
    await room.expects("Cleo", phone=None)
    assert "We have no number for you yet" in await (await room.companion_of("Cleo")).page()


FORM = "application/x-www-form-urlencoded"
MALFORMED = [
    (b"note=a&minutes=5&where=b&number=5035550188&command=x", FORM, 422),
    (b"note=a&minutes=5&where=b&number=5035550188", FORM, 422),
    (b"\xff\xfe=1", FORM, 422),
    (b"place=%FF%FE", FORM, 422),
    (b"a=1&" * 40, FORM, 422),
    (b"where=" + b"a" * 9000, FORM, 413),
    (b"x" * 70_000, FORM, 413),
    (b'{"place": "same"}', "application/json", 415),
    (b"", "", 415),
]


async def test_malformed_forms_are_refused_clearly(room: Room) -> None:
    phone = await room.companion_of("Ana")
    before = await room.everything()
    for address in ("here", "note", "away", "leaving", "place", "number", "moment", "back"):
        for body, content_type, status in MALFORMED:
            answer = await phone.http.post(
                f"/c/{address}", content=body, headers={"Content-Type": content_type}
            )
            assert answer.status_code == status, (address, body[:20], answer.text)
        room.house.clock.move(61)
    assert await room.everything() == before


async def test_a_flood_from_one_page_is_stopped(room: Room) -> None:
    phone = await room.companion_of("Ana")
    statuses = {(await phone.presses("/c/back", command=str(uuid4()))).status_code for _ in range(45)}
    assert statuses == {303, 429}
    room.house.clock.move(61)
    assert (await phone.presses("/c/back", command=str(uuid4()))).status_code == 303


def test_forms_are_tidied_and_commands_name_the_press() -> None:
    assert forms.parse(b"where=a%0D%0Ab%E2%80%8B++c&x=") == {"where": "a b c", "x": ""}
    key = str(uuid4())
    same = forms.command({"command": key, "a": "1"}, "note")
    assert same == forms.command({"a": "1", "command": key}, "note")
    assert same != forms.command({"command": key, "a": "2"}, "note")
    assert same != forms.command({"command": key, "a": "1"}, "place")
    with pytest.raises(Refusal):
        forms.command({}, "note")
