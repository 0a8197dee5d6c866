"""A code word is signalled: by a tap, by the quiet way, by a text. Our people know at once; nobody near the client does."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from app.calls import inbound
from app.calls.models import PlainText, SimulatedCall
from app.calls.staff_texts import LOOK
from app.client_pages.shown import Shown
from app.clients.models import Client, ClientPhone
from app.code_words.models import CodeWord
from app.group_sessions.models import GroupSession
from app.journal.wake import LocalWake
from tests.stories.protocols import answers, open_keys, publish, run_of, step_of
from tests.stories.screens import Companion, Phone, Screen
from tests.stories.test_code_words import chooses
from tests.stories.test_concerns import card_of, raises, tries
from tests.stories.world import World

ANAS = "+14065550101"


async def says(page: Companion, word: str = "3") -> None:
    """The quiet way: one beat of the page that is as long as any other."""
    page.world.house.app.state.shown = Shown(page.world.house.database, LocalWake())
    assert (await page.http.post("/c/beat", content=word)).status_code == 200


async def shown(page: Companion) -> str:
    """The page, but for the command that is fresh in each."""
    answer = await page.http.get("/c/here")
    return re.sub(r'name="command" value="[^"]+"', "", answer.text)


async def names_it(screen: Screen, name: str, what: str) -> str | None:
    world = screen.world
    path = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients[name]}/signal"
    answer = await screen.browser.post(path, answer=what)
    assert answer.status_code == 200, answer.text
    await world.settle()
    made: str | None = answer.json()["incident_id"]
    if made:
        world.expected_alerts.add(UUID(made))
    return made


async def texts(world: World, body: str, message: str = "SM1", number: str = ANAS) -> None:
    """To the program's number, as the provider hands it on."""
    async with world.house.database.transaction(world.program_id) as db:
        await inbound.text(db, world.program_id, number, message, body)
    await world.settle()


async def told_to_look(world: World) -> list[str]:
    """The phones that were told, by their last two digits. The story expected it."""
    for _ in range(2):
        # One text a second leaves.
        await world.engine.send_plain_texts()
        await world.pass_time(1)
    async with world.house.engine.transaction(None) as db:
        found = list(await db.scalars(select(SimulatedCall).where(SimulatedCall.channel == "text")))
    fresh = [row for row in found if row.words == LOOK and row.id not in world.expected]
    world.expected |= {row.id for row in fresh}
    return [row.last2 for row in fresh]


async def rung_to_look(world: World) -> list[SimulatedCall]:
    """The phones that ring outside of any incident. The story expected it."""
    for _ in range(2):
        # One call a second starts.
        await world.engine.send_plain_texts()
        await world.pass_time(1)
    async with world.house.engine.transaction(None) as db:
        plain = select(PlainText.id).where(PlainText.channel == "call")
        found = list(await db.scalars(select(SimulatedCall).where(SimulatedCall.attempt_id.in_(plain))))
    fresh = [row for row in found if row.id not in world.expected]
    world.expected |= {row.id for row in fresh}
    return fresh


async def client_of(world: World, name: str) -> Client:
    async with world.house.engine.transaction(None) as db:
        return await db.get_one(Client, (world.program_id, world.clients[name]))


async def word_of(world: World, name: str) -> CodeWord:
    async with world.house.engine.transaction(None) as db:
        found = await db.scalars(
            select(CodeWord).where(CodeWord.client_id == world.clients[name], CodeWord.kind == "danger")
        )
        return found.one()


async def nothing_holds(world: World, *said: str) -> None:
    """No column of any table has these words in it, in clear."""
    async with world.house.engine.transaction(None) as db:
        tables = (await db.scalars(text("select tablename from pg_tables where schemaname = 'public'"))).all()
        for table in tables:
            kept = (await db.scalars(text(f'select t::text from "{table}" t'))).all()  # noqa: S608 - its own list
            assert not [row for row in kept if any(word in row for word in said)], table


async def test_a_tap_on_danger_opens_it_at_once_and_pages_our_own_people_alone(world: World) -> None:
    await publish(world, "code-word")
    await world.client("Ana", tier="none", ends=("01", "02"))
    page, jon, dana = await world.companion("Ana"), await world.screen("Jon"), await world.screen("Dana")
    before = await shown(page)
    incident = await raises(jon, "Ana", "danger")
    card = await card_of(dana, incident)
    assert (card["headline"], card["tier"]) == ("Ana R. used their danger word", "high")
    assert not (await dana.tile("Ana"))["assessed"], "a press is no assessment (R12)"
    run = (await jon.page_of(incident))["runs"][0]
    assert (run["protocol"], sorted(open_keys(run))) == (
        "code-word",
        ["ordinary-talk", "place-card", "quiet-page"],
    ), "which word it was is not asked again"
    await world.pass_time(6)
    await world.rings("Dana")
    assert await shown(page) == before, "nothing changes on the client's page"
    lines = [line["text"] for line in (await jon.page_of(incident))["timeline"]]
    assert lines[0] == "Jon Bell raised a concern: their danger word. Tier high."
    await world.pass_time(300)
    await world.never_rang("Ana")
    await world.no_text_to("Ana")
    await world.may_ring()


@pytest.mark.row("R12")
async def test_a_pause_opens_a_private_moment_at_the_tier_of_now_and_pages_nobody(world: World) -> None:
    """R12: duties arise only from a tier that a clinician chose."""
    await publish(world, "code-word", "breakout-1to1")
    await world.client("Ana", tier="low")
    await chooses(world, (await world.screen("Jon")).browser, "Ana", "marble staircase")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "pause")
    card = await card_of(jon, incident)
    assert (card["headline"], card["tier"]) == ("Ana R. asks for a private moment", "low")
    run = await run_of(jon, incident, "code-word")
    assert open_keys(run) == ["natural-reason"]
    said = [script["text"] for script in step_of(run, "natural-reason")["scripts"]]
    assert said == ["By the way, could we look at your worksheet together for a minute, on the side?"]
    assert (await word_of(world, "Ana")).used_at is None, "a pause is not spent by its use"
    assert (await client_of(world, "Ana")).danger_word_used_at is None
    moved = await answers(jon, incident, step_of(run, "natural-reason"), "moved")
    assert moved.status_code == 200, moved.text
    assert (await run_of(jon, incident, "breakout-1to1"))["state"] == "running"
    await world.never_rang("Ana", "Dana")


async def test_who_was_never_assessed_may_ask_for_a_pause(world: World) -> None:
    await publish(world, "code-word")
    await world.client("Ana", tier="none")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "pause")
    assert (await card_of(jon, incident))["tier"] == "none"
    assert open_keys(await run_of(jon, incident, "code-word")) == ["natural-reason"]
    await world.may_ring()


async def test_the_list_of_the_danger_word_is_worked_through_in_ordinary_talk(world: World) -> None:
    """R2, R3: yes or no questions, the agreed ordinary one; two say that they are safe; dispatch hears the quiet line."""
    await publish(world, "code-word", "imminent-risk", "breakout-1to1")
    await world.client("Ana", tier="low")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    incident = await raises(jon, "Ana", "danger")
    run = await run_of(jon, incident, "code-word")
    talk = step_of(run, "ordinary-talk")
    assert talk["title"] == "Keep the talk ordinary. Do not react on screen"
    assert talk["scripts"][0]["text"] == "By the way, can you check the worksheet? Just say yes or no."
    assert "Ring no number at home and nobody who lives there." in " ".join(run["reminders"])
    await answers(dana, incident, step_of(run, "quiet-page"), "with_you")
    questions = step_of(await run_of(jon, incident, "code-word"), "questions")
    assert questions["scripts"][0]["text"].startswith("Just a quick one for the list, yes or no:")
    await answers(jon, incident, questions, "no_answer_yet")
    await answers(jon, incident, step_of(await run_of(jon, incident, "code-word"), "look"), "something_seen")
    confirm = step_of(await run_of(jon, incident, "code-word"), "confirm")
    assert confirm["guards"] == ["quiet_responders"]
    assert (await answers(jon, incident, confirm, "responders")).status_code == 200
    assert (await run_of(jon, incident, "imminent-risk"))["state"] == "running"
    card = await jon.browser.get(f"/api/incidents/{incident}/dispatch")
    assert card.json()["may_not_be_free_to_talk"] is True
    await world.never_rang("Ana")
    await world.may_ring()


@pytest.mark.row("R12")
async def test_the_word_is_spent_by_its_use_and_a_mistaken_press_gives_it_back(world: World) -> None:
    await world.client("Ana", tier="low")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    incident = await raises(jon, "Ana", "danger")
    due = (await jon.browser.get("/api/code-words")).json()
    assert [(line["kind"], line["why"]) for line in due] == [("danger", "used")]
    assert (await client_of(world, "Ana")).danger_word_used_at is not None
    assert (await tries(maya, incident, "mispress")).status_code == 403
    assert (await tries(jon, incident, "mispress")).status_code == 200
    assert (await jon.browser.get("/api/code-words")).json() == []
    client = await client_of(world, "Ana")
    assert (client.danger_word_used_at, client.tier) == (None, "low")
    await nothing_holds(world, "marble", "staircase")
    await world.may_ring()


async def test_a_danger_word_of_the_wrong_client_moves_with_all_that_it_meant(world: World) -> None:
    await world.client("Ana", tier="none")
    await world.client("Ben", tier="low", ends=("02",))
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await chooses(world, jon.browser, "Ben", "copper whistle")
    wrong = await raises(jon, "Ana", "danger")
    moved = await tries(jon, wrong, "wrong-client", client_id=str(world.clients["Ben"]))
    assert moved.status_code == 200, moved.text
    right = (await jon.tile("Ben"))["concern_id"]
    world.expected_alerts.add(UUID(right))
    ana, ben = await client_of(world, "Ana"), await client_of(world, "Ben")
    assert (ana.danger_word_used_at, ana.tier) == (None, "none")
    assert (ben.danger_word_used_at is not None, ben.tier) == (True, "high")
    assert ((await word_of(world, "Ana")).used_at, (await word_of(world, "Ben")).used_at is None) == (
        None,
        False,
    )
    await world.may_ring()


async def test_a_danger_word_stops_the_telephone_of_somebody_who_is_looked_for(world: World) -> None:
    """R2: from the press on only numbers marked safe to ring; the ringing one ends."""
    await world.client("Ana", tier="high", ends=("01", "02"), safe=("02",))
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(25)
    await world.rings("Ana", "01")
    await jon.alert("Ana")
    concern = await raises(jon, "Ana", "danger")
    await world.does_not_ring("Ana")
    lines = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    assert any(line.startswith("Jon Bell heard the danger word") for line in lines)
    rung = len(await world.calls("Ana"))
    await world.pass_time(240)
    assert {call.last2 for call in (await world.calls("Ana"))[rung:]} <= {"02"}
    assert (await card_of(jon, concern))["reason"] == "danger"
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R2", "R17")
async def test_a_danger_word_taken_back_gives_the_search_its_steps_again(world: World) -> None:
    """No number is safe to ring: while the word holds every call and text is passed over. Nobody answers anything."""
    await world.client("Ana", tier="low", ends=("01", "02"))
    await world.contact("Ana", "Lee Invented")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    concern = await raises(jon, "Ana", "danger")
    await world.until(40)
    loss = await jon.alert("Ana")
    assert loss["what"] == "connection_lost"
    assert loss["by_hand"]
    assert await jon.stands_at("Ana") == {"supervisor", "keep-trying"}
    await world.never_rang("Ana")
    assert (await tries(jon, concern, "mispress")).status_code == 200
    await world.settle()
    assert await jon.stands_at("Ana") == {"first-call"}
    assert (await jon.alert("Ana"))["by_hand"] == []
    lines = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    assert "Jon Bell said that the danger word was not heard. The search goes on from where it stood" in lines
    await world.until(61)
    await world.rings("Ana", "01")
    await world.until(90)
    assert "Our call dropped" in await world.text_to("Ana")
    await world.rings("Ana", "02")
    await world.until(305)
    await world.rings("Dana")
    await world.never_rang("Lee")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R17")
async def test_a_call_that_rang_before_the_danger_word_is_not_made_again_by_taking_it_back(
    world: World,
) -> None:
    await world.client("Ana", tier="low", ends=("01", "02"))
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(61)
    await world.rings("Ana", "01")
    await jon.alert("Ana")
    concern = await raises(jon, "Ana", "danger")
    await world.until(64)
    await world.does_not_ring("Ana")
    assert (await tries(jon, concern, "mispress")).status_code == 200
    await world.settle()
    await world.until(95)
    assert [call.last2 for call in await world.calls("Ana")] == ["01", "02"], "from where it stood"
    assert len(await world.calls("Ana", "text")) == 1
    await world.may_ring("Ana", *world.people)


async def test_a_danger_word_makes_of_any_concern_an_alert_about_it(world: World) -> None:
    await publish(world, "code-word", "deescalate-group")
    await world.client("Ana", tier="low")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    incident = await raises(jon, "Ana", "pause")
    assert await raises(maya, "Ana", "danger") == incident
    card = await card_of(jon, incident)
    assert (card["reason"], card["tier"]) == ("danger", "high")
    first, second = (await jon.page_of(incident))["runs"]
    assert (first["state"], first["end_word"]) == ("ended", "passed_on")
    assert "quiet-page" in open_keys(second)
    assert await raises(jon, "Ana", "danger") == incident
    assert len((await jon.page_of(incident))["runs"]) == 2, "said twice is said once"
    assert [run["state"] for run in (await jon.page_of(incident))["runs"]] == ["ended", "running"]
    await world.may_ring()


async def test_what_is_under_way_goes_on_beside_the_danger_word(world: World) -> None:
    await publish(world, "code-word", "deescalate-group")
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "distress")
    await raises(jon, "Ana", "pause")
    await raises(jon, "Ana", "danger")
    states = [(run["protocol"], run["state"]) for run in (await jon.page_of(incident))["runs"]]
    assert sorted(states) == [
        ("code-word", "ended"),
        ("code-word", "running"),
        ("deescalate-group", "running"),
    ]
    assert (await card_of(jon, incident))["headline"] == "Ana R. used their danger word"
    await world.may_ring()


async def test_it_closes_only_when_somebody_has_recognised_them_alone(world: World) -> None:
    """R3; with somebody beside them the caution stays for everything after."""
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "danger")
    refused = await tries(jon, incident, "close", outcome="stabilized", note="It was a slip, they say.")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_verified")
    found = {"checked": ["video"], "place": "Home", "tier": "high"}
    assert (await tries(jon, incident, "verified", **found, alone="no")).status_code == 200
    assert (await client_of(world, "Ana")).danger_word_used_at is not None
    assert (await tries(jon, incident, "verified", **found, alone="yes")).status_code == 200
    assert (await client_of(world, "Ana")).danger_word_used_at is None
    closed = await tries(
        jon, incident, "close", outcome="stabilized", note="Spoke with them alone, by video."
    )
    assert closed.status_code == 200, closed.text
    await world.may_ring()


async def test_the_quiet_way_waits_for_a_person_and_opens_nothing_by_itself(world: World) -> None:
    """R13: possible until a person taps. Nobody answers: those outside the room are told, again and again (R14)."""
    await publish(world, "code-word")
    await world.client("Ana", tier="low")
    page, jon, dana = await world.companion("Ana"), await world.screen("Jon"), await world.screen("Dana")
    before = await shown(page)
    await says(page)
    signal = (await jon.tile("Ana"))["signal"]
    assert (signal["possible"], signal["source"], signal["outside_told"]) == ("quiet", "page", False)
    await world.pass_time(2)
    assert await told_to_look(world) == []
    await world.pass_time(2)
    first = await told_to_look(world)
    assert len(first) == 2, "the supervisor and the backup, and nobody of the room"
    assert (await dana.tile("Ana"))["signal"]["outside_told"] is True
    # The text is not heeded: their phones ring, and ring again.
    await world.pass_time(16)
    assert await told_to_look(world) == []
    rung = await rung_to_look(world)
    assert [(call.last2, call.state) for call in rung] == [("53", "ringing"), ("54", "ringing")]
    dana_phone = await Phone(world, rung[0].attempt_id, "Dana").answers()
    assert await dana_phone.heard() == "Handrail. Something waits for an answer. Please open your board now."
    async with world.house.engine.transaction(None) as db:
        picked_up = (await db.scalars(select(PlainText).where(PlainText.id == rung[0].attempt_id))).one()
    assert picked_up.let_go_at, "and is not cut short when somebody answers meanwhile"
    await world.pass_time(10)
    assert await dana_phone.is_over(), "it says so, and hangs up"
    await world.pass_time(50)
    again = await rung_to_look(world)
    assert [call.last2 for call in again] == ["53", "54"]
    assert (await dana.tile("Ana"))["concern_id"] is None
    await jon.no_alert("Ana")
    incident = await names_it(jon, "Ana", "danger")
    assert incident is not None
    assert (await card_of(dana, incident))["headline"] == "Ana R. used their danger word"
    assert (await jon.tile("Ana"))["signal"] is None
    await world.pass_time(120)
    assert await told_to_look(world) == []
    assert await rung_to_look(world) == []
    assert await shown(page) == before, "the whole evening their page is the same"
    await world.never_rang("Ana")
    await world.may_ring()


async def test_once_it_is_answered_phones_that_still_ring_for_it_stop(world: World) -> None:
    await publish(world, "code-word")
    await world.client("Ana", tier="low")
    page, jon = await world.companion("Ana"), await world.screen("Jon")
    await says(page)
    await world.pass_time(6)
    assert len(await told_to_look(world)) == 2
    await world.pass_time(18)
    await world.engine.send_plain_texts()
    await world.pass_time(1)
    async with world.house.engine.transaction(None) as db:
        [dana] = await db.scalars(select(SimulatedCall).where(SimulatedCall.state == "ringing"))
    world.expected.add(dana.id)
    # Jon answers: the supervisor's phone stops with the engine's next look, and the backup's, which was next, never rings.
    assert await names_it(jon, "Ana", "not_meant") is None
    assert await Phone(world, dana.attempt_id, "Dana").is_over()
    for _ in range(3):
        await world.engine.send_plain_texts()
        await world.pass_time(1)
    assert await rung_to_look(world) == []
    async with world.house.engine.transaction(None) as db:
        rows = list(await db.scalars(select(PlainText).where(PlainText.channel == "call")))
    assert sorted((row.status, row.let_go_at is not None) for row in rows) == [
        ("cancelled", False), ("sent", True),
    ]  # fmt: skip


async def test_a_signal_taken_for_what_it_is_not_waits_again(world: World) -> None:
    await world.client("Ana", tier="low")
    page, jon = await world.companion("Ana"), await world.screen("Jon")
    await says(page)
    incident = await names_it(jon, "Ana", "pause")
    assert incident is not None
    assert (await tries(jon, incident, "mispress")).status_code == 200
    assert (await jon.tile("Ana"))["signal"]["possible"] == "quiet"
    assert await names_it(jon, "Ana", "not_meant") is None
    assert (await jon.tile("Ana"))["signal"] is None
    await jon.no_alert("Ana")


async def test_a_group_does_not_close_over_a_signal_that_waits(world: World) -> None:
    await world.client("Ana", tier="low")
    page, jon = await world.companion("Ana"), await world.screen("Jon")
    await says(page)
    path = f"/api/group-sessions/{world.group_session_id}/close"
    refused = await jon.browser.post(path, outcomes=[])
    assert (refused.status_code, refused.json()["code"]) == (409, "signal_waits")
    await names_it(jon, "Ana", "not_meant")
    assert (await jon.browser.post(path, outcomes=[])).status_code == 200


async def test_a_text_with_their_word_is_possible_and_kept_nowhere(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    for _ in range(3):
        await texts(world, "is the marble staircase closed tonight")
    signal = (await jon.tile("Ana"))["signal"]
    assert (signal["possible"], signal["source"]) == ("danger", "text")
    assert [m["text"] for m in (await jon.tile("Ana"))["marks"]] == ["Possible danger word in a text"]
    async with world.house.engine.transaction(None) as db:
        times = (await db.scalars(text("select times from client_signal"))).all()
    assert times == [1], "a delivery repeated three times is one text"
    await nothing_holds(world, "marble", "closed tonight")
    await jon.no_alert("Ana")


@pytest.mark.parametrize("body", ["are we on for tuesday", "fishing boat", "STOP", "the staircase of marble"])
async def test_any_other_text_signals_nothing_and_is_kept_nowhere(world: World, body: str) -> None:
    """An all-clear by text never counts (R3), and STOP is heeded."""
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await chooses(world, jon.browser, "Ana", "fishing boat", "all_clear")
    await texts(world, body)
    assert (await jon.tile("Ana"))["signal"] is None
    if body != "STOP":
        await nothing_holds(world, body)
    async with world.house.engine.transaction(None) as db:
        stopped = await db.scalar(select(ClientPhone.text_stopped_at))
    assert (stopped is not None) == (body == "STOP")


async def test_a_text_of_an_unknown_number_is_nobodys_word(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await texts(world, "marble staircase", number="+15035550199")
    assert (await jon.tile("Ana"))["signal"] is None
    await nothing_holds(world, "marble")


async def test_of_two_who_share_a_telephone_only_whose_word_it_is_may_have_signalled(world: World) -> None:
    await world.client("Ana", tier="low")
    await world.client("Ben", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await chooses(world, jon.browser, "Ben", "copper whistle")
    async with world.house.engine.transaction(None) as db:
        await db.execute(update(ClientPhone).values(shared=True))
    await texts(world, "the copper whistle")
    assert (await jon.tile("Ana"))["signal"] is None
    assert (await jon.tile("Ben"))["signal"]["possible"] == "danger"


async def test_a_danger_word_by_text_is_no_reply_that_holds_the_search(world: World) -> None:
    """R1: a reply holds contact and responders at low tier; this is none."""
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await world.drops("Ana")
    await world.until(20)
    await jon.alert("Ana")
    await texts(world, "marble staircase")
    incident = await world.incident("Ana")
    assert incident.held_reply_at is None
    lines = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    assert "A possible quiet signal from Ana, in a text" in lines
    await texts(world, "back in a minute", "SM2")
    assert (await world.incident("Ana")).held_reply_at is not None
    await world.may_ring("Ana", *world.people)


async def test_a_text_outside_of_any_group_is_a_task_and_supervisors_are_told(world: World) -> None:
    await world.client("Ana", tier="low", page=False)
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    async with world.house.engine.transaction(None) as db:
        await db.execute(update(GroupSession).values(state="closed", closed_at=world.now))
    await texts(world, "marble staircase")
    await texts(world, "marble staircase!!", "SM2")
    found: list[dict[str, Any]] = (await dana.browser.get("/api/tasks", which="unowned")).json()
    assert [task["about"].split(".")[0] for task in found] == [
        "A text from their own number may hold their danger word"
    ]
    assert len(await told_to_look(world)) == 1
    await nothing_holds(world, "marble")
