"""The state whose rules count for a client, and what its reviewed cards say. No card: nobody acts as if they knew.

From which age somebody decides for themselves is such a rule: 19 in some states, 21 in others (MIN-4).
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client
from app.clients.people import age_on, birth_date
from app.clients.terms import OF_AGE, OLDEST, YOUNGEST, MinorsLaw, minors_law
from app.db import Db, reveal, seal_of
from app.divisions import is_state, region_name, state_code
from app.places.state_cards import CardKind, StateCardView, cards, of_region, state_card
from app.staff.models import Program

KINDS: tuple[CardKind, ...] = ("duty_to_protect", "mandated_report")


async def region_of(db: Db, client: Client) -> str:
    """US-OR by the usual place; the program's country alone where no state is known."""
    country = await _country(db, client.program_id)
    return _region(country, reveal(db, client, "home_address"))


async def _country(db: Db, program_id: UUID) -> str:
    return await db.scalar(select(Program.region).where(Program.id == program_id)) or "US"


def _region(country: str, written: str | None) -> str:
    address: dict[str, Any] = json.loads(written) if written else {}
    country = address.get("country") or country
    state = state_code(country, address.get("state") or "")
    return f"{country}-{state}" if state and is_state(country, state) else country


async def minors_law_of(db: Db, client: Client, region: str) -> MinorsLaw | None:
    return law_among({"minors_consent": await state_card(db, client.program_id, "minors_consent", region)})


def law_among(cards: Mapping[CardKind, StateCardView | None]) -> MinorsLaw | None:
    """Of the cards of one region."""
    card = cards.get("minors_consent")
    if card is None:
        return None
    return minors_law(card.region, card.body.model_dump(), card.reviewed_by, card.reviewed_on)


async def laws_of(db: Db, program_id: UUID, clients: Collection[UUID]) -> dict[UUID, MinorsLaw | None]:
    """The same for any number of clients: three queries."""
    if not clients:
        return {}
    country, seal = await _country(db, program_id), seal_of(db)
    known = {
        card.region: minors_law(card.region, card.body.model_dump(), card.reviewed_by, card.reviewed_on)
        for card in await cards(db, program_id)
        if card.kind == "minors_consent"
    }
    rows = await db.execute(
        select(Client.id, Client.home_address).where(
            Client.program_id == program_id, Client.id.in_(list(clients))
        )
    )
    found = {}
    for row in rows:
        written = row.home_address and seal.open(
            row.home_address, table="client", column="home_address", row_id=row.id, program_id=program_id
        )
        found[row.id] = known.get(_region(country, written))
    return found


def near_majority(born: date | None, today: date) -> bool:
    """Whether the row of their state decides. Younger is under age everywhere, older is grown everywhere."""
    return born is not None and YOUNGEST - 1 <= age_on(born, today) < OLDEST


def of_age_by(law: MinorsLaw | None) -> int:
    return law.of_age if law else OF_AGE


async def of_age_of(db: Db, client: Client, today: date) -> int:
    """The age of majority for this client, by the reviewed row of their state."""
    if not near_majority(birth_date(db, client), today):
        return OF_AGE
    return of_age_by(await minors_law_of(db, client, await region_of(db, client)))


async def unreviewed(db: Db, client: Client, today: date) -> str | None:
    """The state, as a person reads it, of somebody near majority for which no reviewed row says an age, so that one is assumed."""
    if not near_majority(birth_date(db, client), today):
        return None
    region = await region_of(db, client)
    return region_name(region) if await minors_law_of(db, client, region) is None else None


async def is_minor(db: Db, client: Client, today: date) -> bool:
    """From the birth date and the row of their state, so that it turns by itself; the column is for lists."""
    born = birth_date(db, client)
    if not near_majority(born, today):
        return is_minor_by(None, db, client, today)
    law = await minors_law_of(db, client, await region_of(db, client))
    return is_minor_by(law, db, client, today)


def is_minor_by(law: MinorsLaw | None, db: Db, client: Client, today: date) -> bool:
    """The same where the row of their state has been read already."""
    born = birth_date(db, client)
    return client.minor if born is None else age_on(born, today) < of_age_by(law)


def minors_among(born: Mapping[UUID, date], laws: Mapping[UUID, MinorsLaw | None], today: date) -> set[UUID]:
    return {one for one, day in born.items() if age_on(day, today) < of_age_by(laws.get(one))}


async def cards_of(db: Db, client: Client, region: str) -> dict[CardKind, StateCardView]:
    return await of_region(db, client.program_id, region)
