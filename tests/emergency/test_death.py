"""R20: a client has died. Nothing rings or writes by itself any more, from the very press that records it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.calls import texts
from app.calls.models import PlainText
from app.caregiver_pages.models import CaregiverCopy
from app.clients.models import Client
from app.db import new_id, reveal
from app.emergency import death
from app.errors import Conflict
from app.group_sessions.models import ClientLink, Presence
from app.incidents.models import ContactAttempt
from app.journal.kinds import Kind
from app.staff.models import Program
from app.tasks.models import Task
from tests.stories.world import World

SAID = {"name": "Ana R.", "learned_how": "Her sister rang us at four and told Dana."}


def path(world: World, name: str = "Ana") -> str:
    return f"/api/clients/{world.clients[name]}/death"


async def copy_for(world: World, contact: UUID) -> None:
    async with world.house.engine.transaction(world.program_id) as db:
        made = CaregiverCopy(
            program_id=world.program_id,
            id=new_id(),
            client_id=world.clients["Ana"],
            contact_id=contact,
            language="en",
            with_plan=True,
            with_coaching=False,
            body=b"sealed",
            token_hash=b"invented",
            made_by=world.people["Dana"].id,
            made_at=world.now,
            expires_at=world.now + timedelta(days=30),
        )
        db.add(made)
        await db.flush()
        program = await db.get_one(Program, world.program_id)
        await texts.queue(
            db, program, "+14065550131", "We made a page.", client_id=made.client_id, contact_id=contact
        )


async def rows(world: World, table: Any) -> list[Any]:
    async with world.house.engine.transaction(world.program_id) as db:
        return list((await db.scalars(select(table))).all())


@pytest.mark.row("R20")
async def test_calls_texts_pages_and_links_to_them_and_theirs_stop_in_one_moment(world: World) -> None:
    await world.client("Ana", tier="high", ends=("01", "02"))
    await world.client("Ben", tier="low", ends=("03",))
    await copy_for(world, await world.contact("Ana", "Rosa Ramsey"))
    await world.companion("Ana")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await world.pass_time(20)
    await dana.alert("Ana")
    assert [one.status for one in await rows(world, PlainText)] == ["planned"]

    answer = await dana.browser.post(path(world), **SAID, died_on="2027-03-01")
    assert answer.status_code == 200, answer.text

    async with world.house.engine.transaction(world.program_id) as db:
        towards = await db.scalars(
            select(ContactAttempt).where(ContactAttempt.who.in_(("client", "contact")))
        )
        assert all(
            one.status in ("cancelled", "ended", "voided") or one.wanted == "hang_up" for one in towards
        )
    [text] = await rows(world, PlainText)
    assert (text.status, text.words) == ("cancelled", None)
    assert all(one.ended_at is not None for one in await rows(world, CaregiverCopy))
    assert all(one.ended_at is not None for one in await rows(world, ClientLink))
    ana = next(one for one in await rows(world, Presence) if one.client_id == world.clients["Ana"])
    assert (ana.removed_at is not None, ana.check_at) == (True, None)
    assert await dana.alerts() == []
    assert [tile["name"] for tile in await dana.cards("tile")] == ["Ben R."], "the others go on"

    before = len(await world.calls("Ana")) + len(await world.calls("Ana", "text"))
    await world.may_ring("Ana", *world.people)
    world.pages.pop("Ana", None)
    await world.pass_time(900)
    after = len(await world.calls("Ana")) + len(await world.calls("Ana", "text"))
    assert after == before, "no reminder, no chain, no loss found"
    await world.never_rang("contact")
    await world.nothing_open("Ana")


@pytest.mark.row("R20")
async def test_what_people_have_to_do_is_listed_and_nothing_is_purged(world: World) -> None:
    await world.client("Ana", tier="high")
    dana = await world.screen("Dana")
    assert (await dana.looks(path(world))).json() == {"death": None}
    assert (await dana.browser.post(path(world), **SAID)).status_code == 200
    tasks = await rows(world, Task)
    assert all(task.owner_id == world.people["Dana"].id for task in tasks)
    of_group = [task for task in tasks if task.group_session_id is not None]
    of_family = [task for task in tasks if task.client_id is not None]
    assert len(of_group) == len(death.FOR_STAFF_AND_GROUP)
    assert len(of_family) == len(death.FOR_THE_FAMILY)
    async with world.house.engine.transaction(world.program_id) as db:
        assert not any("Ana" in (reveal(db, task, "about") or "") for task in of_group)
        client = await db.get_one(Client, (world.program_id, world.clients["Ana"]))
        assert client.legal_hold_since is not None
        assert client.ended_at is not None
    shown = (await dana.looks(path(world))).json()["death"]
    assert (shown["recorded_by"], shown["learned_how"]) == ("Dana Whitlock", SAID["learned_how"])
    assert await world.house.entries(Kind.death_read) == [(Kind.death_read, world.people["Dana"].id)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "Ben R."}, "name"),
        ({"name": ""}, "name"),
        ({"learned_how": "x"}, "learned_how"),
        ({"died_on": "2031-01-01"}, "died_on"),
    ],
)
async def test_never_by_an_accidental_press(world: World, given: dict[str, str], field: str) -> None:
    await world.client("Ana", tier="high")
    dana = await world.screen("Dana")
    answer = await dana.browser.post(path(world), **{**SAID, **given})
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert await world.house.entries(Kind.death_recorded) == []


async def test_only_a_supervisor_records_it_with_their_pin_and_once(world: World) -> None:
    await world.client("Ana", tier="high")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    assert (await jon.browser.post(path(world), **SAID)).status_code == 403
    bare = await dana.browser.http.post(
        path(world), json=SAID, headers={"Command-Id": "00000000-0000-4000-8000-000000000001"}
    )
    assert (bare.status_code, bare.json()["code"]) == (403, "confirm_needed")
    assert (await dana.browser.post(path(world), **SAID)).status_code == 200
    assert (await dana.browser.post(path(world), **SAID)).json()["code"] == "recorded"


async def test_taken_back_begins_nothing_again_by_itself_and_until_then_nothing_can_be_texted(
    world: World,
) -> None:
    await world.client("Ana", tier="high")
    dana = await world.screen("Dana")
    why = {"why": "It was somebody of the same name."}
    assert (await dana.browser.post(f"{path(world)}/taken-back", **why)).status_code == 404
    await dana.browser.post(path(world), **SAID)
    async with world.house.engine.transaction(world.program_id) as db:
        program = await db.get_one(Program, world.program_id)
        with pytest.raises(Conflict, match="has died"):
            await texts.queue(db, program, "+14065550131", "x", client_id=world.clients["Ana"])
    record = f"/api/clients/{world.clients['Ana']}"
    shown = (await dana.looks(record)).json()
    assert (shown["ended"], shown["may_be_taken_up"]) == (True, False)
    reopened = await dana.browser.patch(record, version=shown["version"], ended=False)
    assert reopened.json()["code"] == "death_recorded", "one press on the record undoes none of it"
    assert (await dana.browser.post(f"{path(world)}/taken-back", **why)).status_code == 200
    assert (await dana.looks(path(world))).json() == {"death": None}
    async with world.house.engine.transaction(world.program_id) as db:
        client = await db.get_one(Client, (world.program_id, world.clients["Ana"]))
        assert (client.ended_at, client.legal_hold_since is None) == (None, False)
    assert await dana.cards("tile") == [], "who comes to the next group is for people to say"
