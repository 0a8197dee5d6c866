"""Without an approved plan for a lost connection nothing would follow a drop: no group opens, and `serve` says so."""

import pytest

from app import administration
from app.errors import NotAllowed, NotFound
from app.protocols import queries
from tests.house import PASSPHRASE
from tests.rooms.conftest import Clinic

TAMPERED = "update protocol_version set body = jsonb_set(body::jsonb, '{title}', '\"Another\"') returning 1"


async def approves(clinic: Clinic, place: str, passphrase: str = PASSPHRASE, program: str = "Harbor") -> str:
    return await administration.approve_protocol(
        clinic.house.app.state.settings,
        protocol="connection-lost",
        program_name=program,
        email=clinic.people[place].email,
        passphrase=passphrase,
    )


async def unplanned(clinic: Clinic) -> list[str]:
    return await administration.without_plan(clinic.house.app.state.settings)


async def test_a_program_in_use_without_a_plan_keeps_serve_from_starting_and_says_what_to_do(
    clinic: Clinic,
) -> None:
    await clinic.meets("Ana T")
    assert await unplanned(clinic) == []
    await clinic.rows("update protocol_version set status = 'draft', approved_at = null returning 1")
    [sentence] = await unplanned(clinic)
    assert sentence.startswith("Harbor has no approved protocol for a lost connection")
    assert 'handrail protocols approve connection-lost --program "Harbor"' in sentence

    for place, passphrase in (("supervisor", "not their passphrase"), ("lead", PASSPHRASE)):
        with pytest.raises(NotAllowed):
            await approves(clinic, place, passphrase)
    with pytest.raises(NotFound):
        await approves(clinic, "supervisor", program="Nowhere")
    assert await unplanned(clinic)
    assert await approves(clinic, "supervisor")
    assert await unplanned(clinic) == []
    [row] = await clinic.rows(
        "select approved_by from protocol_version where status = 'published' and protocol = 'connection-lost'"
    )
    assert row.approved_by == clinic.people["supervisor"].id


async def test_a_plan_that_is_not_what_was_approved_is_none(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clinic.meets("Ana T")
    await clinic.rows(TAMPERED)
    # As a process finds it that starts: nothing is parsed yet.
    monkeypatch.setattr(queries, "_parsed", {})
    assert len(await unplanned(clinic)) == 1
    with pytest.raises(NotFound, match="new version number"):
        await approves(clinic, "supervisor")


async def test_a_new_program_starts_and_is_asked_when_it_opens_its_first_group(clinic: Clinic) -> None:
    await clinic.rows("update protocol_version set status = 'draft', approved_at = null returning 1")
    assert await unplanned(clinic) == [], "it approves its first plan in the app"
    met = await clinic.meets("Ana T", opens=False)
    refused = await clinic.sam.post(f"{met.path}/open")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_protocol")
    assert "A supervisor approves one" in refused.json()["detail"]


async def test_a_database_that_is_away_keeps_nothing_from_starting(clinic: Clinic) -> None:
    settings = clinic.house.app.state.settings.model_copy(
        update={"database_url": "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"}
    )
    assert await administration.without_plan(settings) == []
