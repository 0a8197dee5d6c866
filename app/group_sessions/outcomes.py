"""Who needs a word about what came of it when a group closes."""

from app.group_sessions.models import Presence

# Moderate and above: nobody of these may be missing at the end without a word about it (R19).
NEEDS_A_WORD = frozenset({"moderate", "high", "imminent"})
# Who is accounted for when the group closes; everybody else at those tiers needs an outcome or an incident.
ACCOUNTED = frozenset(
    {"present", "reached", "verified", "leaving", "left_planned", "private_room", "dismissed", "excused"}
)


def needs_outcome(presence: Presence, tier: str) -> bool:
    if tier not in NEEDS_A_WORD or presence.state in ACCOUNTED:
        return False
    return presence.outcome is None and presence.incident_id is None
