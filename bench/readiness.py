"""Readiness of a whole program: 2,000 people in care, what each lacks, and a page of names. From the question to the
answer's object, beside the least that a database does for as many rows."""

import json
import time
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, text

from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact, Release
from app.code_words.models import CodeWord
from app.db import Db, conceal, new_id, now_of, seal_of
from app.group_sessions import program_readiness
from app.rows import insert_rows, unsaved
from app.staff.access import Viewer
from app.staff.models import StaffMember
from bench.figures import Figure, percentile
from bench.ground import Ground, Meeting, add_program

PEOPLE, ROUNDS = 2000, 15
YOUNG = 20
BAR_MS = 200.0
TODAY = date(2026, 1, 1)


async def run(ground: Ground) -> list[Figure]:
    meeting = await add_program(ground.engine, 0, 2, tiers=["low"], pages=False)
    async with ground.engine.transaction(meeting.program_id) as db:
        await add_people(db, meeting.program_id)
    viewer = supervisor(meeting)
    took, floor, whole = [], [], True
    for _ in range(ROUNDS):
        floor.append(await _floor(ground, meeting.program_id))
        began = time.perf_counter()
        async with ground.web.transaction(meeting.program_id) as db:
            found = await program_readiness.page(db, viewer, 1, "any")
            found.model_dump_json()
        took.append((time.perf_counter() - began) * 1000)
        whole = whole and found.people >= PEOPLE and len(found.rows) == program_readiness.PAGE
    p50, p95 = percentile(took, 0.5), percentile(took, 0.95)
    least = percentile(floor, 0.5)
    return [
        Figure(f"readiness of {PEOPLE} people, p50", p50, "ms", least, BAR_MS, whole and p50 <= BAR_MS),
        Figure(f"readiness of {PEOPLE} people, p95", p95, "ms", least, BAR_MS, whole and p95 <= BAR_MS),
    ]


def supervisor(meeting: Meeting) -> Viewer:
    return Viewer(
        program_id=meeting.program_id,
        staff_id=meeting.staff_ids[0],
        name="Dana Invented",
        first_name="Dana",
        roles=frozenset({"supervisor"}),
        sign_in_id=new_id(),
        program_kind="drill",
    )


_FLOOR = [
    text("select id, program_id from client where program_id = :program"),
    text("select id, program_id from client_phone where program_id = :program"),
    text("select id, program_id from emergency_contact where program_id = :program"),
    text("select id, program_id from release where program_id = :program"),
]


async def _floor(ground: Ground, program_id: UUID) -> float:
    """The bare rows, once each, by the database alone."""
    began = time.perf_counter()
    async with ground.web.transaction(program_id) as db:
        for query in _FLOOR:
            (await db.execute(query, {"program": program_id})).all()
    return (time.perf_counter() - began) * 1000


async def add_people(db: Db, program_id: UUID) -> None:
    """Each with two numbers, a contact and a release; every tenth has somebody on the do-not-contact list, every twentieth
    is under age with a guardian who signed, every second has a danger word."""
    now, clients, phones, contacts, releases, barred = now_of(db), [], [], [], [], []
    words = []
    [chosen_by] = (
        await db.scalars(select(StaffMember.id).where(StaffMember.program_id == program_id).limit(1))
    ).all()
    for number in range(PEOPLE):
        client = unsaved(
            Client,
            program_id=program_id,
            id=new_id(),
            name_used=f"Person {number:04}",
            pronouns="they/them",
            made_at=now,
            tier_since=now,
            hidden_from_guardian=[],
            minor=number % YOUNG == 0,
        )
        conceal(db, client, "safe_name", "Person")
        conceal(db, client, "legal_name", f"Person Invented {number}")
        conceal(db, client, "birth_date", "2015-04-30" if client.minor else "1990-04-30")
        conceal(db, client, "home_address", json.dumps({"street": f"{number} Sample Street"}))
        clients.append(client)
        for rank in (1, 2):
            phone = unsaved(
                ClientPhone, program_id=program_id, id=new_id(), client_id=client.id, label="Mobile"
            )
            phone.rank, phone.last2 = rank, "01"
            phone.number_key = seal_of(db).keyed_hash("phone", f"{number}.{rank}")
            conceal(db, phone, "number", "+14065550101")
            phones.append(phone)
        contact = unsaved(
            EmergencyContact,
            program_id=program_id,
            id=new_id(),
            client_id=client.id,
            relation="sister",
            last2="02",
            guardian=client.minor,
            authority_verified=client.minor,
            confirmed_at=now,
        )
        contact.number_key = seal_of(db).keyed_hash("phone", f"{number}.c")
        conceal(db, contact, "name", "Somebody Invented")
        conceal(db, contact, "number", "+14065550102")
        contacts.append(contact)
        release = unsaved(
            Release,
            program_id=program_id,
            id=new_id(),
            client_id=client.id,
            contact_id=contact.id,
            purpose="reach me in a crisis",
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=3650),
            signed_by="guardian" if client.minor else "client",
            signer_contact_id=contact.id if client.minor else None,
            method="paper",
            made_at=now,
        )
        conceal(db, release, "scope", "That we lost touch")
        releases.append(release)
        if number % 10 == 0:
            row = unsaved(DoNotContact, program_id=program_id, id=new_id(), client_id=client.id, made_at=now)
            conceal(db, row, "name", "Somebody Else")
            conceal(db, row, "reason", "asked us never to call")
            barred.append(row)
        if number % 2 == 0:
            word = unsaved(
                CodeWord, program_id=program_id, id=new_id(), client_id=client.id, kind="danger", set_at=now
            )
            word.set_by = chosen_by
            conceal(db, word, "phrase", "marble staircase")
            words.append(word)
    for rows in (clients, phones, contacts, releases, barred, words):
        await insert_rows(db, rows)
