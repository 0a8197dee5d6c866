"""Afterwards the whole story is already written down: timeline, summary, log, CSV; and nobody else reads it (T3)."""

import csv
import io
from uuid import UUID

import pytest
from sqlalchemy import select

from app.incidents.models import ContactAttempt, Incident
from app.journal.verify import verify
from tests.stories.world import World


async def first_outreach_while_the_line_is_asked(world: World, name: str) -> float | None:
    """As between the claim of the first call and the answer of its line, which may yet be a refusal."""
    dana = await world.screen("Dana")
    async with world.house.engine.transaction(world.program_id) as db:
        incident = await db.get_one(Incident, (world.program_id, UUID(await dana.incident_id(name))))
        first = ContactAttempt.dialing_at == incident.first_outreach_at
        call = (await db.scalars(select(ContactAttempt).where(first, ContactAttempt.who == "client"))).one()
        was = (call.status, call.provider_id)
        call.status, call.provider_id = "dialing", None
    [row] = [r for r in (await dana.looks("/api/incidents")).json()["rows"] if r["name"].startswith(name)]
    said = (await dana.looks(f"/api/incidents/{incident.id}/summary")).json()["text"]
    assert "First outreach" not in said
    async with world.house.engine.transaction(world.program_id) as db:
        call = await db.get_one(ContactAttempt, (world.program_id, call.id))
        call.status, call.provider_id = was
    found: float | None = row["first_outreach_s"]
    return found


@pytest.mark.row("T3")
async def test_the_page_tells_who_what_when_and_late_or_not_and_gives_a_summary_to_copy(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(58)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    await world.pass_time(1)
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana", note="Power cut in the street.")
    incident_id = await jon.incident_id("Ana")
    await jon.press("Ana", "close", outcome="rejoined", note="Back in group.")
    await world.may_ring("Ana", *world.people)

    timeline = (await jon.page_of(incident_id))["timeline"]
    told = [(line["after_s"], line["text"]) for line in timeline]
    assert told[0] == (0.0, "Ana R. lost connection. We learned of it 12 s later.")
    assert (20.0, "Rings Jon Bell's phone") in told
    assert (55.0, "Rings Ana's phone, ends 01") in told
    assert (58.0, "Ana's phone, ends 01 was answered. Contact is not yet safety") in told
    assert (59.0, "Jon Bell took it") in told
    assert (59.0, "Jon Bell spoke with Ana, by voice") in told
    assert told[-1][1] == "Jon Bell closed it: Came back to the group"
    assert {line["late_s"] for line in timeline} == {0}
    assert {line["by"] for line in timeline} >= {"person", "rule", "provider"}

    summary = (await jon.looks(f"/api/incidents/{incident_id}/summary")).json()["text"]
    assert summary.startswith("PRACTICE (drill)")
    assert "Ana R. lost connection, Evening skills, 2027-03-01 " in summary
    assert "First outreach 55 s after the drop." in summary
    assert "Power cut in the street." in summary
    assert "555" not in summary


@pytest.mark.row("T3")
async def test_the_supervisors_log_has_every_incident_with_its_time_to_first_outreach_and_exports_it(
    world: World,
) -> None:
    await world.client("Ana", tier="low", ends=("01",))
    await world.client("Ben", tier="high", ends=("02",))
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await world.until(60)
    await dana.press("Ana", "take")
    await dana.ends_well("Ana")
    await world.drops("Ben")
    await world.pass_time(30)
    await world.may_ring("Ana", "Ben", *world.people)
    await dana.alert("Ben")

    page = (await dana.looks("/api/incidents")).json()
    assert [(row["name"], row["tier"], row["state"]) for row in page["rows"]] == [
        ("Ben R.", "high", "open"),
        ("Ana R.", "low", "closed"),
    ]
    assert [row["first_outreach_s"] for row in page["rows"]] == [25.0, 55.0]
    assert {row["practice"] for row in page["rows"]} == {"drill"}
    assert await first_outreach_while_the_line_is_asked(world, "Ben") is None
    assert page["rows"][1]["outcome"] == "rejoined"

    for query, names in (
        ({"tier": "high"}, ["Ben R."]),
        ({"state": "closed"}, ["Ana R."]),
        ({"outcome": "rejoined"}, ["Ana R."]),
        ({"since": "2027-03-02T00:00:00Z"}, []),
    ):
        rows = (await dana.looks("/api/incidents", **query)).json()["rows"]
        assert [row["name"] for row in rows] == names

    answer = await dana.looks("/api/incidents.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    # With its mark in front a spreadsheet reads it as what it is, accents included.
    assert answer.content.startswith("\ufeff".encode())
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["client"], row["drop_to_first_outreach_s"]) for row in table] == [
        ("Ben R.", "25.0"),
        ("Ana R.", "55.0"),
    ]
    assert [row["practice"] for row in table] == ["drill", "drill"]


async def test_practice_appears_in_no_live_programs_log_and_another_program_sees_nothing(
    world: World,
) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    incident_id = await jon.incident_id("Ana")
    stranger = await world.house.staff("Una Elsewhere", "supervisor", "clinician", program="Elsewhere")

    assert (await stranger.get("/api/board")).json()["cards"] == []
    log = (await stranger.get("/api/incidents")).json()
    assert (log["rows"], log["practice_left_out"]) == ([], True)
    assert len((await stranger.get("/api/incidents.csv")).text.splitlines()) == 1
    reads = [f"/api/incidents/{incident_id}{part}" for part in ("", "/summary", "/contacts", "/dispatch")]
    for path in [*reads, f"/api/group-sessions/{world.group_session_id}"]:
        assert (await stranger.get(path)).status_code == 404, path
    body = {"words": "Hello."}
    for press in ("take", "renew", "seen", "release"):
        assert (await stranger.post(f"/api/incidents/{incident_id}/{press}")).status_code == 404, press
    assert (await stranger.post(f"/api/incidents/{incident_id}/note", **body)).status_code == 404
    tap = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/lost"
    assert (await stranger.post(tap)).status_code == 404
    assert (await jon.alert("Ana"))["owner"] is None
    await world.may_ring()


async def test_a_colleague_of_another_group_cannot_open_it(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    other = await world.house.staff("Olga Other", "clinician")
    assert (await other.get("/api/board")).json()["cards"] == []
    assert (await other.get(f"/api/incidents/{await jon.incident_id('Ana')}")).status_code == 404
    assert (await other.get("/api/incidents")).json()["rows"] == []
    await world.may_ring()


async def test_a_changed_line_of_the_journal_is_found(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "note", words="Rang the ward.")
    async with world.house.engine.transaction(None) as db:
        assert (await verify(db, world.program_id)).holds
    connection = await world.as_superuser()
    try:
        row = await connection.fetchrow(
            "update entry set occurred_at = occurred_at - interval '1 minute' where kind = 'incident.noted' returning seq"
        )
        assert row is not None
        async with world.house.engine.transaction(None) as db:
            verdict = await verify(db, world.program_id)
        assert verdict.faults == [f"Line {row['seq']} was changed after it was written."]
        await connection.execute(
            "update entry set occurred_at = occurred_at + interval '1 minute' where seq = $1", row["seq"]
        )
    finally:
        await connection.close()
    await world.may_ring()
