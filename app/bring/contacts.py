"""Emergency contacts from a file. Each belongs to a client who is here; none is thereby allowed to hear anything."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.bring.lines import Line, column, refuse_twice
from app.clients import views
from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact
from app.db import Db, conceal, new_id, now_of, seal_of
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer

COLUMNS = (
    column("client", "Client", "client name", "name used", required=True, longest=120),
    column("client_phone", "Client's telephone", "client phone", longest=60),
    column("name", "Contact", "contact name", "name", required=True, longest=120),
    column("relation", "Relation", "relationship", required=True),
    column("number", "Telephone", "phone", "contact phone", required=True, longest=60),
    column("kind", "Kind", longest=20),
    column("language", "Language", longest=8),
    column("lives_with_client", "Lives with client", longest=10),
    column("guardian", "Guardian", longest=10),
    column("minutes_away", "Minutes away", longest=5),
)
KINDS = {
    kind: kind for kind in ("family", "partner", "friend", "neighbour", "guardian", "professional", "other")
} | {"neighbor": "neighbour"}


def judge(lines: Sequence[Line], region: str, today: date) -> None:
    del today
    for line in lines:
        line.number("number", region)
        line.number("client_phone", region)
        guardian = line.yes("guardian")
        values = {
            "name": line.text("name"),
            "relation": line.text("relation"),
            "number": line.e164.get("number", "+1"),
            "kind": line.one_of("kind", KINDS, "guardian" if guardian else "other"),
            "language": line.text("language").lower() or "en",
            "lives_with_client": line.yes("lives_with_client"),
            "guardian": guardian,
            "minutes_away": line.text("minutes_away") or None,
        }
        line.checked(views.NewContact, values, {key: key for key in values})
        line.given["who"] = (
            line.text("client").casefold(),
            line.e164.get("client_phone"),
            line.e164.get("number"),
        )
    refuse_twice(lines, "who", "The same contact of this client stands on line {line} already.")


async def compare(db: Db, program_id: UUID, lines: Sequence[Line]) -> None:
    names = {" ".join(line.text("client").lower().split()) for line in lines}
    clients = (
        await db.scalars(
            select(Client).where(
                Client.program_id == program_id,
                Client.ended_at.is_(None),
                func.lower(Client.name_used).in_(names),
            )
        )
    ).all()
    ids = [client.id for client in clients]
    own = await _keys(db, program_id, ClientPhone, ids)
    there = await _keys(db, program_id, EmergencyContact, ids)
    never = await _barred(db, program_id, ids)
    for line in lines:
        client = _whose(db, line, clients, own)
        if client is None:
            continue
        line.given["client_id"] = client.id
        key = seal_of(db).keyed_hash("phone", line.e164.get("number", ""))
        if key in never.get(client.id, ()):
            line.row.refuse(
                "This number is on the client’s do-not-contact list, which beats every other list.", "number"
            )
        elif key in own.get(client.id, ()):
            line.row.refuse("This is the client’s own number. A contact needs another one.", "number")
        line.same = key in there.get(client.id, ())


def _whose(db: Db, line: Line, clients: Sequence[Client], own: dict[UUID, set[bytes]]) -> Client | None:
    """The one client that is meant, or none and a sentence."""
    name = " ".join(line.text("client").casefold().split())
    meant = [client for client in clients if client.name_used.casefold() == name]
    if "client_phone" in line.e164:
        key = seal_of(db).keyed_hash("phone", line.e164["client_phone"])
        meant = [client for client in meant if key in own.get(client.id, ())]
    if not meant:
        line.row.refuse(
            "No client here has this name and number. Bring clients first, or check the spelling.", "client"
        )
    elif len(meant) > 1:
        line.row.refuse(
            "Several clients have this name. Add a column “Client's telephone” to say which one.", "client"
        )
    return meant[0] if len(meant) == 1 else None


async def _keys(
    db: Db, program_id: UUID, table: type[ClientPhone] | type[EmergencyContact], clients: list[UUID]
) -> dict[UUID, set[bytes]]:
    rows = await db.execute(
        select(table.client_id, table.number_key).where(
            table.program_id == program_id, table.client_id.in_(clients), table.retired_at.is_(None)
        )
    )
    found: dict[UUID, set[bytes]] = {}
    for client_id, number_key in rows:
        found.setdefault(client_id, set()).add(number_key)
    return found


async def _barred(db: Db, program_id: UUID, clients: list[UUID]) -> dict[UUID, set[bytes]]:
    rows = await db.execute(
        select(DoNotContact.client_id, DoNotContact.number_key).where(
            DoNotContact.program_id == program_id,
            DoNotContact.client_id.in_(clients),
            DoNotContact.ended_at.is_(None),
            DoNotContact.number_key.is_not(None),
        )
    )
    found: dict[UUID, set[bytes]] = {}
    for client_id, number_key in rows:
        found.setdefault(client_id, set()).add(number_key or b"")
    return found


async def next_ranks(db: Db, program_id: UUID, lines: Sequence[Line]) -> dict[UUID, int]:
    """Where each client's list goes on. A contact that is named answers "declined": the answer ends with it."""
    ids = list({line.given["client_id"] for line in lines})
    rows = await db.execute(
        select(EmergencyContact.client_id, func.max(EmergencyContact.rank))
        .where(
            EmergencyContact.program_id == program_id,
            EmergencyContact.client_id.in_(ids),
            EmergencyContact.retired_at.is_(None),
        )
        .group_by(EmergencyContact.client_id)
    )
    found = dict.fromkeys(ids, 1)
    found.update({client_id: rank + 1 for client_id, rank in rows})
    for client in await db.scalars(
        select(Client).where(
            Client.program_id == program_id, Client.id.in_(ids), Client.no_safe_contact.is_not(None)
        )
    ):
        client.no_safe_contact = None
    return found


def make(db: Db, viewer: Viewer, line: Line, ranks: dict[UUID, int]) -> list[NewEntry]:
    form: views.NewContact = line.given["form"]
    client_id: UUID = line.given["client_id"]
    contact = EmergencyContact(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        rank=ranks[client_id],
        number_key=seal_of(db).keyed_hash("phone", line.e164["number"]),
        last2=line.e164["number"][-2:],
        confirmed_at=now_of(db),
        confirmed_by=viewer.staff_id,
        **form.model_dump(exclude_none=True, exclude={"number", "name", "rank"}),
    )
    ranks[client_id] += 1
    conceal(db, contact, "name", form.name)
    conceal(db, contact, "number", line.e164["number"])
    db.add(contact)
    detail = {"what": "added", "name": form.name, "relation": form.relation, "from": "a file"}
    return [NewEntry(Kind.contact_changed, viewer.actor, client_id=client_id, detail=detail)]
