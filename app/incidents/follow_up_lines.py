"""The timeline's sentences about what is owed after a crisis: calls to a caregiver, and check-ins."""

from collections.abc import Callable

from app.incidents.lane_lines import Speaker
from app.journal.kinds import Kind

CALLS = {"caregiver_call": "the call to a caregiver", "check_in": "a check-in"}
TRIED = {
    "no_answer": "nobody answered",
    "bad_time": "it was not a good time",
    "wrong_person": "somebody else answered",
}
ENDED = {
    "not_permitted": "nothing lets us call, and the client was told",
    "not_wanted": "they do not want it",
    "not_reached": "not reached after several tries. The supervisor has a task",
    "not_needed": "it is not needed",
}


def _call(s: Speaker) -> str:
    return CALLS.get(s.get("call"), "a call")


def _day(written: str) -> str:
    return f"{written[:16].replace('T', ' ')} UTC"


def _tried(s: Speaker) -> str:
    asked = ", and asked the supervisor" if s.detail.get("supervisor") else ""
    return f"{s.who} rang for {_call(s)}: {TRIED.get(s.get('result'), 'not reached')}{asked}"


def _done(s: Speaker) -> str:
    early = ", before its 24 hours were over" if s.detail.get("early") else ""
    worried = ". They were reached, and the supervisor is asked" if s.get("outcome") == "worried" else ""
    return f"{s.who} made {_call(s)}{early}{worried}"


def _planned(s: Speaker) -> str:
    times = s.detail.get("times") or []
    first = f", the first {_day(str(times[0]))}" if times else ""
    return f"{s.who} planned {len(times)} check-in{'' if len(times) == 1 else 's'}{first}"


FOLLOW_UP_SAYS: dict[Kind, Callable[[Speaker], str | None]] = {
    Kind.follow_up_owed: lambda s: (
        f"A call to a caregiver is owed, {_day(s.get('opens_at'))} to {_day(s.get('due_at'))}"
    ),
    Kind.follow_up_rung: lambda s: f"{s.who} looked at a number that ends {s.get('ends')}, for {_call(s)}",
    Kind.follow_up_tried: _tried,
    Kind.follow_up_done: _done,
    Kind.follow_up_missed: lambda s: (
        f"{_call(s).capitalize()} was due {_day(s.get('due_at'))}, and nobody wrote that it was made. "
        "The supervisor has a task"
    ),
    Kind.follow_up_ended: lambda s: (
        f"{s.who} ended {_call(s)}: {ENDED.get(s.get('outcome'), s.get('outcome'))}"
    ),
    Kind.check_ins_planned: _planned,
    Kind.check_ins_ended: lambda s: (
        f"{s.who} ended the check-ins" if s.detail.get("by_person") else "The last planned check-in was made"
    ),
}
