"""How staff come in, and how a screen that was left covers what is on it."""

import re
import time

import pyotp
import pytest
from playwright.async_api import expect

from app.demo.seed import PIN
from tests.browser.screens import Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSPHRASE = "lantern gravel otter mosaic"
OWN_PIN = "480392"
CODE_SECONDS = 30


class Authenticator:
    """On her telephone: never the same code twice, which the server would refuse."""

    def __init__(self, key: str) -> None:
        self._totp = pyotp.TOTP(key)
        self._last = 0

    def code(self) -> str:
        window = max(int(time.time()) // CODE_SECONDS, self._last + 1)
        self._last = window
        return self._totp.at(window * CODE_SECONDS)


async def signs_out(screen: Screen) -> None:
    await expect(screen.page.get_by_text("Steps on time")).to_be_visible()
    await screen.page.locator("summary.me").click()
    await screen.presses("Sign out")
    await screen.presses("Sign in with a passphrase instead")


async def gives_passphrase(screen: Screen, passphrase: str) -> None:
    await screen.page.get_by_label("E-mail").fill("ines.example@example.org")
    await screen.page.get_by_label("Passphrase").fill(passphrase)
    await screen.presses("Next")


async def test_an_invited_colleague_enrols_and_signs_in_each_way(building: Building) -> None:
    robin = await building.staff("Robin", "/program")
    await robin.presses("Invite somebody")
    await robin.page.get_by_label("Name", exact=True).fill("Ines Example")
    await robin.page.get_by_label("E-mail").fill("ines.example@example.org")
    await robin.page.get_by_label("Telephone").fill("(503) 555-0113")
    await robin.presses("Invite")
    invitation = robin.page.get_by_role("dialog", name="Invitation for Ines Example")
    link = await invitation.locator(".invite-link").inner_text()

    ines = await building.window("Ines")
    ines.expects(r"status of (401|422) .*/api/sign-in")
    await ines.page.goto(link)
    await expect(ines.page.get_by_role("heading", name="Welcome, Ines Example")).to_be_visible()
    assert "#" not in ines.page.url, "the invitation must not stay in the address"
    await expect(ines.page.get_by_role("img", name="Square code for the authenticator app")).to_be_visible()
    typed = await ines.page.locator(".row b.clock").inner_text()
    telephone = Authenticator(typed.replace(" ", ""))
    recovery = await ines.page.locator("ul.codes li").all_inner_texts()
    assert len(set(recovery)) >= 8

    # What is missing is said beside the field; nothing typed is lost.
    await ines.page.get_by_label("Passphrase", exact=True).fill("too short")
    await ines.presses("Finish and sign in")
    await expect(ines.page.get_by_text("6 more characters needed.")).to_be_visible()
    await expect(ines.page.get_by_text("Keep the codes first, then tick this.")).to_be_visible()
    await ines.page.get_by_label("I have kept these codes").check()
    await ines.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    await ines.page.get_by_label("The passphrase again").fill(PASSPHRASE)
    await ines.page.get_by_label("PIN for this screen").fill(OWN_PIN)
    await ines.page.get_by_label("The code your phone shows now").fill(telephone.code())
    await ines.presses("Finish and sign in")
    await expect(ines.page.get_by_role("banner")).to_contain_text("Ines Example, clinician")

    await signs_out(ines)
    await gives_passphrase(ines, "not the right passphrase at all")
    await expect(ines.page.get_by_text(re.compile("not right|not recognised|do not match"))).to_be_visible()
    await gives_passphrase(ines, PASSPHRASE)
    await ines.page.get_by_label("Code").fill(telephone.code())
    await ines.presses("Sign in")
    await expect(ines.page.get_by_role("banner")).to_contain_text("Ines Example, clinician")

    await signs_out(ines)
    await gives_passphrase(ines, PASSPHRASE)
    await ines.presses("I have no phone here: use a recovery code")
    await ines.page.get_by_label("Recovery code").fill(recovery[0])
    await ines.presses("Sign in")
    await expect(ines.page.get_by_role("banner")).to_contain_text("Ines Example, clinician")


async def test_a_screen_that_was_left_covers_the_names_and_keeps_the_alarm(
    building: Building, desk: Desk
) -> None:
    jon = await building.staff("Jon", hands_off=True)
    jon.expects("status of 423 ")
    await expect(jon.tile("Marcus T.")).to_be_visible()
    await jon.page.clock.fast_forward("15:10")
    cover = jon.page.get_by_role("dialog", name="Covered")
    await expect(cover).to_be_visible()
    # Nobody can read, click or tab to what lies under it.
    assert await jon.page.locator("#app").evaluate("(app) => app.inert")

    await desk.drops("Marcus T.")
    await expect(cover).to_contain_text(re.compile(r"Tile \d"))
    await expect(cover).to_contain_text("High")
    await expect(cover).to_contain_text("next step in")
    await expect(jon.button(re.compile("^Emergency"), cover)).to_be_visible()
    assert "Marcus" not in await cover.inner_text()
    assert "Marcus" not in await jon.page.title()

    await cover.get_by_label("Your PIN").fill("000000")
    jon.expects("status of 403 .*/api/unlock")
    await jon.presses("Show the board", cover)
    await expect(cover).to_contain_text("This PIN is not right.")
    await cover.get_by_label("Your PIN").fill(PIN)
    await jon.presses("Show the board", cover)
    await expect(cover).to_have_count(0)
    await expect(jon.alert("Marcus T.")).to_be_visible()


async def test_typed_text_waits_under_the_cover(building: Building, desk: Desk) -> None:
    jon = await building.staff("Jon", hands_off=True)
    jon.expects("status of 423 ")
    await desk.drops("Marcus T.")
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await jon.types("t")
    await jon.types("o")
    await expect(jon.page.get_by_role("region", name="Timeline")).to_be_visible()
    await jon.types("w")
    note = jon.page.get_by_label("What happened, in one or two sentences")
    await expect(note).to_be_focused()
    await note.fill("He said his router blinks red.")
    await jon.page.clock.fast_forward("15:10")
    cover = jon.page.get_by_role("dialog", name="Covered")
    await cover.get_by_label("Your PIN").fill(PIN)
    await jon.types("Enter")
    await expect(cover).to_have_count(0)
    await expect(note).to_have_value("He said his router blinks red.")
