"""When calls after a crisis are owed, what is proposed, when one counts as missed, and who may be called. Pure.

Time alone shows a lapse and tells the supervisor (R1): it rings nobody, ends nothing and raises no tier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from app.clients.consent_values import Act, Basis, BlockCode, Blocked, May, Tier, Verdict

Kind = Literal["caregiver_call", "check_in"]
When = Literal["early", "open", "late"]

# F9: the call to a caregiver falls between these hours after the crisis.
OPENS: Final = timedelta(hours=24)
CLOSES: Final = timedelta(hours=72)
# R12: of these tiers, chosen by a clinician, the call is owed; of the others where the client agreed.
SEVERE: Final[frozenset[str]] = frozenset({"high", "imminent"})
# These end an incident in which nothing was.
NOTHING_WAS: Final = frozenset({"false_alarm", "died"})
# A planned call is no emergency: it rests on paper, or on a guardian's right, never on a threat (R18).
PLANNED: Final[frozenset[Basis]] = frozenset({"release", "personal_representative"})
# After so many tries a call to a caregiver may be closed as not reached, and goes to the supervisor.
ENOUGH_TRIES: Final = 3

# (d) Hours after what was said at which staff ask how they are; a program keeps its own.
PROPOSED: Final[Mapping[Tier, tuple[int, ...]]] = {
    "none": (72,),
    "low": (48,),
    "moderate": (24, 72),
    "high": (12, 24, 48, 72, 168),
    "imminent": (2, 6, 12, 24, 48, 72, 168),
}
# (d) Far from help the first one comes earlier by one of its own (S8).
SOONER: Final[Mapping[Tier, int]] = {"none": 24, "low": 24, "moderate": 8, "high": 4, "imminent": 1}
FAR_MINUTES: Final = 30
# Where a program keeps its own.
SETTING: Final = "check_in_hours"
MOST_CHECK_INS: Final = 12
LONGEST: Final = timedelta(days=31)
APART: Final = timedelta(minutes=30)

# (d) How long after its time a check-in counts as missed.
GRACE: Final[Mapping[Tier, timedelta]] = {
    "none": timedelta(hours=12),
    "low": timedelta(hours=8),
    "moderate": timedelta(hours=4),
    "high": timedelta(hours=1),
    "imminent": timedelta(minutes=30),
}
# (d) How soon check-ins are planned, once a high tier stands; and how soon the supervisor looks at one that was missed.
PLAN_WITHIN: Final = timedelta(hours=2)
SUPERVISOR_WITHIN: Final[Mapping[Tier, timedelta]] = {
    "none": timedelta(hours=24),
    "low": timedelta(hours=24),
    "moderate": timedelta(hours=4),
    "high": timedelta(hours=1),
    "imminent": timedelta(minutes=15),
}
# (d) Nobody is woken to be asked how they are, but where life is in danger.
QUIET_FROM: Final = 21
QUIET_UNTIL: Final = 8

LACKS_PAPER: Final[frozenset[BlockCode]] = frozenset(
    {"no_release", "part2", "release_not_valid", "tier_too_low", "objection"}
)
NO_PAPER: Final = Blocked(
    "no_release",
    "Not called: nothing the client signed lets us, and this call is no emergency.",
    "Listen if they ring, and tell nothing. Ask the client whether this person may be called, and write down the release "
    "they sign, for advice on how to help. General help that names nobody can be given to anyone.",
)


def tier_of(tier: str) -> Tier:
    found: Tier = tier  # type: ignore[assignment] # held by the table
    return found


def kind_of(kind: str) -> Kind:
    return "caregiver_call" if kind == "caregiver_call" else "check_in"


def owes_call(tier: str, outcome: str, *, lost_only: bool) -> bool:
    """`lost_only`: a connection was lost, no safety check was done, and they came back."""
    return tier in SEVERE and outcome not in NOTHING_WAS and not (lost_only and outcome == "rejoined")


def lapses_at(kind: Kind, due_at: datetime, tier: Tier) -> datetime:
    return due_at if kind == "caregiver_call" else due_at + GRACE[tier]


def when(kind: Kind, opens_at: datetime, due_at: datetime, now: datetime) -> When:
    """A call to a caregiver has a window; a check-in has a time."""
    if now > due_at:
        return "late"
    return "early" if kind == "caregiver_call" and now < opens_at else "open"


def hours_of(settings: Mapping[str, Any]) -> dict[Tier, tuple[int, ...]]:
    """The program's own by tier, where they can be read and are sound; else the product's."""
    own = settings.get(SETTING)
    known = own if isinstance(own, dict) else {}
    found = dict(PROPOSED)
    for tier in PROPOSED:
        hours = known.get(tier)
        if isinstance(hours, list) and wrong_hours(hours) is None:
            found[tier] = tuple(hours)
    return found


def wrong_hours(hours: Sequence[object]) -> str | None:
    """What is wrong with hours that a person chose, as a sentence that says what would be right."""
    if not 1 <= len(hours) <= MOST_CHECK_INS:
        return f"Between one and {MOST_CHECK_INS} check-ins."
    most = int(LONGEST.total_seconds() // 3600)
    whole = [hour for hour in hours if isinstance(hour, int) and not isinstance(hour, bool)]
    if len(whole) != len(hours) or not all(1 <= hour <= most for hour in whole):
        return f"Whole hours between 1 and {most}."
    if whole != sorted(set(whole)):
        return "Each later than the one before."
    return None


def proposal(
    hours: Mapping[Tier, tuple[int, ...]], tier: Tier, now: datetime, zone: ZoneInfo, *, far: bool
) -> list[datetime]:
    """To the quarter of an hour; what falls into the night comes in the morning, but where life is in danger."""
    after = sorted({*hours[tier], *([SOONER[tier]] if far else [])})
    start = now.replace(second=0, microsecond=0)
    start += timedelta(minutes=-start.minute % 15)
    found = [start + timedelta(hours=hour) for hour in after]
    if tier != "imminent":
        found = [_by_day(one, zone) for one in found]
    return list(dict.fromkeys(found))


def _by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.hour < QUIET_FROM:
        return moment
    morning = local.replace(hour=QUIET_UNTIL, minute=0)
    if local.hour >= QUIET_FROM:
        morning += timedelta(days=1)
    return morning.astimezone(moment.tzinfo)


def wrong_times(times: Sequence[datetime], now: datetime) -> str | None:
    """What is wrong with a schedule that a person chose, as a sentence; None when it can be kept."""
    if not 1 <= len(times) <= MOST_CHECK_INS:
        return f"Choose between one and {MOST_CHECK_INS} check-ins."
    if times[0] <= now:
        return "The first check-in lies in the past. Choose a time from now on."
    if times[-1] > now + LONGEST:
        return "The last check-in lies more than a month ahead. Plan the first weeks, then look again."
    if any(after - before < APART for before, after in pairwise(times)):
        return "Give each check-in a time of its own, at least half an hour after the one before."
    return None


def planned(call: Verdict, coaching: Verdict, *, guardian: bool) -> tuple[Act, Verdict]:
    """May this person be called in quiet times, and as what? Being rung when a client cannot be reached is another
    permission than talking about home and the days after: that is advice on how to help (F1). A young person's guardian
    is told what the family agreed for a call at this tier (R16)."""
    return ("call", _on_paper(call)) if guardian else ("coaching", _on_paper(coaching))


def _on_paper(verdict: Verdict) -> Verdict:
    if isinstance(verdict, May):
        bases = tuple(basis for basis in verdict.bases if basis in PLANNED)
        return replace(verdict, bases=bases) if bases else NO_PAPER
    if verdict.code not in LACKS_PAPER:
        return verdict
    # What keeps trying in a crisis is no next step of a planned call.
    sentence = verdict.sentence.replace("Not shared:", "Not called:")
    return replace(verdict, sentence=sentence, lawful_instead=NO_PAPER.lawful_instead)
