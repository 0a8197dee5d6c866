"""What people lack is counted by one piece: the tile of a board, Prepare, the list, the whole program (B6)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.board.kept import KEEP_GAPS_FOR, Kept
from app.board.people import people
from app.group_sessions import program_readiness
from app.journal.read import Touched
from app.staff.access import Viewer
from tests.group_sessions.test_still_to_do import answers, keys
from tests.house import START
from tests.rooms.conftest import Clinic, Met

RELEASE: dict[str, Any] = {
    "scope": "That we lost touch", "purpose": "to find them safe", "starts_on": "2027-03-01", "method": "on paper",
}  # fmt: skip


async def tile_gaps(clinic: Clinic, met: Met) -> list[str]:
    async with clinic.house.database.transaction(clinic.house.program) as db:
        [person] = await people(db, clinic.house.program, meetings=[UUID(met.id)])
        return person.tile.gaps


async def prepared(clinic: Clinic, met: Met) -> list[str]:
    [row] = (await met.seen_by(clinic.sam))["roster"]
    assert row["gaps"] == keys(row)
    found: list[str] = row["gaps"]
    return found


@pytest.mark.row("B6")
async def test_what_a_tile_lacks_is_what_prepare_lacks_and_time_brings_it_back(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    client = f"/api/clients/{met.clients['Ana T']}"
    assert await tile_gaps(clinic, met) == await prepared(clinic, met)
    contact = {"name": "Ida Testperson", "relation": "sister", "number": "+14065550131"}
    record = await answers(await clinic.sam.post(f"{client}/contacts", **contact), 201)
    named = record["contacts"][0]["id"]
    assert "release" in await tile_gaps(clinic, met)
    await answers(await clinic.sam.post(f"{client}/releases", **RELEASE, contact_id=named), 201)
    now = await tile_gaps(clinic, met)
    assert now == await prepared(clinic, met)
    assert not {"release", "contact", "contact due"} & set(now)

    clinic.house.clock.move(timedelta(days=31).total_seconds())
    assert clinic.sam.me
    clinic.sam = await clinic.house.signed_in(clinic.sam.me)
    later = await tile_gaps(clinic, met)
    assert later == await prepared(clinic, met)
    assert "contact due" in later
    await answers(await clinic.sam.post(f"{client}/contacts/{named}/confirm"), 200)
    assert "contact due" not in await tile_gaps(clinic, met)
    viewer = Viewer(
        clinic.house.program,
        clinic.sam.me.id,
        "Sam",
        "Sam",
        frozenset({"supervisor"}),
        clinic.sam.me.id,
        "live",
    )
    async with clinic.house.database.transaction(clinic.house.program) as db:
        [person] = (await program_readiness.page(db, viewer, 1, "any")).rows
    whole = [gap.key for part in person.parts for gap in part.gaps]
    # Without a meeting there is no place to say yet: the street of the usual one is asked for instead.
    assert ["place", *(gap for gap in whole if gap != "address")] == await tile_gaps(clinic, met)
    [listed] = (await answers(await clinic.sam.get("/api/clients"), 200))["rows"]
    assert set(listed["gaps"]) == {*whole} - {"safety plan", "danger word", "ordinary question"}


@pytest.mark.row("B6")
async def test_a_word_counts_when_both_who_run_the_group_have_rehearsed_it(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    assert "danger word" in await tile_gaps(clinic, met)
    path = f"/api/clients/{met.clients['Ana T']}/code-words/danger"
    await answers(await clinic.sam.sends("PUT", path, {"phrase": "marble staircase", "form": "words"}), 200)
    assert "word to rehearse" in await tile_gaps(clinic, met)
    for place in ("lead", "cofacilitator"):
        one = await clinic.house.signed_in(clinic.people[place])
        words = f"/api/group-sessions/{met.id}/code-words"
        await answers(await one.post(f"{words}/show"), 200)
        assert "word to rehearse" in await tile_gaps(clinic, met)
        await answers(await one.post(f"{words}/rehearsed"), 200)
    now = await tile_gaps(clinic, met)
    assert now == await prepared(clinic, met)
    assert not {"danger word", "word due", "word to rehearse"} & set(now)


ANA, BEN, MEETING = UUID(int=1), UUID(int=2), UUID(int=9)


@pytest.mark.parametrize(
    ("kinds", "clients", "left"),
    [
        ({"incident.opened", "step.planned"}, {ANA}, {ANA, BEN}),
        ({"presence.changed", "attempt.ended"}, {ANA}, {ANA, BEN}),
        # A live check ends a danger word, and with it what may be rung to test.
        ({"incident.verified"}, {ANA}, {BEN}),
        ({"client.contact_changed"}, {ANA}, {BEN}),
        ({"plan.agreed", "incident.noted"}, {ANA}, {BEN}),
        ({"client.changed"}, set(), set()),
        ({"code_word.rehearsed"}, set(), set()),
        ({"place.dispatch_line_checked"}, set(), set()),
        ({"group_session.checked_in"}, {ANA}, set()),
        ({"a.kind_that_is_added_one_day"}, {ANA}, set()),
    ],
)
def test_what_is_written_down_about_somebody_is_counted_anew(
    kinds: set[str], clients: set[UUID], left: set[UUID]
) -> None:
    kept, now = Kept(), START
    kept.gaps = {(MEETING, one): (now, ["place"]) for one in (ANA, BEN)}
    kept.forget(Touched(1, frozenset(), frozenset(clients), frozenset(), frozenset(kinds)))
    assert {client for _, client in kept.known_gaps(now)} == left
    assert kept.known_gaps(now + KEEP_GAPS_FOR) == {}, "days pass, and with them what holds"
