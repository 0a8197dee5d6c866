"""How clients can be reached, for any number of them at once: two queries, whatever the number (10,000 drops are one call)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app.clients.models import Client, ClientPhone
from app.db import Db


@dataclass(frozen=True, slots=True)
class Reach:
    """A client and their phones in the order in which they are tried; sealed fields stay sealed."""

    client: Client
    phones: tuple[ClientPhone, ...]

    def phone(self, phone_id: UUID) -> ClientPhone:
        return next(p for p in self.phones if p.id == phone_id)


async def reach(db: Db, clients: Collection[UUID], meetings: Collection[UUID]) -> dict[UUID, Reach]:
    """By client id. A number given at check-in counts for its own meeting only, and comes first there.

    Client ids are unique across programs (random uuids), so one call may span programs in the engine's role.
    """
    ids = list(clients)
    rows = (await db.execute(select(Client).where(Client.id.in_(ids)))).scalars().all()
    phones: dict[UUID, list[ClientPhone]] = {}
    found = await db.execute(
        select(ClientPhone)
        .where(
            ClientPhone.client_id.in_(ids),
            ClientPhone.retired_at.is_(None),
            or_(ClientPhone.today_only_for.is_(None), ClientPhone.today_only_for.in_(list(meetings))),
        )
        .order_by(
            ClientPhone.client_id, ClientPhone.today_only_for.is_(None), ClientPhone.rank, ClientPhone.id
        )
    )
    for phone in found.scalars():
        phones.setdefault(phone.client_id, []).append(phone)
    return {client.id: Reach(client, tuple(phones.get(client.id, ()))) for client in rows}
