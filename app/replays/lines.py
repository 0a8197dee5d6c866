"""What happened on the stage, in plain words. Pure."""

from collections.abc import Callable, Mapping
from uuid import UUID

from app.protocols import plain
from app.protocols.facts import Number
from app.protocols.schema import Protocol, Step
from app.replays.stage import Happened

HEARD = {
    "answered": "Somebody answers",
    "no_answer": "Nobody answers",
    "busy": "The line is busy",
    "failed": "The call could not be placed",
    "voicemail": "Voicemail answers",
    "delivered": "The message was left",
}
BY_HAND = {
    "no_number": "No number to ring: a person does it by hand",
    "no_safe_number": "No number is safe to ring: a person decides how",
    "voided": "Too long ago to be done by itself: a person decides",
}
ASKS = {
    "speak_now": "Every board: somebody answered, speak now",
    "private_check": "Every board: look privately, they are back on screen",
    "see_live": "Every board: see them live within 15 minutes",
    "say_if_our_side": "Every board: is it our side?",
}
# Outcomes that are not worth a line: what follows from them is one.
QUIET = frozenset(
    {"timeout", "sent", "no_answer", "busy", "failed", "voicemail", "delivered", "answered", "voided"}
)


def line(one: Happened, protocol: Protocol, numbers: Mapping[UUID, Number]) -> str | None:
    """None: nothing that a person would want to read."""
    step = protocol.find(one.key)
    title = plain.title(step) if step else one.key
    if one.what == "opens":
        return _opens(step, title)
    if one.what == "rings":
        return f"Rings the client, {_ends(one.more, numbers)}"
    return SAYS[one.what](one.more, title)


def _opens(step: Step | None, title: str) -> str:
    if step is None or not step.waits_for_person:
        return f"Next: {title}"
    return f"{plain.ROLES[step.role]} is asked: {title}"


def _pages(more: str) -> str:
    nth, _, roles = more.partition(":")
    people = ", then ".join(plain.word(role) for role in roles.split())
    again = f", for the {_nth(int(nth) + 1)} time" if nth != "0" else ""
    return f"Rings {people}{again}"


def _goes_on(more: str, title: str) -> str | None:
    return None if more in QUIET else f"{plain.answer(more)}: {title}"


def _ended(more: str, _: str) -> str:
    return plain.ENDS.get(more) or f"Over: {plain.word(more)}"


def _nth(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")


def _ends(number_id: str, numbers: Mapping[UUID, Number]) -> str:
    number = numbers.get(UUID(number_id))
    return f"number ends {number.last2}" if number else "another number"


SAYS: dict[str, Callable[[str, str], str | None]] = {
    "texts": lambda _more, _title: "Sends the client the neutral text",
    "voicemail": lambda _more, _title: "Leaves the neutral message",
    "pages": lambda more, _title: _pages(more),
    "answers": lambda more, _title: HEARD.get(more),
    "goes_on": _goes_on,
    "late": lambda _more, title: f"Still open, and late: {title}",
    "by_hand": lambda more, _title: BY_HAND.get(more, "A person does it by hand"),
    "asks": lambda more, _title: ASKS.get(more),
    "ends": _ended,
    "leads": lambda more, _title: f"Leads to another protocol: {more.replace('-', ' ')}",
}
