"""The fields of a record: how each is kept, and reading and writing them as plain values."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.clients.models import Client
from app.db import Db, conceal, reveal

# Plain columns, under disk encryption: none of them says who somebody is or where.
PLAIN = (
    "name_used", "pronouns", "language", "interpreter_needed", "interpreter_language", "relay", "first_outreach",
    "unsafe_home", "part2", "home_label", "home_dispatch_line_id", "travel_minutes", "pet_mark", "no_safe_contact",
    "hidden_from_guardian",
)  # fmt: skip
# Sealed, one text each.
WORDS = (
    "safe_name", "legal_name", "birth_date", "entry_notes", "household", "pets", "what_helps", "danger_wish",
    "ordinary_question", "accessibility", "culture", "responder_notes", "help_first",
)  # fmt: skip
# Sealed as JSON.
PARTS = ("home_address", "contact_times", "household_people", "pet_cards", "living_together")
# Shown only by a logged press.
REVEALED = (
    "home_address", "entry_notes", "household", "household_people", "living_together", "pets", "pet_cards",
    "what_helps", "danger_wish", "ordinary_question", "accessibility", "culture", "responder_notes", "help_first",
    "contact_times",
)  # fmt: skip
# Shown whole in the history and in a refusal; the others only by name until somebody opens the version.
KNOWN = frozenset((*PLAIN, *WORDS, *PARTS))


def values_of(db: Db, client: Client, names: Iterable[str]) -> dict[str, Any]:
    """As JSON would hold them, whatever the column: comparable with what a form sent."""
    found: dict[str, Any] = {}
    for name in names:
        if name in PARTS:
            text = reveal(db, client, name)
            found[name] = None if text is None else json.loads(text)
        elif name in WORDS:
            found[name] = reveal(db, client, name)
        else:
            value = getattr(client, name)
            found[name] = str(value) if isinstance(value, UUID) else value
    return found


def put(db: Db, client: Client, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name in PARTS:
            conceal(db, client, name, None if value is None else json.dumps(value, ensure_ascii=False))
        elif name in WORDS:
            conceal(db, client, name, value or None)
        elif name == "home_dispatch_line_id":
            client.home_dispatch_line_id = None if value is None else UUID(value)
        else:
            setattr(client, name, value)
