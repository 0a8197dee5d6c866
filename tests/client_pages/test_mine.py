"""A client's PIN (R4): who sets it, what it opens, and that everything else looks like the grounding cards."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.client_pages.models import ClientPin
from app.client_pages.pins import weak
from tests.client_pages.conftest import Phone, Room
from tests.house import Browser

PIN = "2580"


async def own_page(room: Room, what: str, method: str = "POST", **body: Any) -> dict[str, Any]:
    staff = await room.staff(room.maya)
    answer = await staff.sends(method, f"/api/clients/{room.clients['Ana']}/own-page{what}", body or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def gives(phone: Phone, pin: str) -> httpx.Response:
    return await phone.presses("/c/mine", pin=pin)


async def opened(room: Room) -> Phone:
    await own_page(room, "/pin", pin=PIN)
    phone = await room.companion_of("Ana")
    assert (await gives(phone, PIN)).headers["location"] == "/c/mine"
    return phone


async def test_the_client_chooses_a_pin_on_their_own_page_while_staff_let_them(room: Room) -> None:
    phone = await room.companion_of("Ana")
    assert "Choose a PIN" not in (await phone.opens("/c/mine")).text
    answer = await phone.presses("/c/mine/pin", command=str(uuid4()), pin=PIN, again=PIN)
    assert answer.headers["location"] == "/c/mine"
    assert await room.rows(ClientPin) == []

    told = await own_page(room, "/pin-window")
    assert told["pin"]["window_until"]
    page = (await phone.opens("/c/mine")).text
    assert "Choose a PIN of 4 to 8 digits" in page
    for pin, again, says in (
        ("1234", "1234", "4 to 8 digits"),
        ("2580", "2581", "not the same"),
        ("٢٥٨٠", "٢٥٨٠", "4 to 8 digits"),
    ):
        refused = await phone.presses("/c/mine/pin", command=str(uuid4()), pin=pin, again=again)
        assert refused.status_code == 422
        assert says in refused.text
        assert f'value="{pin}"' not in refused.text
    answer = await phone.presses("/c/mine/pin", command=str(uuid4()), pin=PIN, again=PIN)
    assert answer.headers["location"] == "/c/mine"
    [row] = await room.rows(ClientPin)
    assert row.pin_hash.startswith("$argon2id$")
    assert PIN not in str(await room.journal())
    assert (await gives(phone, PIN)).headers["location"] == "/c/mine"
    assert "What happens if I drop?" in (await phone.opens("/c/mine")).text


async def test_the_window_closes_after_ten_minutes(room: Room) -> None:
    phone = await room.companion_of("Ana")
    await own_page(room, "/pin-window")
    room.house.clock.move(601)
    assert "Choose a PIN" not in (await phone.opens("/c/mine")).text
    await phone.presses("/c/mine/pin", command=str(uuid4()), pin=PIN, again=PIN)
    [row] = await room.rows(ClientPin)
    assert row.pin_hash is None


@pytest.mark.row("R4")
async def test_a_wrong_pin_a_missing_one_and_one_too_many_all_show_the_grounding_cards(room: Room) -> None:
    phone = await room.companion_of("Ana")
    asked = (await phone.opens("/c/mine")).text
    missing = await gives(phone, "1111")
    await own_page(room, "/pin", pin=PIN)
    command = 'name="command"'
    assert (await phone.opens("/c/mine")).text == asked, "whether there is a PIN must not show"
    assert command not in asked
    wrong = await gives(phone, "2581")
    for answer in (missing, wrong):
        assert (answer.status_code, answer.headers["location"]) == (303, "/c/calm")
        assert "set-cookie" not in answer.headers
    for _ in range(5):
        assert (await gives(phone, "9999")).headers["location"] == "/c/calm"
    assert (await gives(phone, PIN)).headers["location"] == "/c/calm", "too many: the right one waits too"
    assert "Breathe in a square" in (await phone.opens("/c/calm")).text
    assert "wrong" not in (await phone.opens("/c/calm")).text.lower()
    room.house.clock.move(15 * 60 + 1)
    assert (await gives(phone, PIN)).headers["location"] == "/c/mine"
    kinds = [kind for kind, _ in await room.journal()]
    assert "client.pin_failed" in kinds
    assert "client.pin_opened" in kinds


async def test_an_open_page_asks_again_after_ten_minutes_and_when_it_is_closed(room: Room) -> None:
    phone = await opened(room)
    assert "My people" in (await phone.opens("/c/mine")).text
    room.house.clock.move(601)
    assert "My people" not in (await phone.opens("/c/mine")).text
    assert (await gives(phone, PIN)).headers["location"] == "/c/mine"
    closed = await phone.presses("/c/mine/close", command=str(uuid4()))
    assert closed.headers["location"] == "/c/here"
    assert "My people" not in (await phone.opens("/c/mine")).text


async def test_a_new_pin_shuts_what_the_old_one_opened(room: Room) -> None:
    phone = await opened(room)
    told = await own_page(room, "/pin", pin="8520")
    assert told["pin"]["how"] == "with_staff"
    assert "My people" not in (await phone.opens("/c/mine")).text
    assert (await gives(phone, PIN)).headers["location"] == "/c/calm"
    told = await own_page(room, "/pin", "DELETE")
    assert told["pin"] == {"set_at": None, "how": None, "window_until": None}
    assert (await gives(phone, "8520")).headers["location"] == "/c/calm"


async def test_the_cookie_of_one_page_opens_no_other(room: Room) -> None:
    await room.expects("Ben", phone="+15035550155")
    ana = await opened(room)
    ben = await room.companion_of("Ben")
    ben.http.cookies.set("handrail_mine", ana.http.cookies["handrail_mine"])
    assert "My people" not in (await ben.opens("/c/mine")).text
    stranger = await room.phone()
    assert (await stranger.opens("/c/mine")).status_code == 401
    assert (await gives(stranger, PIN)).status_code == 401


async def test_without_an_approved_protocol_nothing_is_promised(room: Room) -> None:
    phone = await opened(room)
    page = (await phone.opens("/c/mine")).text
    assert "This is not ready yet. Ask us, and we tell you." in page
    assert "There is no plan here yet." in page
    assert "You have named nobody." in page


async def test_staff_of_other_groups_and_weak_pins_are_refused(room: Room) -> None:
    other: Browser = await room.house.signed_in(await room.house.add_person("Sol Other", "clinician"))
    path = f"/api/clients/{room.clients['Ana']}/own-page"
    for what, body in (("/pin-window", {}), ("/pin", {"pin": PIN}), ("/card/read", {})):
        assert (await other.post(path + what, **body)).status_code == 404, what
    staff = await room.staff(room.maya)
    refused = await staff.post(f"{path}/pin", pin="1234")
    assert refused.status_code == 422
    assert "1234" not in refused.text
    assert await room.rows(ClientPin) == []


@pytest.mark.parametrize(
    ("pin", "is_weak"),
    [
        ("2580", False),
        ("19283746", False),
        ("258", True),
        ("192837465", True),
        ("1111", True),
        ("1212", True),
        ("4321", True),
        ("7890", True),
        ("25 80", True),
        ("", True),
        ("²580", True),
    ],
)
def test_which_pins_are_too_easy(pin: str, is_weak: bool) -> None:
    assert weak(pin) is is_weak
