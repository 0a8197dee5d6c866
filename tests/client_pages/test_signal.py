"""The quiet way (B8): nothing shows on the page, staff see a possible signal, and a person answers it."""

import re

import httpx
import pytest
from sqlalchemy import select

from app.board.people import people
from app.client_pages import beats
from app.code_words.models import CodeWord
from app.db import conceal, new_id, reveal
from app.group_sessions.models import ClientNote
from app.group_sessions.signals import ClientSignal
from tests.client_pages.conftest import Phone, Room

BEAT = "/c/beat"


async def marks(room: Room) -> list[str]:
    async with room.house.engine.transaction(room.program) as db:
        found = await people(db, room.program, meetings=[room.meeting_id])
        return [mark.text for person in found for mark in person.tile.marks if mark.kind == "signal"]


async def says(phone: Phone, word: str) -> httpx.Response:
    return await phone.http.post(BEAT, content=word)


async def answers(room: Room, given: str) -> int:
    staff = await room.staff(room.jon)
    return (await staff.post(room.staff_path("Ana", "signal"), answer=given)).status_code


@pytest.mark.parametrize(("plain", "quiet"), [("1", "3"), ("0", "2"), ("bye", "byq")])
async def test_the_answer_to_a_quiet_signal_is_that_of_every_beat(room: Room, plain: str, quiet: str) -> None:
    phone = await room.companion_of("Ana")
    usual, signalled = await says(phone, plain), await says(phone, quiet)
    assert len(plain) == len(quiet)
    assert (usual.status_code, usual.content) == (signalled.status_code, signalled.content)
    headers = [dict(answer.headers) for answer in (usual, signalled)]
    assert headers[0] == headers[1]
    assert room.ear.words[0] == room.ear.words[1], "it beats like any other"
    assert await marks(room) == ["Possible quiet signal"]
    before = await phone.page()
    assert "ossible" not in before
    kinds = [(kind, detail) for kind, detail in await room.journal() if kind == "client.signalled"]
    assert kinds == [("client.signalled", {"source": "page", "possible": "quiet"})]


def without_command(page: str) -> str:
    """Each page holds a fresh command of its own, which is all that may differ."""
    return re.sub(r'name="command" value="[^"]+"', "", page)


@pytest.mark.row("P17")
async def test_neither_the_signal_nor_their_word_nor_the_answer_of_staff_changes_their_page(
    room: Room,
) -> None:
    word = CodeWord(
        program_id=room.program,
        id=new_id(),
        client_id=room.clients["Ana"],
        kind="danger",
        set_at=room.house.clock.now(),
        set_by=room.maya.id,
    )
    async with room.house.engine.transaction(None) as db:
        conceal(db, word, "phrase", "purple kettle")
        db.add(word)
    phone = await room.companion_of("Ana")
    before = without_command(await phone.page())
    await says(phone, "3")
    assert without_command(await phone.page()) == before
    plain = await phone.presses("/c/note", command=await phone.command(), note="See you on Monday.")
    noted = await phone.presses("/c/note", command=await phone.command(), note="Is the purple kettle on?")
    assert (plain.status_code, plain.headers["location"]) == (noted.status_code, noted.headers["location"])
    assert without_command(await phone.page()) == before
    assert await marks(room) == ["Possible danger word in a note"], "staff see it, and nobody hears it (R14)"
    assert await answers(room, "danger") == 200
    assert without_command(await phone.page()) == before


async def test_a_signal_said_again_is_one_and_a_later_one_counts(room: Room) -> None:
    phone = await room.companion_of("Ana")
    for _ in range(3):
        await says(phone, "3")
    room.house.clock.move(40)
    await says(phone, "3")
    [row] = await room.rows(ClientSignal)
    assert row.times == 2
    assert [kind for kind, _ in await room.journal()].count("client.signalled") == 2


@pytest.mark.parametrize("given", ["danger", "pause", "not_meant"])
async def test_a_person_answers_it_and_the_next_one_is_new(room: Room, given: str) -> None:
    phone = await room.companion_of("Ana")
    assert await answers(room, given) == 409
    await says(phone, "3")
    assert await answers(room, given) == 200
    assert await marks(room) == []
    assert ("client.signal_answered", {"answer": given, "possible": "quiet", "times": 1}) in (
        await room.journal()
    )
    await says(phone, "3")
    assert await marks(room) == ["Possible quiet signal"]
    assert len(await room.rows(ClientSignal)) == 2


async def test_only_those_of_the_group_may_answer(room: Room) -> None:
    await says(await room.companion_of("Ana"), "3")
    other = await room.house.signed_in(await room.house.add_person("Sol Other", "clinician"))
    assert (await other.post(room.staff_path("Ana", "signal"), answer="not_meant")).status_code == 404
    staff = await room.staff(room.maya)
    assert (await staff.post(room.staff_path("Ana", "signal"), answer="ignore")).status_code == 422
    assert await marks(room) == ["Possible quiet signal"]


async def test_a_device_that_waits_or_a_stranger_signals_nothing(room: Room) -> None:
    stranger = await room.phone()
    assert (await says(stranger, "3")).status_code == 401
    path = await room.link_for("Ana")
    first, second = await room.phone(), await room.phone()
    await first.presses(path)
    await second.presses(path)
    assert (await says(second, "3")).json() == {"state": "ended"}
    assert await room.rows(ClientSignal) == []


@pytest.mark.parametrize(
    ("kind", "note", "shown"),
    [
        ("danger", "Is the purple kettle still on?", ["Possible danger word in a note"]),
        ("pause", "is the PURPLE KETTLE on", ["Possible pause word in a note"]),
        ("all_clear", "purple kettle", []),
        ("danger", "the kettle is purple", []),
    ],
)
async def test_their_own_word_in_a_private_note_is_possible_until_a_person_taps(
    room: Room, kind: str, note: str, shown: list[str]
) -> None:
    """R13; and an all-clear by text never counts (R3)."""
    await keeps_word(room, kind, "purple kettle")
    phone = await room.companion_of("Ana")
    await phone.taps("note", note=note)
    assert await marks(room) == shown
    written = str(await room.journal()).lower()
    assert "kettle" not in written
    assert "kettle" not in " ".join(await kept_notes(room)).lower() or not shown
    page = (await phone.opens("/c/here?said=note")).text
    assert "Sent." in page
    assert "danger word" not in page.lower()


async def test_a_weightier_word_is_not_hidden_by_a_press_before_or_after_it(room: Room) -> None:
    await keeps_word(room, "danger", "purple kettle")
    phone = await room.companion_of("Ana")
    await says(phone, "3")
    await phone.taps("note", note="the purple kettle")
    assert await marks(room) == ["Possible danger word in a note"]
    room.house.clock.move(60)
    await says(phone, "3")
    assert await marks(room) == ["Possible danger word in a note"]


async def kept_notes(room: Room) -> list[str]:
    async with room.house.engine.transaction(room.program) as db:
        return [reveal(db, note, "words") or "" for note in await db.scalars(select(ClientNote))]


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("Is the purple kettle still on? He has a knife", ["Is the … still on? He has a knife"]),
        ("purple kettle", []),
        ("purplekettle please", ["… please"]),
        ("pur ple kettle, he is here", ["… he is here"]),
        ("the kettle is purple", ["the kettle is purple"]),
    ],
)
async def test_of_a_note_with_their_word_the_rest_is_kept_for_the_two_and_the_word_nowhere(
    room: Room, note: str, kept: list[str]
) -> None:
    await keeps_word(room, "danger", "purple kettle")
    await (await room.companion_of("Ana")).taps("note", note=note)
    assert await kept_notes(room) == kept


async def test_a_possible_danger_word_is_never_hidden_by_a_pause(room: Room) -> None:
    await keeps_word(room, "pause", "green ladder")
    await keeps_word(room, "danger", "purple kettle")
    phone = await room.companion_of("Ana")
    for note in ("a green ladder", "a purple kettle", "a green ladder"):
        await phone.taps("note", note=note)
        room.house.clock.move(40)
    assert await marks(room) == ["Possible danger word in a note"]


async def keeps_word(room: Room, kind: str, phrase: str) -> None:
    async with room.house.engine.transaction(room.program) as db:
        row = CodeWord(
            program_id=room.program,
            id=new_id(),
            client_id=room.clients["Ana"],
            kind=kind,
            set_at=room.house.clock.now(),
            set_by=room.maya.id,
        )
        conceal(db, row, "phrase", phrase)
        db.add(row)


def test_every_quiet_word_is_as_long_as_the_one_it_stands_for() -> None:
    assert all(len(quiet) == len(plain) for quiet, plain in beats.QUIETLY.items())
