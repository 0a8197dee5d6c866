"""Readiness of everybody in care, before any meeting: who lacks what, a page at a time. Counts, never a score (R25)."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from app.clients.models import Client
from app.db import Db
from app.group_sessions.readiness import PARTS, Part
from app.group_sessions.ready import Readiness, of_clients
from app.group_sessions.roster import PartView, Tier, View, parts_of
from app.staff.access import Viewer, reachable_clients
from app.tasks.queries import of_gaps

PAGE = 50
URGENT = {"imminent": 0, "high": 1, "moderate": 2, "low": 3, "none": 4}


class PersonReady(View):
    client_id: str
    name: str
    initials: str
    tier: Tier
    assessed: bool
    parts: list[PartView]


class PartCount(View):
    part: Part
    ready: int


class ProgramReady(View):
    people: int = Field(description="In care, of those this viewer works with.")
    nothing_open: int
    parts: list[PartCount]
    rows: list[PersonReady] = Field(description="Those with something open: the most urgent tier first.")
    page: int
    pages: int


async def page(db: Db, viewer: Viewer, number: int, lacking: Part | Literal["any"]) -> ProgramReady:
    """A dozen queries and one page of names, however many people."""
    reach = await reachable_clients(db, viewer)
    query = select(Client.id, Client.name_used, Client.tier, Client.assessed).where(
        Client.program_id == viewer.program_id, Client.ended_at.is_(None)
    )
    if reach is not None:
        query = query.where(Client.id.in_(reach))
    people = (await db.execute(query)).all()
    known = await of_clients(db, viewer.program_id, [person.id for person in people])
    open_ones = [person for person in people if _lacks(known[person.id], lacking)]
    open_ones.sort(key=lambda person: (URGENT[person.tier], person.name_used, person.id))
    shown = open_ones[(number - 1) * PAGE : number * PAGE]
    standing = await of_gaps(db, viewer.program_id, [person.id for person in shown])
    return ProgramReady(
        people=len(people),
        nothing_open=sum(known[person.id].state.ready == len(PARTS) for person in people),
        parts=[
            PartCount(part=part, ready=sum(not known[person.id].state.gaps[part] for person in people))
            for part in PARTS
        ],
        rows=[
            PersonReady(
                client_id=str(person.id),
                name=person.name_used,
                initials="".join(word[0] for word in person.name_used.split())[:2].upper(),
                tier=person.tier,
                assessed=person.assessed,
                parts=parts_of(person.id, known[person.id], standing, viewer),
            )
            for person in shown
        ],
        page=number,
        pages=max(1, -(-len(open_ones) // PAGE)),
    )


def _lacks(now: Readiness, lacking: Part | Literal["any"]) -> bool:
    return bool(now.state.all if lacking == "any" else now.state.gaps[lacking])
