"""The one path by which somebody outside is told: consent is asked at that moment, and what was told is kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.clients.consent import Agency, Blocked, May, Tier
from app.clients.disclose import Telling, disclose
from app.clients.known import contact_options
from app.clients.models import Client, Disclosure, EmergencyContact
from app.db import now_of, reveal
from app.errors import NotAllowed, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import write
from app.staff.access import Viewer
from tests.clients.test_records import IDA, added, ok
from tests.house import START, Browser, House


class Scene:
    """Marcus with his sister Ida, and Sam, who is about to ring her."""

    def __init__(self, house: House, sam: Browser, client: str, contact: str) -> None:
        assert sam.me
        self.house, self.sam = house, sam
        self.path = f"/api/clients/{client}"
        self.client, self.contact = UUID(client), UUID(contact)
        self.viewer = Viewer(
            house.program, sam.me.id, "Sam Okafor", "Sam", frozenset({"clinician"}), sam.me.id, "live"
        )

    async def rings(self, tier: Tier, basis: str, grounds: str = "", ticked: tuple[str, ...] = ()) -> None:
        async with self.house.database.transaction(self.house.program) as db:
            client = await db.get(Client, (self.house.program, self.client))
            contact = await db.get(EmergencyContact, (self.house.program, self.contact))
            assert client
            assert contact
            told = Telling("call", "That contact was lost.", "safety", basis, grounds, ticked)
            entry = await disclose(db, self.viewer, client, contact, told, tier=tier)
            await write(db, self.house.program, [entry])

    async def kept(self) -> list[dict[str, Any]]:
        async with self.house.database.transaction(self.house.program) as db:
            rows = (await db.scalars(select(Disclosure))).all()
            return [
                {
                    "recipient": reveal(db, row, "recipient"),
                    "content": reveal(db, row, "content"),
                    "grounds": reveal(db, row, "grounds"),
                    "basis": row.basis,
                    "by": row.by_staff_id,
                }
                for row in rows
            ]


@pytest.fixture
async def scene(house: House) -> Scene:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    contact = ok(await sam.post(f"/api/clients/{client['id']}/contacts", **IDA))["contacts"][0]["id"]
    return Scene(house, sam, client["id"], contact)


RELEASE = {
    "scope": "That contact was lost.", "purpose": "safety", "starts_on": "2027-03-01", "method": "signed on paper",
}  # fmt: skip


async def test_with_a_release_the_call_is_recorded_sealed(scene: Scene) -> None:
    await scene.sam.post(f"{scene.path}/releases", **RELEASE, contact_id=str(scene.contact))
    await scene.rings("low", "release")
    assert await scene.kept() == [
        {
            "recipient": "Ida Testperson (sister)",
            "content": "That contact was lost.",
            "grounds": None,
            "basis": "release",
            "by": scene.viewer.staff_id,
        }
    ]
    assert len(await scene.house.entries(Kind.disclosed)) == 1


async def test_a_release_revoked_while_the_screen_was_open_blocks_the_call(scene: Scene) -> None:
    record = ok(await scene.sam.post(f"{scene.path}/releases", **RELEASE, contact_id=str(scene.contact)))
    await scene.sam.patch(f"{scene.path}/releases/{record['releases'][0]['id']}", revoked=True)
    with pytest.raises(NotAllowed, match="was revoked"):
        await scene.rings("moderate", "release")
    assert await scene.kept() == []


async def test_grounds_and_a_tick_are_asked_for_a_serious_threat(scene: Scene) -> None:
    with pytest.raises(NotAllowed, match="At this tier nobody"):
        await scene.rings("moderate", "serious_threat", "said goodbye", ("able_to_lessen_it",))
    with pytest.raises(NotAllowed, match="able to lessen"):
        await scene.rings("high", "serious_threat", "said goodbye")
    with pytest.raises(NotAllowed, match="Write down"):
        await scene.rings("high", "serious_threat", "", ("able_to_lessen_it",))
    await scene.rings("high", "serious_threat", " said goodbye ", ("able_to_lessen_it",))
    assert [row["grounds"] for row in await scene.kept()] == ["said goodbye"]


async def test_do_not_contact_counts_at_once_and_by_number(scene: Scene) -> None:
    await scene.sam.post(f"{scene.path}/releases", **RELEASE, contact_id=str(scene.contact))
    barred = {"name": "Somebody else's name", "number": "503-555-0111", "reason": "invented"}
    ok(await scene.sam.post(f"{scene.path}/do-not-contact", **barred))
    with pytest.raises(NotAllowed, match="do-not-contact"):
        await scene.rings("imminent", "release")


async def test_after_the_danger_word_a_tick_is_needed(scene: Scene) -> None:
    await scene.sam.post(f"{scene.path}/releases", **RELEASE, contact_id=str(scene.contact))
    async with scene.house.engine.transaction(None) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        client.danger_word_used_at = START
    with pytest.raises(NotAllowed, match="not part of the danger"):
        await scene.rings("high", "release")
    await scene.rings("high", "release", ticked=("not_part_of_the_danger",))


async def test_a_contact_of_another_client_or_one_taken_off_is_not_there(scene: Scene) -> None:
    await scene.sam.delete(f"{scene.path}/contacts/{scene.contact}")
    with pytest.raises(NotFound):
        await scene.rings("high", "family_involvement")


async def test_the_options_of_all_contacts_come_in_their_order(scene: Scene) -> None:
    ok(await scene.sam.post(f"{scene.path}/contacts", **{**IDA, "name": "Rob Testperson", "rank": 1}))
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        calm = await contact_options(db, client, "low")
        grave = await contact_options(db, client, "imminent")
    assert [option.name for option in calm] == ["Rob Testperson", "Ida Testperson"]
    assert all(isinstance(option.verdict, Blocked) for option in calm)
    assert all(isinstance(option.verdict, May) for option in grave)


async def test_what_responders_were_told_needs_words_and_who_it_was(scene: Scene) -> None:
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        told = Telling("responders", "Place and danger", "welfare check", "serious_threat", "Said goodbye.")
        dispatch = Agency("Invented County Dispatch")
        for to, what in ((dispatch, replace(told, grounds=" ")), (Agency(" "), told)):
            with pytest.raises(NotValid):
                await disclose(db, scene.viewer, client, to, what, tier="high", already_told=True)
        entry = await disclose(db, scene.viewer, client, dispatch, told, tier="high", already_told=True)
        assert entry.kind == Kind.disclosed
        assert not entry.detail["second_look"]
        await write(db, scene.house.program, [entry])
    assert [row["recipient"] for row in await scene.kept()] == ["Invented County Dispatch"]


async def test_what_was_said_already_is_never_refused_but_looked_at_again(scene: Scene) -> None:
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        told = Telling("responders", "Place and danger", "welfare check", "serious_threat", "Felt wrong.")
        dispatch = Agency("Invented County Dispatch")
        with pytest.raises(NotAllowed, match="choose the tier"):
            await disclose(db, scene.viewer, client, dispatch, told, tier="low")
        entry = await disclose(db, scene.viewer, client, dispatch, told, tier="low", already_told=True)
        assert entry.detail["second_look"]
        await write(db, scene.house.program, [entry])
        [row] = (await db.scalars(select(Disclosure))).all()
        assert row.second_look_due_at == now_of(db) + timedelta(hours=24)
        # Belief in a threat is no basis without a tier that says so: what is kept does not claim one (R18).
        assert row.basis == entry.detail["basis"] == "none"
        assert reveal(db, row, "grounds") == "Felt wrong."


async def test_a_medical_emergency_keeps_the_four_items(scene: Scene) -> None:
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        client.part2 = True
        told = Telling("medical", "What was taken.", "treatment", "part2_medical_emergency")
        nurse = Agency("Nurse Testperson")
        with pytest.raises(NotValid) as refused:
            await disclose(db, scene.viewer, client, nurse, told, tier="imminent")
        assert set(refused.value.fields) == {"affiliation", "nature"}
        told = replace(told, affiliation="Invented Hospital", nature="Took pills")
        entry = await disclose(db, scene.viewer, client, nurse, told, tier="imminent")
        await write(db, scene.house.program, [entry])
        [row] = (await db.scalars(select(Disclosure))).all()
        assert (reveal(db, row, "affiliation"), reveal(db, row, "nature")) == (
            "Invented Hospital",
            "Took pills",
        )
        assert (row.part2, row.by_staff_id, row.at) == (True, scene.viewer.staff_id, now_of(db))
