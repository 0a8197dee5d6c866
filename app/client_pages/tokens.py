"""The secrets of a client's link and of the device that uses it. Pure: nothing here reads a database or a clock.

A link's token and a device's cookie both start with the program, because row security needs it before anything can
be looked up. Both hold 192 random bits or more, so that a plain SHA-256 is all that has to be stored.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

COOKIE = "handrail_page"
RANDOM_BYTES = 24
TOKEN_LENGTH = 54  # 16 + 24 bytes in base64url, without padding
_TOKEN = re.compile(r"[A-Za-z0-9_-]{54}", re.ASCII)
_DEVICE = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})", re.ASCII)


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def new_token(program_id: UUID) -> str:
    return urlsafe_b64encode(program_id.bytes + secrets.token_bytes(RANDOM_BYTES)).decode().rstrip("=")


def program_of(token: str) -> UUID | None:
    """The program that a well-formed token claims to belong to; None for anything else."""
    if not _TOKEN.fullmatch(token):
        return None
    decoded = urlsafe_b64decode(token + "==")
    # The last character carries four unused bits: only the spelling that we give out is the token.
    if urlsafe_b64encode(decoded).decode().rstrip("=") != token:
        return None
    return UUID(bytes=decoded[:16])


@dataclass(frozen=True, slots=True)
class Device:
    """The content of the cookie: which link, and the secret that binds it to this device."""

    program_id: UUID
    link_id: UUID
    secret: str

    @property
    def hash(self) -> bytes:
        return hashed(self.secret)

    def __str__(self) -> str:
        return f"{self.program_id.hex}.{self.link_id.hex}.{self.secret}"


def new_device(program_id: UUID, link_id: UUID) -> Device:
    return Device(program_id, link_id, secrets.token_urlsafe(32))


def read_device(cookie: str | None) -> Device | None:
    found = _DEVICE.fullmatch(cookie or "")
    if found is None:
        return None
    return Device(UUID(hex=found[1]), UUID(hex=found[2]), found[3])
