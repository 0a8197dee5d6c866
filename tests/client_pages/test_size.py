"""Check-in and companion are each under 10 kB in all, as sent without compression: a slow phone has them in a blink."""

import re

import pytest

from app.client_pages.assets import STATIC, assets, find
from tests.client_pages.conftest import Phone, Room

MOST_BYTES = 10_000
MOST_SCRIPT = 1_536


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
async def test_both_pages_are_small(room: Room, language: str) -> None:
    await room.expects("Luz", phone="+15035550166", language=language)
    phone = await room.phone_of("Luz")
    assert await whole(phone, "/c/here") < MOST_BYTES
    await phone.taps("here")
    await phone.taps("away")
    assert await whole(phone, "/c/here") < MOST_BYTES


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
