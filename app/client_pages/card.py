"""The card "What happens if I drop?" (B16): the client's own chain, by the rules the engine runs, ready to be put into words.

It is computed each time from the published protocol, their tier, their marks and their consent; what they signed is
kept as they read it, so that a later change is told from it.
"""

import hashlib
import json
from dataclasses import dataclass, replace

from app.client_pages.standing import Standing
from app.clients.consent import May
from app.clients.known import standing_of
from app.clients.models import Client
from app.clients.reach import reach
from app.db import Db, new_id, now_of
from app.group_sessions.models import GroupSession
from app.incidents.cases import Case, with_contacts
from app.incidents.models import Incident
from app.incidents.own_chain import Link, own_chain
from app.incidents.staffing import staffing_of
from app.protocols import queries as protocols
from app.protocols.queries import NoProtocol
from app.staff.models import Program

# With a release, or as the verified guardian: the client or the law said so beforehand.
SAID_YES = frozenset({"release", "personal_representative"})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody the client named. `may`: yes, only in danger, or no, as consent stands today."""

    name: str
    relation: str
    may: str


@dataclass(frozen=True, slots=True)
class Card:
    """`supervisor`: by first name. `people`: everybody the client named, with what consent says."""

    links: tuple[Link, ...]
    supervisor: str | None
    people: tuple[Named, ...]

    @property
    def may_call(self) -> list[str]:
        return [person.name for person in self.people if person.may == "yes"]

    @property
    def digest(self) -> bytes:
        told = [[link.key, link.seconds, link.last2] for link in self.links]
        return hashlib.sha256(json.dumps([told, self.may_call, self.supervisor]).encode()).digest()


async def card_of(db: Db, client: Standing) -> Card | None:
    """None: no protocol is approved, so nothing can be promised."""
    try:
        version_id, protocol = await protocols.current(db, client.program_id)
    except NoProtocol:
        return None
    now = now_of(db)
    meeting = await db.get_one(GroupSession, (client.program_id, client.group_session_id))
    program = await db.get_one(Program, client.program_id)
    reached = (await reach(db, [client.client_id], [meeting.id]))[client.client_id]
    staffing = await staffing_of(db, [meeting])
    # The incident that would be, never added to a session: so that the engine's own reading of it is used.
    drop = Incident(
        program_id=client.program_id,
        id=new_id(),
        lines=program.lines,
        kind="connection_lost",
        client_id=client.client_id,
        group_session_id=meeting.id,
        protocol_version_id=version_id,
        tier=reached.client.tier,
        state="open",
        reason="page_silent",
        drop_at=now,
        learned_at=now,
    )
    case = Case(
        incident=drop,
        program=program,
        protocol=protocol,
        reach=reached,
        meeting=meeting,
        active=[],
        attempts=[],
        has_contacts=client.client_id in await with_contacts(db, {client.client_id}),
        locked=False,
        next_ordinal=1,
        staff=staffing,
    )
    supervisor = staffing.of(meeting.supervisor_id)
    return Card(
        own_chain(protocol, case.situation()),
        supervisor.first_name if supervisor else None,
        await _people(db, reached.client),
    )


async def _people(db: Db, client: Client) -> tuple[Named, ...]:
    """By the one rule for third parties, as if no danger word had been used: this page must not show that (R2)."""
    standing = await standing_of(db, client)
    calm = replace(standing, known=replace(standing.known, danger=False))
    people = []
    for option in calm.options(db, "call", client.tier):  # type: ignore[arg-type]  # checked by the table
        verdict, contact = option.verdict, option.contact
        may = "no"
        if isinstance(verdict, May):
            may = "yes" if verdict.basis in SAID_YES else "danger"
        people.append(Named(option.name, contact.relation, may))
    return tuple(people)
