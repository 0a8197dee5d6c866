"""One client's whole record, as they may ask for it (45 CFR 164.524), and what a guardian's copy leaves out (R16).

Code words and the agreed ordinary question are in no copy: they let a stranger pass for the client. Who looked at the
record, and reviews of quality, belong to the program.
"""

from typing import Any, Final

from sqlalchemy import select

from app.bring.record_grounding import exercises
from app.clients import fields
from app.clients.contact_queries import release_view
from app.clients.known import standing_of
from app.clients.models import Client, ClientPhone, Disclosure, DoNotContact, EmergencyContact, Release
from app.clients.packet import left_out_for_guardians
from app.clients.people import birth_date, terms_of
from app.clients.record_models import FamilyAgreement
from app.db import Db, now_of, reveal
from app.follow_ups.record import of_record as calls_of
from app.group_sessions.models import Group, GroupSession, LocationCheckIn, Presence
from app.incidents import timeline
from app.incidents.cases import load
from app.incidents.models import Incident
from app.journal import read
from app.plans import headings, interchange
from app.plans import paper as plan_paper
from app.plans import queries as plans
from app.staff import queries as staff
from app.staff.models import Program, StaffMember
from app.triage import record as triage

FORMAT: Final = "handrail-client-record"
NEVER = frozenset({"ordinary_question", "hidden_from_guardian", "home_dispatch_line_id"})


async def gather(db: Db, client: Client, *, guardian: bool) -> dict[str, Any]:
    """As JSON would hold it. `guardian`: without what is hidden from them, and without what others said of them."""
    hidden = set(client.hidden_from_guardian) if guardian else set()
    program = await db.get_one(Program, client.program_id)
    whole: dict[str, Any] = {
        "format": FORMAT,
        "format_version": 1,
        "made_at": now_of(db).isoformat(),
        "program": program.name,
        "copy_for": "guardian" if guardian else "client",
        "record": _record(db, client, hidden, guardian=guardian),
        "telephones": await _phones(db, client) if _shows_phones(client, hidden, guardian) else [],
        "safety_plans": [] if "safety_plan" in hidden else await _plans(db, client, guardian=guardian),
        "group_sessions": await _meetings(db, client),
    }
    if not guardian or not hidden & {"safety_checks", "tier"}:
        whole["safety_checks"] = await triage.of_record(db, client, guardian=guardian)
    if "family_agreement" not in hidden:
        whole["family_agreements"] = await _agreements(db, client)
    if guardian:
        return whole
    return whole | {
        "contacts": await _contacts(db, client),
        "releases": await _releases(db, client),
        "do_not_contact": await _barred(db, client),
        "places": await _places(db, client),
        "incidents": await _incidents(db, client),
        "calls_after_a_crisis": await calls_of(db, client),
        "exercises": await exercises(db, client),
        "told_to_others": await _told(db, client),
    }


def _record(db: Db, client: Client, hidden: set[str], *, guardian: bool) -> dict[str, Any]:
    left_out = NEVER | (left_out_for_guardians(hidden) if guardian else frozenset())
    made = fields.values_of(db, client, sorted(fields.KNOWN - left_out))
    made |= {name: getattr(client, name) for name in ("tier", "assessed") if name not in left_out}
    made |= {"since": client.made_at.isoformat(), "ended_at": _when(client.ended_at)}
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}


def _shows_phones(client: Client, hidden: set[str], guardian: bool) -> bool:
    """Which number is safe to ring is nobody's business at an unsafe home."""
    return not guardian or ("phones" not in hidden and not client.unsafe_home)


async def _phones(db: Db, client: Client) -> list[dict[str, Any]]:
    plain = ("label", "rank", "voicemail_ok", "text_ok", "safe_to_ring", "shared")
    rows = await db.scalars(_of(ClientPhone, client).order_by(ClientPhone.rank, ClientPhone.id))
    return [
        {"number": reveal(db, row, "number")} | {name: getattr(row, name) for name in plain}
        for row in rows
        if row.retired_at is None
    ]


async def _contacts(db: Db, client: Client) -> list[dict[str, Any]]:
    plain = (
        "relation",
        "kind",
        "language",
        "lives_with_client",
        "minutes_away",
        "guardian",
        "known_objection",
    )
    rows = await db.scalars(
        _of(EmergencyContact, client).order_by(EmergencyContact.rank, EmergencyContact.id)
    )
    return [
        {"name": reveal(db, row, "name"), "number": reveal(db, row, "number")}
        | {name: getattr(row, name) for name in plain}
        for row in rows
        if row.retired_at is None
    ]


async def _releases(db: Db, client: Client) -> list[dict[str, Any]]:
    standing = await standing_of(db, client)
    born = birth_date(db, client)
    names = {row.id: reveal(db, row, "name") for row in standing.contacts}
    rows = await db.scalars(_of(Release, client).order_by(Release.starts_on, Release.id))
    made = []
    for row in rows:
        view = release_view(db, row, terms_of(db, row, born), standing)
        to = names.get(row.contact_id) if row.contact_id else view["recipient"]
        kept = (
            "covers",
            "form",
            "purpose",
            "scope",
            "starts_on",
            "ends_on",
            "signed_by",
            "signed_how",
            "state",
        )
        made.append({"to": to} | {name: view[name] for name in kept})
    return made


async def _barred(db: Db, client: Client) -> list[dict[str, Any]]:
    rows = await db.scalars(_of(DoNotContact, client).order_by(DoNotContact.made_at, DoNotContact.id))
    return [
        {"name": reveal(db, row, "name"), "reason": reveal(db, row, "reason"), "since": _when(row.made_at)}
        for row in rows
        if row.ended_at is None
    ]


async def _plans(db: Db, client: Client, *, guardian: bool) -> list[dict[str, Any]]:
    """Every version, the newest first; a guardian has the agreed one, without the lines kept from them."""
    rows = await plans.versions_of(db, client.program_id, client.id)
    made = []
    for row in rows:
        document = await plan_paper.document(db, row)
        if guardian:
            if row.status != "agreed":
                continue
            document = document.model_copy(update={"content": document.content.for_guardian()})
        made.append({"status": row.status} | interchange.write(document))
    return made


async def _agreements(db: Db, client: Client) -> list[dict[str, Any]]:
    rows = await db.scalars(_of(FamilyAgreement, client).order_by(FamilyAgreement.version.desc()))
    return [
        {"version": row.version, "made_at": _when(row.made_at), "agreed": reveal(db, row, "body")}
        for row in rows
        if row.ended_at is None
    ]


async def _meetings(db: Db, client: Client) -> list[dict[str, Any]]:
    """Only of this client: nobody else of the group is named."""
    rows = await db.execute(
        select(Group.name, GroupSession.starts_at, GroupSession.ends_at, Presence.state, Presence.outcome)
        .join(
            GroupSession,
            (GroupSession.program_id == Presence.program_id) & (GroupSession.id == Presence.group_session_id),
        )
        .join(Group, (Group.program_id == GroupSession.program_id) & (Group.id == GroupSession.group_id))
        .where(
            Presence.program_id == client.program_id,
            Presence.client_id == client.id,
            Presence.removed_at.is_(None),
        )
        .order_by(GroupSession.starts_at.desc())
    )
    return [
        {
            "group": name,
            "starts_at": _when(starts),
            "ends_at": _when(ends),
            "attendance": state,
            "outcome": outcome,
        }
        for name, starts, ends, state, outcome in rows
    ]


async def _places(db: Db, client: Client) -> list[dict[str, Any]]:
    rows = await db.scalars(_of(LocationCheckIn, client).order_by(LocationCheckIn.confirmed_at.desc()))
    return [
        {
            "at": _when(row.confirmed_at),
            "said_by": row.source,
            "usual_place": row.same_place,
            "label": reveal(db, row, "label"),
            "address": reveal(db, row, "address"),
            "alone": row.alone,
        }
        for row in rows
    ]


async def _incidents(db: Db, client: Client) -> list[dict[str, Any]]:
    rows = (await db.scalars(_of(Incident, client).order_by(Incident.drop_at.desc()))).all()
    cases = await load(db, rows)
    names = {
        row.id: row.name
        for row in await db.execute(
            select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == client.program_id)
        )
    }
    made = []
    for row in rows:
        told = timeline.lines(cases[row.id], await read.of_incident(db, client.program_id, row.id), names)
        made.append(
            {
                "began": _when(row.drop_at),
                "tier": row.tier,
                "state": row.state,
                "outcome": row.outcome,
                "closed": _when(row.closed_at),
                "timeline": [
                    {"at": _when(line.at), "who": line.who, "text": line.text, "note": line.note}
                    for line in told
                ],
            }
        )
    return made


async def _told(db: Db, client: Client) -> list[dict[str, Any]]:
    """Accounting of disclosures (PRIV-3)."""
    rows = (await db.scalars(_of(Disclosure, client).order_by(Disclosure.at.desc()))).all()
    names = await staff.names(db, client.program_id, {row.by_staff_id for row in rows})
    return [
        {
            "at": _when(row.at),
            "to": reveal(db, row, "recipient"),
            "what": reveal(db, row, "content"),
            "purpose": row.purpose,
            "basis": row.basis,
            "by": names.get(row.by_staff_id),
        }
        for row in rows
    ]


def _of(table: Any, client: Client) -> Any:
    return select(table).where(table.program_id == client.program_id, table.client_id == client.id)


def _when(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


def plan_heading(part: str) -> str:
    parts: dict[Any, str] = headings.PARTS["en"]
    return parts[part]
