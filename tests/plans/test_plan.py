"""The plan of a client, through its routes: drafts, one agreed version, its clock, who looked, two people at once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import select, text

from app.clients.models import Client
from app.db import new_id, reveal
from app.journal.kinds import QUIET, Kind
from app.plans import queries
from app.plans.models import SafetyPlanVersion
from app.plans.parts import CORE, Part
from tests.clients.test_records import IDA, added, ok
from tests.house import Browser, House
from tests.plans import making
from tests.plans.making import core, line

AGREED: dict[str, Any] = {"with_client": True, "how": "video"}


class Plan:
    """A client's plan as one person works on it."""

    def __init__(self, browser: Browser, client_id: str) -> None:
        self.browser, self.path, self.client_id = browser, f"/api/clients/{client_id}/plan", client_id
        self.version = 0

    async def tries(self, path: str, **body: Any) -> httpx.Response:
        return await self.browser.post(f"{self.path}{path}", **body)

    async def does(self, path: str, **body: Any) -> dict[str, Any]:
        answer = ok(await self.tries(path, version=self.version, **body))
        self.version = answer.get("head", answer)["version"]
        return answer

    async def head(self) -> dict[str, Any]:
        found = ok(await self.browser.get(self.path))
        self.version = found["version"]
        return found

    async def agreed(self, **more: list[dict[str, Any]]) -> dict[str, Any]:
        await self.does("/draft", content=core(**more))
        return await self.does("/agree", **AGREED)


async def begun(house: House, name: str = "Sam Okafor") -> Plan:
    browser = await house.staff(name, "clinician")
    return Plan(browser, (await added(browser))["id"])


async def test_a_plan_is_written_agreed_and_read(house: House) -> None:
    plan = await begun(house)
    assert (await plan.head())["missing_core"] == [part.value for part in CORE]
    shown = await plan.does("/draft", content=core(reasons=[line("My niece")]))
    assert shown["head"]["draft"]["author"] == "Sam Okafor"
    assert shown["head"]["agreed"] is None
    assert shown["head"]["missing_core"] == []
    shown = await plan.does("/agree", **AGREED)
    assert shown["draft"] is None
    assert shown["head"]["agreed"]["number"] == 1
    assert shown["head"]["agreed"]["agreed_by"] == "Sam Okafor"
    assert shown["agreed"]["parts"]["reasons"][0]["words"] == "My niece"
    assert next(iter(shown["agreed"]["parts"])) == "helps_first"


async def test_words_are_sealed_and_the_head_and_the_list_hold_none(house: House) -> None:
    plan = await begun(house)
    await plan.does("/draft", content=core(signs=[line("zebra words")]))
    ok(
        await plan.tries(
            "/means", of="medicines", status="secured", step="locked", by="zebra", on="2027-02-01"
        )
    )
    assert "zebra" not in (await plan.browser.get(plan.path)).text
    assert "zebra" not in (await plan.browser.get("/api/clients")).text
    async with house.engine.transaction(None) as db:
        for table in ("safety_plan", "safety_plan_version", "means_record", "entry_detail"):
            for row in await db.execute(text(f"select * from {table}")):  # noqa: S608
                assert not any(b"zebra" in value for value in row if isinstance(value, bytes))
                assert "zebra" not in " ".join(str(value) for value in row if not isinstance(value, bytes))


async def test_each_look_at_the_words_is_written_down_and_wakes_nobody(house: House) -> None:
    plan = await begun(house)
    shown = await plan.agreed()
    assert await house.entries(Kind.plan_opened) == []
    await plan.head()
    assert await house.entries(Kind.plan_opened) == []
    ok(await plan.tries("/open"))
    ok(await plan.tries(f"/versions/{shown['head']['agreed']['id']}/open"))
    assert plan.browser.me
    assert await house.entries(Kind.plan_opened) == [(Kind.plan_opened, plan.browser.me.id)] * 2
    assert {Kind.plan_opened, Kind.plan_exported} <= QUIET


@pytest.mark.parametrize("part", CORE)
async def test_nothing_is_agreed_while_a_core_part_has_no_line(house: House, part: Part) -> None:
    plan = await begun(house)
    content = core()
    del content["parts"][part.value]
    await plan.does("/draft", content=content)
    refused = await plan.tries("/agree", version=plan.version, **AGREED)
    assert refused.status_code == 422
    assert refused.json()["code"] == "core_missing"
    assert list(refused.json()["fields"]) == [part.value]
    assert (await plan.head())["agreed"] is None


async def test_a_plan_is_agreed_with_the_client_or_not_at_all(house: House) -> None:
    plan = await begun(house)
    await plan.does("/draft", content=core())
    for without in ({"how": "video"}, {"how": "video", "with_client": False}, {"with_client": True}):
        assert (await plan.tries("/agree", version=plan.version, **without)).status_code == 422
    assert (await plan.tries("/agree", version=plan.version, review_days=31, **AGREED)).status_code == 422


async def test_one_version_is_agreed_at_a_time_and_none_is_lost(house: House) -> None:
    plan = await begun(house)
    first = (await plan.agreed())["agreed"]
    changed = {
        "parts": {**first["parts"], "signs": [{**first["parts"]["signs"][0], "words": "I skip meals"}]}
    }
    await plan.does("/draft", content=changed)
    # A draft beside the agreed one: what is agreed still counts.
    assert (await plan.head())["agreed"]["number"] == 1
    await plan.does("/agree", **AGREED)
    head = await plan.head()
    assert [(v["number"], v["status"]) for v in head["versions"]] == [(2, "agreed"), (1, "superseded")]
    second = ok(await plan.tries(f"/versions/{head['versions'][0]['id']}/open"))
    assert second["against"] == 1
    assert second["changes"] == [
        {
            "part": "signs",
            "what": "reworded",
            "before": making.WORDS[Part.signs],
            "after": "I skip meals",
        }
    ]
    old = ok(await plan.tries(f"/versions/{head['versions'][1]['id']}/open"))
    assert old["content"] == first
    assert (old["against"], old["changes"]) == (None, [])


async def test_the_database_refuses_two_agreed_versions(house: House) -> None:
    plan = await begun(house)
    await plan.agreed()
    async with house.engine.transaction(None) as db:
        row = (await db.scalars(select(SafetyPlanVersion))).one()
        copy = {c.key: getattr(row, c.key) for c in SafetyPlanVersion.__table__.columns}
        db.add(SafetyPlanVersion(**{**copy, "id": new_id(), "number": 2}))
        with pytest.raises(Exception, match="uq_safety_plan_version_standing"):
            await db.flush()
        await db.rollback()


async def test_two_people_who_edit_at_once_lose_nothing_and_are_told(house: House) -> None:
    sam = await begun(house)
    jo = Plan(await house.staff("Jo Vance", "supervisor"), sam.client_id)
    await sam.does("/draft", content=core())
    await jo.head()
    await jo.does("/draft", content=core(reasons=[line("My niece")]))
    refused = await sam.tries("/draft", version=sam.version, content=core())
    assert refused.status_code == 409
    assert refused.json()["code"] == "changed_meanwhile"
    assert "Jo Vance changed this plan just now" in refused.text
    assert ok(await jo.tries("/open"))["draft"]["parts"]["reasons"][0]["words"] == "My niece"


async def test_two_people_who_begin_a_plan_at_once_make_one(house: House) -> None:
    sam = await begun(house)
    jo = Plan(await house.staff("Jo Vance", "supervisor"), sam.client_id)
    answers = await asyncio.gather(*(plan.tries("/draft", version=0, content=core()) for plan in (sam, jo)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_press_that_is_sent_twice_counts_once(house: House) -> None:
    plan = await begun(house)
    command = uuid4()
    body = {"version": 0, "content": core()}
    answers = [ok(await plan.browser.sends("POST", f"{plan.path}/draft", body, command)) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["head"]["version"] == 1
    assert len(await house.entries(Kind.plan_changed)) == 1


async def test_a_draft_can_be_discarded_and_what_is_agreed_stays(house: House) -> None:
    plan = await begun(house)
    first = (await plan.agreed())["agreed"]
    await plan.does("/draft", content=core(signs=[line("other")]))
    shown = await plan.does("/draft/discard")
    assert (shown["draft"], shown["agreed"]) == (None, first)
    assert (await plan.tries("/draft/discard", version=plan.version)).status_code == 404
    assert (await plan.tries("/agree", version=plan.version, **AGREED)).status_code == 404


async def test_the_clock_warns_and_a_review_sets_it_anew(house: House) -> None:
    plan = await begun(house)
    await plan.agreed()
    due = (await plan.head())["review_due"]
    assert due.startswith("2027-03-31")
    house.clock.move(timedelta(days=30).total_seconds())
    await plan.browser.signs_in(plan.browser.me)  # type: ignore[arg-type]
    assert (await plan.head())["overdue"] is True
    await plan.does("/review", with_client=True, how="phone")
    head = await plan.head()
    assert (head["overdue"], head["agreed"]["number"], len(head["versions"])) == (False, 1, 1)
    assert head["review_due"].startswith("2027-04-30")
    assert len(await house.entries(Kind.plan_reviewed)) == 1


async def _incident(house: House, client_id: str, tier: str) -> None:
    """An incident of now, as far as a plan's clock asks: the meeting and the protocol around it are left out."""
    connection = await asyncpg.connect(house.database.url.replace("+asyncpg", ""))
    try:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            """insert into incident (program_id, id, lines, kind, client_id, group_session_id, protocol_version_id,
                                     tier, state, reason, drop_at, learned_at)
               values ($1, $2, 'simulated', 'connection_lost', $3, $2, $2, $4, 'closed', 'left', $5, $5)""",
            house.program,
            new_id(),
            UUID(client_id),
            tier,
            house.clock.now(),
        )
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("tier", "due"), [("low", "2027-03-31"), ("moderate", "2027-03-10"), ("high", "2027-03-10")]
)
async def test_an_incident_brings_the_review_forward(house: House, tier: str, due: str) -> None:
    plan = await begun(house)
    await plan.agreed()
    house.clock.move(timedelta(days=2).total_seconds())
    await _incident(house, plan.client_id, tier)
    await plan.browser.signs_in(plan.browser.me)  # type: ignore[arg-type]
    head = await plan.head()
    assert head["review_due"].startswith(due)
    assert head["brought_forward"] == (tier != "low")
    await plan.does("/review", with_client=True, how="phone")
    assert (await plan.head())["review_due"].startswith("2027-04-02")


async def test_means_are_kept_as_classes_and_nothing_said_before_is_lost(house: House) -> None:
    plan = await begun(house)
    ok(await plan.tries("/means", of="medicines", status="not_secured"))
    house.clock.move(3600)
    await plan.browser.signs_in(plan.browser.me)  # type: ignore[arg-type]
    shown = ok(
        await plan.tries("/means", of="medicines", status="secured", step="locked", by="Ida", on="2027-03-01")
    )
    [now] = shown["means"]
    assert (now["of"], now["status"], now["step"], now["by"], now["on"]) == (
        "medicines",
        "secured",
        "locked",
        "Ida",
        "2027-03-01",
    )
    assert now["recorded_by"] == "Sam Okafor"
    assert [line["status"] for line in shown["means_before"]] == ["not_secured"]
    assert shown["head"]["complete"]["means"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"of": "medicines", "status": "secured"},
        {"of": "medicines", "status": "none_here", "by": "Ida"},
        {"of": "medicines", "status": "secured", "step": "locked", "by": "Ida", "on": "2027-03-03"},
        {"of": "medicines", "status": "secured", "step": "locked", "by": "Ida", "on": "yesterday"},
        {"of": "rope", "status": "none_here"},
        {"of": "medicines", "status": "secured", "step": "locked", "by": "x" * 81, "on": "2027-03-01"},
    ],
)
async def test_means_that_make_no_sense_are_refused(house: House, body: dict[str, Any]) -> None:
    plan = await begun(house)
    assert (await plan.tries("/means", **body)).status_code == 422


async def test_people_of_a_plan_are_linked_to_the_clients_own_contacts(house: House) -> None:
    plan = await begun(house)
    mine = ok(await plan.browser.post(f"/api/clients/{plan.client_id}/contacts", **IDA))["contacts"][0]["id"]
    other = await added(plan.browser, name_used="Ana R.")
    theirs = ok(await plan.browser.post(f"/api/clients/{other['id']}/contacts", **IDA))["contacts"][0]["id"]
    linked = core(people=[line("Ida, my sister", contact_id=mine)])
    shown = await plan.does("/draft", content=linked)
    assert shown["contacts"][0]["name"] == "Ida Testperson"
    assert shown["draft"]["parts"]["people"][0]["contact_id"] == mine
    foreign = core(people=[line("Ida", contact_id=theirs)])
    refused = await plan.tries("/draft", version=plan.version, content=foreign)
    assert refused.status_code == 422
    assert "not a contact of this client" in refused.text


async def test_only_those_who_work_with_the_client_reach_the_plan(house: House) -> None:
    plan = await begun(house)
    shown = await plan.agreed()
    version = shown["head"]["agreed"]["id"]
    strangers = [
        (await house.staff("Lee Admin", "administrator"), 403),
        (await house.staff("Pat Other", "clinician"), 404),
        (await house.staff("Kim Elsewhere", "supervisor", program="Elsewhere"), 404),
    ]
    for stranger, status in strangers:
        assert (await stranger.get(plan.path)).status_code == status
        for path, body in (
            ("/open", {}),
            (f"/versions/{version}/open", {}),
            ("/draft", {"version": 2, "content": core()}),
            ("/draft/discard", {"version": 2}),
            ("/agree", {"version": 2, **AGREED}),
            ("/review", {"version": 2, **AGREED}),
            ("/means", {"of": "other", "status": "none_here"}),
            ("/pdf", {}),
            ("/export", {}),
            ("/import", {"version": 2, "document": {}}),
        ):
            answer = await stranger.post(f"{plan.path}{path}", **body)
            assert answer.status_code == status, (path, answer.text)
    other = await added(plan.browser, name_used="Ana R.")
    crossed = await plan.browser.post(f"/api/clients/{other['id']}/plan/versions/{version}/open")
    assert crossed.status_code == 404


async def test_others_read_what_is_agreed_in_the_order_of_a_crisis(house: House) -> None:
    plan = await begun(house)
    client = UUID(plan.client_id)
    async with house.database.transaction(house.program) as db:
        assert await queries.standing(db, house.program, [client]) == {}
        assert await queries.agreed(db, house.program, [client]) == {}
    await plan.agreed(numbers=[line("The office")])
    await plan.does("/draft", content=core(signs=[line("not agreed yet")]))
    async with house.database.transaction(house.program) as db:
        found = (await queries.agreed(db, house.program, [client]))[client]
        stand = (await queries.standing(db, house.program, [client]))[client]
        words = reveal(db, (await db.scalars(select(Client))).one(), "what_helps")
    assert words == "Talk about the garden"
    assert found.sections[0].part == Part.helps_first
    assert [item.words for item in found.of(Part.signs)] == [making.WORDS[Part.signs]]
    assert found.of(Part.reasons) == ()
    assert (found.version, stand.version, stand.overdue) == (1, 1, False)


async def test_a_plan_longer_than_a_form_can_hold_is_refused_in_words(house: House) -> None:
    plan = await begun(house)
    refused = await plan.tries("/draft", version=0, content=core(signs=[line("x") for _ in range(31)]))
    assert refused.status_code == 422
    huge = core(signs=[line("x" * 400) for _ in range(30)], alone=[line("é" * 400) for _ in range(30)])
    answer = await plan.tries("/draft", version=0, content=huge)
    assert answer.status_code in (200, 413), answer.text
