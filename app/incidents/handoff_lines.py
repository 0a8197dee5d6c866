"""The timeline's sentences about handovers: who was told, and that they read it back."""

from collections.abc import Callable

from app.incidents.lane_lines import Speaker
from app.journal.kinds import Kind

WHO = {
    "ambulance": "the ambulance crew",
    "hospital": "the hospital",
    "mobile_team": "the mobile crisis team",
    "clinician": "the next clinician",
}


def _kind(s: Speaker) -> str:
    return WHO.get(s.get("receiver_kind"), "whoever comes next")


def _refused(s: Speaker) -> str:
    return (
        f"{s.get('receiver') or _kind(s).capitalize()} did not take the handover. The supervisor has a task"
    )


HANDOFF_SAYS: dict[Kind, Callable[[Speaker], str | None]] = {
    Kind.handoff_begun: lambda s: f"{s.who} began a handover to {_kind(s)}",
    # Each save would be a line; what was given is the line that counts.
    Kind.handoff_written: lambda _: None,
    Kind.handoff_given: lambda s: f"{s.who} gave the handover to {s.get('receiver')}, {_kind(s)}",
    Kind.handoff_read_back: lambda s: f"{s.get('receiver')} read the handover back. It is complete",
    Kind.handoff_refused: _refused,
    Kind.handoff_withdrawn: lambda s: f"{s.who} put the handover away. Nobody was told",
    Kind.handoff_exported: lambda s: (
        f"{s.who} took the handover out as {'a file' if s.get('form') == 'fhir' else 'paper'}"
    ),
}
