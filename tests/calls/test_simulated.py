"""Simulated phones go through the same documents, keys and callbacks as real ones."""

from tests.calls.conftest import STAFF_NUMBER, Office


async def test_a_call_rings_and_rings_out(office: Office) -> None:
    call = await office.plans()
    await office.runs()
    assert (await office.attempt(call)).status == "dialing"
    await office.ticks()
    assert await office.ringing() == ["43"]
    await office.pass_time(26)
    attempt = await office.attempt(call)
    assert (attempt.status, attempt.result) == ("ended", "no_answer")
    assert office.events(call) == ["ringing", "ended"]


async def test_staff_and_client_meet_in_the_room_of_the_client_leg(office: Office) -> None:
    client = await office.plans()
    staff = await office.plans("staff", STAFF_NUMBER, client_leg_id=client)
    await office.pass_time(2)
    await office.answers(staff)
    assert (await office.phone(staff)).state == "menu"
    await office.presses(staff, "1")
    await office.answers(client)
    ours, theirs = await office.phone(staff), await office.phone(client)
    assert ours.conference == theirs.conference == str(client)
    assert office.events(staff) == ["ringing", "answered", "pressed", "joined"]
    assert office.events(client) == ["ringing", "answered", "joined", "human"]
    assert theirs.words is None, "nobody who is put through hears a machine"
