"""Family and responders are reached by a person's press alone, on a basis that is shown and written down (R1, R18)."""

import pytest

from tests.stories.world import World

ROSA = "We lost touch and would like to know whether Ana is all right."


@pytest.mark.row("Q3", "R18")
async def test_from_the_clinicians_call_over_the_listed_contact_to_local_responders(world: World) -> None:
    await world.client("Ana", tier="high")
    rosa = await world.contact("Ana", "Rosa Ramsey", minutes_away=10)
    await world.dispatch_line("Ana")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    await world.until(47)
    await world.rang("Ana")
    [card] = (await jon.page("Ana"))["person"]["contacts"]
    assert card["may"]
    assert card["bases"] == ["release"]
    assert card["what_may_be_said"] == "That we lost touch; may go and check."
    tell = {fact["item"]: fact["words"] for fact in card["tell"]}
    assert set(tell) == {"callback", "safe_name", "lost_touch", "place", "ask"}
    assert "program" in {fact["item"] for fact in card["kept_back"]}

    await jon.press("Ana", f"contacts/{rosa}/call", basis="release", content=ROSA)
    await world.never_rang("contact")
    phone = await world.rings("Jon")
    await phone.answers()
    await world.never_rang("contact")
    await phone.presses("1")
    await world.pass_time(1)
    contact = await world.rings("contact")
    await contact.answers("themselves")
    assert (await contact.row()).conference == (await phone.row()).conference
    await phone.hangs_up()
    await contact.hangs_up()

    await dana.press(
        "Ana", "decide", decision="responders", reason="Nobody reaches them; Rosa has not seen them."
    )
    assert "dispatch" in await dana.stands_at("Ana")
    await dana.press(
        "Ana",
        "dispatch",
        agency="Fairhaven dispatch",
        number="+15415550119",
        read_back=["address", "name"],
        outcome="dispatched",
        content="A check at 418 Alder Court.",
        grounds="High tier, no contact for five minutes.",
    )
    assert "wait-agreed" in await dana.stands_at("Ana")

    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    assert any(
        line.startswith("Jon Bell told Rosa Ramsey") and line.endswith("Basis: release") for line in said
    )
    assert "Dana Whitlock decided: responders" in said
    assert "Dana Whitlock spoke with Fairhaven dispatch: help is on its way" in said
    await world.may_ring("Ana", *world.people)
    await dana.ends_well("Ana", tier="high")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R18")
async def test_at_low_without_a_release_nobody_is_called_and_the_screen_says_what_is_lawful(
    world: World,
) -> None:
    await world.client("Ana", tier="low")
    rosa = await world.contact("Ana", "Rosa Ramsey", release=False)
    dana = await world.screen("Dana")
    await world.drops("Ana")
    [card] = (await dana.page("Ana"))["person"]["contacts"]
    assert not card["may"]
    assert card["number"] is None
    assert "no release" in card["block"]
    assert "welfare check" in card["lawful_instead"]

    for basis in ("release", "family_involvement", "serious_threat"):
        sentence = await dana.refused(
            "Ana", f"contacts/{rosa}/call", basis=basis, grounds="I am worried.", content=ROSA
        )
        assert "Not called" in sentence

    await world.never_rang("contact", "Dana")
    await dana.press("Ana", "take")
    await dana.ends_well("Ana")
    await world.may_ring()


@pytest.mark.row("R18", "I7")
async def test_a_serious_threat_needs_written_grounds_and_somebody_able_to_lessen_it(world: World) -> None:
    await world.client("Ana", tier="imminent")
    rosa = await world.contact("Ana", "Rosa Ramsey", release=False, known_objection=True)
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await dana.press("Ana", "take")
    [card] = (await dana.page("Ana"))["person"]["contacts"]
    assert card["bases"] == ["serious_threat"]
    assert "gave me your number" not in card["script"]
    assert "I'm calling because I'm concerned" in card["script"]
    path = f"contacts/{rosa}/call"
    press: dict[str, object] = {"basis": "serious_threat", "content": ROSA}
    assert "able to lessen" in await dana.refused("Ana", path, grounds="Said goodbye to the group.", **press)
    press["ticked"] = ["able_to_lessen_it"]
    assert "Write down" in await dana.refused("Ana", path, grounds=" ", **press)
    assert "does not hold" in await dana.refused("Ana", path, basis="family_involvement", content=ROSA)
    await world.never_rang("contact")

    await dana.press("Ana", path, grounds="Said goodbye to the group.", **press)
    await world.pass_time(2)
    phone = await world.rings("Dana")
    await (await phone.answers()).presses("1")
    await world.pass_time(1)
    await world.rings("contact")
    timeline = (await dana.page("Ana"))["timeline"]
    assert "Said goodbye to the group." in [line["note"] for line in timeline]
    await world.may_ring("Ana", *world.people)
    await dana.ends_well("Ana", tier="imminent")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R18")
async def test_whoever_is_on_the_do_not_contact_list_is_not_called_at_any_tier(world: World) -> None:
    await world.client("Ana", tier="imminent")
    rosa = await world.contact("Ana", "Rosa Ramsey", never=True)
    dana = await world.screen("Dana")
    await world.drops("Ana")
    [card] = (await dana.page("Ana"))["person"]["contacts"]
    assert "do-not-contact" in card["block"]
    assert "police first" in card["lawful_instead"]
    for basis in ("release", "serious_threat"):
        await dana.refused(
            "Ana",
            f"contacts/{rosa}/call",
            basis=basis,
            grounds="Danger.",
            ticked=["able_to_lessen_it"],
            content=ROSA,
        )
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R1")
async def test_a_contact_is_not_rung_when_the_person_who_pressed_does_not_pick_up(world: World) -> None:
    await world.client("Ana", tier="high")
    rosa = await world.contact("Ana", "Rosa Ramsey")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await dana.press("Ana", "take")
    await world.until(100)
    await dana.press("Ana", f"contacts/{rosa}/call", basis="release", content=ROSA)
    await world.pass_time(15 * 60)
    await world.never_rang("contact")
    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    assert any("nobody was on the line to speak" in line for line in said)
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R1")
async def test_three_lost_within_ten_seconds_are_one_outage_locked_until_a_person_says_it_is_not_our_side(
    world: World,
) -> None:
    for name, ends in (("Ana", "01"), ("Ben", "02"), ("Cleo", "03")):
        await world.client(name, tier="high", ends=(ends,))
        rosa = await world.contact(name, f"{name}'s sister", ends=f"3{ends[1]}")
    dana = await world.screen("Dana")
    await world.drops("Ana", "Ben", "Cleo")

    assert sorted(await dana.alerts()) == ["Ana", "Ben", "Cleo"]
    [outage] = await dana.cards("outage")
    assert outage["locked"]
    assert len(outage["incident_ids"]) == 3
    for name in ("Ana", "Ben", "Cleo"):
        assert (await dana.alert(name))["locked"]
    for what, body in (
        (f"contacts/{rosa}/call", {"basis": "release", "content": ROSA}),
        ("decide", {"decision": "responders", "reason": "Nobody answers."}),
        ("dispatch", {"outcome": "dispatched", "agency": "Fairhaven dispatch"}),
    ):
        assert "our side" in await dana.refused("Cleo", what, **body)
    await world.until(60)
    for name in ("Ana", "Ben", "Cleo"):
        assert (await world.started(name))[0] <= 30, "their own phones ring all the same"
    await world.until(310)
    for name in ("Ana", "Ben", "Cleo"):
        assert "our-side" in await dana.stands_at(name)
    asked = [at for at in await world.started("Dana", page=True) if at >= 180]
    assert len(asked) >= 2
    await world.never_rang("contact")

    answer = await dana.browser.post(f"/api/outages/{outage['outage_id']}/not-our-side")
    assert answer.status_code == 200, answer.text

    await world.settle()
    [outage] = await dana.cards("outage")
    assert not outage["locked"]
    assert outage["cleared_by"]["name"] == "Dana Whitlock"
    for name in ("Ana", "Ben", "Cleo"):
        assert not (await dana.alert(name))["locked"]
        assert "contact" in await dana.stands_at(name)
    await world.never_rang("contact")
    await world.may_ring("Ana", "Ben", "Cleo", *world.people)


@pytest.mark.row("R1")
async def test_two_lost_at_once_are_two_people(world: World) -> None:
    await world.client("Ana", ends=("01",))
    await world.client("Ben", ends=("02",))
    dana = await world.screen("Dana")
    await world.drops("Ana", "Ben")
    assert await dana.cards("outage") == []
    for name in ("Ana", "Ben"):
        assert not (await dana.alert(name))["locked"]
        await dana.press(name, "take")
        await dana.ends_well(name)
    await world.may_ring()


@pytest.mark.row("R21")
async def test_deciding_on_responders_opens_the_card_that_is_read_to_them(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await dana.press("Ana", "decide", decision="responders", reason="Said goodbye and left.")
    incident_id = await dana.incident_id("Ana")

    card = (await dana.looks(f"/api/incidents/{incident_id}/dispatch")).json()

    [line] = card["lines"]
    assert line["agency"] == "Fairhaven dispatch"
    assert line["number"] == "541-555-0119"
    assert line["verified_on"] == "2027-02-20"
    assert not line["stale"]
    assert card["place"]["address"] == "418 Alder Court, Fairhaven, OR"
    assert card["place_age_s"] == pytest.approx(9, abs=6)
    assert card["warning"].startswith("Do not dial 911 from here.")
    script = " ".join(line["text"] for line in card["script"])
    assert "My name is Dana Whitlock" in script
    assert "Ana Invented Ramsey" in script
    assert "418 Alder Court" in script
    assert "read the address back" in script
    assert "therapy" not in script
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)


async def test_a_line_that_nobody_has_checked_lately_says_so(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana", verified_on=None)
    dana = await world.screen("Dana")
    await world.drops("Ana")
    card = (await dana.looks(f"/api/incidents/{await dana.incident_id('Ana')}/dispatch")).json()
    assert card["lines"][0]["stale"]
    await world.may_ring("Ana", *world.people)
