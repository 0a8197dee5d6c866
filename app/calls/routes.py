"""Where the telephone provider reaches us. The signature is checked before anything else is looked at.

A call may be on the line while a document is fetched, so these answer with one even for calls we do not know:
they hear nothing and are hung up. Status callbacks for unknown attempts are a 404 without effect.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final, cast, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.calls import callbacks, inbound, legs, texts, twiml
from app.calls.addresses import PREFIX, public_url
from app.calls.callbacks import Event
from app.calls.twilio_line import verified
from app.db import Database, Db, now_of
from app.errors import NotAllowed, NotFound, NotValid, Refusal
from app.settings import Settings

log = logging.getLogger(__name__)

router = APIRouter(prefix=PREFIX, include_in_schema=False)

FORM = "application/x-www-form-urlencoded"
LONGEST_FIELD: Final = 4000
# What the provider calls a call that is no longer on the line.
CALL_OVER: Final = frozenset({"completed", "canceled", "busy", "failed", "no-answer"})


class WrongType(Refusal):
    status, code = 415, "wrong_type"


class Hook:
    """A signed request: its fields, and a transaction in the program its address names."""

    def __init__(self, request: Request, form: FormData) -> None:
        self.settings: Settings = request.app.state.settings
        self.base = self.settings.public_base_url
        self._database: Database = request.app.state.database
        self._form = form
        self.headers = request.headers
        self.query = request.query_params

    def field(self, name: str) -> str:
        """Empty when absent; unknown fields are never looked at."""
        value = self._form.get(name)
        return value[:LONGEST_FIELD] if isinstance(value, str) else ""

    @property
    def call_id(self) -> str:
        return self.field("CallSid")

    @property
    def delivery_id(self) -> str:
        """Equal on the provider's retries of one delivery."""
        return self.headers.get("I-Twilio-Idempotency-Token", "")[:200] or self.call_id

    @asynccontextmanager
    async def transaction(self, program_id: UUID) -> AsyncIterator[Db]:
        async with self._database.transaction(program_id) as db:
            yield db


async def signed(request: Request) -> Hook:
    """403 unless the provider signed exactly this address and these fields."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != FORM:
        raise WrongType("The telephone provider sends forms. This request is not one.")
    form = await request.form()
    settings: Settings = request.app.state.settings
    url = public_url(settings.public_base_url, request.url.path, request.url.query)
    if not verified(settings, url, form, request.headers):
        log.warning("A request to a telephone address was not signed by the provider.")
        raise NotAllowed("This request was not signed by the telephone provider.")
    return Hook(request, form)


Signed = Annotated[Hook, Depends(signed)]


@router.post("/{program}/inbound")
async def inbound_call(program: str, hook: Signed) -> Response:
    return await _inbound(program, hook, after_hours=False)


@router.post("/{program}/inbound-after-hours")
async def inbound_after_hours(program: str, hook: Signed) -> Response:
    return await _inbound(program, hook, after_hours=True)


@router.post("/{program}/inbound-next")
async def inbound_next(program: str, hook: Signed) -> Response:
    tried = hook.query.get("tried", "")
    program_id = _id(program)
    rung = inbound.Rung(
        tried=int(tried) if tried.isascii() and tried.isdigit() and len(tried) < 3 else inbound.STAFF_TRIED,
        # A voicemail that took the staff leg ends it as completed too; the provider says that nobody was bridged.
        spoke=hook.field("DialCallStatus") in ("completed", "answered")
        and hook.field("DialBridged").lower() != "false",
        hung_up=hook.field("CallStatus") in CALL_OVER,
    )
    async with hook.transaction(program_id) as db:
        document = await inbound.following(db, hook.base, program_id, hook.field("From"), hook.call_id, rung)
    return _xml(document)


@router.post("/{program}/inbound-screen")
async def inbound_screen(program: str, hook: Signed) -> Response:
    return _xml(twiml.screen(inbound.key_hook(hook.base, _id(program), hook.query.get("caller", "")[:64])))


@router.post("/{program}/inbound-key")
async def inbound_key(program: str, hook: Signed) -> Response:
    """An empty document lets the caller through; anything else ends this leg and the next phone rings."""
    program_id = _id(program)
    if hook.field("Digits") != "1":
        return _xml(twiml.nothing())
    async with hook.transaction(program_id) as db:
        await inbound.accepted(db, program_id, hook.query.get("caller", "")[:64])
    return _xml(twiml.empty())


@router.post("/{program}/inbound-text")
async def inbound_text(program: str, hook: Signed) -> Response:
    program_id = _id(program)
    message_id = hook.field("MessageSid")
    if not message_id:
        raise NotValid("This text has no id, so it cannot be told from a repetition.")
    async with hook.transaction(program_id) as db:
        await inbound.text(db, program_id, hook.field("From"), message_id, hook.field("Body"))
    return _xml(twiml.no_reply())


@router.post("/{program}/{attempt}/answer")
async def answer(program: str, attempt: str, hook: Signed) -> Response:
    program_id, attempt_id = _id(program), _id(attempt)
    async with hook.transaction(program_id) as db:
        document = await legs.answer(db, hook.base, program_id, attempt_id, hook.call_id)
    return _xml(document)


@router.post("/{program}/{attempt}/key")
async def key(program: str, attempt: str, hook: Signed) -> Response:
    program_id, attempt_id = _id(program), _id(attempt)
    digits = "".join(c for c in hook.field("Digits")[:20] if c.isascii() and c.isdigit())
    async with hook.transaction(program_id) as db:
        document = await legs.key(
            db, hook.base, program_id, attempt_id, hook.call_id, digits, hook.delivery_id
        )
    return _xml(document)


@router.post("/{program}/{attempt}/wait")
async def wait(program: str, attempt: str, hook: Signed) -> Response:
    program_id, attempt_id = _id(program), _id(attempt)
    async with hook.transaction(program_id) as db:
        document = await legs.wait(db, hook.base, program_id, attempt_id, hook.call_id)
    return _xml(document)


@router.post("/{program}/{attempt}/silent")
async def silent(program: str, attempt: str, hook: Signed) -> Response:
    program_id, attempt_id = _id(program), _id(attempt)
    async with hook.transaction(program_id) as db:
        document = await legs.silent(db, hook.base, program_id, attempt_id, hook.call_id)
    return _xml(document)


@router.post("/{program}/{attempt}/voicemail")
async def voicemail(program: str, attempt: str, hook: Signed) -> Response:
    program_id, attempt_id = _id(program), _id(attempt)
    async with hook.transaction(program_id) as db:
        document = await legs.voicemail(db, program_id, attempt_id, hook.call_id)
    return _xml(document)


@router.post("/{program}/{attempt}/over")
async def over(program: str, attempt: str, hook: Signed) -> Response:
    program_id, attempt_id = _id(program), _id(attempt)
    async with hook.transaction(program_id) as db:
        document = await legs.over(db, hook.base, program_id, attempt_id, hook.call_id)
    return _xml(document)


@router.post("/{program}/{attempt}/status", status_code=204)
async def status(program: str, attempt: str, hook: Signed) -> Response:
    event, program_id = hook.field("CallStatus"), _id(program)
    _must_name_call(hook)
    if event not in get_args(Event):
        return Response(status_code=204)
    async with hook.transaction(program_id) as db:
        known = await callbacks.handle_status(
            db,
            program_id,
            _id(attempt),
            hook.call_id,
            cast(Event, event),
            None,
            now_of(db),
            hook.field("ErrorCode") or None,
        )
        known = known or await texts.is_ours(db, program_id, _id(attempt))
    return _done(known)


@router.post("/{program}/{attempt}/amd", status_code=204)
async def amd(program: str, attempt: str, hook: Signed) -> Response:
    program_id = _id(program)
    _must_name_call(hook)
    async with hook.transaction(program_id) as db:
        known = await callbacks.handle_detection(
            db, program_id, _id(attempt), hook.call_id, hook.field("AnsweredBy"), now_of(db)
        )
    return _done(known)


@router.post("/{program}/{attempt}/text-status", status_code=204)
async def text_status(program: str, attempt: str, hook: Signed) -> Response:
    program_id = _id(program)
    async with hook.transaction(program_id) as db:
        known = await callbacks.handle_text_status(
            db,
            program_id,
            _id(attempt),
            hook.field("MessageSid"),
            hook.field("MessageStatus"),
            hook.field("ErrorCode") or None,
            now_of(db),
        )
        known = known or await texts.is_ours(db, program_id, _id(attempt))
    return _done(known)


async def _inbound(program: str, hook: Hook, *, after_hours: bool) -> Response:
    program_id = _id(program)
    async with hook.transaction(program_id) as db:
        document = await inbound.call(
            db, hook.base, program_id, hook.field("From"), hook.call_id, after_hours=after_hours
        )
    return _xml(document)


def _must_name_call(hook: Hook) -> None:
    if not hook.call_id:
        raise NotValid("This callback does not say which call it is about.")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is nothing at this address.") from None


def _done(known: bool) -> Response:
    if not known:
        raise NotFound("There is no such call or text in this program.")
    return Response(status_code=204)


def _xml(document: str) -> Response:
    return Response(document, media_type="application/xml")
