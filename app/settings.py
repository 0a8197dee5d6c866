"""What the surroundings tell the program. Read when `Settings()` is made, never at import time."""

import base64
import binascii
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Environment = Literal["production", "development", "demo", "test"]

KEY_BYTES = 32
# Not a sealing key: the fixed root of the keyed hashes, which must outlive every rotation.
HASH_KEY_ID = "hash"


class Settings(BaseSettings):
    """Every field has the name of its environment variable as alias, and can be given by its own name in code.

    Secrets are left out of `repr`, so that a settings object in a traceback gives nothing away.
    """

    model_config = SettingsConfigDict(
        extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    environment: Environment = Field("production", alias="HANDRAIL_ENVIRONMENT")
    database_url: str = Field("", alias="DATABASE_URL", repr=False)
    # The role that owns the tables. Only `handrail migrate` uses it; the running program has fewer rights.
    database_owner_url: str = Field("", alias="DATABASE_OWNER_URL", repr=False)
    public_base_url: str = Field("", alias="PUBLIC_BASE_URL")
    # "kid:base64[,kid:base64...]": the first seals, all of them open.
    keys: str = Field("", alias="HANDRAIL_KEYS", repr=False)

    host: str = Field("127.0.0.1", alias="HOST")
    port: int = Field(8000, alias="PORT", ge=0, le=65535)

    twilio_account_sid: str = Field("", alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: str = Field("", alias="TWILIO_AUTH_TOKEN", repr=False)
    twilio_api_base: str = Field("", alias="TWILIO_API_BASE")
    # R11: the number that phones, texts and voicemail show. Calls to it are answered "please hold for the office".
    twilio_from: str = Field("", alias="TWILIO_FROM")
    # Further numbers that belong to this account and may be rung from outside, the same neutral greeting.
    twilio_inbound: Annotated[tuple[str, ...], NoDecode] = Field((), alias="TWILIO_INBOUND")
    # R11: the only number that greets with 988 and the local emergency number.
    twilio_after_hours: str = Field("", alias="TWILIO_AFTER_HOURS")

    # The provider queues what exceeds its rate, unseen, for up to a day; these bounds keep us below it.
    calls_per_second: float = Field(1.0, alias="HANDRAIL_CALLS_PER_SECOND", gt=0, le=100)
    texts_per_second: float = Field(1.0, alias="HANDRAIL_TEXTS_PER_SECOND", gt=0, le=100)
    lease_seconds: float = Field(10.0, alias="HANDRAIL_LEASE_SECONDS", gt=0, le=300)

    @field_validator("twilio_inbound", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        return tuple(n.strip() for n in value.split(",") if n.strip()) if isinstance(value, str) else value

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _async_driver(cls, value: str) -> str:
        """Hosting services hand out `postgres://` addresses; the driver is ours to name."""
        for prefix in ("postgres://", "postgresql://"):
            if value.startswith(prefix):
                return "postgresql+asyncpg://" + value.removeprefix(prefix)
        return value

    @field_validator("public_base_url", "twilio_api_base")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("keys")
    @classmethod
    def _keys_can_be_read(cls, value: str) -> str:
        read_key_ring(value)
        return value

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment != "production":
            return self
        if self.twilio_api_base and urlsplit(self.twilio_api_base).scheme != "https":
            raise ValueError(
                "TWILIO_API_BASE must start with https:// in production: it carries phone numbers."
            )
        if self.public_base_url and urlsplit(self.public_base_url).scheme != "https":
            raise ValueError("PUBLIC_BASE_URL must start with https:// in production: it carries sign-ins.")
        return self

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def has_outside_line(self) -> bool:
        return bool(self.twilio_account_sid and self.twilio_auth_token and self.twilio_from)

    def key_ring(self) -> dict[str, bytes]:
        """Key id to 32 bytes, the current one first. Empty when no keys are set."""
        return read_key_ring(self.keys)

    def as_environment(self) -> dict[str, str]:
        """For a child process: what makes `Settings()` read the same there."""
        found = self.model_dump(by_alias=True)
        return {
            name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in found.items()
        }

    def missing(self) -> list[str]:
        """One sentence for each thing without which the program must not start, and how to make it."""
        sentences = []
        if not self.database_url:
            sentences.append(
                "DATABASE_URL is missing: set it to a Postgres 15 or newer, for example "
                "DATABASE_URL=postgresql://handrail_app:PASSWORD@db.example.org/handrail, then run `handrail migrate`."
            )
        elif not self.database_url.startswith("postgresql+asyncpg://"):
            sentences.append("DATABASE_URL must start with postgresql://: Handrail runs on Postgres only.")
        if not self.public_base_url:
            sentences.append(
                "PUBLIC_BASE_URL is missing: set it to the address at which phones and browsers reach Handrail, "
                "for example PUBLIC_BASE_URL=https://handrail.example.org."
            )
        elif not urlsplit(self.public_base_url).netloc:
            sentences.append("PUBLIC_BASE_URL must be a whole address such as https://handrail.example.org.")
        if not self.keys:
            sentences.append(
                "HANDRAIL_KEYS is missing: run `handrail keys new`, keep the line it prints where you keep secrets "
                "(without it sealed records cannot be read again), and set it."
            )
        return sentences + self._half_a_telephone()

    def _half_a_telephone(self) -> list[str]:
        parts = {
            "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token,
            "TWILIO_FROM": self.twilio_from,
        }
        absent = [name for name, value in parts.items() if not value]
        if not absent or len(absent) == len(parts):
            return []
        return [
            f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} missing: the telephone needs "
            "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM together (all three are in the Twilio console)."
        ]


def read_key_ring(text: str) -> dict[str, bytes]:
    """Reads "kid:base64[,kid:base64...]". The error names the key id, never the key."""
    ring: dict[str, bytes] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        kid, colon, encoded = part.partition(":")
        if not colon or not kid.isascii() or not kid.isalnum() or len(kid) > 32:
            raise ValueError(
                "HANDRAIL_KEYS must look like id:key,id:key with ids of letters and digits; `handrail keys new` makes one."
            )
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise ValueError(
                f"HANDRAIL_KEYS: key {kid} is not {KEY_BYTES} bytes in base64; `handrail keys new` makes one."
            )
        if kid in ring:
            raise ValueError(f"HANDRAIL_KEYS: key id {kid} stands twice.")
        ring[kid] = key
    if ring and not set(ring) - {HASH_KEY_ID}:
        raise ValueError("HANDRAIL_KEYS holds only the hash key; `handrail keys new` makes a sealing key.")
    return ring


def write_key_ring(ring: dict[str, bytes]) -> str:
    return ",".join(f"{kid}:{base64.b64encode(key).decode()}" for kid, key in ring.items())
