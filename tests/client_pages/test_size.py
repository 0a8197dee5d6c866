"""The check-in is under 10 kB in all, as sent without compression: a slow phone has it in a blink. The companion comes
after it, when style, script and icon are in the phone already: it has a bar of its own."""

import re

import pytest

from app.client_pages import pages, shown
from app.client_pages.assets import STATIC, assets, find
from app.client_pages.words import words_in
from app.grounding.texts import EXERCISES
from tests.client_pages.conftest import Phone, Room
from tests.house import BASE

MOST_BYTES = 10_000
MOST_AFTER = 7_000
MOST_SCRIPT = 2_048
MOST_SHOWN = 2_500


async def whole(phone: Phone, address: str) -> int:
    shown = await phone.opens(address)
    total = len(shown.content)
    linked = set(re.findall(r'(?:href|src)="(/c/a/[^"]+)"', shown.text))
    assert len(linked) == 3
    for path in linked:
        part = await phone.opens(path)
        assert part.status_code == 200
        assert "immutable" in part.headers["cache-control"]
        total += len(part.content)
    return total


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("minor", [False, True])
async def test_the_check_in_is_small_in_all_and_the_page_after_it_adds_little(
    room: Room, language: str, minor: bool
) -> None:
    await room.expects("Luz", phone="+15035550166", language=language, minor=minor)
    phone = await room.phone_of("Luz")
    assert await whole(phone, "/c/here") < MOST_BYTES
    await phone.taps("here")
    await phone.taps("away")
    assert len((await phone.opens("/c/here")).content) < MOST_AFTER


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_staff_put_on_a_page_adds_little_to_it(language: str) -> None:
    """The piece and its style; the script that fetches it is in the phone already."""
    words = words_in(language)
    for kind in EXERCISES:
        piece = pages.render("shown.html", words, BASE, shown=shown.exercise(words, kind))
        assert len(piece.body) + len(assets()["more.css"].content) < MOST_SHOWN, kind


def test_the_script_is_small_and_has_no_inline_sisters() -> None:
    assert len(assets()["page.js"].content) <= MOST_SCRIPT
    for template in (STATIC.parent / "templates").iterdir():
        source = template.read_text()
        assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=", source), template.name


def test_an_asset_is_found_by_its_content_only() -> None:
    for asset in assets().values():
        assert find(asset.name) == asset
    assert find("page.js") is None
    assert find("../routes.py") is None
