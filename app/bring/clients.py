"""Clients and their telephones from a file. A line never changes a record that is here."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.bring.lines import Line, column, refuse_twice
from app.clients import fields, views
from app.clients.law import is_minor
from app.clients.models import Client, ClientPhone
from app.db import Db, conceal, new_id, now_of, reveal, seal_of
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer

COLUMNS = (
    column("name_used", "Name used", "name", "client", "preferred name", required=True, longest=120),
    column("safe_name", "Name safe at home", "safe name", "name for voicemail", required=True, longest=120),
    column("legal_name", "Legal name", "full name", required=True, longest=120),
    column("pronouns", "Pronouns", longest=40),
    column("birth_date", "Birth date", "date of birth", "born", "dob", longest=40),
    column("language", "Language", longest=8),
    column("first_outreach", "First outreach", "reach by", longest=20),
    column("unsafe_home", "Unsafe home", longest=10),
    column("part2", "Substance use program", "part 2", "42 cfr part 2", longest=10),
    column("home_label", "Usual place", "place", longest=40),
    column("street", "Street", "address", "street address"),
    column("unit", "Unit", "apartment", "flat"),
    column("town", "Town", "city"),
    column("state", "State", "region", "province", longest=60),
    column("code", "Postal code", "zip", "zip code", "postcode", longest=20),
    column("country", "Country", longest=2),
    column("phone", "Telephone", "phone", "mobile", "phone 1", longest=60),
    column("safe_to_ring", "Safe to ring", longest=10),
    column("text_ok", "Text allowed", "sms ok", longest=10),
    column("voicemail_ok", "Voicemail allowed", "voicemail ok", longest=10),
    column("shared", "Shared telephone", "shared phone", longest=10),
    column("phone_2", "Second telephone", "phone 2", "backup number", longest=60),
)
OUTREACH = {
    "ring": "ring",
    "call": "ring",
    "text first": "text_first",
    "text": "text_first",
    "relay": "relay",
    "do not ring": "do_not_ring",
}
ADDRESS = ("street", "unit", "town", "state", "code", "country")
FLAGS = ("safe_to_ring", "text_ok", "voicemail_ok", "shared")


def judge(lines: Sequence[Line], region: str, today: date) -> None:
    """What each line says by itself, and against the lines before it."""
    for line in lines:
        born = line.day("birth_date", region, today)
        for key in ("phone", "phone_2"):
            line.number(key, region)
        values: dict[str, Any] = {
            "name_used": line.text("name_used"),
            "safe_name": line.text("safe_name"),
            "legal_name": line.text("legal_name"),
            "pronouns": line.text("pronouns"),
            "birth_date": born,
            "language": line.text("language").lower() or "en",
            "first_outreach": line.one_of("first_outreach", OUTREACH, "ring"),
            "unsafe_home": line.yes("unsafe_home"),
            "part2": line.yes("part2"),
            "home_label": line.text("home_label") or None,
        }
        if line.text("street"):
            values["home_address"] = {key: line.text(key) for key in ADDRESS}
            values["home_address"]["country"] = line.text("country").upper() or region
        elif any(line.text(key) for key in ADDRESS):
            line.row.refuse("An address needs its street, or responders cannot find it.", "street")
        line.checked(views.NewClient, values, {key: key for key in (*values, *ADDRESS)})
        line.given["flags"] = {flag: line.yes(flag) for flag in FLAGS}
        if len(set(line.e164.values())) < len(line.e164):
            line.row.refuse("Both telephones are the same number. Leave one empty.", "phone_2")
        line.given["who"] = (_plain(line.text("legal_name")), born)
        line.given["own_phone"] = None if line.given["flags"]["shared"] else line.e164.get("phone")
    refuse_twice(lines, "who", "The same person stands on line {line} already.")
    refuse_twice(
        lines,
        "own_phone",
        "Line {line} has the same telephone. If two people share it, write yes under Shared telephone for both.",
    )


async def compare(db: Db, program_id: UUID, lines: Sequence[Line]) -> None:
    """Against who is here: by keyed hash of the number, and by legal name and birth date of those with the same name."""
    seal = seal_of(db)
    keys = {line.row.line: [seal.keyed_hash("phone", e164) for e164 in line.e164.values()] for line in lines}
    owners: dict[bytes, list[UUID]] = {}
    rows = await db.execute(
        select(ClientPhone.number_key, ClientPhone.client_id).where(
            ClientPhone.program_id == program_id,
            ClientPhone.number_key.in_([key for found in keys.values() for key in found]),
            ClientPhone.retired_at.is_(None),
        )
    )
    for number_key, client_id in rows:
        owners.setdefault(number_key, []).append(client_id)
    here = await _called(
        db, program_id, {" ".join(line.text("name_used").lower().split()) for line in lines}, owners
    )
    for line in lines:
        holders = {owner for key in keys[line.row.line] for owner in owners.get(key, ())}
        alike = [
            client for client in here.values() if _plain(client.name_used) == _plain(line.text("name_used"))
        ]
        if any(client.id in holders or _is(db, client, line) for client in alike):
            line.same = True
        elif holders:
            line.row.refuse(
                "Somebody here has this number under another name. If two people share it, add this one by hand.",
                "phone",
            )
        elif alike:
            line.row.note("Somebody else here uses the same name. Both are marked on boards.", "name_used")


async def _called(
    db: Db, program_id: UUID, names: set[str], owners: dict[bytes, list[UUID]]
) -> dict[UUID, Client]:
    found = await db.scalars(
        select(Client).where(
            Client.program_id == program_id,
            func.lower(Client.name_used).in_(names)
            | Client.id.in_({owner for ids in owners.values() for owner in ids}),
        )
    )
    return {client.id: client for client in found}


def _is(db: Db, client: Client, line: Line) -> bool:
    born = reveal(db, client, "birth_date")
    told = line.given["who"][1]
    return _plain(reveal(db, client, "legal_name") or "") == line.given["who"][0] and (
        born is None or told is None or born == told.isoformat()
    )


async def make(db: Db, viewer: Viewer, line: Line, today: date) -> list[NewEntry]:
    """The record and its telephones. Returns the entry; the caller writes all of them last."""
    form: views.NewClient = line.given["form"]
    now = now_of(db)
    client = Client(
        program_id=viewer.program_id,
        id=new_id(),
        name_used=form.name_used,
        pronouns="",
        tier="none",
        tier_since=now,
        minor=False,
        version=1,
        made_at=now,
    )
    kept = form.model_dump(
        mode="json", exclude_none=True, exclude={"tier", "tier_reason", "assessed", "ended"}
    )
    fields.put(db, client, {name: value for name, value in kept.items() if name in fields.KNOWN})
    client.minor = await is_minor(db, client, today)
    db.add(client)
    for rank, key in enumerate((key for key in ("phone", "phone_2") if key in line.e164), start=1):
        phone = ClientPhone(
            program_id=viewer.program_id,
            id=new_id(),
            client_id=client.id,
            label="Mobile" if key == "phone" else "Second",
            rank=rank,
            number_key=seal_of(db).keyed_hash("phone", line.e164[key]),
            last2=line.e164[key][-2:],
            # What the file says is of the first number only: nothing is taken to be allowed.
            **(line.given["flags"] if key == "phone" else {}),
        )
        conceal(db, phone, "number", line.e164[key])
        db.add(phone)
    detail = {"name": client.name_used, "tier": client.tier, "from": "a file", "telephones": len(line.e164)}
    return [NewEntry(Kind.client_added, viewer.actor, client_id=client.id, detail=detail)]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
