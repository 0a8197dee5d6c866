"""Colleagues from a file. Each is invited from the program's page, where the link is shown once."""

import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.bring.lines import Line, column, refuse_twice
from app.db import Db
from app.journal.write import NewEntry
from app.staff import actions
from app.staff.access import Viewer
from app.staff.models import StaffAddress, StaffMember
from app.staff.sign_in import address_key

COLUMNS = (
    column("name", "Name", "full name", required=True, longest=120),
    column("email", "E-mail", "email", "email address", required=True),
    column("roles", "Roles", "role", required=True, longest=80),
    column("title", "Title", "credentials", longest=80),
    column("phone", "Telephone", "phone", "mobile", longest=60),
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def judge(lines: Sequence[Line], region: str, today: date) -> None:
    del today
    for line in lines:
        line.number("phone", region)
        email = line.text("email").casefold()
        if email and not _EMAIL.fullmatch(email):
            line.row.refuse("This is not an e-mail address.", "email")
        roles = {part.strip().casefold() for part in re.split(r"[,;/+]", line.text("roles")) if part.strip()}
        if line.text("roles") and (not roles or not roles <= actions.ROLES):
            line.row.refuse("Write one or more of: clinician, supervisor, administrator.", "roles")
        line.given |= {"who": email, "roles": sorted(roles)}
    refuse_twice(lines, "who", "The same e-mail address stands on line {line} already.")


async def compare(db: Db, program_id: UUID, lines: Sequence[Line]) -> None:
    emails = [line.given["who"] for line in lines]
    here = set(
        await db.scalars(
            select(StaffMember.email).where(
                StaffMember.program_id == program_id, StaffMember.email.in_(emails)
            )
        )
    )
    hashes = {address_key(db, email): email for email in emails}
    taken = {
        hashes[key]
        for key in await db.scalars(
            select(StaffAddress.email_key).where(StaffAddress.email_key.in_(list(hashes)))
        )
    }
    for line in lines:
        line.same = line.given["who"] in here
        if line.given["who"] in taken - here:
            line.row.refuse(
                "This e-mail address is in use. Each sign-in needs an address of its own.", "email"
            )


async def make(db: Db, viewer: Viewer, line: Line) -> list[NewEntry]:
    phones = [actions.PhoneGiven("Mobile", line.e164["phone"])] if "phone" in line.e164 else []
    _, _, entry = await actions.new_staff(
        db,
        viewer,
        name=line.text("name"),
        first_name=None,
        title=line.text("title"),
        email=line.given["who"],
        roles=line.given["roles"],
        phones=phones,
    )
    return [entry]
