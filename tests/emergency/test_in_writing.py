"""The dispatch card in writing: to one recipient, no more than their packet, kept as told, on one sheet and as a document."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.models import Disclosure
from app.clients.packet import LABELS
from app.db import reveal
from app.emergency.models import GivenCard
from tests.clients.test_releases import PART2
from tests.emergency.test_by_hand import card, lost
from tests.pdf_text import words_of
from tests.stories.screens import Screen
from tests.stories.test_what_is_known import PETS, TOGETHER, changed
from tests.stories.world import World

TO = {"to": "dispatch", "recipient": "Fairhaven dispatch, Officer Moss"}


async def files(screen: Screen) -> tuple[str, int, str]:
    """Of the newest card: the words of its paper, how many sheets, and its document."""
    given = (await card(screen))["given"][0]["id"]
    base = f"/api/incidents/{await screen.incident_id('Ana')}/dispatch/given/{given}"
    paper, document = await screen.looks(f"{base}/card.pdf"), await screen.looks(f"{base}/card.fhir.json")
    assert paper.status_code == document.status_code == 200, paper.text
    assert (paper.headers["content-type"], paper.headers["cache-control"]) == ("application/pdf", "no-store")
    sheets = paper.content.count(b"/Type/Page/") + paper.content.count(b"/Type/Page>")
    return " ".join(words_of(paper.content).split()), sheets, document.text


async def timeline(screen: Screen) -> list[str]:
    return [line["text"] for line in (await screen.page("Ana"))["timeline"]]


@pytest.mark.row("B7", "B5")
async def test_what_is_read_aloud_goes_to_one_recipient_on_paper_and_as_a_document(world: World) -> None:
    await lost(world)
    await changed(
        world, "Ana", pet_cards=PETS, interpreter_needed=True, interpreter_language="es",
        responder_notes="Left ear deaf: stand on the right.",
    )  # fmt: skip
    dana = await world.screen("Dana")
    shown = await card(dana)
    assert "Do not dial 911 from here" in shown["warning"]
    assert "They need an interpreter: Spanish." in " ".join(line["text"] for line in shown["script"])
    offered = {one["to"]: one for one in shown["in_writing"]}
    assert (offered["dispatch"]["may"], offered["dispatch"]["basis"]) == (True, "serious_threat")
    assert LABELS["animals"] in offered["dispatch"]["holds"]
    assert {one["label"] for one in offered["police"]["keeps_back"]} >= {
        LABELS["animals"],
        LABELS["name_used"],
    }
    await dana.press("Ana", "dispatch/given", **TO)
    page, sheets, text = await files(await world.screen("Robin"))
    assert sheets == 1
    for words in (
        "Fairhaven dispatch, Officer Moss", "From Dana Whitlock, a clinician", "418 Alder Court", "Ana Invented Ramsey",
        "Spanish", "Leash him and shut the kitchen door", "stand on the right", "We lost contact", "503-555-0100",
    ):  # fmt: skip
        assert words in page, words
    for secret in ("Evening skills", "Tier", "tier", "safety plan", "Harbor"):
        assert secret not in page + text, secret
    bundle = json.loads(text)
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Composition", "Patient", "Practitioner", "Organization", "Location"]
    assert bundle["entry"][1]["resource"]["name"] == [{"use": "official", "text": "Ana Invented Ramsey"}]
    assert bundle["entry"][4]["resource"]["address"] == {"text": "418 Alder Court, Fairhaven, OR"}
    assert "birthDate" not in text
    assert str(world.clients["Ana"]) not in text
    async with world.house.engine.transaction(world.program_id) as db:
        told = (await db.scalars(select(Disclosure))).one()
        assert (told.act, told.basis, told.by_staff_id) == (
            "responders",
            "serious_threat",
            world.people["Dana"].id,
        )
        assert reveal(db, told, "recipient") == TO["recipient"]
        assert reveal(db, told, "grounds") == "Said goodbye and left.", "the decision says why"
        assert "418 Alder Court" in (reveal(db, told, "content") or "")
        assert {"place", "animals", "language"} <= set(told.items)
    said = await timeline(dana)
    assert "Dana Whitlock gave the dispatch card in writing to Fairhaven dispatch, Officer Moss" in said
    assert "Robin Ames took the dispatch card out as paper" in said
    await world.may_ring("Ana", *world.people)


async def test_police_get_less_and_what_was_given_stays_as_it_was(world: World) -> None:
    await lost(world)
    await changed(world, "Ana", pet_cards=PETS, living_together=TOGETHER)
    dana = await world.screen("Dana")
    await dana.press("Ana", "dispatch/given", to="police", recipient="Sergeant Vale")
    page, _, _ = await files(dana)
    assert "418 Alder Court" in page
    for kept in ("Biscuit", "Lou"):
        assert kept not in page
    await dana.press("Ana", "dispatch/brief", weapons="yes")
    again, _, text = await files(dana)
    assert "Weapons: not known" in again
    assert "a weapon in the home" not in again + text
    await world.may_ring("Ana", *world.people)


async def test_where_home_is_not_safe_the_paper_names_nobody_there_and_asks_for_quiet(world: World) -> None:
    await lost(world, unsafe_home=True)
    await changed(world, "Ana", living_together=TOGETHER)
    dana = await world.screen("Dana")
    await dana.press("Ana", "dispatch/given", **TO)
    page, _, text = await files(dana)
    assert "Do not ring the client, do not say who called, no siren if possible" in page
    assert "do not say who called" in text
    assert "Lou" not in page + text
    await world.may_ring("Ana", *world.people)


async def test_nobody_outside_care_learns_by_a_label_or_a_notice_what_they_were_not_told(
    world: World,
) -> None:
    """42 CFR 2.32: the notice goes with a disclosure by the client's own release, and with no other."""
    await lost(world, part2=True)
    dana = await world.screen("Dana")
    await dana.press("Ana", "dispatch/given", **TO)
    page, _, text = await files(dana)
    for telling in ("42 CFR", "substance", '"ETH"'):
        assert telling not in page + text, telling
    refused = await dana.refused("Ana", "dispatch/brief", medical={"what": "Relapsed, methadone"})
    assert "Leave it out" in refused
    paper = {
        **PART2, "scope": "Where I am, and what I may have taken.", "purpose": "safety", "starts_on": "2027-03-01",
        "method": "folder 3", "recipient": "Elm Fire, Rae Moss", "covers": ["responders"],
    }  # fmt: skip
    signed = await dana.browser.post(f"/api/clients/{world.clients['Ana']}/releases", **paper)
    assert signed.status_code == 201, signed.text
    world.house.clock.move(1)
    await dana.press("Ana", "dispatch/given", to="dispatch", recipient="Elm Fire, Rae Moss")
    page, sheets, text = await files(dana)
    assert sheets == 1
    assert "42 CFR part 2" in page
    assert '"ETH"' in text
    async with world.house.engine.transaction(world.program_id) as db:
        bases = [row.basis for row in await db.scalars(select(Disclosure).order_by(Disclosure.at))]
    assert bases == ["serious_threat", "release"]
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("B7")
async def test_who_may_not_be_told_is_given_nothing_and_nothing_is_kept_as_told(world: World) -> None:
    await world.client("Ana", tier="low")
    await world.dispatch_line("Ana")
    await world.drops("Ana")
    jon = await world.screen("Jon")
    offered = (await card(jon))["in_writing"][0]
    assert (offered["may"], offered["basis"]) == (False, None)
    assert "release" in offered["block"]
    assert "choose the tier" in offered["lawful_instead"]
    refused = await jon.refused("Ana", "dispatch/given", **TO, grounds="Nobody answers.")
    assert refused.startswith("At this tier responders are told only with a release")
    assert (await jon.tries("Ana", "dispatch/given", **TO)).json()["fields"].keys() == {"grounds"}
    bad: list[dict[str, Any]] = [
        {},
        {**TO, "to": "press"},
        {**TO, "recipient": " "},
        {**TO, "recipient": "x" * 121},
    ]
    for body in bad:
        assert (await jon.tries("Ana", "dispatch/given", **body)).status_code == 422
    stranger = await world.house.signed_in(await world.house.add_person("Sol Vega", "clinician"))
    path = f"/api/incidents/{await jon.incident_id('Ana')}/dispatch/given"
    assert (await stranger.post(path, **TO)).status_code == 404
    assert (await jon.looks(f"{path}/{world.clients['Ana']}/card.pdf")).status_code == 404
    async with world.house.engine.transaction(world.program_id) as db:
        assert (await db.scalars(select(GivenCard))).all() == []
        assert (await db.scalars(select(Disclosure))).all() == []
    await world.may_ring("Ana", *world.people)


async def test_however_much_is_known_it_stays_on_one_sheet(world: World) -> None:
    await lost(world)
    words = "and then slowly past the second gate on the left "
    many = [{**PETS[0], "name": f"Animal {n}", "before_responders": (words * 3)[:120]} for n in range(4)]
    await changed(
        world, "Ana", pet_cards=many, responder_notes=(words * 60)[:2000], accessibility=f"{words}. " * 30,
        entry_notes=(words * 30)[:500], living_together={**TOGETHER, "speaks_to_responders": (words * 9)[:200]},
    )  # fmt: skip
    dana = await world.screen("Dana")
    said = {"happened": words[:48] * 3, "means": words[:48] * 3, "others": words[:48] * 3, "weapons": "yes"}
    medical = dict.fromkeys(("what", "how_much", "when", "awake", "breathing", "bleeding"), (words * 4)[:160])
    await dana.press("Ana", "dispatch/brief", **said, medical=medical)
    await dana.press("Ana", "dispatch/given", **TO)
    page, sheets, _ = await files(dana)
    assert sheets == 1
    assert "Animal 1" in page
    assert "More by telephone." in page
    await world.may_ring("Ana", *world.people)
