"""What runs in a program: shipped files become drafts, a supervisor approves, and nothing bad ever takes over."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from app.administration import invite_administrator
from app.engine import loop
from app.errors import Conflict, NotFound
from app.protocols import actions, library, life, queries
from app.protocols.library import Fault, Loaded
from app.protocols.models import ProtocolVersion
from app.protocols.routes import router
from app.staff.routes import router as staff_router
from tests.house import House, built
from tests.incidents.escalations import LOADED, PROTOCOL

DRAFTS = {path.stem: "draft" for path in library.SHIPPED.glob("*.yaml")}
BAD = Loaded(Path("connection-lost.yaml"), (Fault("connection-lost.yaml", 7, "Something is wrong."),))


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, router, staff_router) as house:
        yield house


def numbered(version: str) -> Loaded:
    assert LOADED.body is not None
    body = LOADED.body | {"version": version}
    protocol = library.parse(body)
    return replace(LOADED, protocol=protocol, body=body, sha256=library.digest(body))


async def load(house: House, *files: Loaded, program: UUID | None = None) -> list[Fault]:
    async with house.engine.transaction(None) as db:
        return await actions.load_shipped(db, program or house.program, files)


async def versions(house: House) -> list[ProtocolVersion]:
    async with house.database.transaction(house.program) as db:
        return await queries.versions(db, house.program)


async def current(house: House) -> str:
    async with house.database.transaction(house.program) as db:
        return (await queries.current(db, house.program))[1].version


async def trouble(house: House) -> str | None:
    async with house.database.transaction(house.program) as db:
        return await queries.trouble(db, house.program)


async def test_what_is_kept_stands_in_the_order_of_its_file(house: House) -> None:
    shipped = [loaded for loaded in library.shipped() if loaded.body]
    await load(house, *shipped)
    kept = {row.protocol: row.body for row in await versions(house)}
    for loaded in shipped:
        assert loaded.protocol is not None
        assert json.dumps(kept[loaded.protocol.id]) == json.dumps(loaded.body), loaded.protocol.id


async def approve(house: House, version: str) -> None:
    person = await house.add_person(f"Dana {uuid4().hex[:6]}", "supervisor")
    row = next(row for row in await versions(house) if row.version == version)
    async with house.database.transaction(house.program) as db:
        await life.approve(db, house.program, row.id, person.id)
        await life.put_in_use(db, house.program, row.id, person.id)


async def test_a_shipped_file_is_a_draft_until_a_supervisor_approves_it(house: House) -> None:
    assert await load(house, LOADED) == []
    assert await load(house, LOADED) == []
    assert [row.status for row in await versions(house)] == ["draft"]
    async with house.database.transaction(house.program) as db:
        with pytest.raises(queries.NoProtocol, match="A supervisor approves one"):
            await queries.current(db, house.program)
    await approve(house, PROTOCOL.version)
    assert await current(house) == PROTOCOL.version
    kinds = [kind for kind, _ in await house.entries() if kind.startswith("protocol.")]
    assert kinds == ["protocol.added", "protocol.approved", "protocol.published"]
    async with house.database.transaction(house.programs["Elsewhere"]) as db:
        assert await queries.versions(db, house.program) == []


async def test_a_newer_version_takes_over_only_when_approved_and_a_running_incident_keeps_its_own(
    house: House,
) -> None:
    await load(house, LOADED)
    await approve(house, PROTOCOL.version)
    await load(house, LOADED, numbered("7.0.0"))
    assert await current(house) == PROTOCOL.version
    await approve(house, "7.0.0")
    assert await current(house) == "7.0.0"
    first = next(row for row in await versions(house) if row.version == PROTOCOL.version)
    assert first.status == "retired"
    async with house.database.transaction(house.program) as db:
        assert (await queries.by_ids(db, {first.id}))[first.id].version == PROTOCOL.version
        with pytest.raises(Conflict, match="newer version"):
            await life.approve(db, house.program, first.id, first.id)
        with pytest.raises(NotFound):
            await life.approve(db, house.program, uuid4(), uuid4())


async def test_a_bad_file_never_takes_the_product_down_and_every_board_says_so(house: House) -> None:
    await load(house, LOADED)
    await approve(house, PROTOCOL.version)
    assert await trouble(house) is None
    assert await load(house, BAD) == list(BAD.faults)
    assert await load(house, BAD) == list(BAD.faults)
    assert await current(house) == PROTOCOL.version
    assert "the last published version runs" in (await trouble(house) or "")
    assert await load(house, LOADED) == []
    assert await trouble(house) is None
    assert await load(house, BAD, numbered("8.0.0")) == list(BAD.faults)
    assert await trouble(house) is not None
    kinds = [kind for kind, _ in await house.entries() if kind.startswith("protocol.")]
    assert kinds == [
        "protocol.added",
        "protocol.approved",
        "protocol.published",
        "protocol.refused",
        "protocol.accepted",
        "protocol.added",
        "protocol.refused",
    ]


async def test_every_program_gets_what_ships_when_a_process_starts(house: House) -> None:
    async with house.engine.transaction(None) as db:
        assert await actions.load_everywhere(db, library.shipped()) == []
    async with house.engine.transaction(None) as db:
        assert await actions.load_everywhere(db, library.shipped()) == []
        for program_id in house.programs.values():
            assert {row.protocol: row.status for row in await queries.versions(db, program_id)} == DRAFTS


async def test_a_version_number_stands_for_one_content(house: House) -> None:
    await load(house, LOADED)
    assert LOADED.body is not None
    other = LOADED.body | {"purpose": "Something else."}
    changed = replace(LOADED, body=other, protocol=library.parse(other), sha256=library.digest(other))
    faults = await load(house, changed)
    assert "new version number" in faults[0].sentence
    assert len(await versions(house)) == 1


@pytest.mark.parametrize(
    "damage", ["(body::jsonb - 'purpose')::json", "jsonb_set(body::jsonb, '{title}', '\"Another\"')"]
)
async def test_a_stored_version_that_changed_is_passed_over_for_the_one_before(
    house: House, damage: str
) -> None:
    await load(house, LOADED)
    await approve(house, PROTOCOL.version)
    house.clock.move(60)
    await load(house, numbered("7.0.0"))
    await approve(house, "7.0.0")
    newest = next(row for row in await versions(house) if row.version == "7.0.0")
    queries._parsed.clear()
    async with house.engine.transaction(None) as db:
        await db.execute(text(f"update protocol_version set body = {damage} where version = '7.0.0'"))  # noqa: S608
    assert await current(house) == PROTOCOL.version
    async with house.database.transaction(house.program) as db:
        assert (await queries.by_ids(db, {newest.id}))[newest.id].version == PROTOCOL.version


async def test_a_stored_body_that_is_no_protocol_any_more_cannot_be_approved(house: House) -> None:
    await load(house, LOADED)
    row = (await versions(house))[0]
    async with house.engine.transaction(None) as db:
        shapeless = {"title": "Nothing else"}
        await db.execute(
            text("update protocol_version set body = cast(:body as jsonb), sha256 = :sha").bindparams(
                body='{"title": "Nothing else"}', sha=library.digest(shapeless)
            )
        )
    async with house.database.transaction(house.program) as db:
        with pytest.raises(Conflict, match="Load the file again"):
            await life.approve(db, house.program, row.id, row.id)


async def test_publishing_what_ships(house: House) -> None:
    director = await house.add_person("Ines Ortega", "supervisor")
    async with house.engine.transaction(None) as db:
        version = await actions.publish(db, house.program, "connection-lost", director.id)
    async with house.engine.transaction(None) as db:
        assert await actions.publish(db, house.program, "connection-lost", director.id) == version
        with pytest.raises(NotFound, match="No protocol"):
            await actions.publish(db, house.program, "knitting", director.id)
    assert await current(house) == PROTOCOL.version


async def test_publishing_refuses_a_bad_file(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "shipped_as", lambda _: [BAD])
    async with house.engine.transaction(None) as db:
        with pytest.raises(library.RefusedFile, match="Something is wrong"):
            await actions.publish(db, house.program, "connection-lost", uuid4())


async def test_the_engine_takes_in_the_files_and_a_bad_one_holds_nothing_up(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await loop._take_in_protocols(house.engine)
    assert {row.protocol: row.status for row in await versions(house)} == DRAFTS
    monkeypatch.setattr(library, "shipped", lambda: [BAD])
    await loop._take_in_protocols(house.engine)
    assert "connection-lost.yaml:7: Something is wrong." in caplog.text
    assert await trouble(house) is not None
    monkeypatch.setattr(library, "shipped", _unreadable)
    await loop._take_in_protocols(house.engine)
    assert "could not be taken in: PermissionError" in caplog.text


def _unreadable() -> list[Loaded]:
    raise PermissionError


async def test_a_new_program_has_the_shipped_protocols_to_approve(house: House) -> None:
    await invite_administrator(
        house.app.state.settings,
        email="first@cove.example",
        name="Ada Lind",
        program_name="Cove",
        outward_name="the office",
        region="US",
        time_zone="America/New_York",
        callback_number="+15035550111",
    )
    async with house.engine.transaction(None) as db:
        rows = (await db.scalars(select(ProtocolVersion))).all()
    assert {row.protocol: row.status for row in rows} == DRAFTS
