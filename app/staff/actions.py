"""What is done to programs and staff: making, inviting, enrolling, changing, disabling."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app import numbers
from app.db import Db, conceal, new_id, now_of, seal_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.canonical import GENESIS
from app.journal.kinds import Kind
from app.journal.models import JournalHead
from app.journal.write import RULE, Actor, NewEntry, write
from app.staff import enrolment, sign_in
from app.staff.access import Viewer
from app.staff.models import Program, StaffAddress, StaffMember, StaffPhone

ROLES = frozenset({"clinician", "supervisor", "administrator"})


@dataclass(frozen=True, slots=True)
class PhoneGiven:
    label: str
    number: str


async def create_program(
    db: Db,
    *,
    name: str,
    outward_name: str,
    kind: str,
    region: str,
    time_zone: str,
    callback_number: str,
    after_hours_number: str | None = None,
    provider_account: str = "default",
    part2: bool = False,
    program_id: UUID | None = None,
    settings: dict[str, Any] | None = None,
) -> Program:
    """Needs a transaction of the engine's role: the web role can make no tenants. Practice never has a real line."""
    if time_zone not in _time_zones():
        raise NotValid(f"{time_zone} is not a time zone. Use a name such as America/New_York.")
    made_id = program_id or new_id()
    program = Program(
        id=made_id,
        name=name.strip(),
        outward_name=outward_name.strip(),
        kind=kind,
        lines="outside" if kind == "live" else "simulated",
        region=region,
        time_zone=time_zone,
        callback_number=_e164(callback_number, region, "callback_number"),
        after_hours_number=_e164(after_hours_number, region, "after_hours_number")
        if after_hours_number
        else None,
        # Practice has an account of its own: it never takes a turn, or a number, from a real call.
        provider_account=provider_account if kind == "live" else f"simulated {made_id}",
        part2=part2,
        settings=settings or {},
        made_at=now_of(db),
    )
    db.add(program)
    await db.flush()
    db.add(JournalHead(program_id=program.id, seq=0, hash=GENESIS))
    await db.flush()
    await write(db, program.id, [NewEntry(Kind.program_made, RULE, detail={"kind": kind}, retention="audit")])
    return program


@cache
def _time_zones() -> frozenset[str]:
    """Walks through a thousand files: once."""
    return frozenset(available_timezones())


def _e164(text: str, region: str, field: str) -> str:
    number = numbers.parse(text, region)
    if isinstance(number, numbers.Refused):
        raise NotValid(number.sentence, fields={field: number.sentence})
    return number.e164


async def create_admin(db: Db, program: Program, *, name: str, email: str) -> str:
    """The first administrator, from the command line. Returns the token of the invitation."""
    person, token = await _add(
        db, program.id, name=name, first_name=first_of(name), title="", email=email, roles=["administrator"]
    )
    await write(db, program.id, [_entry(Kind.staff_added, RULE, person)])
    return token


async def new_staff(
    db: Db,
    viewer: Viewer,
    *,
    name: str,
    first_name: str | None,
    title: str,
    email: str,
    roles: Sequence[str],
    phones: Sequence[PhoneGiven],
    de_escalator: bool = False,
) -> tuple[StaffMember, str, NewEntry]:
    """A colleague, the token of their invitation, kept nowhere, and the entry, which the caller writes last."""
    person, token = await _add(
        db,
        viewer.program_id,
        name=name,
        first_name=first_name or first_of(name),
        title=title,
        email=email,
        roles=roles,
    )
    person.de_escalator = de_escalator
    await set_phones(db, person, phones)
    return person, token, _entry(Kind.staff_added, viewer.actor, person)


async def add_staff(db: Db, viewer: Viewer, **given: Any) -> tuple[StaffMember, str]:
    """One colleague, in a transaction of their own; `given` is what `new_staff` takes."""
    person, token, entry = await new_staff(db, viewer, **given)
    await write(db, viewer.program_id, [entry])
    return person, token


def first_of(name: str) -> str:
    return name.split()[0]


async def _add(
    db: Db, program_id: UUID, *, name: str, first_name: str, title: str, email: str, roles: Sequence[str]
) -> tuple[StaffMember, str]:
    now = now_of(db)
    person = StaffMember(
        program_id=program_id,
        id=new_id(),
        name=name.strip(),
        first_name=first_name.strip(),
        title=title.strip(),
        email=sign_in.normal(email),
        roles=_roles(roles),
        recovery_hashes=[],
        preferences={},
        access_seq=0,
        made_at=now,
    )
    token = enrolment.invite(db, person)
    db.add(person)
    # The person first, then their address: an address that is taken undoes both.
    await _refuse_taken(db, person)
    await db.flush()
    await _claim_address(db, person)
    return person, token


async def _refuse_taken(db: Db, person: StaffMember) -> None:
    taken = select(StaffAddress.email_key).where(
        StaffAddress.email_key == sign_in.address_key(db, person.email)
    )
    with db.no_autoflush:
        if (await db.execute(taken)).first() is not None:
            raise _taken()


async def _claim_address(db: Db, person: StaffMember) -> None:
    """Two programs at once: one of them waits here and is then refused."""
    claimed = await db.execute(
        insert(StaffAddress)
        .values(
            email_key=sign_in.address_key(db, person.email),
            program_id=person.program_id,
            staff_id=person.id,
        )
        .on_conflict_do_nothing()
        .returning(StaffAddress.staff_id)
    )
    if claimed.first() is None:
        raise _taken()


def _taken() -> Conflict:
    sentence = "This e-mail address is in use. Each sign-in needs an address of its own."
    return Conflict(sentence, fields={"email": sentence})


def _roles(roles: Sequence[str]) -> list[str]:
    if not roles or not ROLES.issuperset(roles):
        sentence = "Choose at least one role: clinician, supervisor or administrator."
        raise NotValid(sentence, fields={"roles": sentence})
    return sorted(set(roles))


async def set_phones(db: Db, person: StaffMember, phones: Sequence[PhoneGiven]) -> None:
    """Replaces all of a colleague's numbers; their order is their rank."""
    program = await db.get(Program, person.program_id)
    region = program.region if program else "US"
    await db.execute(
        delete(StaffPhone).where(StaffPhone.program_id == person.program_id, StaffPhone.staff_id == person.id)
    )
    for rank, given in enumerate(phones, start=1):
        e164 = _e164(given.number, region, f"phones.{rank - 1}.number")
        phone = StaffPhone(
            program_id=person.program_id,
            id=new_id(),
            staff_id=person.id,
            number_key=seal_of(db).keyed_hash("phone", e164),
            last2=e164[-2:],
            label=given.label.strip() or "Phone",
            rank=rank,
        )
        conceal(db, phone, "number", e164)
        db.add(phone)
    await db.flush()


# --- changing


async def change_staff(
    db: Db, viewer: Viewer, staff_id: UUID, changes: dict[str, Any], phones: Sequence[PhoneGiven] | None
) -> None:
    """`changes`: name, first_name, title, roles, de_escalator, disabled; only what is given. Less access takes effect
    at once."""
    # One change of staff at a time, or two administrators could switch each other off.
    await db.get(Program, viewer.program_id, with_for_update={"key_share": True})
    person = await _locked(db, viewer.program_id, staff_id)
    before = (frozenset(person.roles), person.disabled_at is None)
    if "roles" in changes:
        person.roles = _roles(changes["roles"])
    if "disabled" in changes:
        person.disabled_at = now_of(db) if changes["disabled"] else None
    for field in ("name", "first_name", "title", "de_escalator"):
        if field in changes:
            given = changes[field]
            setattr(person, field, given.strip() if isinstance(given, str) else given)
    await _keep_an_administrator(db, viewer, person)
    if phones is not None:
        await set_phones(db, person, phones)
    after = (frozenset(person.roles), person.disabled_at is None)
    if person.disabled_at is not None:
        await sign_in.end_all(db, viewer.program_id, staff_id)
    what = sorted({*changes, *(["phones"] if phones is not None else [])})
    kind = Kind.access_changed if after != before else Kind.staff_changed
    seq = await write(db, viewer.program_id, [_entry(kind, viewer.actor, person, what=what)])
    if after != before:
        # The row has been locked since before the journal's head was: nobody can wait here in a circle.
        person.access_seq = seq
        await db.flush()


async def invite_again(db: Db, viewer: Viewer, staff_id: UUID) -> str:
    """For a lost telephone or a forgotten passphrase. Ends every sign-in of the person."""
    person = await _locked(db, viewer.program_id, staff_id)
    if person.disabled_at is not None:
        raise Conflict("This colleague's access is switched off. Switch it on first.")
    if person.id == viewer.staff_id:
        raise Conflict("You cannot invite yourself anew. Ask another administrator.")
    token = enrolment.invite(db, person)
    await sign_in.end_all(db, viewer.program_id, staff_id)
    seq = await write(
        db, viewer.program_id, [_entry(Kind.access_changed, viewer.actor, person, what=["invited anew"])]
    )
    person.access_seq = seq
    await db.flush()
    return token


async def sign_out_everywhere(db: Db, viewer: Viewer) -> None:
    person = await _locked(db, viewer.program_id, viewer.staff_id)
    await sign_in.end_all(db, viewer.program_id, viewer.staff_id)
    entry = _entry(Kind.access_changed, viewer.actor, person, what=["signed out everywhere"])
    person.access_seq = await write(db, viewer.program_id, [entry])
    await db.flush()


async def set_pin(db: Db, viewer: Viewer, pin_hash: str) -> None:
    person = await _locked(db, viewer.program_id, viewer.staff_id)
    person.pin_hash = pin_hash
    await write(db, viewer.program_id, [_entry(Kind.staff_changed, viewer.actor, person, what=["pin"])])


async def set_preferences(db: Db, viewer: Viewer, preferences: dict[str, Any]) -> None:
    """No entry: nothing that anybody else sees or may do depends on it."""
    person = await _locked(db, viewer.program_id, viewer.staff_id)
    person.preferences = {**person.preferences, **preferences}
    await db.flush()


async def _locked(db: Db, program_id: UUID, staff_id: UUID) -> StaffMember:
    person = await db.get(StaffMember, (program_id, staff_id), with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound("There is no such colleague.")
    return person


async def _keep_an_administrator(db: Db, viewer: Viewer, person: StaffMember) -> None:
    if person.id == viewer.staff_id and person.disabled_at is not None:
        raise Conflict("You cannot switch off your own access. Ask another administrator.")
    await db.flush()
    left = await db.scalar(
        select(func.count())
        .select_from(StaffMember)
        .where(
            StaffMember.program_id == viewer.program_id,
            StaffMember.disabled_at.is_(None),
            StaffMember.roles.contains(["administrator"]),
        )
    )
    if not left:
        raise Conflict("The program would be left without an administrator. Name another one first.")


def _entry(kind: Kind, actor: Actor, person: StaffMember, what: Sequence[str] = ()) -> NewEntry:
    detail: dict[str, Any] = {"staff_id": person.id, "name": person.name, "roles": list(person.roles)}
    if what:
        detail["what"] = list(what)
    return NewEntry(kind, actor, detail=detail, retention="audit")
