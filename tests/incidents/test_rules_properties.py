"""What holds in every escalation, whatever is heard, said and pressed, in any order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.incidents import rules
from app.incidents.rules import IllegalMove
from app.incidents.situation import (
    AttemptOutcome,
    Back,
    ByHand,
    CancelCalls,
    DangerUsed,
    Decided,
    Facts,
    Hurried,
    LeaveVoicemail,
    LostAgain,
    Move,
    OtherPerson,
    OutageCleared,
    OutageLocked,
    PageStaff,
    PersonOutcome,
    Reached,
    Released,
    Replied,
    RingClient,
    SeenByStaff,
    SendText,
    Skipped,
    StaffLegSilent,
    StepDue,
    Stopped,
    Taken,
    Task,
    TierChanged,
    Verified,
)
from app.protocols import variants
from app.protocols.schema import LOCKABLE, TIERS, Tier
from tests.incidents.escalations import FIRST, PROTOCOL, SAFE, SECOND, T0, Run

CALL_OUTCOMES = (
    "answered",
    "no_answer",
    "busy",
    "failed",
    "voicemail",
    "refused",
    "delivered",
    "undelivered",
)
MACHINES = (
    StepDue,
    AttemptOutcome,
    StaffLegSilent,
    Back,
    LostAgain,
    Replied,
    TierChanged,
    Released,
    OutageLocked,
)
CLIENT = RingClient | SendText | LeaveVoicemail
NUMBERS = ((), (FIRST,), (FIRST, SECOND), (FIRST, SECOND, SAFE), (SAFE,))

known = st.builds(
    Facts,
    first_outreach=st.sampled_from(["ring", "text_first", "relay", "do_not_ring"]),
    unsafe_home=st.booleans(),
    danger_used=st.booleans(),
    part2=st.booleans(),
    minor=st.booleans(),
    language=st.sampled_from(["en", "es"]),
    travel_minutes=st.sampled_from([None, 10, 55]),
    numbers=st.sampled_from(NUMBERS),
    has_contacts=st.booleans(),
)
tiers = st.sampled_from(("none", *TIERS))

PERSONS = ["person", "decided", "stopped", "skipped", "hurried"]
PLAIN: dict[str, Callable[[], Any]] = {
    "released": Released,
    "back": Back,
    "lost_again": LostAgain,
    "seen": SeenByStaff,
    "reached": Reached,
    "other": OtherPerson,
    "replied": Replied,
    "danger": DangerUsed,
    "locked": OutageLocked,
    "cleared": OutageCleared,
    "verified": Verified,
}

# An event is (seconds that pass, kind, which open step, which word, talking).
events = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 1, 7, 20, 65, 320, 900]),
        st.sampled_from([*["due", "attempt"] * 3, *PERSONS * 2, *PLAIN, "tier", "silent", "taken"]),
        st.integers(0, 5),
        st.integers(0, 9),
        st.booleans(),
    ),
    max_size=25,
)


def signal(run: Run, kind: str, which: int, word: int) -> Any:
    """A signal that could come now: about an open step, a finished one, or the whole."""
    ids = [active.step_id for active in run.situation.active]
    any_id = ([*run.keys][-6:] + ids)[which % (len(ids) + min(6, len(run.keys)))]
    if kind in PERSONS:
        return of_person(run, kind, ids[which % len(ids)], word)
    made: dict[str, Callable[[], Any]] = {
        "due": lambda: StepDue(min(run.due, key=lambda key: run.due[key])),
        "attempt": lambda: AttemptOutcome(any_id, CALL_OUTCOMES[word % len(CALL_OUTCOMES)]),  # type: ignore[arg-type]
        "taken": lambda: Taken(run.now + timedelta(seconds=300)),
        "tier": lambda: TierChanged(("none", *TIERS)[word % 5]),
        "silent": lambda: StaffLegSilent(any_id, run.keys[any_id], word % 3),
    }
    return (made | PLAIN)[kind]()


def of_person(run: Run, kind: str, step_id: UUID, word: int) -> Any:
    step = variants.apply(PROTOCOL, run.situation.facts).find(run.keys[step_id])
    words = sorted(step.next) if step is not None else ["timeout"]
    pressed: dict[str, Any] = {"stopped": Stopped, "skipped": Skipped, "hurried": Hurried}
    if kind in pressed:
        return pressed[kind](step_id)
    if kind == "decided":
        return Decided(("responders", "mobile_team", "wait")[word % 3])  # type: ignore[arg-type]
    return PersonOutcome(step_id, words[word % len(words)])


def remember(run: Run, heard: Any) -> None:
    """What the caller keeps about the whole incident, beside the steps."""
    kept: dict[type[Any], Callable[[], dict[str, Any]]] = {
        Taken: lambda: {"owned_until": heard.until},
        Released: lambda: {"owned_until": None},
        TierChanged: lambda: {"tier": heard.tier},
        Back: lambda: {"on_screen": True},
        LostAgain: lambda: {"on_screen": False},
        OutageLocked: lambda: {"locked": True},
        OutageCleared: lambda: {"locked": False},
        DangerUsed: lambda: {"facts": replace(run.situation.facts, danger_used=True)},
        Replied: lambda: {"held": True},
    }
    if type(heard) in kept:
        run.know(**kept[type(heard)]())


def reaches_only_whom_it_may(run: Run, heard: Any, move: Move) -> None:
    """R1 and R2, for every order there is: the client's own numbers, or our own staff."""
    numbers = {one.id: one for one in run.situation.facts.numbers}
    for order in move.orders:
        assert isinstance(order, CLIENT | PageStaff | Task | CancelCalls | ByHand)
        if isinstance(order, CLIENT):
            number = numbers[order.number_id]
            assert number.safe_to_ring or not run.situation.facts.guarded
            assert not run.situation.on_screen, "nobody on screen is rung or texted"
            assert isinstance(heard, StepDue), "an outside act is always a step that came due"
            assert not isinstance(order, SendText) or (number.text_ok and not number.text_stopped)
            assert not isinstance(order, LeaveVoicemail) or number.voicemail_ok
        if isinstance(order, PageStaff):
            assert set(order.roles) <= {"supervisor", "backup", "on_call"}


def asks_only_what_it_may(run: Run, heard: Any, move: Move, before: set[str]) -> None:
    planned = {step.key: step.action for step in move.plan}
    if isinstance(heard, MACHINES):
        assert "dispatch" not in planned, "only a person's choice opens the dispatch card"
    if run.situation.locked:
        assert not set(planned.values()) & LOCKABLE
    if "see-live" in before and run.is_open("see-live") and run.situation.tier in ("none", "low"):
        assert not planned.keys() & {"contact", "decide", "page-decider"}, (
            "a reply holds contact and responders"
        )


def goes_on(run: Run, heard: Any, move: Move) -> None:
    if move.end == "verified":
        assert isinstance(heard, Verified)
    elif move.end is not None:
        assert move.end == "brief_drop"
        assert run.situation.tier in ("none", "low")
        assert isinstance(heard, SeenByStaff | PersonOutcome)
    else:
        applied = variants.apply(PROTOCOL, run.situation.facts)
        still = [applied.find(active.key) for active in run.situation.active]
        assert any(step is None or not step.alongside for step in still), "never a dead end"
        leading = [step.id for step in still if step is not None and not step.beside]
        assert len(leading) <= 1, f"one step leads: {leading}"


@given(tiers, known, st.sampled_from([0, 3, 15, 40, 200]), st.booleans(), events)
@settings(max_examples=300, deadline=None)
def test_in_every_escalation(tier: Tier, facts: Facts, learned: int, brief: bool, story: list[Any]) -> None:
    run = Run(tier, learned_s=learned, opened=False)
    run.know(facts=facts, brief_possible=brief)
    run.write(rules.open_run(PROTOCOL, run.situation, run.now))
    for passes, kind, which, word, talking in story:
        run.now += timedelta(seconds=passes)
        run.know(talking=talking)
        heard = signal(run, kind, which, word)
        if isinstance(heard, StepDue):
            run.now = max(run.now, run.due[heard.step_id])
        before = set(run.open())
        try:
            move = rules.advance(PROTOCOL, run.situation, heard, run.now)
        except IllegalMove:
            assert isinstance(heard, PersonOutcome | Decided)
            continue
        remember(run, heard)
        run.coming.clear()
        run.write(move)
        reaches_only_whom_it_may(run, heard, move)
        asks_only_what_it_may(run, heard, move, before)
        goes_on(run, heard, move)
        if run.ended is not None:
            for after in ("attempt", "back", "replied", "taken"):
                late = (
                    AttemptOutcome(next(iter(run.keys)), "answered")
                    if after == "attempt"
                    else signal_after(after)
                )
                assert rules.advance(PROTOCOL, run.situation, late, run.now) == Move()
            return
        foretold = rules.forecast(PROTOCOL, run.situation, run.now)
        assert {step.key for step in foretold} >= set(run.open()) & {step.id for step in _applied(run).steps}
        assert [step.run_at for step in foretold] == sorted(step.run_at for step in foretold)


def signal_after(kind: str) -> Any:
    return {"back": Back(), "replied": Replied(), "taken": Taken(T0)}[kind]


def _applied(run: Run) -> Any:
    return variants.apply(PROTOCOL, run.situation.facts)


@given(tiers, known, st.integers(0, 19), st.sampled_from(CALL_OUTCOMES))
@settings(max_examples=150, deadline=None)
def test_left_alone_people_are_rung_for_ever_and_the_first_outreach_is_in_time(
    tier: Tier, facts: Facts, learned: int, outcome: str
) -> None:
    limit = {"none": 60, "low": 60, "moderate": 45, "high": 30, "imminent": 20}[tier]
    run = Run(tier, learned_s=learned, opened=False, answers=lambda _: outcome)
    run.know(facts=facts)
    run.write(rules.open_run(PROTOCOL, run.situation, run.now))
    first = variants.apply(PROTOCOL, facts).first_outreach
    run.pass_until(limit)
    assert run.when(f"+{first}") <= max(limit - 10, learned)
    reaches = [order for order in run.ordered(RingClient) if run.keys[order.step_id] == first]  # type: ignore[union-attr]
    assert all(run.seconds(order.ring_by) <= limit for order in reaches)  # type: ignore[union-attr]
    run.pass_until(4 * 3600)
    assert run.ended is None
    late = [
        at
        for at, order in run.orders
        if isinstance(order, PageStaff) and at > T0 + timedelta(hours=3, minutes=50)
    ]
    assert late, "somebody is being rung, hours later"


@given(tiers, known)
@settings(deadline=None)
def test_a_chain_foretold_is_the_chain_that_comes(tier: Tier, facts: Facts) -> None:
    run = Run(tier, opened=False)
    run.know(facts=facts)
    foretold = rules.forecast(PROTOCOL, run.situation, run.now)
    run.write(rules.open_run(PROTOCOL, run.situation, run.now))
    assert [step.key for step in rules.forecast(PROTOCOL, run.situation, run.now)] == [
        step.key for step in foretold
    ]
    run.pass_until(2000)
    came = [words.removeprefix("+") for words in run.words() if words.startswith("+")]
    expected = [step.key for step in foretold if step.key != "keep-trying"]
    assert [key for key in came if key in expected][: len(expected)] == expected
