"""Contacts who know a client's code words: each under a release that covers just that (F3), told with the client.

The product never tells a contact itself. It says who may be told, and keeps that they were.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.clients.consent import Blocked, May, Tick
from app.clients.disclose import Telling, disclose
from app.clients.known import standing_of
from app.clients.models import Client, EmergencyContact
from app.clients.telling import tier_of
from app.clients.versions import locked
from app.code_words import queries
from app.code_words.choosing import KINDS, Kind
from app.code_words.models import CodeWord, CodeWordKnown
from app.code_words.views import ContactKnows
from app.db import Db, new_id, now_of
from app.errors import Conflict, NotAllowed, NotFound
from app.journal.kinds import Kind as Entry
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

SAID: dict[Kind, str] = {"danger": "danger word", "pause": "pause", "all_clear": "all-clear word"}


async def contacts(db: Db, client: Client, words: Sequence[CodeWord]) -> list[ContactKnows]:
    """In the client's own order. Without a word in force nobody can be told one."""
    own = [word.id for word in words if word.client_id is not None]
    rows = await db.scalars(
        select(CodeWordKnown).where(
            CodeWordKnown.program_id == client.program_id,
            CodeWordKnown.word_id.in_(own),
            CodeWordKnown.contact_id.is_not(None),
        )
    )
    knows: dict[UUID | None, list[CodeWordKnown]] = {}
    for row in rows:
        knows.setdefault(row.contact_id, []).append(row)
    standing = await standing_of(db, client)
    made = []
    for option in standing.options(db, "code_words", tier_of(client)):
        told = knows.get(option.contact.id, [])
        verdict = option.verdict
        blocked = verdict if isinstance(verdict, Blocked) else None
        made.append(
            ContactKnows(
                contact_id=option.contact.id,
                name=option.name,
                relation=option.contact.relation,
                may=blocked is None,
                ticks=list(verdict.ticks) if isinstance(verdict, May) else [],
                block=blocked.sentence if blocked else None,
                lawful_instead=blocked.lawful_instead if blocked else None,
                # Told of some and not of the newest: not told yet.
                told_at=max(row.since for row in told) if own and len(told) == len(own) else None,
            )
        )
    return made


async def tell(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID, ticked: Collection[Tick]) -> None:
    """Writes down that a contact was told the client's own words. The group's pause is the group's: never told."""
    client = await locked(db, viewer.program_id, client_id)
    contact = await db.get(EmergencyContact, (viewer.program_id, contact_id))
    if contact is None or contact.client_id != client_id:
        raise NotFound("There is no such contact of this client.")
    words = await queries.current(db, viewer.program_id, [client_id])
    if not words:
        raise Conflict("Choose a danger word with the client first. Then it can be told.", code="none_set")
    verdict = (await standing_of(db, client)).may(db, "code_words", contact, tier_of(client))
    if isinstance(verdict, Blocked) or verdict.release_id is None:
        sentence = f"{verdict.sentence} {verdict.lawful_instead}" if isinstance(verdict, Blocked) else ""
        raise NotAllowed(
            sentence or "Only a release that covers code words allows this.", code="contact_blocked"
        )
    kinds = [kind for kind in KINDS if kind in {word.kind for word in words}]
    telling = Telling(
        act="code_words",
        content=f"Which words mean what: {', '.join(SAID[kind] for kind in kinds)}",
        purpose="So that they understand what the client says in danger",
        basis="release",
        ticked=ticked,
        verified_how="Told together with the client.",
    )
    disclosed = await disclose(db, viewer, client, contact, telling, tier=tier_of(client))
    rows = [
        {
            "program_id": viewer.program_id,
            "id": new_id(),
            "word_id": word.id,
            "contact_id": contact.id,
            "release_id": verdict.release_id,
            "told_by": viewer.staff_id,
            "since": now_of(db),
        }
        for word in words
    ]
    await db.execute(insert(CodeWordKnown).values(rows).on_conflict_do_nothing())
    contact.knows_code_words = True
    detail = {"contact": contact.id, "kinds": kinds}
    told = NewEntry(Entry.code_word_told, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [disclosed, told])
