"""The page of somebody whom a client trusts: exactly what was chosen, behind a code to their own number."""

import html
import re

import pytest
from sqlalchemy import text

from app.caregiver_pages.door import CODES_PER_DAY, WRONG_PER_CODE
from app.client_pages.tokens import new_token
from app.db import new_id
from app.journal.kinds import QUIET, Kind
from app.places.actions import add_line
from app.places.views import NewLine
from app.staff.models import Program
from tests.caregiver_pages.conftest import Home
from tests.clients.test_records import ok

GONE = "This link has ended, or belongs to another device."


def words(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


@pytest.mark.row("F2", "F4", "F5", "F6", "F7", "Q4")
async def test_a_sister_reads_what_was_chosen_and_how_to_help_and_nothing_of_the_sessions(home: Home) -> None:
    link = await home.shares(when="Ring Ida when I do not answer twice")
    ida = await home.opened(link)
    answer = await ida.opens("/c/f/here")
    assert answer.status_code == 200
    said = words(answer.text)
    # F2: the plan, as chosen and no further.
    assert "Ring me and talk about the garden" in said
    assert "I stop answering Ida" in said
    assert "Only for Sam" not in said
    # F4: when they may be contacted, in the client's words and ours.
    assert "Ring Ida when I do not answer twice" in said
    assert "a person of our team may ring you. Never a machine." in said
    # F5, F6, F7: words that help, when it heats up, making home safer.
    for heading in ("Words that help", "When it heats up", "Making home safer", "Looking after yourself"):
        assert heading in said
    # Q4: nothing of the sessions, the group, the treatment or other people.
    lower = said.lower()
    for never in (
        "group",
        "session",
        "therap",
        "clinic",
        "diagnos",
        "tier",
        "handrail",
        "marcus",
        "treatment",
    ):
        assert never not in lower, never
    assert "988" in said
    assert "It follows your own phone" in said


@pytest.mark.row("F8")
async def test_help_near_them_stands_on_their_page_too(home: Home) -> None:
    async with home.house.engine.transaction(home.house.program) as db:
        for kind, agency in (
            ("hotline", "Harbor warm line"), ("mobile_crisis", "Harbor crisis team"), ("urgent_care", "Harbor walk-in"),
            ("dispatch", "Harbor dispatch"),
        ):  # fmt: skip
            given = NewLine(
                kind=kind, agency=agency, area="Harbor City, OR", country="US", number="+15035550121", source="invented"
            )  # fmt: skip
            await add_line(db, home.house.program, home.sam.me.id, given, new_id())  # type: ignore[union-attr]
        program = await db.get_one(Program, home.house.program)
        program.after_hours_number = "+15035550199"
    ida = await home.opened(await home.shares())
    said = words((await ida.opens("/c/f/here")).text)
    for wanted in (
        "Help near you",
        "Harbor warm line: +1 503-555-0121",
        "Harbor crisis team",
        "Harbor walk-in",
        "988",
    ):
        assert wanted in said
    assert "Outside office hours +1 503-555-0199" in said
    assert "Harbor dispatch" not in said, "staff ring dispatch, and read the place to them"


async def test_it_speaks_spanish_where_they_do(home: Home) -> None:
    link = await home.shares(language="es")
    ida = await home.opened(link)
    assert any("su código es" in sent for sent in await home.texts())
    page = (await ida.opens("/c/f/here")).text
    assert '<html lang="es">' in page
    assert "Gracias por estar ahí para Ana" in words(page)
    assert "Lo que más me ayuda cuando estoy mal" in words(page)
    english = (await ida.opens("/c/f/here?lang=en")).text
    assert "Thank you for being there for Ana" in words(english)
    assert "Thank you for being there" in words((await ida.opens("/c/f/here")).text), "the choice stays"


async def test_a_link_that_is_only_fetched_does_nothing(home: Home) -> None:
    link = await home.shares()
    preview = await home.family()
    for _ in range(3):
        shown = await preview.opens(link)
        assert shown.status_code == 200
        assert "Ana" not in shown.text
    assert await home.texts() == []
    assert "set-cookie" not in shown.headers
    assert await home.house.entries(Kind.copy_code_sent) == []


async def test_the_code_goes_to_the_number_on_the_record_and_says_nothing_else(home: Home) -> None:
    link = await home.shares(send=True)
    ida = await home.family()
    await ida.presses(link)
    sent = await home.texts()
    assert [placed.number for placed in home.phones.sent] == ["+15035550111"] * 2
    assert link in sent[0]
    for one in sent:
        for never in ("Ana", "Ida", "plan", "crisis", "group", "Handrail"):
            assert never not in one
    assert "Your code" in (await ida.opens("/c/f/code")).text
    async with home.house.engine.transaction(None) as db:
        kept = (await db.execute(text("select words, status from plain_text"))).all()
    # The code is gone from our side as soon as it has left.
    assert [(row.words, row.status) for row in kept] == [(None, "sent")] * 2


async def test_guessed_ended_expired_and_revoked_links_all_look_alike(home: Home) -> None:
    guessed = f"/c/f/{new_token(home.house.program)}"
    ended = await home.shares()
    [copy] = (await home.copies())["copies"]
    ok(await home.sam.post(f"{home.path}/copies/{copy['id']}/end"))
    expired = await home.shares(days=1)
    home.house.clock.move(86_401)
    await home.sam.signs_in(home.sam.me)  # type: ignore[arg-type]
    pages = []
    for link in (guessed, ended, expired, "/c/f/short", f"/c/f/{'A' * 54}", "/c/f/%00"):
        stranger = await home.family()
        answer = await stranger.presses(link)
        assert answer.status_code == 404, link
        assert "set-cookie" not in answer.headers
        pages.append(answer.text)
    revoked = await home.shares()
    record = ok(await home.sam.get(home.path))
    release = record["releases"][-1]["id"]
    ok(await home.sam.patch(f"{home.path}/releases/{release}", revoked=True))
    pages.append((await (await home.family()).presses(revoked)).text)
    assert len(set(pages)) == 1
    assert GONE in pages[0]
    assert "Ana" not in pages[0]
    assert await home.texts() == []


async def test_revoking_shuts_a_page_that_is_open(home: Home) -> None:
    ida = await home.opened(await home.shares())
    assert (await ida.opens("/c/f/here")).status_code == 200
    record = ok(await home.sam.get(home.path))
    ok(await home.sam.patch(f"{home.path}/releases/{record['releases'][-1]['id']}", revoked=True))
    shut = await ida.opens("/c/f/here")
    assert shut.status_code == 404
    assert GONE in shut.text
    assert (await home.copies())["copies"][0]["state"] == "not_allowed"


async def test_each_part_stands_on_its_own_release(home: Home) -> None:
    ida = await home.opened(await home.shares())
    record = ok(await home.sam.get(home.path))
    await home.releases(covers=["caregiver_coaching"])
    ok(await home.sam.patch(f"{home.path}/releases/{record['releases'][-1]['id']}", revoked=True))
    said = words((await ida.opens("/c/f/here")).text)
    assert "Words that help" in said
    assert "garden" not in said


async def test_a_removed_or_barred_person_reads_nothing(home: Home) -> None:
    ida = await home.opened(await home.shares())
    barred = await home.sam.post(f"{home.path}/do-not-contact", name="Ida Testperson", reason="unsafe")
    ok(barred)
    assert (await ida.opens("/c/f/here")).status_code == 404


async def test_a_wrong_code_opens_nothing_and_guessing_ends(home: Home) -> None:
    link = await home.shares()
    ida = await home.family()
    await ida.presses(link)
    right = await home.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(WRONG_PER_CODE):
        answer = await ida.presses("/c/f/code", code=wrong)
        assert answer.status_code == 422
        assert "does not open the page" in answer.text
    # Now even the right one is of no use: a new code has to be asked for.
    assert (await ida.presses("/c/f/code", code=right)).status_code == 422
    home.house.clock.move(31)
    await ida.presses("/c/f/code", again="1")
    assert (await ida.presses("/c/f/code", code=await home.code())).status_code == 303
    assert len(await home.house.entries(Kind.copy_code_wrong)) == WRONG_PER_CODE


async def test_a_code_works_once_for_ten_minutes_on_the_device_that_asked(home: Home) -> None:
    link = await home.shares()
    ida, thief = await home.family(), await home.family()
    await ida.presses(link)
    code = await home.code()
    assert (await thief.presses("/c/f/code", code=code)).status_code == 404
    home.house.clock.move(601)
    assert (await ida.presses("/c/f/code", code=code)).status_code == 422
    await home.opened(link, ida)
    assert (await ida.presses("/c/f/code", code=code)).status_code == 404
    assert (await thief.opens("/c/f/here")).status_code == 404
    # Half a day later they prove their number again.
    home.house.clock.move(12 * 3600 + 1)
    assert (await ida.opens("/c/f/here")).status_code == 404


async def test_nobody_is_flooded_with_codes(home: Home) -> None:
    link = await home.shares()
    ida = await home.family()
    for _ in range(4):
        await ida.presses(link)
    assert len(await home.texts()) == 1, "one press after the other is one text"
    for _ in range(CODES_PER_DAY + 3):
        home.house.clock.move(31)
        await ida.presses(link)
        await home.texts()
    assert len(await home.texts()) == CODES_PER_DAY


async def test_the_access_log_counts_each_look(home: Home) -> None:
    ida = await home.opened(await home.shares())
    await ida.opens("/c/f/here")
    await ida.opens("/c/f/here")
    [copy] = (await home.copies())["copies"]
    assert copy["opened_times"] == 2
    assert copy["opened_at"] is not None
    assert len(await home.house.entries(Kind.copy_opened)) == 2
    assert Kind.copy_opened in QUIET


async def test_they_confirm_their_details_in_one_press(home: Home) -> None:
    ida = await home.opened(await home.shares())
    assert "ends in 11" in words((await ida.opens("/c/f/here")).text)
    answer = await ida.presses("/c/f/details", right="yes")
    assert answer.headers["location"] == "/c/f/here#details"
    assert "Thank you, we have your answer." in words((await ida.opens("/c/f/here")).text)
    found = await home.copies()
    assert found["copies"][0]["confirmed_at"] is not None
    assert found["proposals"] == []


async def test_a_correction_waits_for_staff_and_then_counts(home: Home) -> None:
    ida = await home.opened(await home.shares())
    await ida.presses("/c/f/details", number="503 555 0199", language="es", times="not before nine")
    record = ok(await home.sam.get(home.path))
    assert record["contacts"][0]["last2"] == "11", "nothing changes by itself"
    assert len(await home.house.entries(Kind.task_opened)) == 1
    await ida.presses("/c/f/details", number="503 555 0199", language="es", times="not before nine")
    assert len(await home.house.entries(Kind.task_opened)) == 1, (
        "one task, however often they correct themselves"
    )
    [waiting] = (await home.copies())["proposals"]
    assert (waiting["number"], waiting["language"], waiting["times"]) == (
        "+15035550199",
        "es",
        "not before nine",
    )
    answer = ok(await home.sam.post(f"{home.path}/copies/proposals/{waiting['id']}", accept=True))
    assert answer["proposals"] == []
    record = ok(await home.sam.get(home.path))
    assert (record["contacts"][0]["last2"], record["contacts"][0]["language"]) == ("99", "es")
    again = await home.sam.post(f"{home.path}/copies/proposals/{waiting['id']}", accept=False)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("fields", "say"),
    [
        ({"number": "911"}, "check this number"),
        ({"number": "abc"}, "check this number"),
        ({"times": ""}, "what should be different"),
        ({"times": "x" * 201}, "too long"),
        ({"language": "xx"}, "what should be different"),
    ],
)
async def test_a_correction_that_cannot_be_is_explained_and_nothing_typed_is_lost(
    home: Home, fields: dict[str, str], say: str
) -> None:
    ida = await home.opened(await home.shares())
    answer = await ida.presses("/c/f/details", **fields)
    assert answer.status_code == 422
    assert say in words(answer.text)
    if fields.get("number"):
        assert f'value="{fields["number"]}"' in answer.text
    assert (await home.copies())["proposals"] == []


async def test_pages_are_small_closed_and_without_script(home: Home) -> None:
    ida = await home.opened(await home.shares())
    for path in ("/c/f/here", "/c/f/code", await home.shares()):
        answer = await ida.opens(path)
        assert len(answer.content) < 14_000
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "noindex" in answer.headers["x-robots-tag"]


async def test_foreign_pages_press_nothing(home: Home) -> None:
    link = await home.shares()
    ida = await home.family()
    answer = await ida.http.post(link, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert await home.texts() == []
