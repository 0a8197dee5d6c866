"""What the rules ask at an opening is the same, read at a glance or from the whole record."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.clients.models import Client
from app.clients.reach import Reach, at_a_glance, reach
from app.demo.seed import seed
from app.group_sessions.models import GroupSession
from app.incidents.cases import Case
from app.protocols.facts import Facts
from tests.house import built


def _facts(reached: Reach) -> Facts:
    found: Any = Case.facts
    answer: Facts = found.fget(SimpleNamespace(reach=reached, has_contacts=True))
    return answer


async def test_clients_of_every_kind_read_the_same_at_a_glance(
    database_url: str, key_ring: dict[str, bytes]
) -> None:
    async with built(database_url, key_ring) as house:
        await seed(house.engine)
        async with house.engine.transaction(None) as db:
            clients = list(await db.scalars(select(Client.id)))
            meetings = list(await db.scalars(select(GroupSession.id)))
            whole = await reach(db, clients, meetings)
            glance = await at_a_glance(db, clients, meetings)
        facts = [_facts(reached) for reached in whole.values()]
        assert [_facts(glance[client]) for client in whole] == facts
        assert len(facts) >= 11
        assert any(one.unsafe_home for one in facts)
        assert any(one.minor for one in facts)
        assert any(len(one.numbers) > 1 for one in facts)
