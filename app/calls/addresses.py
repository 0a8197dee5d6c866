"""Where the provider reaches us. Built from PUBLIC_BASE_URL alone: a request's own host header is never believed."""

from typing import Literal
from uuid import UUID

Hook = Literal["answer", "status", "amd", "wait", "key", "over", "silent", "voicemail", "text-status"]
InboundHook = Literal[
    "inbound", "inbound-after-hours", "inbound-next", "inbound-screen", "inbound-key", "inbound-text"
]

PREFIX = "/hooks/twilio"


def hook(base: str, program_id: UUID, attempt_id: UUID, name: Hook) -> str:
    return f"{base}{PREFIX}/{program_id}/{attempt_id}/{name}"


def inbound_hook(base: str, program_id: UUID, name: InboundHook, query: str = "") -> str:
    return f"{base}{PREFIX}/{program_id}/{name}{'?' + query if query else ''}"


def public_url(base: str, path: str, query: str) -> str:
    """The address a request was signed for, whatever a proxy made of it on the way."""
    return f"{base}{path}{'?' + query if query else ''}"
