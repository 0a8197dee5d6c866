"""Lines of the timeline about who has what of an incident, and about private rooms."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from app.journal.kinds import Kind


class Speaker(Protocol):
    """What a sentence needs: see `timeline`."""

    who: str
    detail: dict[str, Any]
    names: dict[UUID, str]

    @property
    def client(self) -> str: ...

    def get(self, key: str) -> str: ...


def _lane(s: Speaker) -> str:
    return {"eyes": f"eyes on {s.client}", "group": "the group", "caller": "the calls"}.get(
        s.get("lane"), "it"
    )


def _name(s: Speaker, key: str) -> str:
    known = s.get(key)
    return s.names.get(UUID(known), "a colleague") if known else "nobody"


def _taken(s: Speaker) -> str:
    before = s.get("before")
    return f"{s.who} has {_lane(s)}" + (f", before that {_name(s, 'before')}" if before else "")


def _unowned(s: Speaker) -> str:
    name, lane = _name(s, "owner"), _lane(s)
    return {
        "board": f"{name} has {lane}, and their screen is silent: nobody knows whether they still do",
        "video": f"{name} has {lane} and fell out of the video",
        "room": f"{name} does not answer in the private room: {lane} is nobody's for now",
        "inside": f"{name} is in the private room: nobody has {lane}",
        "both": f"{name} is alone with {s.client} and calls as well: a second person is rung",
    }.get(s.get("why"), f"Nobody has {lane}")


def _owned(s: Speaker) -> str | None:
    """Of a press there is a line already; this one says that somebody is heard again."""
    if s.get("why") not in ("board", "video", "room"):
        return None
    return f"{_name(s, 'owner')} is heard from again, and has {_lane(s)}"


def _alone(s: Speaker) -> str:
    return "One person is alone in the room" if s.detail.get("alone") else "Nobody is alone in the room now"


def _ended(s: Speaker) -> str:
    return f"{s.who} ended the group. Everybody was asked how they are"


def _opened(s: Speaker) -> str:
    stays = f"; {_name(s, 'group')} continues with the group" if s.get("group") else ""
    return f"A private room for {s.client}, with {_name(s, 'staff_id')}{stays}"


def _unanswered(s: Speaker) -> str:
    asked = "the supervisor" if s.get("stage") == "supervisor" else "whoever is with the group"
    return f"No answer from {_name(s, 'staff_id')} in the private room: {asked} is asked"


def _answered(s: Speaker) -> str:
    if s.detail.get("looked_in"):
        return f"{s.who} looked into the private room: fine"
    return f"{s.who}, in the private room: still fine"


DECISIONS = {
    "return": "return to the group",
    "stay": "stay in the private room",
    "leave_with_plan": "leave with a plan",
    "escalate": "more help is needed",
}


def _decided(s: Speaker) -> str:
    return f"{s.who} decided with {s.client}: {DECISIONS.get(s.get('decision'), s.get('decision'))}"


def _room_ended(s: Speaker) -> str:
    if s.get("ending") == "lost":
        return f"{s.client} was lost from the private room"
    return "The private room ended with the group"


def _others(s: Speaker) -> str:
    return f"Checking on the others began: {_people(s, 'people')}"


def _all_others(s: Speaker) -> str:
    """Numbers alone: this record names nobody else."""
    said = {"fine": "fine", "word": "to have a word with", "not_reached": "not reached"}
    parts = [f"{s.detail[key]} {words}" for key, words in said.items() if s.detail.get(key)]
    return f"Each of the others was looked at: {', '.join(parts)}"


def _people(s: Speaker, key: str) -> str:
    number = int(s.detail.get(key) or 0)
    return "1 person" if number == 1 else f"{number} people"


LINES: dict[Kind, Callable[[Any], str | None]] = {
    Kind.lane_given: lambda s: f"{_name(s, 'owner')} has {_lane(s)}",
    Kind.lane_taken: _taken,
    Kind.lane_offered: lambda s: f"{s.who} offered {_lane(s)} to {_name(s, 'to')}",
    Kind.lane_accepted: lambda s: f"{s.who} accepted {_lane(s)}, before that {_name(s, 'before')}",
    Kind.lane_declined: lambda s: f"{s.who} declined {_lane(s)}: it stays with {_name(s, 'before')}",
    Kind.lane_offer_ended: lambda s: f"The offer of {_lane(s)} is over: it stays where it was",
    Kind.lane_let_go: lambda s: f"{s.who} let go of {_lane(s)}",
    Kind.lane_vouched: lambda s: f"{s.who} sees that {_name(s, 'before')} has {_lane(s)}",
    Kind.lane_paused: lambda s: f"{s.who} paused the group for ten minutes: words read, all muted, chat off",
    Kind.lane_pause_ended: lambda _: "The ten minutes of the pause are over",
    Kind.lane_ended: _ended,
    Kind.lane_unowned: _unowned,
    Kind.lane_owned: _owned,
    Kind.lane_asked: lambda _: "Nobody came to call in 20 s: the co-facilitator is asked to",
    Kind.lane_alone: _alone,
    Kind.lane_emergency: lambda s: f"{s.who} declared an emergency: supervisor and backup are rung as caller",
    Kind.lane_stood_down: lambda s: f"{s.who} stood the emergency down",
    Kind.lane_second: lambda _: (
        "Nobody has this second alert of the group: people outside the room are alarmed"
    ),
    Kind.lane_second_over: lambda _: "The alarm for a second alert that nobody had is over",
    Kind.others_begun: _others,
    Kind.others_all: _all_others,
    Kind.others_moved: lambda _: (
        "Checking on the others goes on from here: it began with an alert about somebody else"
    ),
    Kind.breakout_opened: _opened,
    Kind.breakout_goes: lambda s: f"{_name(s, 'staff_id')} goes to the private room with {s.client}",
    Kind.breakout_joined: lambda s: f"{s.client} and {_name(s, 'staff_id')} are in the private room",
    Kind.breakout_asked: lambda s: f"{_name(s, 'staff_id')} is asked, silently: still fine?",
    Kind.breakout_answered: _answered,
    Kind.breakout_unanswered: _unanswered,
    Kind.breakout_decided: _decided,
    Kind.breakout_ended: _room_ended,
}
