"""What no order, delay or repetition of deliveries may do."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.group_sessions.evidence import Beats, Fact
from app.group_sessions.presence import fuse
from tests.presence.words import at, client, gone, joined, meeting, page, says, staff

SECONDS = st.integers(0, 1800).map(float)
TIERS = st.sampled_from(["none", "low", "moderate", "high", "imminent"])
CAUSES = st.sampled_from(["deliberate", "lost", "moved", "removed", "ended", "unknown", None])
REFS = st.sampled_from(["c1", "c2", "c3"])
STAFF = [
    "seen",
    "recognised",
    "excused",
    "away",
    "leaving",
    "back",
    "moment",
    "private_room",
    "dismissed",
    "reached",
]

platform = st.one_of(
    st.builds(joined, SECONDS, REFS),
    st.builds(gone, SECONDS, CAUSES, REFS),
)
words = st.one_of(
    st.builds(staff, st.sampled_from(STAFF), SECONDS, until=st.none() | SECONDS),
    st.builds(
        client, st.sampled_from(["moment", "away", "leaving", "back"]), SECONDS, until=st.none() | SECONDS
    ),
    st.builds(
        says, st.just("page"), st.sampled_from(["opened", "visible", "hidden", "goodbye", "closed"]), SECONDS
    ),
    st.builds(says, st.just("phone"), st.just("answered"), SECONDS),
)
taps = st.builds(staff, st.sampled_from(["lost", "not_responding"]), SECONDS)
beats = st.builds(
    page,
    st.none() | SECONDS,
    st.sampled_from([True, False, None]),
    changed=st.none() | SECONDS,
    bye=st.none() | SECONDS,
)
anything = st.lists(platform | words | taps, max_size=14)


@given(anything, beats, TIERS, st.integers(0, 4000), st.randoms(use_true_random=False), st.data())
def test_order_and_repetition_change_nothing(facts, row, tier, now, random, data) -> None:
    truth = fuse(facts, row, meeting(tier), at(now))
    again = facts + data.draw(st.lists(st.sampled_from(facts), max_size=5) if facts else st.just([]))
    random.shuffle(again)
    assert fuse(again, row, meeting(tier), at(now)) == truth


@given(anything, beats, TIERS, st.integers(1800, 4000), st.data())
def test_delay_changes_nothing_once_everything_is_here(facts, row, tier, now, data) -> None:
    late = [
        replace(fact, received_at=at((fact.at - at(0)).total_seconds() + data.draw(st.floats(0, 600))))
        for fact in facts
    ]
    assert fuse(late, row, meeting(tier), at(now)) == fuse(facts, row, meeting(tier), at(now))


@st.composite
def visits(draw) -> tuple[list[Fact], bool]:
    """A true story of one person's connections, each with its own reference, and whether one is live at its end."""
    times = sorted(draw(st.lists(st.integers(1, 1700), min_size=2, max_size=12, unique=True)))
    facts: list[Fact] = []
    live: set[str] = set()
    for index, moment in enumerate(times):
        if live and draw(st.booleans()):
            ref = draw(st.sampled_from(sorted(live)))
            live.remove(ref)
            facts.append(gone(moment, draw(st.sampled_from(["lost", "unknown", None])), ref))
        else:
            live.add(f"c{index}")
            facts.append(joined(moment, f"c{index}"))
    return facts, bool(live)


@given(visits(), TIERS, st.randoms(use_true_random=False))
def test_machines_call_present_exactly_who_is_in_the_room(story, tier, random) -> None:
    facts, live = story
    shuffled = facts + random.choices(facts, k=3)
    random.shuffle(shuffled)
    fused = fuse(shuffled, Beats(), meeting(tier), at(1800))
    assert fused.state == ("present" if live else "lost")


@given(anything, beats, TIERS, st.integers(0, 4000), taps)
def test_nothing_but_a_later_live_check_clears_a_tap(facts, row, tier, now, tap) -> None:
    checks = [fact for fact in facts if fact.source == "staff" and fact.kind in ("seen", "recognised")]
    fused = fuse([*facts, tap], row, meeting(tier), at(now))
    if all(fact.at <= tap.at for fact in checks):
        assert fused.state in ("lost", "not_responding", "reached")
        if fused.state == "reached":
            assert any(fact.kind == "reached" and fact.at > tap.at for fact in facts)


@given(st.lists(platform | words, max_size=14), beats, TIERS, st.integers(0, 4000))
def test_no_machine_and_no_client_ever_makes_somebody_verified(facts, row, tier, now) -> None:
    fused = fuse([fact for fact in facts if fact.source != "staff"], row, meeting(tier), at(now))
    assert fused.state not in ("verified", "reached", "excused", "private_room", "not_responding")


def as_known_at(row: Beats, now: int) -> Beats:
    """Nobody hears a beat before it is sent."""
    heard = [time for time in (row.last_beat_at, row.page_changed_at, row.goodbye_at) if time is not None]
    return row if all(time <= at(now) for time in heard) else Beats()


ENDS = {"verified", "dismissed", "excused", "left_planned", "lost", "not_responding"}


@given(anything, beats, TIERS, st.integers(0, 4000))
def test_every_open_state_has_a_way_out_by_time_and_takes_it(facts, row, tier, now) -> None:
    """Followed from check to check it ends, and never stands still between two checks."""
    facts = [fact for fact in facts if fact.occurred_at <= at(now)]
    row = as_known_at(row, now)
    context, moment, seen = meeting(tier), at(now), []
    for _ in range(40):
        fused = fuse(facts, row, context, moment)
        seen.append(fused)
        if fused.check_at is None:
            break
        assert fused.check_at > moment
        moment = fused.check_at
    final = seen[-1]
    in_the_room = final.state == "present" and final.reason == "machine"
    overdue = final.state == "not_here_yet" and final.ask_since is not None
    assert final.state in ENDS or in_the_room or overdue
    for before, after in pairwise(seen):
        assert before != after


@given(anything, beats, TIERS, st.integers(0, 4000))
def test_zero_of_the_clock_is_never_in_the_future(facts, row, tier, now) -> None:
    past = [fact for fact in facts if fact.occurred_at <= at(now)]
    row = as_known_at(row, now)
    fused = fuse(past, row, meeting(tier), at(now))
    if fused.state in ("lost", "not_responding"):
        assert fused.evidence_at is not None
        assert fused.evidence_at <= at(now)
        assert fused.evidence_at <= max(fused.since, fused.evidence_at)


@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=200),
    TIERS,
    st.lists(st.tuples(SECONDS, SECONDS), max_size=4),
)
def test_a_beating_page_is_never_lost_however_deaf_we_were(steps, tier, gaps) -> None:
    """Beats that were sent while nobody could hear never arrived; the time counts as ours."""
    deaf = [(at(min(gap)), at(max(gap))) for gap in gaps]
    heard = [s for s in range(0, 1801, 5) if not any(start <= at(s) < end for start, end in deaf)]
    for now in sorted(set(steps)):
        arrived = [s for s in heard if s <= now]
        row = page(float(arrived[-1])) if arrived else Beats()
        fused = fuse([], row, meeting(tier, deaf=deaf), at(now))
        assert fused.state in ("present", "not_here_yet")
