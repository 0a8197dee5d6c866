"""Signing in and out, the lock, enrolment. Public routes: nothing here tells a stranger which addresses exist."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.db import Database
from app.errors import NotAllowed, NotFound, NotSignedIn, NotValid
from app.settings import Settings
from app.staff import actions, enrolment, limits, passphrases, queries, second_factor, sign_in
from app.staff.access import (
    ABSOLUTE,
    COOKIE,
    CurrentViewer,
    SignedViewer,
    Viewer,
    read_cookie,
    signed_in,
)
from app.staff.demo import DEMO_PROGRAM_ID
from app.staff.models import Program, StaffMember
from app.staff.origin import LOOPBACK, check_origin

# Every refusal of a sign-in takes at least this long, so that the time it takes says nothing either.
LEAST_SECONDS = 0.3
NOT_RECOGNISED = "The e-mail or the passphrase is not right. Check both and try again."

router = APIRouter(prefix="/api", tags=["sign-in"])
FromHere = Depends(check_origin)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class SignInBody(Body):
    email: Annotated[str, Field(min_length=1, max_length=320)]
    passphrase: Secret


class Next(BaseModel):
    next: Literal["totp"] = "totp"


class CodeBody(Body):
    code: Annotated[str, Field(min_length=1, max_length=64)]


class PinBody(Body):
    pin: Annotated[str, Field(min_length=1, max_length=64)]


class SetPinBody(PinBody):
    passphrase: Secret


class TokenBody(Body):
    token: Annotated[str, Field(min_length=1, max_length=200)]


class FinishBody(TokenBody):
    passphrase: Secret
    code: Annotated[str, Field(min_length=1, max_length=64)]
    pin: Annotated[str, Field(min_length=1, max_length=64)]


class EnrolmentView(BaseModel):
    email: str
    name: str
    totp_uri: str
    totp_qr_svg: str
    recovery_codes: list[str]


class DemoPerson(BaseModel):
    id: UUID
    name: str
    title: str


class DemoBody(Body):
    staff_id: UUID


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _set_cookie(request: Request, response: Response, value: str) -> None:
    settings: Settings = request.app.state.settings
    base = urlsplit(settings.public_base_url)
    response.set_cookie(
        COOKIE,
        value,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="strict",
        # Browsers keep no Secure cookie of http://127.0.0.1 everywhere; off loopback production is https only.
        secure=not (base.scheme == "http" and base.hostname in LOOPBACK),
        path="/",
    )


async def _me_of_cookie(request: Request, cookie: str) -> queries.Me:
    program_id, token = read_cookie({COOKIE: cookie})
    viewer = await signed_in(request, active=False, cookie=(program_id, token))
    async with _database(request).transaction(program_id) as db:
        return await queries.me(db, viewer)


# --- in


@router.post("/sign-in", dependencies=[FromHere])
async def begin(body: SignInBody, request: Request, response: Response) -> Next:
    started = asyncio.get_running_loop().time()
    host = request.client.host if request.client else None
    database = _database(request)
    async with database.transaction(None) as db:
        where = await sign_in.count_try(db, body.email, host)
    account = None
    if where is not None:
        async with database.transaction(where[0]) as db:
            account = await sign_in.known(db, *where)
    kept = account.passphrase_hash if account else None
    right = await passphrases.matches(kept, body.passphrase)
    if account is None or not right:
        if account is not None:
            async with database.transaction(account.program_id) as db:
                await sign_in.passphrase_was_wrong(db, account)
        await asyncio.sleep(max(0.0, started + LEAST_SECONDS - asyncio.get_running_loop().time()))
        raise NotSignedIn(NOT_RECOGNISED, code="not_recognised")
    fresh = await passphrases.hashed(body.passphrase) if passphrases.outdated(kept or "") else None
    async with database.transaction(account.program_id) as db:
        cookie = await sign_in.passphrase_was_right(db, account, body.email, host, fresh)
    _set_cookie(request, response, cookie)
    return Next()


@router.post("/sign-in/totp", dependencies=[FromHere])
async def with_code(body: CodeBody, request: Request, response: Response) -> queries.Me:
    return await _second(body.code, "code", request, response)


@router.post("/sign-in/recovery", dependencies=[FromHere])
async def with_recovery_code(body: CodeBody, request: Request, response: Response) -> queries.Me:
    return await _second(body.code, "recovery code", request, response)


async def _second(
    code: str, how: Literal["code", "recovery code"], request: Request, response: Response
) -> queries.Me:
    program_id, token = read_cookie(request.cookies)
    database = _database(request)
    async with database.transaction(program_id) as db:
        sign_in_id, staff_id = await sign_in.waiting(db, program_id, token)
    cookie = None
    async with database.transaction(program_id) as db:
        person = await sign_in.standing_person(db, program_id, staff_id)
        if how == "code":
            right = await second_factor.use_totp(db, person, code)
        else:
            right = await second_factor.use_recovery_code(db, person, code) is not None
        if right:
            cookie = await sign_in.complete(db, person, how, waited=sign_in_id)
        else:
            await sign_in.second_factor_was_wrong(db, person)
    if cookie is None:
        sentence = (
            "This code is not right, or it has been used. Wait for the next one and type that."
            if how == "code"
            else "This is not one of your unused recovery codes. Check the letters and try again."
        )
        raise NotSignedIn(sentence, code="not_recognised")
    _set_cookie(request, response, cookie)
    return await _me_of_cookie(request, cookie)


# --- out


@router.post("/sign-out", status_code=204)
async def sign_out(request: Request, response: Response, viewer: SignedViewer) -> None:
    async with _database(request).transaction(viewer.program_id) as db:
        await sign_in.end(db, viewer)
    response.delete_cookie(COOKIE, path="/")


@router.post("/sign-out-everywhere", status_code=204)
async def sign_out_everywhere(request: Request, response: Response, viewer: SignedViewer) -> None:
    async with _database(request).transaction(viewer.program_id) as db:
        await actions.sign_out_everywhere(db, viewer)
    response.delete_cookie(COOKIE, path="/")


# --- the lock


@router.post("/lock", status_code=204)
async def lock(request: Request, viewer: SignedViewer) -> None:
    async with _database(request).transaction(viewer.program_id) as db:
        await sign_in.lock(db, viewer)


@router.post("/unlock")
async def unlock(body: PinBody, request: Request, viewer: SignedViewer) -> queries.Me:
    await _check_pin(request, viewer, body.pin)
    async with _database(request).transaction(viewer.program_id) as db:
        await sign_in.unlock(db, viewer)
        return await queries.me(db, viewer, locked=False)


@router.post("/confirm", status_code=204)
async def confirm(body: PinBody, request: Request, viewer: CurrentViewer) -> None:
    """The PIN once more, before an export or a change of numbers; holds five minutes."""
    await _check_pin(request, viewer, body.pin)
    async with _database(request).transaction(viewer.program_id) as db:
        await sign_in.confirm(db, viewer)


async def _check_pin(request: Request, viewer: Viewer, pin: str) -> None:
    """Counts the try before it compares, so that two at once are two tries; the fifth wrong one ends the sign-in."""
    database = _database(request)
    async with database.transaction(viewer.program_id) as db:
        tries, kept = await sign_in.count_pin(db, viewer)
    if tries <= sign_in.MOST_FAILURES and await passphrases.matches(kept, pin):
        return
    left = sign_in.MOST_FAILURES - tries
    if left > 0:
        raise NotAllowed(
            f"This PIN is not right. {left} {'try' if left == 1 else 'tries'} left, then you sign in again.",
            code="wrong_pin",
        )
    async with database.transaction(viewer.program_id) as db:
        await sign_in.end(db, viewer, why="wrong PIN five times")
    raise NotSignedIn("The PIN was wrong five times. Sign in again with your passphrase.")


@router.post("/me/pin", status_code=204)
async def set_pin(body: SetPinBody, request: Request, viewer: SignedViewer) -> None:
    """Open to a locked screen too, for people who have no PIN yet or forgot it: the passphrase is asked."""
    passphrases.check_pin(body.pin)
    await _confirm_passphrase(request, viewer, body.passphrase)
    pin_hash = await passphrases.hashed(body.pin)
    async with _database(request).transaction(viewer.program_id) as db:
        await actions.set_pin(db, viewer, pin_hash)


async def _confirm_passphrase(request: Request, viewer: Viewer, passphrase: str) -> None:
    database = _database(request)
    async with database.transaction(viewer.program_id) as db:
        await limits.count(db, "confirm", str(viewer.staff_id), limits.PER_ADDRESS_AND_NETWORK)
        account = await sign_in.known(db, viewer.program_id, viewer.staff_id)
    if not await passphrases.matches(account.passphrase_hash if account else None, passphrase):
        sentence = "This is not your passphrase."
        raise NotValid(sentence, fields={"passphrase": sentence})
    async with database.transaction(viewer.program_id) as db:
        await limits.forgive(db, "confirm", str(viewer.staff_id))


# --- enrolment


def _invitation(token: str) -> tuple[UUID, str]:
    try:
        return read_cookie({COOKIE: token})
    except NotSignedIn:
        raise NotFound(
            "Part of this invitation link is missing. Copy all of it, or ask for a new one."
        ) from None


@router.post("/sign-in/enrol", dependencies=[FromHere])
async def enrol(body: TokenBody, request: Request) -> EnrolmentView:
    program_id, secret = _invitation(body.token)
    async with _database(request).transaction(program_id) as db:
        person, fresh = await enrolment.enrol(db, program_id, secret)
        return EnrolmentView(
            email=person.email,
            name=person.name,
            totp_uri=fresh.totp_uri,
            totp_qr_svg=fresh.totp_qr_svg,
            recovery_codes=fresh.recovery_codes,
        )


@router.post("/sign-in/enrol/finish", dependencies=[FromHere])
async def finish_enrolment(body: FinishBody, request: Request, response: Response) -> queries.Me:
    program_id, secret = _invitation(body.token)
    database = _database(request)
    async with database.transaction(program_id) as db:
        person = await enrolment.invited(db, program_id, secret)
        program = await db.get(Program, program_id)
        own_words = [person.email, person.name, program.name if program else ""]
    passphrases.check_passphrase(body.passphrase, own_words)
    passphrases.check_pin(body.pin)
    passphrase_hash = await passphrases.hashed(body.passphrase)
    pin_hash = await passphrases.hashed(body.pin)
    async with database.transaction(program_id) as db:
        person = await enrolment.finish_enrolment(
            db, program_id, secret, passphrase_hash=passphrase_hash, pin_hash=pin_hash, code=body.code
        )
        cookie = await sign_in.complete(db, person, "enrolled")
    _set_cookie(request, response, cookie)
    return await _me_of_cookie(request, cookie)


# --- the demo


def _demo_program(request: Request) -> UUID:
    settings: Settings = request.app.state.settings
    if settings.environment != "demo":
        raise NotFound("There is nothing at this address.")
    return DEMO_PROGRAM_ID


@router.get("/demo/staff")
async def demo_staff(request: Request) -> list[DemoPerson]:
    program_id = _demo_program(request)
    async with _database(request).transaction(program_id) as db:
        people = await db.scalars(
            select(StaffMember)
            .join(Program, Program.id == StaffMember.program_id)
            .where(
                StaffMember.program_id == program_id,
                Program.kind == "demo",
                StaffMember.disabled_at.is_(None),
            )
            .order_by(StaffMember.made_at, StaffMember.name)
        )
        return [DemoPerson(id=person.id, name=person.name, title=person.title) for person in people]


@router.post("/demo/sign-in", dependencies=[FromHere])
async def demo_sign_in(body: DemoBody, request: Request, response: Response) -> queries.Me:
    program_id = _demo_program(request)
    async with _database(request).transaction(program_id) as db:
        program = await db.get(Program, program_id)
        person = await db.get(StaffMember, (program_id, body.staff_id))
        if program is None or program.kind != "demo" or person is None or person.disabled_at is not None:
            raise NotFound("There is no such person in the demo.")
        cookie = await sign_in.complete(db, person, "demo")
    _set_cookie(request, response, cookie)
    return await _me_of_cookie(request, cookie)
