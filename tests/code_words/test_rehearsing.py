"""One logged look at a group's words for the two who run it, to rehearse them; and no word anywhere else (R12)."""

import json
import logging
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.db import seal_of
from app.journal.models import EntryDetail
from tests.code_words.conftest import Ward


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everything_set(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    await ward.chose("Ana T", "touches the left ear", "all_clear", "hand_sign")
    await ward.chose("Ben T", "turtle parade")
    ok(await ward.maya.sends("PUT", f"{ward.met.path}/pause-word", {"phrase": "yellow canoe"}))
    body = {"question": "What is on the shelf?", "answer": "A green radio."}
    ok(await ward.maya.sends("PUT", f"/api/clients/{ward.met.clients['Ana T']}/ordinary-question", body))


SECRETS = ("marble", "staircase", "turtle", "parade", "yellow", "canoe", "left ear", "green radio")


@pytest.mark.row("R12")
async def test_a_word_of_ones_own_is_set_rehearsed_by_both_staff_and_chosen_anew_after_use(
    ward: Ward,
) -> None:
    await everything_set(ward)
    before = await ward.told()
    assert [(line["name"], line["words"], line["rehearsed_at"]) for line in before["staff"]] == [
        ("Maya Example", 4, None), ("Jon Example", 4, None),
    ]  # fmt: skip

    shown = ok(await ward.shows(ward.jon))
    assert shown["shown_for_s"] == 60
    assert shown["group_pause"] == {"kind": "pause", "form": "words", "phrase": "yellow canoe"}
    assert [(one["name"], [(w["kind"], w["phrase"]) for w in one["words"]]) for one in shown["clients"]] == [
        ("Ana T", [("danger", "marble staircase"), ("all_clear", "touches the left ear")]),
        ("Ben T", [("danger", "turtle parade")]),
    ]
    assert shown["clients"][0]["question"] == "What is on the shelf? A green radio."
    told = ok(await ward.jon.post(f"{ward.met.path}/code-words/rehearsed"))
    assert [line["words"] for line in told["staff"]] == [4, 0]

    # It was used: still in force, due, and the new one has to be rehearsed by both.
    ok(await ward.maya.post(f"{ward.words_of('Ben T')}/danger/spent", why="used"))
    assert (await ward.line("Ben T"))["due"] == ["danger"]
    await ward.chose("Ben T", "copper whistle")
    assert (await ward.line("Ben T"))["due"] == []
    assert [line["words"] for line in (await ward.told())["staff"]] == [4, 1]


async def test_each_look_is_a_line_for_each_client_and_the_record_lists_it(ward: Ward) -> None:
    await everything_set(ward)
    ok(await ward.shows(ward.jon))
    ok(await ward.shows(ward.jon))
    jon = ward.clinic.people["cofacilitator"].id
    assert await ward.house.entries("code_word.revealed") == [("code_word.revealed", jon)] * 4
    looks = ok(await ward.maya.get(ward.words_of("Ana T")))["looks"]
    assert [look["name"] for look in looks] == ["Jon Example", "Jon Example"]
    known = {
        word["kind"]: word["known_by"] for word in ok(await ward.sam.get(ward.words_of("Ana T")))["words"]
    }
    assert [(one["name"], one["how"]) for one in known["danger"]] == [
        ("Maya Example", "chose"), ("Jon Example", "shown"),
    ]  # fmt: skip


async def test_a_look_wakes_no_board_and_that_the_two_know_the_words_ends_a_gap_on_each(ward: Ward) -> None:
    await everything_set(ward)
    ok(await ward.shows(ward.jon))
    ok(await ward.jon.post(f"{ward.met.path}/code-words/rehearsed"))
    rows = await ward.clinic.rows("select kind, wakes from entry where kind like 'code_word.re%'")
    assert {(row.kind, row.wakes) for row in rows} == {
        ("code_word.revealed", False), ("code_word.rehearsed", True),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["sam", "bea"])
async def test_only_the_two_who_run_it_are_shown_the_words(ward: Ward, who: str) -> None:
    """Supervisor and backup stand outside the room: they see what is set, and not what it is."""
    await everything_set(ward)
    browser = getattr(ward, who)
    assert (await ward.told(browser))["may_show"] is False
    answer = await ward.shows(browser)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_running_it")
    assert await ward.house.entries("code_word.revealed") == []


async def test_the_pin_is_asked_for_before_words_are_shown(ward: Ward) -> None:
    await everything_set(ward)
    answer = await ward.maya.http.post(f"{ward.met.path}/code-words/show", headers={"Command-Id": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "confirm_needed")


async def test_nothing_is_shown_where_nothing_is_set_and_nothing_after_the_group(ward: Ward) -> None:
    assert (await ward.told())["may_show"] is False
    assert (await ward.shows(ward.maya)).json()["code"] == "none_set"
    assert (await ward.jon.post(f"{ward.met.path}/code-words/rehearsed")).status_code == 200
    await everything_set(ward)
    assert (await ward.told())["may_show"] is True
    not_yet = await ward.jon.post(f"{ward.met.path}/code-words/rehearsed")
    assert (not_yet.status_code, not_yet.json()["code"]) == (409, "not_shown")
    ok(await ward.maya.post(f"{ward.met.path}/open"))
    ok(await ward.maya.post(f"{ward.met.path}/close"))
    assert (await ward.shows(ward.maya)).json()["code"] == "closed"


@pytest.mark.row("R12")
async def test_one_pause_serves_the_whole_group_until_somebody_else_learns_it(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    path = f"{ward.met.path}/pause-word"
    alike = await ward.jon.sends("PUT", path, {"phrase": "marble sky"})
    assert alike.status_code == 422
    told = ok(await ward.jon.sends("PUT", path, {"phrase": "hand on the heart", "form": "hand_sign"}))
    assert (told["group_pause"]["form"], told["group_pause"]["due"]) == ("hand_sign", None)
    assert all(line["pause"] for line in told["clients"])
    exposed = ok(await ward.jon.post(f"{path}/exposed"))
    assert exposed["group_pause"]["due"] == "exposed"
    assert [line["due"] for line in exposed["clients"]] == [["pause"], ["pause"]]
    [pause] = ok(await ward.maya.get(ward.words_of("Ben T")))["group_pauses"]
    assert (pause["group"], pause["due"]) == ("Evening Harbor", "exposed")
    assert ok(await ward.jon.delete(path))["group_pause"] is None


async def test_no_export_log_journal_or_answer_ever_holds_a_word(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything that can be asked for is asked for, after every kind of thing that can be done with a word."""
    caplog.set_level(logging.DEBUG)
    await everything_set(ward)
    answers = [
        await ward.chooses(ward.jon, "Ben T", "marble canoe"),
        await ward.chooses(ward.jon, "Ben T", "turtle pills"),
        await ward.chooses(ward.jon, "Ben T", "turtle", "pause"),
        await ward.maya.post(f"{ward.words_of('Ben T')}/danger/spent", why="exposed"),
        await ward.jon.post(f"{ward.met.path}/code-words/rehearsed"),
    ]
    ok(await ward.shows(ward.jon))  # the one answer that may
    answers += [
        await ward.jon.post(f"{ward.met.path}/code-words/rehearsed"),
        await ward.maya.delete(f"{ward.words_of('Ana T')}/all_clear"),
    ]
    for who in (ward.maya, ward.jon, ward.sam, ward.bea):
        for path in await _everything_to_read(ward):
            answers.append(await who.get(path))
    found = [a.request.url.path for a in answers for secret in SECRETS if secret in a.text.lower()]
    assert found == []
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("handrail"))
    assert not [secret for secret in SECRETS if secret in said.lower()]
    details = await _details(ward)
    assert len(details) > 15
    assert not [secret for secret in SECRETS for detail in details if secret in detail.lower()]


async def _everything_to_read(ward: Ward) -> list[str]:
    ids = {"client_id": ward.met.clients["Ana T"], "group_session_id": ward.met.id}
    paths = []
    for path, methods in ward.house.app.openapi()["paths"].items():
        if "get" in methods and path.startswith("/api"):
            for name, value in ids.items():
                path = path.replace("{" + name + "}", str(value))
            if "{" not in path:
                paths.append(path)
    assert len(paths) > 8
    return paths


async def _details(ward: Ward) -> list[str]:
    """The journal's own words, unsealed."""
    async with ward.house.engine.transaction(None) as db:
        rows = await db.scalars(select(EntryDetail).where(EntryDetail.program_id == ward.house.program))
        return [
            json.dumps(
                json.loads(
                    seal_of(db).open(
                        row.sealed,
                        table="entry_detail",
                        column="sealed",
                        row_id=str(row.seq),
                        program_id=row.program_id,
                    )
                ),
                ensure_ascii=False,
            )
            for row in rows
        ]
