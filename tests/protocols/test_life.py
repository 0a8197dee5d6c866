"""A version is read, signed, published and retired: by supervisors, each time with who, when and as what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml
from sqlalchemy import text

from app.errors import Conflict
from app.protocols import actions, library, life, queries
from app.protocols.library import Loaded
from app.protocols.routes import router
from app.staff.models import StaffMember
from app.staff.routes import router as staff_router
from tests.house import Browser, House, built

CALM = library.SHIPPED / "deescalate-group.yaml"
CALM_TEXT = CALM.read_text(encoding="utf-8")
LOST = library.SHIPPED / "connection-lost.yaml"


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, router, staff_router) as house:
        yield house


def numbered(loaded: Loaded, version: str, **changed: Any) -> Loaded:
    assert loaded.body is not None
    body = loaded.body | {"version": version} | changed
    return replace(loaded, protocol=library.parse(body), body=body, sha256=library.digest(body))


async def load(house: House, *files: Loaded) -> None:
    async with house.engine.transaction(None) as db:
        assert await actions.load_shipped(db, house.program, files) == []


async def listed(browser: Browser) -> dict[tuple[str, str], dict[str, Any]]:
    answer = await browser.get("/api/protocols")
    assert answer.status_code == 200, answer.text
    return {(one["protocol"], one["version"]): one for one in answer.json()["versions"]}


async def presses(browser: Browser, version: dict[str, Any], what: str) -> dict[str, Any]:
    answer = await browser.post(f"/api/protocols/{version['id']}/{what}")
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def director(house: House, name: str = "Dana Whitlock") -> Browser:
    browser = await house.staff(name, "supervisor")
    assert browser.me
    async with house.engine.transaction(house.program) as db:
        (await db.get_one(StaffMember, (house.program, browser.me.id))).title = "Clinical director"
    return browser


async def current(house: House, protocol: str) -> str | None:
    async with house.database.transaction(house.program) as db:
        found = await queries.current_of(db, {house.program}, protocol)
    return found[house.program][1].version if house.program in found else None


async def test_from_draft_to_retired_each_step_with_who_when_and_as_what(house: House) -> None:
    await load(house, library.load(CALM))
    dana = await director(house)
    draft = (await listed(dana))["deescalate-group", "1.0.0"]
    assert (draft["status"], draft["current"], draft["approved"]) == ("draft", False, None)

    early = await dana.post(f"/api/protocols/{draft['id']}/publish")
    assert (early.status_code, early.json()["detail"]) == (
        409,
        "Nobody has approved this version yet. Read it, and approve it first.",
    )
    signed = await presses(dana, draft, "approve")
    now = house.clock.now().isoformat().replace("+00:00", "Z")
    assert signed["status"] == "approved"
    assert signed["approved"] == {"by": "Dana Whitlock", "role": "Clinical director", "at": now}
    assert await current(house, "deescalate-group") is None, "a signature alone runs nothing"

    mia = await house.staff("Mia Cole", "supervisor")
    published = await presses(mia, draft, "publish")
    assert (published["status"], published["current"], published["published"]["by"]) == (
        "published",
        True,
        "Mia Cole",
    )
    assert published["approved"]["by"] == "Dana Whitlock"

    await load(house, numbered(library.load(CALM), "1.1.0"))
    newer = (await listed(dana))["deescalate-group", "1.1.0"]
    await presses(dana, newer, "approve")
    await presses(dana, newer, "publish")
    was = (await listed(dana))["deescalate-group", "1.0.0"]
    assert (was["status"], was["replaced"], was["current"]) == ("retired", True, False)
    assert was["retired"]["by"] == "Dana Whitlock"

    gone = await presses(dana, newer, "retire")
    assert (gone["status"], gone["replaced"], gone["current"]) == ("retired", False, False)
    assert await current(house, "deescalate-group") is None, "neither it nor the one it replaced runs again"
    for what in ("approve", "publish"):
        refused = await dana.post(f"/api/protocols/{newer['id']}/{what}")
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert "new version number" in refused.json()["detail"]
    assert (await dana.get(f"/api/protocols/{newer['id']}/reading")).status_code == 200, "still readable"

    kinds = [kind for kind, _ in await house.entries() if kind.startswith("protocol.")]
    assert kinds == [
        "protocol.added", "protocol.approved", "protocol.published",
        "protocol.added", "protocol.approved", "protocol.published", "protocol.retired",
    ]  # fmt: skip


async def test_every_press_counts_once_and_twice_changes_nothing(house: House) -> None:
    await load(house, library.load(CALM))
    dana = await director(house)
    draft = (await listed(dana))["deescalate-group", "1.0.0"]
    for what in ("approve", "publish", "retire"):
        command = uuid4()
        for _ in range(2):
            path = f"/api/protocols/{draft['id']}/{what}"
            assert (await dana.sends("POST", path, None, command)).status_code == 200
        assert (await dana.post(f"/api/protocols/{draft['id']}/{what}")).status_code == 200
    kinds = [kind for kind, _ in await house.entries() if kind.startswith("protocol.")]
    assert kinds == ["protocol.added", "protocol.approved", "protocol.published", "protocol.retired"]


async def test_the_last_plan_for_a_lost_connection_cannot_be_taken_away(house: House) -> None:
    await load(house, library.load(LOST))
    dana = await director(house)
    lost = (await listed(dana))["connection-lost", "1.0.0"]
    await presses(dana, lost, "approve")
    await presses(dana, lost, "publish")
    refused = await dana.post(f"/api/protocols/{lost['id']}/retire")
    assert refused.status_code == 409
    assert "no group can open" in refused.json()["detail"]
    assert await current(house, "connection-lost") == "1.0.0"


async def test_a_review_that_is_overdue_shows_and_stops_nothing(house: House) -> None:
    assert library.load(CALM).protocol is not None
    today = house.clock.now().date()
    review = {"owner": "clinical_director", "due": today.isoformat()}
    await load(house, numbered(library.load(CALM), "3.0.0", review=review))
    dana = await director(house)
    version = (await listed(dana))["deescalate-group", "3.0.0"]
    assert (version["review_due"], version["overdue"]) == (today.isoformat(), False)
    await presses(dana, version, "approve")
    await presses(dana, version, "publish")
    house.clock.move(timedelta(days=1).total_seconds())
    dana = await house.signed_in(dana.me)  # type: ignore[arg-type]  # signed in above
    assert (await listed(dana))["deescalate-group", "3.0.0"]["overdue"] is True
    assert await current(house, "deescalate-group") == "3.0.0"


async def test_who_may_read_and_who_may_decide(house: House) -> None:
    await load(house, library.load(CALM))
    stranger = await house.browser()
    elsewhere = await house.staff("Ola Berg", "supervisor", program="Elsewhere")
    dana = await director(house)
    version = (await listed(dana))["deescalate-group", "1.0.0"]
    base = f"/api/protocols/{version['id']}"
    readings = [f"{base}/{what}" for what in ("preview", "reading", "difference", "sheet.pdf")]
    writes = [(f"{base}/{what}", {}) for what in ("approve", "publish", "retire")]
    writes.append(("/api/protocols/files", {"name": "a.yaml", "text": CALM_TEXT}))
    assert (await elsewhere.get("/api/protocols")).json() == {"versions": [], "trouble": None}
    for path in readings:
        assert (await stranger.get(path)).status_code == 401
        assert (await elsewhere.get(path)).status_code == 404
    for role in ("clinician", "administrator"):
        colleague = await house.staff(f"Jon {role}", role)
        for path in readings:
            assert (await colleague.get(path)).status_code == 200, path
        for path, body in writes:
            assert (await colleague.post(path, **body)).status_code == 403
    for path, body in writes:
        assert (await stranger.post(path, **body)).status_code == 401
        if "files" not in path:
            assert (await elsewhere.post(path, **body)).status_code == 404
    assert [kind for kind, _ in await house.entries() if kind.startswith("protocol.")] == ["protocol.added"]


async def test_two_published_versions_of_one_protocol_are_refused_by_the_database(house: House) -> None:
    await load(house, library.load(CALM), numbered(library.load(CALM), "2.0.0"))
    dana = await director(house)
    version = (await listed(dana))["deescalate-group", "1.0.0"]
    await presses(dana, version, "approve")
    await presses(dana, version, "publish")
    with pytest.raises(Exception, match="uq_protocol_version_published"):
        async with house.engine.transaction(None) as db:
            await db.execute(
                text(
                    "update protocol_version set status = 'published', approved_at = made_at, published_at = made_at"
                )
            )


async def test_a_version_that_was_damaged_since_is_not_published_and_says_so(house: House) -> None:
    await load(house, library.load(CALM))
    dana = await director(house)
    version = (await listed(dana))["deescalate-group", "1.0.0"]
    await presses(dana, version, "approve")
    queries._parsed.clear()
    async with house.engine.transaction(None) as db:
        await db.execute(text("update protocol_version set body = body::jsonb - 'purpose'"))
    async with house.database.transaction(house.program) as db:
        with pytest.raises(Conflict, match="not what was approved"):
            await life.put_in_use(db, house.program, UUID(version["id"]), dana.me.id)  # type: ignore[union-attr]
    damaged = (await listed(dana))["deescalate-group", "1.0.0"]
    assert (damaged["damaged"], damaged["title"]) == (True, "deescalate-group")
    assert (await dana.get(f"/api/protocols/{version['id']}/reading")).status_code == 404


# A file that somebody brings


def renumbered(text: str, version: str = "1.1.0") -> str:
    return text.replace("version: 1.0.0", f"version: {version}", 1)


async def brings(browser: Browser, text: str, name: str = "deescalate-group.yaml") -> dict[str, Any]:
    answer = await browser.post("/api/protocols/files", name=name, text=text)
    assert answer.status_code == 200, answer.text
    brought: dict[str, Any] = answer.json()
    return brought


async def test_a_file_that_a_supervisor_brings_becomes_a_draft(house: House) -> None:
    await load(house, *library.shipped())
    dana = await director(house)
    brought = await brings(dana, renumbered(CALM_TEXT))
    assert brought["faults"] == []
    assert (brought["version"]["status"], brought["version"]["version"]) == ("draft", "1.1.0")
    again = await brings(dana, renumbered(CALM_TEXT))
    assert again["version"]["id"] == brought["version"]["id"]
    assert (await house.entries("protocol.added"))[-1] == ("protocol.added", dana.me.id)  # type: ignore[union-attr]


REFUSED = [
    ("an unknown key", "    role: lead\n", "    role: lead\n    colour: red\n", "colour: red", "is not a key"),
    ("a step that is not there", "done: name-it,", "done: nowhere,", "done: nowhere", "there is no such step"),
    ("silence that starts another", "timeout: supervisor\n", 'timeout: "protocol:safety-check"\n', 'timeout: "protocol:safety-check"', "silence never starts another protocol"),
    ("another that nobody has", '"protocol:duty-to-protect"', '"protocol:knitting"', "protocol:knitting", "no file holds it"),
    ("more time at a higher tier", "{low: 120, moderate: 60, high: 60, imminent: 30}", "{low: 20, moderate: 60, high: 60, imminent: 30}", "{low: 20", "limits never grow"),
    ("an alias", "next: {done: choice, timeout: choice}", "next: &same {done: choice, timeout: choice}\n    record: *same", "*same", "write it out here"),
]  # fmt: skip


KNOWN = {path.stem for path in library.SHIPPED.glob("*.yaml")}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_file_with_a_fault_is_refused_with_its_line_and_a_sentence(
    old: str, new: str, line: str, said: str
) -> None:
    assert old in CALM_TEXT
    changed = renumbered(CALM_TEXT).replace(old, new, 1)
    loaded = library.brought("mine.yaml", changed, KNOWN)
    assert loaded.protocol is None
    found = [fault for fault in loaded.faults if said in fault.sentence]
    assert found, loaded.faults
    wanted = next(n for n, one in enumerate(changed.splitlines(), start=1) if line in one)
    assert ("mine.yaml", wanted) in [(fault.file, fault.line) for fault in found]


async def test_a_refused_file_changes_nothing_and_its_faults_come_back(house: House) -> None:
    await load(house, library.load(CALM))
    dana = await director(house)
    _, old, new, _, said = REFUSED[0]
    brought = await brings(dana, renumbered(CALM_TEXT).replace(old, new, 1))
    assert brought["version"] is None
    assert any(said in fault["sentence"] and fault["line"] > 1 for fault in brought["faults"])
    assert len(await listed(dana)) == 1


async def test_odd_files_are_refused_and_a_changed_version_needs_a_number(house: House) -> None:
    await load(house, *library.shipped())
    dana = await director(house)
    for odd in ("[" * 20_000, "- a list", "title: \x07", "a: 1\na: 2", "a: &a [1]\nb: *a", "\ufffe", "{}"):
        brought = await brings(dana, odd)
        assert brought["version"] is None
        assert brought["faults"][0]["sentence"]
    other = CALM_TEXT.replace("Take one slow breath", "Take two slow breaths", 1)
    assert "new version number" in (await brings(dana, other))["faults"][0]["sentence"]
    assert (await dana.post("/api/protocols/files", name="x.yaml", text="")).status_code == 422
    assert yaml.safe_load(CALM_TEXT)["version"] == "1.0.0"
