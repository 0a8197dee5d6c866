"""The state whose rules count for a client, and what its reviewed cards say. No card: nobody acts as if they knew."""

import json
from typing import Any

from sqlalchemy import select

from app.clients.models import Client
from app.clients.terms import MinorsLaw, minors_law
from app.db import Db, reveal
from app.places.divisions import is_state, state_code
from app.places.state_cards import CardKind, StateCardView, state_card
from app.staff.models import Program

KINDS: tuple[CardKind, ...] = ("duty_to_protect", "mandated_report")


async def region_of(db: Db, client: Client) -> str:
    """US-OR by the usual place; the program's country alone where no state is known."""
    country = await db.scalar(select(Program.region).where(Program.id == client.program_id)) or "US"
    written = reveal(db, client, "home_address")
    address: dict[str, Any] = json.loads(written) if written else {}
    country = address.get("country") or country
    state = state_code(country, address.get("state") or "")
    return f"{country}-{state}" if state and is_state(country, state) else country


async def minors_law_of(db: Db, client: Client, region: str) -> MinorsLaw | None:
    card = await state_card(db, client.program_id, "minors_consent", region)
    if card is None:
        return None
    return minors_law(region, card.body.model_dump(), card.reviewed_by, card.reviewed_on)


async def cards_of(db: Db, client: Client, region: str) -> dict[CardKind, StateCardView]:
    found = {kind: await state_card(db, client.program_id, kind, region) for kind in KINDS}
    return {kind: card for kind, card in found.items() if card is not None}
