"""Never call the danger (R2): what Handrail does by itself, and what it refuses to do, where home is not safe."""

import pytest

from tests.stories.world import World


@pytest.mark.row("R2")
async def test_only_the_number_marked_safe_is_rung_and_texted_in_ordinary_words(world: World) -> None:
    await world.client("Ana", ends=("01", "02"), safe=("02",), unsafe_home=True)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    assert "Unsafe home" in [mark["text"] for mark in (await jon.alert("Ana"))["marks"]]
    await world.until(59)
    ana = await world.rings("Ana", ends="02")
    await ana.answers("voicemail")
    await world.pass_time(3)
    assert await ana.heard() == ""
    await world.until(95)
    text = await world.text_to("Ana")
    assert "Can you call me back when you have a minute?" in text
    assert "dropped" not in text
    await world.until(700)
    assert {call.last2 for call in await world.calls("Ana")} == {"02"}
    assert {call.last2 for call in await world.calls("Ana", channel="text")} == {"02"}
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R2")
async def test_without_a_safe_number_nothing_rings_and_people_decide_together(world: World) -> None:
    await world.client("Ana", ends=("01", "02"), unsafe_home=True)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(700)
    await world.never_rang("Ana")
    await world.no_text_to("Ana")
    [by_hand] = (await jon.alert("Ana"))["by_hand"]
    assert "safe to ring" in by_hand["sentence"]
    assert by_hand["number"] is None
    assert await world.started("Dana", page=True)
    await world.may_ring()


@pytest.mark.row("R2")
async def test_a_press_on_a_number_that_is_not_safe_is_refused_with_what_to_do(world: World) -> None:
    await world.client("Ana", ends=("01", "02"), safe=("02",), unsafe_home=True)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    phones = {phone["number"][-2:]: phone for phone in (await jon.page("Ana"))["person"]["phones"]}
    assert not phones["01"]["may_ring"]
    sentence = await jon.refused("Ana", "call", phone_id=phones["01"]["id"])
    assert "not marked safe to ring" in sentence
    await jon.press("Ana", "call", phone_id=phones["02"]["id"])
    await world.pass_time(1)
    phone = await world.rings("Jon")
    await (await phone.answers()).presses("1")
    await world.pass_time(1)
    await world.rings("Ana", ends="02")
    await world.never_rang("Dana")
    page = await jon.page("Ana")
    assert any("ordinary" in words for words in page["reminders"])
    await jon.ends_well("Ana")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R2", "R18")
async def test_whoever_lives_there_is_not_called_and_others_only_after_a_tick(world: World) -> None:
    await world.client("Ana", tier="high", safe=("01",), unsafe_home=True)
    at_home = await world.contact("Ana", "Leo Ramsey", ends="32", lives_with_client=True)
    elsewhere = await world.contact("Ana", "Rosa Ramsey", ends="31")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await dana.press("Ana", "take")
    cards = {card["name"]: card for card in (await dana.page("Ana"))["person"]["contacts"]}
    assert "lives with the client" in cards["Leo Ramsey"]["block"]
    assert cards["Rosa Ramsey"]["ticks"]["release"] == ["not_part_of_the_danger"]
    words = {"basis": "release", "content": "Have you seen Ana today?"}
    assert "lives with the client" in await dana.refused("Ana", f"contacts/{at_home}/call", **words)
    assert "not part of the danger" in await dana.refused("Ana", f"contacts/{elsewhere}/call", **words)
    await world.never_rang("contact")
    await dana.press("Ana", f"contacts/{elsewhere}/call", ticked=["not_part_of_the_danger"], **words)
    await world.may_ring("Ana", *world.people)
    await dana.ends_well("Ana", tier="high")


@pytest.mark.row("R2", "R21")
async def test_dispatch_hears_that_they_may_not_be_free_to_talk(world: World) -> None:
    await world.client("Ana", tier="high", safe=("01",), unsafe_home=True)
    await world.dispatch_line("Ana")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    card = (await dana.looks(f"/api/incidents/{await dana.incident_id('Ana')}/dispatch")).json()
    assert card["may_not_be_free_to_talk"]
    script = " ".join(line["text"] for line in card["script"])
    assert "do not ring the client, do not say who called, no siren if possible" in script.lower()
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R2")
async def test_a_client_who_asked_not_to_be_rung_is_decided_about_by_people(world: World) -> None:
    await world.client("Ana", first_outreach="do_not_ring")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    assert (await jon.alert("Ana"))["client_first_outreach"] == "do_not_ring"
    await world.until(30)
    step = await jon.step("Ana", "first-call")
    assert step["waits_for_person"]
    assert "asked us not to ring" in step["title"]
    await world.until(700)
    await world.never_rang("Ana")
    await world.no_text_to("Ana")
    assert await world.started("Dana", page=True)
    await world.may_ring()
