"""The outside line: Twilio, through its own client. With `twiml` the only place that imports it.

What its client does by default and must not: wait for ever (its own timeout is ignored when asynchronous), post a
call again after a 500 (each post is a call), and log telephone numbers (telephony.md 1a, measured).
"""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from aiohttp import ClientConnectorError, ClientError, encode_basic_auth
from starlette.datastructures import FormData
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.rest import Client

from app.calls.addresses import hook
from app.calls.lines import Line, LineRefused, LineUnsure, Placed, ProviderCall
from app.settings import Settings

REQUEST_SECONDS = 5.0
# "We lost you" must not arrive hours later; the provider's default is ten hours.
TEXT_VALID_SECONDS = 90
# The greeting of a voicemail is over by then, or nobody knows; the silence rule (R6) acts at 20 s.
DETECTION_SECONDS = 18
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
BUSY_STATUS, TIMEOUT_STATUS = 429, 408
ALREADY_OVER = {21220, 20404}
SIGNATURE, SIGNATURE_SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"

T = TypeVar("T")


class BoundedHttpClient(AsyncTwilioHttpClient):  # type: ignore[misc] # the client carries no types
    """Every request to our base address, with a timeout, once."""

    def __init__(self, api_base: str) -> None:
        # Neither logger may reach INFO: they write numbers.
        logging.getLogger("twilio.async_http_client").setLevel(logging.WARNING)
        logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
        super().__init__(timeout=REQUEST_SECONDS, max_retries=None)
        self._base = urlsplit(api_base) if api_base else None

    async def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        kwargs["timeout"] = REQUEST_SECONDS
        kwargs["allow_redirects"] = False
        # The client would build aiohttp's BasicAuth, which is on its way out.
        if (auth := kwargs.pop("auth", None)) is not None:
            kwargs["headers"] = dict(kwargs.get("headers") or {}) | {
                "Authorization": encode_basic_auth(*auth)
            }
        return await super().request(method, self._rebased(url), *args, **kwargs)

    def _rebased(self, url: str) -> str:
        if self._base is None:
            return url
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))


class TwilioLine(Line):
    """Made inside a running loop (the client needs one) and closed there."""

    def __init__(self, settings: Settings) -> None:
        if settings.is_production and settings.twilio_api_base:
            _must_be_https(settings.twilio_api_base)
        self._base = settings.public_base_url
        self._own_numbers = {settings.twilio_from, *settings.twilio_inbound}
        self._from = settings.twilio_from
        self._http = BoundedHttpClient(settings.twilio_api_base)
        self._client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=self._http)

    async def close(self) -> None:
        await self._http.close()

    async def place_call(self, placed: Placed) -> str:
        _outside_only(placed)
        detection: dict[str, Any] = {}
        if placed.detect != "none":
            detection = {
                "machine_detection": "DetectMessageEnd" if placed.detect == "message_end" else "Enable",
                "machine_detection_timeout": DETECTION_SECONDS,
                # Without it the person who answers hears nothing until the provider has made up its mind.
                "async_amd": "true",
                "async_amd_status_callback": self._hook(placed, "amd"),
                "async_amd_status_callback_method": "POST",
            }
        call = await _asked(
            self._client.calls.create_async(
                to=placed.number,
                from_=self._shown(placed.shows),
                url=self._hook(placed, "answer"),
                method="POST",
                status_callback=self._hook(placed, "status"),
                status_callback_event=CALL_EVENTS,
                status_callback_method="POST",
                timeout=placed.ring_seconds,
                **detection,
            )
        )
        return _id_of(call)

    async def send_text(self, placed: Placed) -> str:
        _outside_only(placed)
        message = await _asked(
            self._client.messages.create_async(
                to=placed.number,
                from_=self._shown(placed.shows),
                body=placed.text,
                status_callback=self._hook(placed, "text-status"),
                validity_period=TEXT_VALID_SECONDS,
            )
        )
        return _id_of(message)

    async def cancel_call(self, provider_id: str) -> None:
        """`completed` also ends a call that still rings or waits in the provider's queue."""
        try:
            await _asked(self._client.calls(provider_id).update_async(status="completed"))
        except LineRefused as refused:
            if refused.code not in {str(code) for code in ALREADY_OVER}:
                raise

    async def redirect_call(self, provider_id: str, url: str) -> None:
        await _asked(self._client.calls(provider_id).update_async(url=url, method="POST"))

    async def list_recent(self, number: str, since: datetime) -> list[ProviderCall]:
        """No start-time filter: a call that the provider still queues has none, and would be missed."""
        calls = await _asked(self._client.calls.list_async(to=number, limit=20))
        found = [_listed(call) for call in calls]
        return [call for call in found if call is not None and call.made_at >= since]

    def _hook(self, placed: Placed, name: Any) -> str:
        return hook(self._base, placed.program_id, placed.attempt_id, name)

    def _shown(self, shows: str) -> str:
        """R11: the call-back number, where it belongs to this account; the provider refuses any other."""
        return shows if shows in self._own_numbers else self._from


def verified(settings: Settings, url: str, form: FormData, headers: Mapping[str, str]) -> bool:
    """Whether the provider signed this. Signatures carry no time: a replay is valid and must be harmless."""
    signature = headers.get(SIGNATURE)
    if not signature or not settings.twilio_auth_token:
        return False
    algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS))
    return bool(RequestValidator(settings.twilio_auth_token).validate(url, form, signature, algorithm))


def _outside_only(placed: Placed) -> None:
    if placed.lines != "outside":
        raise LineRefused("wrong_line", permanent=True)


def _must_be_https(api_base: str) -> None:
    if urlsplit(api_base).scheme != "https":
        raise ValueError("TWILIO_API_BASE must start with https:// in production.")


async def _asked(request: Awaitable[T]) -> T:
    """The provider's four kinds of failure as ours: a clear no, or no idea."""
    try:
        async with asyncio.timeout(REQUEST_SECONDS + 1):
            return await request
    except (TwilioRestException, TwilioServiceException) as error:
        if error.status >= 500 or error.status == TIMEOUT_STATUS or error.status < 400:
            raise LineUnsure from None
        # "Requests that receive 429 are not processed": the only no that is worth asking again.
        raise LineRefused(str(error.code or error.status), permanent=error.status != BUSY_STATUS) from None
    except ClientConnectorError:
        # No connection, so nothing was asked: safe to ask again.
        raise LineRefused("unreachable", permanent=False) from None
    except (TwilioException, ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        # A broken body after a 201 is a call that may ring. Causes are cut off: their text may hold a number.
        raise LineUnsure from None


def _id_of(made: Any) -> str:
    if not made.sid:
        raise LineUnsure
    return str(made.sid)


def _listed(call: Any) -> ProviderCall | None:
    made_at = call.date_created
    if not isinstance(made_at, datetime):
        return None
    if made_at.tzinfo is None:
        made_at = made_at.replace(tzinfo=UTC)
    return ProviderCall(str(call.sid), call.status, made_at, call.answered_by or None)
