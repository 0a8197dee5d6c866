"""Opening one client's record in a program of 2,000: the record itself, and everything its page reads, one after another,
each in a transaction of its own as each request has. Beside it the search that finds them, a page of 50."""

import time
from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import select, text

from app.caregiver_pages import queries as copies
from app.client_pages import own_page
from app.clients import drafts, family_queries, guardian_queries, own_consent, queries, search, telling, views
from app.clients.models import Client
from app.code_words import record as code_words
from app.db import Db
from app.follow_ups import queries as follow_ups
from app.places import queries as places
from app.plans import queries as plans
from app.staff.access import Viewer, require_client
from bench.figures import Figure, percentile
from bench.ground import Ground, add_program
from bench.readiness import PEOPLE, add_people, supervisor

ROUNDS = 40
BAR_MS = 100.0
Read = Callable[[Db, Viewer, UUID], Awaitable[object]]


async def _record(db: Db, viewer: Viewer, client: UUID) -> object:
    return (await queries.record(db, viewer.program_id, client, viewer)).model_dump_json()


async def _agreement(db: Db, viewer: Viewer, client: UUID) -> object:
    return await family_queries.agreement(db, await queries.client_of(db, viewer.program_id, client))


async def _guardians(db: Db, viewer: Viewer, client: UUID) -> object:
    return await guardian_queries.guardians(db, await queries.client_of(db, viewer.program_id, client))


# What the page of a record asks for when it opens (frontend/src/clients/ClientRecord.svelte), in no order of weight.
PAGE: tuple[Read, ...] = (
    _record,
    _agreement,
    _guardians,
    lambda db, viewer, client: telling.may_tell(db, viewer.program_id, client),
    lambda db, viewer, client: own_consent.read(db, viewer.program_id, client),
    lambda db, viewer, client: code_words.of_client(db, viewer.program_id, client),
    lambda db, viewer, client: plans.head(db, viewer.program_id, client),
    lambda db, viewer, client: copies.copies(db, viewer.program_id, client),
    lambda db, viewer, client: follow_ups.of_client(db, viewer, client),
    lambda db, viewer, client: own_page.own_page(db, viewer, client),
    lambda db, viewer, client: drafts.of_viewer(db, viewer, client),
    lambda db, viewer, _: places.lines(db, viewer.program_id),
)


async def run(ground: Ground) -> list[Figure]:
    meeting = await add_program(ground.engine, 0, 2, tiers=["low"], pages=False)
    async with ground.engine.transaction(meeting.program_id) as db:
        await add_people(db, meeting.program_id)
        clients = list(await db.scalars(select(Client.id).where(Client.name_used.like("Person %"))))
    viewer = supervisor(meeting)
    whole, page, found, floor = [], [], [], []
    for client in clients[:ROUNDS]:
        floor.append(await _took(ground, viewer, client, (_bare,)))
        whole.append(await _took(ground, viewer, client, (_record,)))
        page.append(await _took(ground, viewer, client, PAGE))
        found.append(await _took(ground, viewer, client, (_search,)))
    least = percentile(floor, 0.5)
    return [
        _figure("opening a record", whole, least),
        _figure(f"all that its page reads, {len(PAGE)} requests", page, least * len(PAGE)),
        _figure(f"finding somebody among {PEOPLE}, a page of 50", found, least),
    ]


def _figure(name: str, took: list[float], floor: float) -> Figure:
    p95 = percentile(took, 0.95)
    return Figure(f"{name}, p95", p95, "ms", floor, BAR_MS, p95 <= BAR_MS)


async def _took(ground: Ground, viewer: Viewer, client: UUID, reads: tuple[Read, ...]) -> float:
    began = time.perf_counter()
    for read in reads:
        async with ground.web.transaction(viewer.program_id) as db:
            await require_client(db, viewer, client)
            await read(db, viewer, client)
    return (time.perf_counter() - began) * 1000


async def _search(db: Db, viewer: Viewer, _client: UUID) -> object:
    return (await search.page(db, viewer, views.FindClients(words="person 1"))).model_dump_json()


async def _bare(db: Db, _viewer: Viewer, client: UUID) -> object:
    """A transaction and one row, by the database alone."""
    return await db.scalar(text("select name_used from client where id = :client"), {"client": client})
