"""Who is in a story: staff with phones, a group that is open, clients on its list, and the people they named."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact, Release
from app.db import Db, conceal, new_id, seal_of
from app.group_sessions.models import Group, GroupSession, LocationCheckIn, Presence
from app.places.models import DispatchLine
from app.protocols import actions as protocols
from app.staff.models import StaffPhone
from tests.house import House, Person

STAFF = {"Maya Reyes": "51", "Jon Bell": "52", "Dana Whitlock": "53", "Robin Ames": "54"}


@dataclass
class Roster:
    """Maya leads, Jon is the co-facilitator, Dana the supervisor and Robin the backup."""

    house: House
    program_id: UUID
    group_session_id: UUID = field(default_factory=new_id)
    people: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, UUID] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    async def open_group(self) -> None:
        for name, ends in STAFF.items():
            roles = ("supervisor", "clinician") if name == "Dana Whitlock" else ("clinician",)
            person = await self.house.add_person(name, *roles)
            self.people[name.split()[0]] = person
            await self._staff_phone(person, ends)
        async with self.house.engine.transaction(self.program_id) as db:
            assert not await protocols.load_shipped(db, self.program_id)
        async with self.house.engine.transaction(self.program_id) as db:
            await protocols.publish(db, self.program_id, "connection-lost", self.people["Dana"].id)
        async with self.house.engine.transaction(self.program_id) as db:
            group = Group(program_id=self.program_id, id=new_id(), name="Evening skills")
            db.add(group)
            await db.flush()
            db.add(
                GroupSession(
                    program_id=self.program_id,
                    id=self.group_session_id,
                    group_id=group.id,
                    state="open",
                    starts_at=self.now,
                    ends_at=self.now + timedelta(hours=2),
                    opened_at=self.now,
                    lead_id=self.people["Maya"].id,
                    cofacilitator_id=self.people["Jon"].id,
                    supervisor_id=self.people["Dana"].id,
                    backup_id=self.people["Robin"].id,
                )
            )

    async def _staff_phone(self, person: Person, ends: str) -> None:
        async with self.house.engine.transaction(self.program_id) as db:
            row = StaffPhone(
                program_id=self.program_id,
                id=new_id(),
                staff_id=person.id,
                last2=ends,
                label="mobile",
                rank=1,
            )
            _number(db, row, f"+150355501{ends}")
            db.add(row)

    async def expect(
        self,
        name: str,
        *,
        tier: str = "low",
        ends: Iterable[str] = ("01",),
        safe: Iterable[str] = (),
        voicemail: bool = True,
        text: bool = True,
        checked_in: bool = True,
        surname: str = "R.",
        **fields: Any,
    ) -> UUID:
        """On the list of the group, with these phones, and checked in at Home unless told otherwise."""
        made = Client(
            program_id=self.program_id,
            id=new_id(),
            name_used=f"{name} {surname}",
            pronouns="they/them",
            tier=tier,
            home_label="Home",
            made_at=self.now,
            **fields,
        )
        async with self.house.engine.transaction(self.program_id) as db:
            conceal(db, made, "safe_name", name)
            conceal(db, made, "legal_name", f"{name} Invented Ramsey")
            address = {"street": "418 Alder Court", "town": "Fairhaven", "state": "OR"}
            conceal(db, made, "home_address", json.dumps(address))
            db.add(made)
            await db.flush()
            for rank, digits in enumerate(ends, start=1):
                phone = ClientPhone(
                    program_id=self.program_id,
                    id=new_id(),
                    client_id=made.id,
                    last2=digits,
                    label="mobile",
                    rank=rank,
                    voicemail_ok=voicemail,
                    text_ok=text,
                    safe_to_ring=digits in safe,
                )
                _number(db, phone, f"+140655501{digits}")
                db.add(phone)
            db.add(
                Presence(
                    program_id=self.program_id,
                    group_session_id=self.group_session_id,
                    client_id=made.id,
                    since=self.now,
                    check_at=self.now,
                )
            )
            if checked_in:
                db.add(
                    LocationCheckIn(
                        program_id=self.program_id,
                        id=new_id(),
                        group_session_id=self.group_session_id,
                        client_id=made.id,
                        source="client",
                        same_place=True,
                        alone="yes",
                        confirmed_at=self.now,
                    )
                )
        self.clients[f"{name} {surname}" if name in self.clients else name] = made.id
        return made.id

    async def contact(
        self,
        name: str,
        contact: str,
        *,
        ends: str = "31",
        release: bool = True,
        never: bool = False,
        **fields: Any,
    ) -> UUID:
        """Somebody this client named. `never`: on their do-not-contact list."""
        row = EmergencyContact(
            program_id=self.program_id,
            id=new_id(),
            client_id=self.clients[name],
            **{"relation": "sister", "last2": ends, **fields},
        )
        async with self.house.engine.transaction(self.program_id) as db:
            conceal(db, row, "name", contact)
            _number(db, row, f"+140655501{ends}")
            db.add(row)
            await db.flush()
            if release:
                db.add(self._release(db, row))
            if never:
                barred = DoNotContact(
                    program_id=self.program_id,
                    id=new_id(),
                    client_id=row.client_id,
                    contact_id=row.id,
                    made_at=self.now,
                )
                conceal(db, barred, "name", contact)
                conceal(db, barred, "reason", "asked us never to call")
                db.add(barred)
        return row.id

    def _release(self, db: Db, contact: EmergencyContact) -> Release:
        signed = Release(
            program_id=self.program_id,
            id=new_id(),
            client_id=contact.client_id,
            contact_id=contact.id,
            purpose="reach me in a crisis",
            starts_on=date(2027, 1, 1),
            signed_by="client",
            method="on paper",
            made_at=self.now,
        )
        conceal(db, signed, "scope", "That we lost touch; may go and check.")
        return signed

    async def dispatch_line(self, name: str, *, verified_on: date | None = date(2027, 2, 20)) -> None:
        async with self.house.engine.transaction(self.program_id) as db:
            line = DispatchLine(
                program_id=self.program_id,
                id=new_id(),
                kind="dispatch",
                agency="Fairhaven dispatch",
                area="Fairhaven, OR",
                country="US",
                number="+15415550119",
                verified_on=verified_on,
                police_involved=True,
            )
            db.add(line)
            await db.flush()
            client = await db.get_one(Client, (self.program_id, self.clients[name]))
            client.home_dispatch_line_id = line.id


def _number(db: Db, row: Any, e164: str) -> None:
    conceal(db, row, "number", e164)
    row.number_key = seal_of(db).keyed_hash("phone", e164)
