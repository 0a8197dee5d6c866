"""Deliveries that come at once go together in one transaction, and each is answered as if it had come alone."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db import Db
from app.journal.verify import verify
from app.rooms import intake
from tests.rooms.conftest import Clinic
from tests.rooms.test_hooks import Room, incidents, room_of

NAMES = ("Ana T", "Ben K", "Cleo V", "Dora M", "Emil S", "Fay W")


async def at_once(*told: Any) -> None:
    await asyncio.gather(*told)


async def recorded(clinic: Clinic, room: Room) -> list[Any]:
    """Entries about presence: who it is of, and when they were written."""
    return await clinic.rows(
        "select client_id, recorded_at from entry where kind = 'presence.changed' and group_session_id = :meeting",
        meeting=UUID(room.met.id),
    )


async def transactions(clinic: Clinic) -> int:
    """Different ones that wrote a fact."""
    [row] = await clinic.rows("select count(distinct xmin::text) as n from presence_fact")
    return int(row.n)


async def test_what_comes_at_once_is_one_transaction_after_the_first(clinic: Clinic) -> None:
    room = await room_of(clinic, *NAMES)
    await at_once(*(room.tells("joined", name, connection=name) for name in NAMES))
    assert [await room.met.state(name) for name in NAMES] == ["present"] * len(NAMES)
    assert {row.client_id for row in await recorded(clinic, room)} == set(room.met.clients.values())
    assert await transactions(clinic) < len(NAMES)
    async with clinic.house.engine.transaction(None) as db:
        assert (await verify(db, clinic.house.program)).holds


async def test_a_forged_and_an_unreadable_one_are_refused_alone(clinic: Clinic) -> None:
    room = await room_of(clinic, *NAMES)
    await at_once(
        room.tells("joined", "Ana T", connection="a"),
        room.posts(b"{}", {"x-handrail-signature": "v1=00"}),
        room.tells("danced", "Ben K", status=422),
        room.tells("joined", "Cleo V", connection="c"),
    )
    assert [await room.met.state(name) for name in NAMES[:3]] == ["present", "not_here_yet", "present"]


async def test_one_that_breaks_their_transaction_breaks_its_own_alone(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await room_of(clinic, *NAMES)
    real = intake.take_all

    async def breaks(db: Db, program_id: UUID, told: Sequence[intake.Told]) -> frozenset[UUID]:
        ended = await real(db, program_id, told)
        if any(str(room.met.clients["Cleo V"]) in one.delivery.person for one in told):
            raise ZeroDivisionError
        return ended

    monkeypatch.setattr(intake, "take_all", breaks)
    await at_once(
        *(
            room.tells("joined", name, connection=name, status=500 if name == "Cleo V" else 200)
            for name in NAMES
        )
    )
    states = {name: await room.met.state(name) for name in NAMES}
    assert states == dict.fromkeys(NAMES, "present") | {"Cleo V": "not_here_yet"}
    monkeypatch.undo()
    await room.tells("joined", "Cleo V", connection="Cleo V")
    assert await room.met.state("Cleo V") == "present"


async def test_nobody_is_told_that_it_is_taken_when_the_commit_fails(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await room_of(clinic, *NAMES)
    real = intake.take_all

    async def goes_away(db: Db, program_id: UUID, told: Sequence[intake.Told]) -> None:
        await real(db, program_id, told)
        raise ConnectionResetError

    monkeypatch.setattr(intake, "take_all", goes_away)
    await at_once(*(room.tells("joined", name, connection=name, status=503) for name in NAMES))
    assert {await room.met.state(name) for name in NAMES} == {"not_here_yet"}


async def test_a_repeat_that_comes_at_once_has_no_effect(clinic: Clinic) -> None:
    room = await room_of(clinic, *NAMES)
    await at_once(*(room.tells("joined", name, connection=name, delivery=name) for name in NAMES * 2))
    assert len(await clinic.rows("select 1 from presence_fact")) == len(NAMES)
    assert len(await recorded(clinic, room)) == len(NAMES)


async def test_a_coming_and_a_going_that_come_at_once_are_both_in_the_record(clinic: Clinic) -> None:
    room = await room_of(clinic, *NAMES)
    await at_once(*(room.tells("joined", name, connection=name) for name in NAMES))
    clinic.house.clock.move(60)
    went = clinic.now
    clinic.house.clock.move(2)
    before = len(await recorded(clinic, room))
    # Behind somebody else's, so that they wait together.
    await at_once(
        room.tells("joined", "Ben K", connection="second"),
        room.tells("left", "Ana T", connection="Ana T", cause="lost", at=went),
        room.tells("joined", "Ana T", connection="second"),
    )
    assert await room.met.state("Ana T") == "present"
    assert await incidents(clinic) == ["platform_left"]
    assert len(await recorded(clinic, room)) == before + 1


async def test_three_who_are_lost_in_one_transaction_are_one_outage(clinic: Clinic) -> None:
    room = await room_of(clinic, *NAMES)
    await at_once(*(room.tells("joined", name, connection=name) for name in NAMES))
    clinic.house.clock.move(60)
    await at_once(*(room.tells("left", name, connection=name, cause="lost") for name in NAMES))
    outages = {row.outage_id for row in await clinic.rows("select outage_id from incident")}
    assert len(outages) == 1
    assert None not in outages


async def test_a_guest_nobody_has_named_keeps_all_that_was_told_at_once(clinic: Clinic) -> None:
    room = await room_of(clinic, "Ana T")
    await at_once(
        *(
            room.tells("joined", person=f"guest-{n % 3}", connection=f"c{n}", delivery=uuid4().hex)
            for n in range(9)
        )
    )
    people = (await clinic.sam.get(f"{room.met.path}/people")).json()
    assert len(people) == 3
    address = f"{room.met.path}/people/{people[0]['id']}"
    assert (await clinic.sam.post(address, client_id=str(room.met.clients["Ana T"]))).status_code == 204
    assert len(await clinic.rows("select 1 from presence_fact")) == 3


async def test_an_address_of_no_program_leaves_nothing_behind(clinic: Clinic) -> None:
    room = await room_of(clinic)
    room.address = f"/hooks/generic/{uuid4()}/{uuid4()}"
    await at_once(*(room.tells("joined", "Ana T", person="p", status=401) for _ in range(3)))
    assert clinic.house.app.state.together.programs == 0
