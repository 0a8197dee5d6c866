"""No code word leaves: every route of the whole app is asked by those who may, and only a logged look answers with one."""

import json
import logging

import httpx
import pytest
from sqlalchemy import select, text

from app.db import seal_of
from app.journal.models import EntryDetail
from tests.faults.test_every_route import Place, _asks, _staff_routes, place
from tests.house import Browser
from tests.pdf_text import words_of

__all__ = ["place"]

# The words, and pieces of them: a part that can be heard is a word, too.
CHOSEN = {"danger": "marble staircase", "pause": "yellow canoe", "all_clear": "copper whistle"}
SIGN = "touches the left ear"
SECRETS = ("marble", "staircase", "yellow", "canoe", "copper", "whistle", "left ear")
LOOKS = ("/code-words/show", "/incidents/{incident_id}/code-words")


async def _chosen(place: Place, jon: Browser) -> None:
    words = f"/api/clients/{place.ids['client_id']}/code-words"
    for kind, phrase in CHOSEN.items():
        answer = await jon.sends("PUT", f"{words}/{kind}", {"phrase": phrase, "form": "words"})
        assert answer.status_code == 200, answer.text
    meeting = f"/api/group-sessions/{place.ids['group_session_id']}"
    answer = await jon.sends("PUT", f"{meeting}/pause-word", {"phrase": SIGN, "form": "hand_sign"})
    assert answer.status_code == 200, answer.text
    # Refusals too, which know what was typed.
    for phrase in ("marble canoe", "yellow pills", "copper", "left ear and yellow 22"):
        refused = await jon.sends("PUT", f"{words}/danger", {"phrase": phrase, "form": "words"})
        assert refused.status_code == 422
        assert not _found(refused)
    assert (await jon.post(f"{words}/danger/spent", why="exposed")).status_code == 200


def _found(answer: httpx.Response) -> list[str]:
    """Secrets in what was answered, in its headers and its address; in a PDF, in the words that a person reads."""
    pdf = answer.content.startswith(b"%PDF")
    body = words_of(answer.content) if pdf else answer.content.decode("utf-8", "replace")
    said = f"{body} {answer.headers} {answer.url}".casefold()
    return [secret for secret in SECRETS if secret in said]


async def test_no_route_but_a_logged_look_answers_with_a_code_word(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    jon, dana = (await place.world.screen("Jon")).browser, (await place.world.screen("Dana")).browser
    await _chosen(place, jon)
    routes = _staff_routes(place)
    assert sum(path.endswith(LOOKS) for _, path, _ in routes) == 2
    # Reading first: what changes something may end what could have been read.
    reading = [route for route in routes if route[0] == "GET"]
    asking = [route for route in routes if route[0] == "POST" and not route[1].endswith(LOOKS)]
    found = {}
    for who in (jon, dana):
        for method, path, body in reading + (asking if who is jon else []):
            answer = await _asks(who, place, method, path, body)
            assert answer.status_code < 500, (method, path, answer.text)
            if secrets := _found(answer):
                found[method, path] = secrets
    assert found == {}

    lines = "\n".join(
        f"{record.getMessage()} {record.args}"
        for record in caplog.records
        if not record.name.startswith(("httpx", "asyncio"))
    ).casefold()
    assert not [secret for secret in SECRETS if secret in lines]
    details = await _details(place)
    assert any("kinds" in detail or '"kind"' in detail for detail in details)
    assert not [secret for secret in SECRETS for detail in details if secret in detail.casefold()]
    assert await _tables_with_a_word(place) == []


async def test_a_search_for_a_word_finds_nobody(place: Place) -> None:
    jon = (await place.world.screen("Jon")).browser
    await _chosen(place, jon)
    for phrase in (*CHOSEN.values(), *SECRETS, SIGN):
        found = await jon.post("/api/clients/search", words=phrase)
        assert (found.status_code, found.json()["rows"]) == (200, [])
    assert (await jon.post("/api/clients/search", words="Ana")).json()["rows"]


async def _details(place: Place) -> list[str]:
    """The journal's own words, unsealed."""
    async with place.world.house.engine.transaction(None) as db:
        rows = (await db.scalars(select(EntryDetail))).all()
        opened = [
            seal_of(db).open(
                row.sealed,
                table="entry_detail",
                column="sealed",
                row_id=str(row.seq),
                program_id=row.program_id,
            )
            for row in rows
        ]
    return [json.dumps(json.loads(one), ensure_ascii=False) for one in opened]


async def _tables_with_a_word(place: Place) -> list[str]:
    """Whatever lies in the database in clear, of every table."""
    found = []
    async with place.world.house.engine.transaction(None) as db:
        names = await db.scalars(text("select tablename from pg_tables where schemaname = 'public'"))
        for name in set(names) - {"alembic_version"}:
            rows = await db.execute(text(f'select t::text as line from "{name}" t'))  # noqa: S608
            held = " ".join(row.line for row in rows).casefold()
            found += [name for secret in SECRETS if secret in held or secret.encode().hex() in held]
    return found
