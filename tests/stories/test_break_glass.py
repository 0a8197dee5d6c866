"""A client turns to a clinician who does not know them: emergency access, in view of everybody (SEC-2, B5)."""

import pytest
from sqlalchemy import select

from app.clients.models import EmergencyContact
from tests.stories.world import World

WHY = {"reason_code": "client_called", "reason": "Ana rang me and said that she is not safe."}


async def test_it_opens_the_incident_too_and_everybody_in_it_reads_that(world: World) -> None:
    await world.client("Ana", tier="high")
    rosa = await world.contact("Ana", "Rosa Ramsey")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.drops("Ana")
    tess = await world.house.staff("Tess Amano", "clinician")
    incident = (await world.incident("Ana")).id
    page = f"/api/incidents/{incident}"
    assert (await tess.get(page)).status_code == 404
    assert (await tess.post("/api/emergency-access", **WHY, name="Ana R.")).status_code == 200

    seen = (await tess.get(page)).json()
    assert [contact["id"] for contact in seen["person"]["contacts"]] == [str(rosa)]
    assert (await tess.post(f"{page}/note", words="She is in her car by the river.")).status_code == 200
    for screen in (jon, dana):
        shown = await screen.page("Ana")
        assert [open_["name"] for open_ in shown["emergency_access"]] == ["Tess Amano"]
        assert any("Tess Amano opened emergency access" in line["text"] for line in shown["timeline"])
    health = (await dana.browser.get("/api/board")).json()["health"]
    assert health["second_looks"] == 1
    world.house.clock.move(3600)
    tess = await world.house.signed_in(tess.me) if tess.me else tess
    assert (await tess.get(page)).status_code == 404
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("P5", "P6")
async def test_a_contact_in_order_with_relation_and_distance_and_a_release_with_all_its_parts(
    world: World,
) -> None:
    """Written down, read back, revoked: the incident page follows at once."""
    await world.client("Ana", tier="moderate")
    dana = await world.screen("Dana")
    path = f"/api/clients/{world.clients['Ana']}"
    for name, relation, kind, minutes in (
        ("Rosa Ramsey", "sister", "family", 10),
        ("Flor Vale", "friend since school", "friend", 4),
        ("Ned Oak", "next door", "neighbour", 1),
    ):
        made = await dana.browser.post(
            f"{path}/contacts", name=name, relation=relation, kind=kind, minutes_away=minutes,
            number=f"406555013{minutes % 10}", can_reach_home=True, rank=1,
        )  # fmt: skip
        assert made.status_code == 201, made.text
    contacts = made.json()["contacts"]
    assert [c["name"] for c in contacts] == ["Ned Oak", "Flor Vale", "Rosa Ramsey"], "in the order given"
    release = {
        "contact_id": contacts[0]["id"], "covers": ["contact_in_crisis"], "scope": "That we lost touch.",
        "purpose": "safety", "starts_on": "2027-03-01", "ends_on": "2027-09-01",
    }  # fmt: skip
    signed = (await dana.browser.post(f"{path}/releases", **release)).json()["releases"][0]
    await world.drops("Ana")
    told = {c["name"]: c for c in (await dana.page("Ana"))["person"]["contacts"]}
    assert told["Ned Oak"]["bases"] == ["release"]
    assert told["Flor Vale"]["block"]
    assert told["Flor Vale"]["lawful_instead"]
    await dana.browser.patch(f"{path}/releases/{signed['id']}", revoked=True, how="said")
    told = {c["name"]: c for c in (await dana.page("Ana"))["person"]["contacts"]}
    assert "was revoked" in told["Ned Oak"]["block"]
    async with world.house.engine.transaction(None) as db:
        assert len((await db.scalars(select(EmergencyContact))).all()) == 3
    await dana.press("Ana", "take")
    await dana.ends_well("Ana", tier="moderate")
    await world.may_ring("Ana", *world.people)
