"""An invented incident walked through a protocol: the same rules as in earnest, and nothing is written or rung."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.errors import NotValid
from app.protocols import actions, library
from app.protocols.routes import router
from app.protocols.schema import Protocol
from app.protocols.views import VersionView
from app.replays import kinds
from app.replays.dry_run import Pressed, Walk, WalkView, walk
from app.replays.routes import router as replays
from app.replays.stage import Stage
from app.staff.routes import router as staff_router
from tests.house import House, built

SHIPPED = {loaded.protocol.id: loaded.protocol for loaded in library.shipped() if loaded.protocol}
VERSION = VersionView(
    id=UUID(int=9), protocol="any", version="1.0.0", title="", purpose="", tiers=[], status="draft", current=False,
    damaged=False, approved=None, published=None, retired=None, replaced=False, review_due=None, overdue=False,
    made_at=datetime(2027, 3, 1, tzinfo=UTC),
)  # fmt: skip


def walked(protocol: str, asked: Walk) -> WalkView:
    return walk(SHIPPED[protocol], VERSION, asked)


def at(view: WalkView, words: str) -> float:
    return next(line.at_s for line in view.lines if words in line.text)


def says(*lines: tuple[float, str, str]) -> list[Pressed]:
    return [Pressed(at_s=when, press="answer", step=step, outcome=outcome) for when, step, outcome in lines]


def test_left_alone_it_rings_texts_pages_and_then_waits_for_a_person() -> None:
    view = walked("connection-lost", Walk(tier="high", until_s=400))
    assert at(view, "Rings the client, number ends 42") == 30
    assert at(view, "Sends the client the neutral text") <= 60
    assert at(view, "Rings supervisor, then backup, then on call") <= 120
    assert at(view, "Decide about responders") <= 300
    assert {step.key for step in view.open} == {"keep-trying", "page-decider"}
    assert view.ended is None
    assert view.next_s is not None


def test_the_clock_stands_where_it_was_put_and_says_what_is_asked_there() -> None:
    view = walked(
        "imminent-risk", Walk(tier="imminent", until_s=30, pressed=says((10, "caller", "accepted")))
    )
    asked = {step.key: step for step in view.open}
    assert set(asked) == {"place", "stay", "group"}
    assert (asked["place"].limit_s, asked["place"].late) == (60, False)
    assert [answer.outcome for answer in asked["place"].answers] == ["confirmed", "moved", "not_known"]
    assert asked["stay"].beside
    assert "I'm staying right here with you" in asked["stay"].say[0].text["en"]
    late = walked(
        "imminent-risk", Walk(tier="imminent", until_s=130, pressed=says((10, "caller", "accepted")))
    )
    assert at(late, "Dial the ten-digit line") == 60


def test_answers_lead_on_and_a_person_ends_it() -> None:
    pressed = says((12, "slow-down", "done"), (20, "name-it", "done"), (40, "choice", "private_room"))
    view = walked("deescalate-group", Walk(tier="moderate", until_s=60, pressed=pressed))
    assert (view.ended, view.leads_to, view.open) == ("Over: passed on", ["breakout-1to1"], [])
    assert view.refused is None
    by_people = [line.text for line in view.lines if line.by == "person"]
    assert by_people[-1].startswith("A person says “Private room”: Offer the client a choice")


def test_what_nobody_could_press_there_is_left_out_and_says_so() -> None:
    absent = walked("connection-lost", Walk(tier="low", until_s=5, pressed=says((3, "decide", "wait"))))
    assert "not open there" in (absent.refused or "")
    wrong = walked("connection-lost", Walk(tier="low", until_s=5, pressed=says((3, "assign", "verified"))))
    assert "Nobody could answer that" in (wrong.refused or "")
    assert [step.key for step in wrong.open] == ["assign"]
    with pytest.raises(NotValid, match="not for that tier"):
        walked("imminent-risk", Walk(tier="low"))


def test_a_step_is_left_out_as_in_earnest_and_both_are_told_in_their_order() -> None:
    pressed = [Pressed(at_s=12, press="skip", step="slow-down"), *says((20, "name-it", "done"))]
    view = walked("deescalate-group", Walk(tier="moderate", until_s=30, pressed=pressed))
    assert [(one.step, one.answer, one.late) for one in view.answered] == [
        ("slow-down", None, False),
        ("name-it", "Done", False),
    ]
    assert any(line.text.startswith("A person leaves out: Take one slow breath") for line in view.lines)
    gone = walked("deescalate-group", Walk(tier="low", pressed=[Pressed(at_s=0, press="skip", step="x")]))
    assert (gone.answered, "not open there" in (gone.refused or "")) == ([], True)


def test_who_answers_the_telephone_changes_what_follows() -> None:
    for picks, heard in (
        ("client", "Somebody answers"),
        ("voicemail", "Voicemail answers"),
        ("nobody", "Nobody answers"),
    ):
        view = walked("connection-lost", Walk(tier="low", until_s=95, picks=picks))
        assert any(line.text == heard for line in view.lines), picks
    client = walked("connection-lost", Walk(tier="low", until_s=72, picks="client"))
    assert "on-line" in {step.key for step in client.open}
    done = [Pressed(at_s=75, press="reached"), Pressed(at_s=90, press="recognised")]
    over = walked("connection-lost", Walk(tier="low", until_s=100, picks="client", pressed=done))
    assert over.ended == "Over: recognised live"


def test_a_text_from_their_own_number_holds_what_would_go_further() -> None:
    silent = walked("connection-lost", Walk(tier="low", until_s=300))
    text = [Pressed(at_s=20, press="replied")]
    held = walked("connection-lost", Walk(tier="low", until_s=300, pressed=text))
    assert [line.text for line in held.lines] != [line.text for line in silent.lines]


def test_owner_tier_and_several_at_once_change_the_walk() -> None:
    owned = walked("connection-lost", Walk(tier="low", until_s=30, pressed=[Pressed(at_s=10, press="take")]))
    assert owned.owned
    raised = [Pressed(at_s=100, press="tier", tier="imminent")]
    assert walked("connection-lost", Walk(tier="low", until_s=100, pressed=raised)).tier == "imminent"
    several = [Pressed(at_s=5, press="several")]
    locked = walked("connection-lost", Walk(tier="high", until_s=400, pressed=several))
    assert locked.locked
    assert "our-side" in {step.key for step in locked.open}
    assert not any("Decide about responders" in line.text for line in locked.lines)


def test_variants_hold_as_for_a_client_of_that_kind() -> None:
    unsafe = walked("connection-lost", Walk(tier="high", until_s=120, variants=["unsafe_home"]))
    assert not any("ends 42" in line.text for line in unsafe.lines), "only the number marked safe to ring"
    assert any("ends 17" in line.text for line in unsafe.lines)
    for protocol in SHIPPED.values():
        for name in protocol.variants:
            facts = kinds.invented(protocol, [name])
            applied = Stage(protocol, protocol.tiers[-1], facts).applied
            assert applied.variants_in_force == (name,), (protocol.id, name)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_walk_of_any_protocol_ends_or_asks_somebody(data: st.DataObject) -> None:
    """Whatever is pressed whenever: no bug, no circle at one moment, and never a dead end."""
    protocol: Protocol = SHIPPED[data.draw(st.sampled_from(sorted(SHIPPED)))]
    outcomes = sorted({word for step in protocol.steps for word in step.next})
    keys = [step.id for step in protocol.steps]
    press = st.sampled_from(
        ["answer", "answer", "answer", "skip", "take", "release", "tier", "back", "lost_again", "replied", "reached", "danger",
         "several", "not_our_side", "recognised"]
    )  # fmt: skip
    pressed = data.draw(
        st.lists(
            st.builds(
                Pressed,
                at_s=st.floats(0, 3000),
                press=press,
                step=st.sampled_from(keys),
                outcome=st.sampled_from(outcomes),
                tier=st.sampled_from(["low", "high", "imminent"]),
            ),
            max_size=12,
        )
    )
    asked = Walk(
        tier=data.draw(st.sampled_from(protocol.tiers)),
        variants=data.draw(st.lists(st.sampled_from([*protocol.variants, "none_such"]), max_size=4)),
        picks=data.draw(st.sampled_from(["nobody", "client", "voicemail", "somebody_else"])),
        has_contacts=data.draw(st.booleans()),
        pressed=pressed,
        until_s=data.draw(st.floats(0, 7200)),
    )
    view = walk(protocol, VERSION, asked)
    assert view.ended or any(step.kind != "automatic" for step in view.open) or view.next_s is not None
    if view.ended:
        assert any(line.by == "person" for line in view.lines), "only a person ends it"


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, replays, router, staff_router) as house:
        yield house


async def test_a_dry_run_is_open_to_staff_and_writes_nothing(house: House) -> None:
    director = await house.add_person("Dana Whitlock", "supervisor")
    async with house.engine.transaction(None) as db:
        version = await actions.publish(db, house.program, "connection-lost", director.id)
    path = f"/api/protocols/{version}/dry-run"
    assert (await (await house.browser()).post(path)).status_code == 401
    elsewhere = await house.staff("Ola Berg", "supervisor", program="Elsewhere")
    assert (await elsewhere.post(path)).status_code == 404
    jon = await house.staff("Jon Bell", "clinician")
    before = await house.entries()
    answer = await jon.post(path, tier="high", until_s=40)
    assert answer.status_code == 200, answer.text
    assert any("Rings the client" in line["text"] for line in answer.json()["lines"])
    assert (await jon.post(f"/api/protocols/{uuid4()}/dry-run")).status_code == 404
    for odd in (
        {"until_s": -1},
        {"until_s": 1e12},
        {"tier": "mild"},
        {"pressed": [{"at_s": 0, "press": "fly"}]},
    ):
        assert (await jon.post(path, **odd)).status_code == 422, odd
    assert await house.entries() == before
    async with house.engine.transaction(None) as db:
        for table in ("incident", "escalation_step", "contact_attempt"):
            assert await db.scalar(text(f"select count(*) from {table}")) == 0  # noqa: S608
