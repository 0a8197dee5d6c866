"""What is missing is said exactly, and nothing unsafe is accepted in production."""

import os
from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import Settings, read_key_ring, write_key_ring

KEYS = write_key_ring({"k1": b"\1" * 32})


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)


def made(**given: Any) -> Settings:
    whole = {
        "database_url": "postgresql://a:b@db.example.org/handrail",
        "public_base_url": "https://handrail.example.org/",
        "keys": KEYS,
    }
    return Settings(**{**whole, **given})


def test_production_is_the_default_and_has_no_default_secret() -> None:
    settings = Settings()
    assert settings.is_production
    assert [sentence.split()[0] for sentence in settings.missing()] == [
        "DATABASE_URL",
        "PUBLIC_BASE_URL",
        "HANDRAIL_KEYS",
    ]
    assert all("set " in sentence for sentence in settings.missing())
    assert settings.key_ring() == {}


def test_nothing_is_missing_when_the_three_are_there() -> None:
    settings = made()
    assert settings.missing() == []
    assert settings.database_url.startswith("postgresql+asyncpg://a:b@")
    assert settings.public_base_url == "https://handrail.example.org"


def test_the_surroundings_are_read_when_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HANDRAIL_KEYS", KEYS)
    monkeypatch.setitem(os.environ, "TWILIO_INBOUND", "+12025550101, +12025550102")
    settings = Settings()
    assert list(settings.key_ring()) == ["k1"]
    assert settings.twilio_inbound == ("+12025550101", "+12025550102")


def test_a_secret_is_not_in_its_repr() -> None:
    shown = repr(made(twilio_auth_token="twilio-secret"))
    assert "twilio-secret" not in shown
    assert KEYS not in shown
    assert "a:b@" not in shown


@pytest.mark.parametrize("field", ["twilio_api_base", "public_base_url"])
def test_production_refuses_an_address_that_is_not_encrypted(field: str) -> None:
    with pytest.raises(ValidationError, match=f"{field.upper()} must start with https"):
        made(**{field: "http://127.0.0.1:9000"})
    assert made(environment="test", **{field: "http://127.0.0.1:9000"})


def test_half_a_telephone_is_named() -> None:
    (sentence,) = made(twilio_account_sid="AC1").missing()
    assert sentence.startswith("TWILIO_AUTH_TOKEN and TWILIO_FROM are missing")
    assert not made(twilio_account_sid="AC1").has_outside_line
    whole = made(twilio_account_sid="AC1", twilio_auth_token="t", twilio_from="+12025550101")
    assert whole.has_outside_line
    assert whole.missing() == []


def test_another_kind_of_database_is_refused() -> None:
    (sentence,) = made(database_url="sqlite:///x.db").missing()
    assert "Postgres only" in sentence


@pytest.mark.parametrize(
    "text",
    ["k1", "k1:short", "k1:" + "A" * 44, f"{KEYS},{KEYS}", f"k 1:{KEYS[3:]}", f"hash:{KEYS[3:]}"],
)
def test_keys_that_cannot_be_read_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        made(keys=text)
    assert "HANDRAIL_KEYS" in str(caught.value)
    assert KEYS[3:] not in str(caught.value)


def test_a_key_ring_reads_as_it_was_written() -> None:
    ring = {"k2": b"\2" * 32, "k1": b"\1" * 32, "hash": b"\3" * 32}
    assert list(read_key_ring(write_key_ring(ring)).items()) == list(ring.items())
