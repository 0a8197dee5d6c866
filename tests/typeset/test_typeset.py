"""PDFs: the words that went in come out again, in a document that a screen reader can follow."""

import asyncio
import logging
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import typeset
from app.typeset import CannotTypeset, pdf
from tests.pdf_text import facts_of, words_of

TEMPLATE = """
#import "/house.typ": data, house
#show: house
#title()
#for part in data.parts [= #part.heading
  #for item in part.items [- #item
  ]
]
"""
PLAN = {
    "title": "My plan",
    "language": "en",
    "parts": [{"heading": "What helps", "items": ["A walk by the river", "Ring Elena"]}],
}


@pytest.fixture(autouse=True)
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates with the house's page and one of the test's own."""
    (tmp_path / "house.typ").write_text((typeset.TEMPLATES / "house.typ").read_text())
    (tmp_path / "trial.typ").write_text(TEMPLATE)
    monkeypatch.setattr(typeset, "TEMPLATES", tmp_path)
    return tmp_path


async def test_the_words_come_out_as_they_went_in() -> None:
    made = await pdf("trial", PLAN)
    assert made.startswith(b"%PDF-")
    said = words_of(made)
    for words in ("My plan", "What helps", "A walk by the river", "Ring Elena", "1 / 1"):
        assert words in said


async def test_a_screen_reader_finds_tags_language_and_title() -> None:
    made = await pdf("trial", {**PLAN, "title": "Mi plan", "language": "es"})
    assert facts_of(made) == {"tagged": True, "language": "es", "shows_title": True, "says_ua_1": True}
    assert b"/S/LBody" in made
    assert b"/S/H1" in made


async def test_large_print_takes_more_paper() -> None:
    long = {**PLAN, "parts": [{"heading": "What helps", "items": ["A walk by the river"] * 30}]}
    assert "1 / 1" in words_of(await pdf("trial", long))
    assert "1 / 2" in words_of(await pdf("trial", {**long, "large": True}))


async def test_what_a_person_typed_is_never_markup() -> None:
    typed = '*not bold* #read("/etc/passwd") #panic() $x$ `raw` <label> @ref \\ // comment "quoted"'
    said = words_of(await pdf("trial", {**PLAN, "parts": [{"heading": "x", "items": [typed]}]}))
    assert typed in said.replace("\n", "")


async def test_signs_without_a_font_appear_by_name() -> None:
    made = await pdf("trial", {**PLAN, "title": "Rex 🐶", "parts": [{"heading": "x", "items": ["中 ok"]}]})
    said = words_of(made)
    assert "Rex [dog face]" in said or "🐶" in said
    assert "[cjk unified ideograph-4e2d] ok" in said or "中" in said
    assert facts_of(made)["says_ua_1"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_breaks_the_page(typed: str) -> None:
    made = asyncio.run(pdf("trial", {**PLAN, "parts": [{"heading": "x", "items": [typed]}]}))
    assert facts_of(made)["says_ua_1"]
    plain = [word for word in typed.split() if word.isascii() and word.isalnum()]
    said = "".join(words_of(made).split())
    assert all(word in said for word in plain)


async def test_ids_and_dates_become_text() -> None:
    items = [UUID(int=7), date(2026, 11, 23), datetime(2026, 11, 23, 20, 4, tzinfo=UTC)]
    said = words_of(await pdf("trial", {**PLAN, "parts": [{"heading": "x", "items": items}]}))
    assert "2026-11-23 20:04:00+00:00" in said
    assert str(UUID(int=7)) in said.replace("\n", "")


async def test_the_loop_goes_on_while_a_page_is_set() -> None:
    """A call must not wait for a document."""
    parts = [{"heading": f"Part {n}", "items": ["A walk by the river"] * 40} for n in range(120)]
    work = asyncio.create_task(pdf("trial", {**PLAN, "parts": parts}))
    started, turns = time.perf_counter(), 0
    while not work.done():
        await asyncio.sleep(0.001)
        turns += 1
    taken = time.perf_counter() - started
    assert turns > taken / 0.05, f"{turns} turns of the loop in {taken:.2f} s"
    await work


@pytest.mark.parametrize("name", ["nothing_here", "../trial", "trial.typ", "", "Trial", "/etc/passwd"])
async def test_only_our_own_templates(name: str) -> None:
    with pytest.raises(CannotTypeset, match="no template"):
        await pdf(name, PLAN)


@pytest.mark.parametrize("body", ['#import "@preview/cetz:0.3.4"', "#import '@local/x:1.0.0': y"])
async def test_no_package_is_ever_fetched(trial: Path, body: str) -> None:
    (trial / "trial.typ").write_text(body)
    with pytest.raises(CannotTypeset, match="fetches no packages"):
        await pdf("trial", PLAN)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../../../etc/passwd", "/../outside.txt"])
async def test_a_template_sees_nothing_outside_its_folder(trial: Path, path: str) -> None:
    (trial.parent / "outside.txt").write_text("secret")
    (trial / "trial.typ").write_text(f'#read("{path}")')
    with pytest.raises(CannotTypeset, match="does not compile"):
        await pdf("trial", PLAN)


@pytest.mark.parametrize("missing", ["title", "language"])
async def test_a_page_for_all_needs_title_and_language(missing: str) -> None:
    with pytest.raises(CannotTypeset, match=missing):
        await pdf("trial", {**PLAN, missing: ""})


async def test_a_broken_template_says_nothing_of_what_was_printed(
    trial: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (trial / "trial.typ").write_text(TEMPLATE + "#panic(data.parts.at(0).items.at(0))")
    with caplog.at_level(logging.DEBUG), pytest.raises(CannotTypeset) as refused:
        await pdf("trial", PLAN)
    told = "".join(str(error) for error in (refused.value, refused.value.__cause__)) + caplog.text
    assert "river" not in told
