"""Contacts, releases and the do-not-contact list as the record shows them, each with what holds today."""

from typing import Any

from app.clients.gaps import CONFIRM_AFTER
from app.clients.known import Standing
from app.clients.models import DoNotContact, EmergencyContact, Release
from app.clients.terms import Terms, fault
from app.db import Db, now_of, reveal


def contact_view(db: Db, row: EmergencyContact) -> dict[str, Any]:
    plain = (
        "id", "relation", "kind", "rank", "last2", "language", "lives_with_client", "minutes_away", "can_reach_home",
        "knows_code_words", "knows_of_treatment", "adult", "guardian", "authority_verified", "known_objection",
        "confirmed_at",
    )  # fmt: skip
    due = row.confirmed_at is None or now_of(db) - row.confirmed_at > CONFIRM_AFTER
    return {name: getattr(row, name) for name in plain} | {
        "name": reveal(db, row, "name"),
        "confirm_due": due,
    }


def release_view(db: Db, row: Release, terms: Terms, standing: Standing) -> dict[str, Any]:
    plain = (
        "id", "contact_id", "covers", "form", "purpose", "part2", "starts_on", "ends_on", "signed_by", "signed_how",
        "signed_on", "signer_contact_id", "method",
    )  # fmt: skip
    why = fault(terms, standing.known.client, standing.today)
    return {name: getattr(row, name) for name in plain} | {
        "scope": terms.scope,
        "recipient": terms.recipient or None,
        "ends_event": reveal(db, row, "ends_event"),
        "state": _state(row, terms, standing, why),
        "fault": why,
    }


def _state(row: Release, terms: Terms, standing: Standing, why: str | None) -> str:
    if terms.revoked:
        return "revoked"
    if terms.ended:
        return "ended"
    if standing.today < row.starts_on:
        return "not_started"
    if row.ends_on is not None and standing.today > row.ends_on:
        return "expired"
    return "active" if why is None else "not_valid"


def barred_view(db: Db, row: DoNotContact) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": reveal(db, row, "name"),
        "contact_id": row.contact_id,
        "number_known": row.number_key is not None,
    }
