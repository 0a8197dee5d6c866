"""Code words chosen with a client, kept, renewed, and never two alike in a group: through the routes, as staff do it."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.code_words.choosing import ALIKE_FAULT
from app.code_words.queries import WordsStanding, matches, standing
from tests.code_words.conftest import Ward
from tests.house import Browser


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer: httpx.Response, status: int = 422) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_word_is_kept_sealed_and_no_answer_says_it(ward: Ward) -> None:
    kept = await ward.chooses(ward.maya, "Ana T", "Marble Staircase")
    [word] = ok(kept)["words"]
    assert (word["kind"], word["form"], word["set_by"], word["due"]) == (
        "danger", "words", "Maya Example", None,
    )  # fmt: skip
    assert word["lasts_until"] == "2027-05-30"
    assert [(known["name"], known["how"]) for known in word["known_by"]] == [("Maya Example", "chose")]
    for answer in (kept, await ward.maya.get(ward.words_of("Ana T")), await ward.maya.get("/api/code-words")):
        assert "marble" not in answer.text.lower()
    [row] = await ward.clinic.rows("select phrase from code_word")
    assert b"arble" not in row.phrase


async def test_nobody_else_in_the_group_may_have_one_like_it_and_nobody_learns_whose_it_is(
    ward: Ward,
) -> None:
    await ward.chose("Ana T", "marble staircase")
    for phrase in ("marble cake", "the marbles", "stair case", "marvel at it", "MARBEL moon"):
        told = refused(await ward.chooses(ward.jon, "Ben T", phrase))
        assert told["fields"] == {"phrase": ALIKE_FAULT}
        assert "Ana" not in str(told)
        assert "danger" not in str(told)
    await ward.chose("Ben T", "turtle parade")


async def test_a_clients_own_words_may_not_be_alike_nor_the_new_one_like_the_old(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    refused(await ward.chooses(ward.maya, "Ana T", "marble garden", "pause"))
    refused(await ward.chooses(ward.maya, "Ana T", "marble garden", "danger"))
    await ward.chose("Ana T", "turtle parade", "pause")
    await ward.chose("Ana T", "yellow canoe", "danger")
    rows = await ward.clinic.rows(
        "select kind, phrase is null as gone, ended_why from code_word order by set_at, kind"
    )
    assert [(row.kind, row.gone, row.ended_why) for row in rows] == [
        ("danger", True, "replaced"), ("danger", False, None), ("pause", False, None),
    ] or sorted((row.kind, row.gone) for row in rows) == [("danger", False), ("danger", True), ("pause", False)]  # fmt: skip


async def test_people_who_never_share_a_group_may_have_the_same_word(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    other = await ward.sam.post("/api/groups", name="Morning Harbor")
    met = await ward.clinic.meets("Cat T", opens=False, group_id=other.json()["id"])
    ward.met.clients["Cat T"] = met.clients["Cat T"]
    await ward.chose("Cat T", "marble staircase")
    # They meet: nobody is kept out for it, and Prepare asks for one of the two to be chosen anew.
    assert (await ward.line("Ana T"))["alike"] is False
    await ward.sam.post(f"{ward.met.path}/roster", client_id=str(met.clients["Cat T"]))
    lines = (await ward.told())["clients"]
    assert sorted(line["name"] for line in lines if line["alike"]) in (["Ana T"], ["Cat T"])
    refused(await ward.chooses(ward.maya, "Cat T", "marble staircase", "pause"))
    newest = next(line["name"] for line in lines if line["alike"])
    await ward.chose(newest, "yellow canoe")
    assert not [line for line in (await ward.told())["clients"] if line["alike"]]


async def test_two_people_who_choose_at_once_cannot_choose_alike(ward: Ward) -> None:
    answers = await asyncio.gather(
        ward.chooses(ward.maya, "Ana T", "marble staircase"), ward.chooses(ward.jon, "Ben T", "marble cake")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    [row] = await ward.clinic.rows("select count(*) as n from code_word where ended_at is null")
    assert row.n == 1


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("kettle", "two to five"),
        ("green pills", "everyday words"),
        ("see you tomorrow", "by accident"),
        ("Ana kettle", "own name"),
        ("kettle 22", "letters only"),
    ],
)
async def test_what_may_not_be_chosen_is_refused_in_a_sentence(ward: Ward, phrase: str, says: str) -> None:
    told = refused(await ward.chooses(ward.maya, "Ana T", phrase))
    assert says in told["fields"]["phrase"]
    assert phrase not in str(told)


@pytest.mark.parametrize(
    "body", [{}, {"phrase": ""}, {"phrase": "x" * 81}, {"phrase": "a b", "kind": "danger"}]
)
async def test_a_body_that_is_not_as_expected_is_refused_without_repeating_it(
    ward: Ward, body: dict[str, Any]
) -> None:
    answer = await ward.maya.sends("PUT", f"{ward.words_of('Ana T')}/danger", body)
    assert answer.status_code == 422
    assert "xxx" not in answer.text


async def test_a_repeated_press_is_carried_out_once(ward: Ward) -> None:
    press = UUID(int=7)
    body = {"phrase": "marble staircase", "form": "words"}
    for _ in range(2):
        ok(await ward.maya.sends("PUT", f"{ward.words_of('Ana T')}/danger", body, press))
    assert len(await ward.house.entries("code_word.set")) == 1


async def test_a_danger_word_that_was_used_and_any_word_that_was_overheard_is_due(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    await ward.chose("Ana T", "turtle parade", "pause")
    used = ok(await ward.maya.post(f"{ward.words_of('Ana T')}/pause/spent", why="used"))
    assert {word["kind"]: word["due"] for word in used["words"]} == {"danger": None, "pause": None}
    used = ok(await ward.maya.post(f"{ward.words_of('Ana T')}/danger/spent", why="used"))
    assert {word["kind"]: word["due"] for word in used["words"]} == {"danger": "used", "pause": None}
    heard = ok(await ward.maya.post(f"{ward.words_of('Ana T')}/pause/spent", why="exposed"))
    assert {word["kind"]: word["due"] for word in heard["words"]} == {"danger": "used", "pause": "exposed"}
    listed = ok(await ward.maya.get("/api/code-words"))
    assert [(line["name"], line["kind"], line["why"]) for line in listed] == [
        ("Ana T", "danger", "used"), ("Ana T", "pause", "exposed"), ("Ben T", "danger", "missing"),
    ]  # fmt: skip
    # Choosing anew ends it.
    await ward.chose("Ana T", "yellow canoe")
    assert (await ward.line("Ana T"))["due"] == ["pause"]
    refused(await ward.maya.post(f"{ward.words_of('Ben T')}/danger/spent", why="used"), 404)


async def test_after_ninety_days_a_word_is_due(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    await ward.chose("Ben T", "turtle parade")
    ward.house.clock.move(90 * 86400)
    maya = await ward.house.signed_in(ward.clinic.people["lead"])
    listed = ok(await maya.get("/api/code-words"))
    assert [(line["name"], line["why"]) for line in listed] == [("Ana T", "age"), ("Ben T", "age")]


async def test_a_client_who_wants_no_word_any_more_has_none(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase", "all_clear")
    left = ok(await ward.maya.delete(f"{ward.words_of('Ana T')}/all_clear"))
    assert left["words"] == []
    refused(await ward.maya.delete(f"{ward.words_of('Ana T')}/all_clear"), 404)
    # What was forgotten is free for others.
    await ward.chose("Ben T", "marble staircase")


async def test_the_ordinary_question_is_kept_with_its_answer(ward: Ward) -> None:
    path = f"/api/clients/{ward.met.clients['Ana T']}/ordinary-question"
    body = {"question": "What is on the shelf?", "answer": "A green radio."}
    kept = ok(await ward.maya.sends("PUT", path, body))
    assert kept["question_set"] is True
    assert "radio" not in str(kept)
    shown = ok(await ward.maya.post(f"/api/clients/{ward.met.clients['Ana T']}/reveal"))
    assert shown["ordinary_question"] == "What is on the shelf? A green radio."
    # It is a change of the record like any other: whoever edits the record meanwhile loses nothing.
    record = await ward.maya.patch(
        f"/api/clients/{ward.met.clients['Ana T']}", version=1, pronouns="they/them"
    )
    assert record.status_code == 200, record.text
    assert record.json()["version"] == 3


async def test_readiness_and_the_quiet_way_read_them_without_a_word_inside(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    await ward.chose("Ben T", "turtle parade")
    ok(await ward.maya.sends("PUT", f"{ward.met.path}/pause-word", {"phrase": "yellow canoe"}))
    ana, ben = ward.met.clients["Ana T"], ward.met.clients["Ben T"]
    async with ward.web.transaction(ward.house.program) as db:
        assert await standing(db, ward.house.program, [ana, ben]) == {
            ana: WordsStanding(danger_set=True, pause_set=True),
            ben: WordsStanding(danger_set=True, pause_set=True),
        }
        assert await matches(db, ana, "we could look at the marbel stairs case") == "danger"
        assert await matches(db, ana, "a yellow canoe would be nice") == "pause"
        # Only their own: another client's word says nothing in their mouth.
        assert await matches(db, ana, "there is a turtle parade on") is None
        assert await matches(db, ben, "there is a turtle parade on") == "danger"
    async with ward.web.transaction(ward.house.programs["Elsewhere"]) as db:
        assert await matches(db, ana, "marble staircase") is None


@pytest.mark.parametrize("who", ["nobody", "administrator", "a stranger", "another program"])
async def test_nobody_without_a_part_in_it_reads_or_chooses(ward: Ward, who: str) -> None:
    await ward.chose("Ana T", "marble staircase")
    browser = await _outsider(ward, who)
    status = {"nobody": 401, "administrator": 403, "a stranger": 404, "another program": 404}[who]
    words = ward.words_of("Ana T")
    question = f"/api/clients/{ward.met.clients['Ana T']}/ordinary-question"
    for method, path, body in (
        ("GET", words, None),
        ("PUT", f"{words}/danger", {"phrase": "yellow canoe"}),
        ("DELETE", f"{words}/danger", None),
        ("POST", f"{words}/danger/spent", {"why": "used"}),
        ("PUT", question, {"question": "What is on the shelf?"}),
    ):
        answer = await browser.sends(method, path, body)
        assert answer.status_code == status, (method, path, answer.text)
    for method, path, body in (
        ("GET", "code-words", None),
        ("POST", "code-words/show", {}),
        ("POST", "code-words/rehearsed", {}),
        ("PUT", "pause-word", {"phrase": "yellow canoe"}),
        ("DELETE", "pause-word", None),
        ("POST", "pause-word/exposed", {}),
    ):
        answer = await browser.sends(method, f"{ward.met.path}/{path}", body)
        assert answer.status_code == (401 if who == "nobody" else 404), (method, path, answer.text)
    [row] = await ward.clinic.rows("select count(*) as n from code_word")
    assert row.n == 1


async def _outsider(ward: Ward, who: str) -> Browser:
    match who:
        case "nobody":
            return await ward.house.browser()
        case "administrator":
            return await ward.house.staff("Ruth Alvarez", "administrator")
        case "a stranger":
            return await ward.house.staff("Ida Noone", "clinician")
        case _:
            return await ward.house.staff("Sol Vega", "supervisor", "clinician", program="Elsewhere")


async def test_nobody_finds_others_words_by_trying(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    tried = [(await ward.chooses(ward.jon, "Ben T", "marble kettle")).status_code for _ in range(41)]
    assert tried == [422] * 40 + [429]
    # It counts per person, and it ends.
    assert (await ward.chooses(ward.maya, "Ben T", "turtle parade")).status_code == 200
    ward.house.clock.move(15 * 60)
    jon = await ward.house.signed_in(ward.clinic.people["cofacilitator"])
    assert (await ward.chooses(jon, "Ben T", "yellow canoe")).status_code == 200
