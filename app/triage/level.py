"""Which level of intervention fits what the answers come to (M3, N11). Pure: it suggests, and a clinician decides (R1)."""

from collections.abc import Mapping

from app.triage.rules import Result
from app.triage.schema import Help, Tier

# Domain 5: ground and check; a private room with a supervisor who knows; help that comes to them.
LEVELS: Mapping[Tier, Help] = {
    "none": "words",
    "low": "words",
    "moderate": "colleague",
    "high": "colleague",
    "imminent": "outside",
}


def fits(result: Result) -> Help | None:
    """None while the question that must be asked was not: words alone are never suggested on a guess."""
    if result.tier is None or (not result.assessed and LEVELS[result.tier] == "words"):
        return None
    return LEVELS[result.tier]
