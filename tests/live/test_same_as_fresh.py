"""Snapshot plus messages equals a fresh snapshot, for every kind of viewer, after each action."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.calls import inbound
from tests.live.boards import Board, Boards
from tests.stories.test_who_rang_us import STRANGER, missed, number_of, rings_us

VIEWERS = ("Maya", "Jon", "Dana")


@dataclass
class Watched:
    """Every action through here is followed by a look at all boards."""

    boards: Boards
    watching: list[Board]

    async def all_agree(self, after_what: str) -> None:
        for board in self.watching:
            await board.agrees(after_what)

    @property
    def resets(self) -> list[list[str]]:
        return [board.resets for board in self.watching]

    async def press(self, who: str, name: str, what: str, **body: Any) -> None:
        await (await self.boards.world.screen(who)).press(name, what, **body)
        await self.all_agree(f"{who} pressed {what}")

    async def says(self, who: str, name: str, key: str, outcome: str) -> None:
        await (await self.boards.world.screen(who)).says(name, key, outcome)
        await self.all_agree(f"{who} said {outcome} to {key}")

    async def taps(self, who: str, name: str, what: str, **body: Any) -> None:
        await (await self.boards.world.screen(who)).taps(name, what, **body)
        await self.all_agree(f"{who} tapped {what}")

    async def pass_time(self, seconds: float) -> None:
        await self.boards.world.pass_time(seconds)
        await self.all_agree(f"{seconds:g} s")

    async def posts(self, who: str, path: str, **body: Any) -> dict[str, Any]:
        screen = await self.boards.world.screen(who)
        answer = await screen.browser.post(path, **body)
        assert answer.status_code in (200, 201, 204), (path, answer.text)
        await self.boards.world.settle()
        await self.all_agree(path)
        return answer.json() if answer.content else {}


@pytest.fixture
async def watched(boards: Boards, request: pytest.FixtureRequest) -> AsyncIterator[Watched]:
    world = boards.world
    await world.client("Ana", tier="low", ends=("01", "02"))
    await world.client("Ben", tier="moderate", ends=("03",))
    await world.client("Cy", tier="high", ends=("04",))
    made = Watched(boards, [await boards.of(name) for name in VIEWERS])
    # Their codes are used up for now; the screens that press sign in afresh.
    world.house.clock.move(31)
    for name in ("Ana", "Ben", "Cy"):
        world.comes_back(name)
    for name in VIEWERS:
        await world.screen(name)
    yield made
    if request.function is not test_through_an_evening_from_its_planning_to_its_end:
        # Starting again would make equality easy.
        assert made.resets == [[], [], []]


async def test_through_a_chain_that_somebody_takes(watched: Watched) -> None:
    world = watched.boards.world
    await world.drops("Ana")
    await watched.all_agree("a drop")
    await watched.press("Jon", "Ana", "take")
    await watched.press("Jon", "Ana", "release")
    await watched.press("Maya", "Ana", "take")
    await watched.press("Maya", "Ana", "renew")
    await watched.press("Maya", "Ana", "note", words="Her sister wrote that the power is out.")
    await watched.press("Maya", "Ana", "text")
    await watched.pass_time(15)
    world.comes_back("Ana")
    await watched.pass_time(6)
    world.falls_silent("Ana")
    await watched.pass_time(20)
    await watched.press("Maya", "Ana", "tier", tier="moderate", reason="Said that she cannot be alone.")
    await watched.press("Maya", "Ana", "reached", by="voice")
    found = {"checked": ["voice"], "place": "Home", "alone": "yes", "tier": "low"}
    await watched.press("Maya", "Ana", "verified", **found)
    await watched.press("Maya", "Ana", "close", outcome="rejoined", note="Router restarted.")


async def test_through_a_chain_that_nobody_takes(watched: Watched) -> None:
    world = watched.boards.world
    await world.contact("Cy", "Lee Invented", ends="31")
    await world.drops("Cy")
    await watched.all_agree("a drop")
    for seconds in (5, 5, 5, 5, 10, 10, 15, 15, 30, 30, 60):
        await watched.pass_time(seconds)
    await watched.press("Dana", "Cy", "take")
    page = await (await world.screen("Dana")).page("Cy")
    for step in page["steps"]:
        if step["status"] == "pending" and not step["waits_for_person"]:
            await watched.press("Dana", "Cy", f"steps/{step['id']}/stop", reason="Dana speaks with them.")


async def test_through_exercises_and_an_agreement(watched: Watched) -> None:
    world = watched.boards.world
    meeting = f"/api/group-sessions/{world.group_session_id}"
    ben = f"{meeting}/clients/{world.clients['Ben']}/grounding"
    await watched.posts("Maya", f"{meeting}/grounding", exercise="body", act="show")
    await watched.posts("Jon", ben, exercise="box", act="start", before=6)
    await watched.posts("Jon", f"{ben}/end", result="done", after=3)
    await watched.posts("Maya", f"{meeting}/grounding/end", result="done")
    await world.drops("Ana")
    await watched.press("Jon", "Ana", "take")
    found = {"checked": ["voice"], "place": "Home", "alone": "yes", "tier": "moderate"}
    await watched.press("Jon", "Ana", "verified", **found)
    steps = [{"kind": "connection", "words": "Stays on video with us"}]
    await watched.press("Jon", "Ana", "agreements", steps=steps, minutes=20)
    which = {"agreement_id": (await (await world.screen("Jon")).alert("Ana"))["agreement"]["agreement_id"]}
    await watched.press("Maya", "Ana", "agreements/take", **which)
    await watched.press("Maya", "Ana", "agreements/answer", **which, outcome="not_kept")
    await watched.press("Maya", "Ana", "agreements/check-done", **which)


async def test_through_lanes_that_change_hands_and_a_private_room(watched: Watched) -> None:
    world = watched.boards.world
    # Their sockets beat in real time, and the story's clock moves faster.
    await world.has_board("Maya", "Jon", "Dana")
    await world.drops("Cy")
    world.comes_back("Cy")
    await watched.pass_time(1)
    await watched.press("Jon", "Cy", "take")
    await watched.pass_time(1)
    dana = {"to": str(world.people["Dana"].id)}
    await watched.press("Maya", "Cy", "lanes/group/offer", **dana)
    await watched.press("Dana", "Cy", "lanes/group/decline")
    await watched.press("Maya", "Cy", "lanes/group/offer", **dana)
    await watched.pass_time(31)
    await watched.press("Maya", "Cy", "lanes/group/pause")
    await watched.press("Jon", "Cy", "lanes/eyes/let-go")
    await watched.pass_time(6)
    await watched.taps("Maya", "Cy", "breakout")
    await watched.press("Dana", "Cy", "lanes/group/take")
    room = (await (await world.screen("Maya")).tile("Cy"))["room"]["id"]
    await watched.posts("Maya", f"/api/breakouts/{room}/joined")
    for seconds in (301, 61, 61):
        await watched.pass_time(seconds)
    await watched.posts("Maya", f"/api/breakouts/{room}/fine")
    await watched.press("Dana", "Cy", "close", outcome="other", note="Not needed any more, said by the test.")


async def test_through_phones_that_are_answered(watched: Watched) -> None:
    world = watched.boards.world
    await world.drops("Ana")
    await watched.pass_time(5)
    jon = await world.rings("Jon")
    await jon.answers()
    await watched.all_agree("Jon answered")
    await jon.presses("1")
    await watched.all_agree("Jon pressed 1")
    await watched.pass_time(2)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    await watched.all_agree("Ana answered")
    await ana.hangs_up()
    await watched.all_agree("Ana hung up")
    await watched.pass_time(10)


async def test_through_what_staff_tap(watched: Watched) -> None:
    world = watched.boards.world
    for tap in ("moment", "back", "breakout", "back", "seen"):
        await watched.taps("Jon", "Ana", tap)
    await watched.taps("Jon", "Cy", "camera-off")
    await watched.pass_time(61)
    await watched.taps("Maya", "Cy", "seen")
    await watched.taps("Jon", "Ben", "away", minutes=5)
    await watched.taps("Jon", "Ben", "back")
    at = (world.now + timedelta(minutes=20)).isoformat()
    await watched.taps("Jon", "Ben", "leaving", at=at)
    await watched.taps("Jon", "Ben", "back")
    world.hides_page("Ana")
    await watched.pass_time(20)
    await watched.posts("Maya", f"/api/group-sessions/{world.group_session_id}/seen-all")
    await watched.taps("Jon", "Ben", "lost")
    await watched.press("Jon", "Ben", "take")
    await watched.press("Jon", "Ben", "reached", by="voice")
    found = {"checked": ["video"], "place": "Home", "alone": "yes", "tier": "high"}
    await watched.taps("Maya", "Cy", "recognised", **found)
    await watched.taps("Maya", "Cy", "not-responding")
    await watched.taps("Jon", "Ana", "dismissed")
    base = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}"
    await watched.posts("Jon", f"{base}/told-place", label="Her aunt's")


async def test_through_people_who_ring_us(watched: Watched) -> None:
    world = watched.boards.world
    await missed(world, number_of("01"))
    await watched.all_agree("Ana rang us")
    [card] = [card for card in watched.watching[0].cards.values() if card["kind"] == "caller"]
    await watched.posts("Jon", f"/api/callers/{card['caller_id']}/rung-back")
    await missed(world, STRANGER)
    await watched.all_agree("a stranger rang us")
    await world.drops("Ana")
    await watched.all_agree("a drop of somebody who rang us")
    await watched.press("Maya", "Ana", "tier", tier="moderate", reason="Said that she cannot be alone.")
    await watched.posts("Jon", f"/api/callers/{card['caller_id']}/handled", outcome="spoke")
    assert not any(card["id"] in board.cards for board in watched.watching)
    sid = await rings_us(world, number_of("01"))
    await watched.all_agree("Ana rings us again")
    async with world.house.database.transaction(world.program_id) as db:
        await inbound.accepted(db, world.program_id, sid)
    await watched.all_agree("Jon let her in")


async def test_through_an_outage_of_everybody(watched: Watched) -> None:
    world = watched.boards.world
    await world.drops("Ana", "Ben", "Cy")
    await watched.all_agree("three drops")
    [outage] = [card for card in watched.watching[0].cards.values() if card["kind"] == "outage"]
    assert outage["locked"]
    await watched.posts("Dana", f"/api/outages/{outage['outage_id']}/not-our-side")
    world.comes_back("Ana", "Ben", "Cy")
    await watched.pass_time(6)
    await watched.pass_time(10)


async def test_through_an_evening_from_its_planning_to_its_end(watched: Watched) -> None:
    world = watched.boards.world
    for name in ("Tess Amano", "Ida Brook"):
        world.people[name.split()[0]] = await world.house.add_person(name, "clinician")
    people = {name: str(person.id) for name, person in world.people.items()}
    group = await watched.posts("Dana", "/api/groups", name="Morning skills")
    made = await watched.posts(
        "Dana",
        "/api/group-sessions",
        group_id=group["id"],
        starts_at=(world.now + timedelta(minutes=5)).isoformat(),
        ends_at=(world.now + timedelta(minutes=95)).isoformat(),
        lead_id=people["Jon"],
        cofacilitator_id=people["Tess"],
        supervisor_id=people["Dana"],
        backup_id=people["Robin"],
    )
    path = f"/api/group-sessions/{made['id']}"
    client = await watched.posts(
        "Dana",
        "/api/clients",
        name_used="Ana Q.",
        safe_name="Ana",
        legal_name="Ana Invented Quill",
        pronouns="she/her",
    )
    await watched.posts("Dana", f"{path}/roster", client_id=client["id"])
    await watched.posts("Dana", f"{path}/roster", client_id=str(world.clients["Ben"]))
    await watched.posts("Dana", f"{path}/clients/{client['id']}/link")
    phones = f"/api/clients/{client['id']}/phones"
    await watched.posts("Dana", phones, number="+14065550144", label="mobile", voicemail_ok=True)
    await watched.posts("Jon", f"{path}/open")
    await watched.pass_time(30)
    await watched.posts("Jon", f"{path}/clients/{client['id']}/excuse")
    done = [{"client_id": str(world.clients["Ben"]), "outcome": "excused"}]
    await watched.posts("Jon", f"{path}/close", outcomes=done)
    # Jon may see one meeting more, and then one less; Dana has a part in it, too.
    assert watched.resets == [[], ["/api/group-sessions", f"{path}/close"], ["/api/group-sessions"]]
