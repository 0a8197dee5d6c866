"""A program with one client lost and nobody reached: attempts are put in its outbox by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import tables
from app.calls import outbox, routes, simulated
from app.calls.lines import Line, Lines
from app.calls.models import SimulatedCall
from app.calls.simulated import SimulatedLine
from app.clients.models import Client, ClientPhone
from app.clock import MovableClock
from app.db import Database, conceal, new_id
from app.group_sessions.models import Group, GroupSession
from app.incidents import attempts
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.protocols import actions as protocol_actions
from app.settings import Settings
from app.staff.models import Program, StaffPhone
from tests.house import BASE, House, Person, built

ACCOUNT_SID, AUTH_TOKEN = "AC" + "0" * 32, "an invented token"
CLIENT_NUMBER, STAFF_NUMBER, OFFICE_NUMBER = "+15035550143", "+15035550177", "+15035550100"


@dataclass
class Office:
    """One program, one incident, one line of each kind. Times move only when a test moves them."""

    house: House
    settings: Settings
    program_id: UUID
    incident_id: UUID
    step_id: UUID
    client_id: UUID
    phone_id: UUID
    staff: Person
    lines: Lines
    heard: list[tuple[UUID, str]] = field(default_factory=list)

    @property
    def engine(self) -> Database:
        return self.house.engine

    @property
    def clock(self) -> MovableClock:
        return self.house.clock

    async def plans(self, who: str = "client", number: str = CLIENT_NUMBER, **other: Any) -> UUID:
        """Puts an attempt into the outbox, due now."""
        now = self.clock.now()
        async with self.engine.transaction(None) as db:
            program = await db.get_one(Program, other.get("program_id", self.program_id))
            values: dict[str, Any] = {
                "program_id": program.id,
                "id": new_id(),
                "incident_id": self.incident_id,
                "step_id": self.step_id,
                "lines": program.lines,
                "provider_account": program.provider_account,
                "channel": "call",
                "who": who,
                "number_key": db.info["seal"].keyed_hash("phone", number),
                "last2": number[-2:],
                "script": "phone-open",
                "words": {"staff_first_name": "Maya", "callback_number": OFFICE_NUMBER, "language": "en"},
                "tier": "high",
                "urgency": 1,
                "due_at": now,
                "void_after": now + timedelta(minutes=10),
                "planned_at": now,
            }
            if who == "client":
                values["phone_id"] = self.phone_id
            elif who != "contact":
                values["staff_id"] = self.staff.id
            attempt = ContactAttempt(**values | other)
            conceal(db, attempt, "number", number)
            db.add(attempt)
            return attempt.id

    async def runs(self) -> float | None:
        """One round of the engine's telephone part, and everything it started."""
        wait = await outbox.once(self.engine, self.lines, self.settings, self.clock)
        await self.lines.settle()
        return wait

    async def ticks(self) -> None:
        await simulated.tick(self.engine, self.clock)

    async def pass_time(self, seconds: float, *, step: float = 0.5) -> None:
        """Lets the engine's telephone part run as time goes by."""
        passed = 0.0
        while passed < seconds:
            self.clock.move(min(step, seconds - passed))
            passed += step
            await self.ticks()
            await self.runs()

    async def attempt(self, attempt_id: UUID) -> ContactAttempt:
        async with self.engine.transaction(None) as db:
            return (await db.scalars(select(ContactAttempt).where(ContactAttempt.id == attempt_id))).one()

    async def changes(self, attempt_id: UUID, **values: Any) -> None:
        async with self.engine.transaction(None) as db:
            attempt = (await db.scalars(select(ContactAttempt).where(ContactAttempt.id == attempt_id))).one()
            for name, value in values.items():
                setattr(attempt, name, value)

    async def phone(self, attempt_id: UUID) -> SimulatedCall:
        async with self.engine.transaction(None) as db:
            return (
                await db.scalars(
                    select(SimulatedCall)
                    .where(SimulatedCall.attempt_id == attempt_id)
                    .order_by(SimulatedCall.made_at.desc())
                )
            ).one()

    async def ringing(self) -> list[str]:
        """Last two digits of every simulated phone that rings now."""
        async with self.engine.transaction(None) as db:
            rows = await db.scalars(
                select(SimulatedCall)
                .where(SimulatedCall.state.in_(("queued", "ringing")), SimulatedCall.channel == "call")
                .order_by(SimulatedCall.made_at, SimulatedCall.last2)
            )
            return [row.last2 for row in rows]

    async def answers(self, attempt_id: UUID, as_: simulated.As = "themselves") -> None:
        async with self.house.database.transaction(self.program_id) as db:
            await simulated.act(db, attempt_id, as_)

    async def presses(self, attempt_id: UUID, digits: str) -> None:
        async with self.house.database.transaction(self.program_id) as db:
            await simulated.press(db, attempt_id, digits)

    async def hangs_up(self, attempt_id: UUID) -> None:
        async with self.house.database.transaction(self.program_id) as db:
            await simulated.hang_up(db, attempt_id)

    def events(self, attempt_id: UUID) -> list[str]:
        return [event for known, event in self.heard if known == attempt_id]


@pytest.fixture
async def office(
    database_url: str, key_ring: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    """The rules are silent here: what they are told is in `heard`. test_with_rules.py has them speak."""
    async with built(database_url, key_ring, routes.router) as house:
        made = await make_office(house, kind="demo")
        hear(made, monkeypatch)
        yield made
        await made.lines.close()


def hear(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def changed(_db: object, attempt: ContactAttempt, event: str) -> None:
        office.heard.append((attempt.id, event))

    async def voided(_db: object, attempt: ContactAttempt) -> None:
        office.heard.append((attempt.id, "voided"))

    monkeypatch.setattr(attempts, "attempt_changed", changed)
    monkeypatch.setattr(attempts, "attempt_voided", voided)


async def make_office(house: House, *, kind: str = "demo", outside: Line | None = None) -> Office:
    name = f"Office {kind}"
    program_id = await house.add_program(name, kind=kind)
    staff = await house.add_person("Maya Ortiz", "clinician", program=name)
    settings = house.app.state.settings.model_copy(
        update={
            "twilio_account_sid": ACCOUNT_SID,
            "twilio_auth_token": AUTH_TOKEN,
            "twilio_from": OFFICE_NUMBER,
        }
    )
    house.app.state.settings = settings
    now = house.clock.now()
    async with house.engine.transaction(None) as db:
        await protocol_actions.load_shipped(db, program_id)
        version_id = await protocol_actions.publish(db, program_id, "connection-lost", staff.id)
        seal = db.info["seal"]
        client = Client(
            program_id=program_id, id=new_id(), name_used="Ana R.", pronouns="she/her", made_at=now
        )
        conceal(db, client, "safe_name", "Ana")
        conceal(db, client, "legal_name", "Ana Invented")
        db.add(client)
        group = Group(program_id=program_id, id=new_id(), name="Tuesday")
        db.add(group)
        await db.flush()
        phone = ClientPhone(
            program_id=program_id,
            id=new_id(),
            client_id=client.id,
            number_key=seal.keyed_hash("phone", CLIENT_NUMBER),
            last2="43",
            label="mobile",
            rank=1,
            voicemail_ok=True,
            text_ok=True,
            safe_to_ring=True,
        )
        conceal(db, phone, "number", CLIENT_NUMBER)
        staff_phone = StaffPhone(
            program_id=program_id,
            id=new_id(),
            staff_id=staff.id,
            number_key=seal.keyed_hash("phone", STAFF_NUMBER),
            last2="77",
            label="mobile",
            rank=1,
        )
        conceal(db, staff_phone, "number", STAFF_NUMBER)
        meeting = GroupSession(
            program_id=program_id,
            id=new_id(),
            group_id=group.id,
            state="open",
            starts_at=now,
            ends_at=now + timedelta(hours=3),
            opened_at=now,
            lead_id=staff.id,
            cofacilitator_id=staff.id,
            supervisor_id=staff.id,
            backup_id=staff.id,
        )
        db.add_all([phone, staff_phone, meeting])
        await db.flush()
        program = await db.get_one(Program, program_id)
        incident = Incident(
            program_id=program_id,
            id=new_id(),
            lines=program.lines,
            practice=None if kind == "live" else kind,
            kind="connection_lost",
            client_id=client.id,
            group_session_id=meeting.id,
            protocol_version_id=version_id,
            tier="high",
            reason="page_silent",
            drop_at=now,
            learned_at=now,
        )
        db.add(incident)
        await db.flush()
        step = EscalationStep(
            program_id=program_id,
            id=new_id(),
            incident_id=incident.id,
            ordinal=1,
            key="first-call",
            action="call.client",
            lines=program.lines,
            tier="high",
            urgency=1,
            waits_for_person=False,
            run_at=now,
            limit_at=now + timedelta(seconds=30),
            void_after=now + timedelta(minutes=10),
            due_at=now + timedelta(seconds=60),
            status="dialing",
        )
        db.add(step)
    return Office(
        house=house,
        settings=settings,
        program_id=program_id,
        incident_id=incident.id,
        step_id=step.id,
        client_id=client.id,
        phone_id=phone.id,
        staff=staff,
        lines=Lines(simulated=SimulatedLine(house.engine), outside=outside),
    )


# Mapped classes name tables of other packages: all must be known.
assert tables.METADATA.tables

__all__ = ["ACCOUNT_SID", "AUTH_TOKEN", "BASE", "Office", "make_office"]
