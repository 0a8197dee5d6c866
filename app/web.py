"""What every request passes: size, problem documents, safe headers. No personal data in any of it."""

import logging
import traceback
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import tabular
from app.errors import Refusal
from app.form_words import in_words

log = logging.getLogger("handrail.web")

# Nothing but a file that somebody brings comes near.
MAX_BODY_BYTES = 64 * 1024

# Below these addresses a person gives a CSV file. Their routes read it once they know who is asking.
UPLOADS = ("/api/places/import", "/api/bring/")
MAX_UPLOAD_BYTES = tabular.MAX_BYTES + 1024

# Answers below these addresses are kept nowhere.
PRIVATE = ("/api", "/c/", "/hooks")

# The database keeps every character but NUL, which nobody types; one place here instead of a check per field.
UNKEEPABLE = "22021"

HTTP_WORDS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("not_allowed_here", "This address does not take that kind of request."),
}

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# In the scope of a route that is read by people without an account: what makes the page they get for a bug.
BUG_PAGE = "handrail.bug_page"


class TooLong(Exception):
    """The body went over its limit while it was read."""


class SafeHeaders:
    """Sets the safe headers on every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(HEADERS)
        if scope["path"].startswith(PRIVATE):
            headers["Cache-Control"] = "no-store"

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in extra if pair[0] not in present),
                ]
            await send(message)

        await self.app(scope, receive, headed)


class Limits:
    """Refuses oversized bodies, counted as they arrive (a declared length may lie), and turns what nobody caught
    into a problem document. Without this Starlette would hand the error, with its values, to the server's log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = MAX_UPLOAD_BYTES if scope["path"].startswith(UPLOADS) else MAX_BODY_BYTES
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            await _too_long()(scope, receive, send)
            return
        taken = 0
        started = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLong
            return message

        async def noticed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noticed)
        except Exception as error:  # noqa: BLE001 - the last place where an error can become an answer
            answer = _too_long() if isinstance(error, TooLong) else _answer(scope, error)
            if not started:
                await answer(scope, receive, send)


def _too_long() -> JSONResponse:
    return problem(413, "too_long", "That was longer than Handrail accepts. Nothing was saved.")


def problem(
    status: int, code: str, sentence: str, fields: dict[str, str] | None = None, bug_id: str | None = None
) -> JSONResponse:
    """RFC 9457. `detail` is for people, `code` for programs."""
    body: dict[str, object] = {
        "type": f"urn:handrail:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": sentence,
    }
    if fields:
        body["fields"] = fields
    if bug_id:
        body["id"] = bug_id
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def add_problem_documents(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)


async def _refusal(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Refusal):
        raise error
    return problem(error.status, error.code, error.sentence, error.fields)


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    # Only where it is and what was expected: pydantic's `input` would repeat what a person typed.
    fields = {".".join(str(p) for p in e["loc"][1:]) or "body": in_words(e) for e in error.errors()}
    # A fault of several answers together stands beside none of them: it is the sentence of the whole.
    together = [in_words(e) for e in error.errors() if e["type"] == "value_error" and len(e["loc"]) == 1]
    sentence = " ".join(together) or "Something here is not right yet."
    return problem(422, "not_valid", f"{sentence} Nothing was saved.", fields)


async def _http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code, sentence = HTTP_WORDS.get(error.status_code, ("refused", "This request was refused."))
    return problem(error.status_code, code, sentence)


def _answer(scope: Scope, error: Exception) -> Response:
    if database_is_away(error):
        log.error("the database cannot be reached (%s)", type(error).__name__)
        return problem(
            503,
            "database_away",
            "Handrail cannot reach its database. Nothing was saved. Call by phone, and try again.",
        )
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == UNKEEPABLE:
        return problem(
            422, "not_valid", "This text holds a character that cannot be kept. Type it without pasting."
        )
    bug_id = uuid4().hex[:12]
    # Where in the code, never values: exception texts of the database may hold what a person typed.
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((f for f in reversed(frames) if "/app/" in f.filename), frames[-1] if frames else None)
    at = f"{ours.name}:{ours.lineno}" if ours else "unknown"
    route = getattr(scope.get("route"), "path", "no route")
    log.error("bug %s: %s in %s, route %s", bug_id, type(error).__name__, at, route)
    if BUG_PAGE in scope:
        page: Response = scope[BUG_PAGE]()
        return page
    return problem(
        500,
        "bug",
        f"Something went wrong on our side. If somebody is in danger, call by phone. This is number {bug_id}.",
        bug_id=bug_id,
    )


def database_is_away(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        # 08: connection; 57P: the server is shutting down or starting.
        return error.connection_invalidated or (state or "").startswith(("08", "57P"))
    return isinstance(error, PoolTimeout | OSError)
