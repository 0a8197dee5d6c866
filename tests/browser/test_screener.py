"""A program's own screener: read on the screen before it is used, and a file with a fault refused with its sentence."""

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.screens import Building
from tests.triage.test_pure import FILE

pytestmark = pytest.mark.asyncio(loop_scope="session")


def file_of(words: str) -> FilePayload:
    return {"name": "screener.yaml", "mimeType": "text/yaml", "buffer": words.encode()}


async def test_a_file_is_refused_with_a_sentence_or_read_before_it_is_used(building: Building) -> None:
    dana = await building.staff("Dana", "/program")
    dana.expects(r"status of 422")
    card = dana.page.get_by_role("region", name="Your program's screener")
    await expect(card).to_contain_text("asks in plain words")
    choose = card.get_by_label("Choose a file")
    await choose.set_input_files([file_of(FILE.replace('  "3": "words of three"\n', ""))])
    await expect(card).to_contain_text("The words of these items are missing: 3.")
    await choose.set_input_files([file_of(FILE)])
    await expect(card).to_contain_text("Read it as staff will read it")
    await expect(card).to_contain_text("Item 3, asked after a yes to 2")
    assert await dana.objections("#screener") == []
