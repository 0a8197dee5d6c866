"""`handrail selftest`: the whole chain, in real time, on a database that is in use."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from app import cli, selftest
from app.calls.models import SimulatedCall
from app.clients.models import Client
from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database, now_of
from app.engine import state
from app.group_sessions.models import GroupSession
from app.incidents.models import ContactAttempt, EngineState, Incident
from app.journal.verify import verify
from app.seal import Seal
from app.selftest import running
from app.selftest.report import Report, Step
from app.selftest.running import measure
from app.settings import Settings, write_key_ring
from app.staff.models import Program

BASE = "http://127.0.0.1:8000"
# The bar of the product is 150 s; a machine that runs every test at once gets no more.
LONGEST_SECONDS = 150


@pytest.fixture
def settings(database_url: str, key_ring: dict[str, bytes]) -> Settings:
    return Settings(
        environment="test",
        database_url=database_url,
        public_base_url=BASE,
        keys=write_key_ring(key_ring),
        # A telephone is set up; the self-test must not touch it.
        twilio_account_sid="AC0",
        twilio_auth_token="invented",
        twilio_from="+15035550100",
        twilio_api_base="http://127.0.0.1:9",
    )


@pytest.fixture
async def database(settings: Settings, key_ring: dict[str, bytes]):  # type: ignore[no-untyped-def]
    made = Database(
        settings.database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=Seal(key_ring), pool_size=2
    )
    yield made
    await made.close()


@pytest.mark.row("R1", "R3")
async def test_the_whole_chain_works_in_time_and_leaves_nothing_open(
    settings: Settings, database: Database
) -> None:
    report = await measure(settings)

    assert report.faults == []
    assert [(step.name, step.due_s, step.took_s) for step in report.steps if step.late] == []
    assert report.ok
    assert report.own_engine, "no engine ran, so it brought its own"
    assert report.seconds < LONGEST_SECONDS
    assert report.drop_to_dial_s is not None
    assert report.drop_to_dial_s <= 20, "imminent"
    names = [(step.run, step.name) for step in report.steps]
    assert names == [
        ("Nobody answers", "Alert on every board"),
        ("Nobody answers", "First call to the client"),
        ("Nobody answers", "Neutral message on the voicemail"),
        ("Nobody answers", "Neutral text"),
        ("Nobody answers", "Call to the other number"),
        ("Nobody answers", "Supervisor's phone rings"),
        ("Nobody answers", "Contact rung, by a person's press"),
        ("Nobody answers", "Decision about responders"),
        ("Back while it rings", "Alert on every board"),
        ("Back while it rings", "First call to the client"),
        ("Back while it rings", "Their phone stops ringing"),
        ("Back while it rings", "A person is asked to recognise them"),
    ]
    async with database.transaction(None) as db:
        [program] = await db.scalars(select(Program))
        assert (program.kind, program.lines) == ("selftest", "simulated")
        assert set(await db.scalars(select(ContactAttempt.lines))) == {"simulated"}
        assert set(await db.scalars(select(Incident.practice))) == {"selftest"}
        assert set(await db.scalars(select(Incident.state))) == {"closed"}
        assert set(await db.scalars(select(GroupSession.state))) == {"closed"}
        assert not list(await db.scalars(select(Client.id).where(Client.ended_at.is_(None))))
        rung = await db.scalar(select(func.count()).select_from(SimulatedCall))
        assert rung
        assert (await verify(db, program.id)).holds


async def test_a_second_one_at_the_same_time_says_so_and_does_nothing(
    settings: Settings, database: Database
) -> None:
    async with running._alone(database) as alone:
        assert alone
        report = await measure(settings)
    assert not report.ok
    assert report.faults == ["Another self-test is running in this database. Wait for it to end."]
    async with database.transaction(None) as db:
        assert not list(await db.scalars(select(Program.id)))


async def test_on_a_held_engine_it_says_who_can_release_it(settings: Settings, database: Database) -> None:
    async with database.transaction(None) as db:
        await state.recognise(db)
        await db.flush()
        row = await db.get_one(EngineState, 1, populate_existing=True)
        row.held_since, row.held_reason = now_of(db), "restored"
    report = await measure(settings)
    assert not report.ok
    assert "administrator releases it" in report.faults[0]


@pytest.mark.parametrize(("age_s", "goes_round"), [(0.5, True), (4, False), (None, False)])
async def test_it_brings_an_engine_only_where_none_has_gone_round_for_three_seconds(
    age_s: float | None, goes_round: bool, database: Database
) -> None:
    async with database.transaction(None) as db:
        await state.recognise(db)
        if age_s is not None:
            await db.flush()
            await state.tick(db, now_of(db) - timedelta(seconds=age_s))
    assert await running._engine_goes_round(database) is goes_round


# --- what it prints


def _report(*took: float | None) -> Report:
    steps = [Step("Nobody answers", f"Step {n}", 20.0, one) for n, one in enumerate(took)]
    return Report(steps=steps, drop_to_dial_s=15.2, seconds=85.0)


def test_whole_seconds_past_the_limit_are_late_and_what_never_came_is_too() -> None:
    assert _report(19.9, 20.0, 20.9).ok
    assert [step.late for step in _report(20.9, 21.0, None).steps] == [False, True, True]
    assert not _report(21.0).ok
    assert not _report().ok, "a test that measured nothing has shown nothing"
    assert not Report(steps=_report(1.0).steps, faults=["It broke."]).ok


def test_its_json_says_each_step_and_what_was_late() -> None:
    told = json.loads(_report(15.2, None).as_json())
    assert told["ok"] is False
    assert told["drop_to_dial_s"] == 15.2
    assert [(one["due_s"], one["took_s"], one["late"]) for one in told["steps"]] == [
        (20.0, 15.2, False),
        (20.0, None, True),
    ]


@pytest.mark.parametrize(("took", "code", "words"), [(15.2, 0, "works, and in time"), (31.0, 1, "LATE")])
def test_the_command_prints_a_timeline_and_its_exit_code_is_the_verdict(
    took: float, code: int, words: str, monkeypatch: pytest.MonkeyPatch, key_ring: dict[str, bytes]
) -> None:
    async def measured(_settings: Settings) -> Report:
        return _report(took)

    monkeypatch.setattr(running, "measure", measured)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://handrail.example")
    monkeypatch.setenv("HANDRAIL_KEYS", write_key_ring(key_ring))
    assert selftest.run is running.run
    done = CliRunner().invoke(cli.app, ["selftest"])
    assert done.exit_code == code
    assert words in done.stdout
    told = CliRunner().invoke(cli.app, ["selftest", "--json"])
    assert told.exit_code == code
    assert json.loads(told.stdout)["ok"] is (code == 0)
