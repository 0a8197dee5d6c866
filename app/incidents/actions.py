"""What staff do to an incident. Each is one press: it locks the incident, asks the rules, and writes one block of entries.

Every function raises NotFound for an incident the viewer may not see, and Conflict for one that is closed. They are
gathered here for other packages, and stand in files by noun; the telephone's side comes from `attempts`.
"""

from app.incidents.attempts import attempt_changed, attempt_voided, redial, replied
from app.incidents.calling import call, text
from app.incidents.closing import close, not_our_side
from app.incidents.ownership import UNDO_SECONDS, expire_ownership, release, renew, take
from app.incidents.pressing import case_of, open_incident, renew_of
from app.incidents.said import note, other_person, reached, seen, verified
from app.incidents.step_presses import answer_step, hurry, skip, stop
from app.incidents.tiers import ORDER, change_tier

__all__ = [
    "ORDER",
    "UNDO_SECONDS",
    "answer_step",
    "attempt_changed",
    "attempt_voided",
    "call",
    "case_of",
    "change_tier",
    "close",
    "expire_ownership",
    "hurry",
    "not_our_side",
    "note",
    "open_incident",
    "other_person",
    "reached",
    "redial",
    "release",
    "renew",
    "renew_of",
    "replied",
    "seen",
    "skip",
    "stop",
    "take",
    "text",
    "verified",
]
