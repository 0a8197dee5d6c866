"""The command says what is missing, starts nothing half-set-up, and never shows a secret by accident."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.administration import invite_administrator
from app.errors import NotValid
from app.settings import Settings, read_key_ring, write_key_ring

HANDRAIL = Path(sys.executable).parent / "handrail"


def handrail(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [HANDRAIL, *words],
        env={**bare, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture
def around(key_ring: dict[str, bytes]) -> dict[str, str]:
    """All that is set but the database."""
    return {"PUBLIC_BASE_URL": "https://handrail.example.org", "HANDRAIL_KEYS": write_key_ring(key_ring)}


def test_serve_says_all_that_is_missing_and_how_to_make_it() -> None:
    done = handrail("serve")
    assert done.returncode == 2
    for needed in ("DATABASE_URL is missing", "PUBLIC_BASE_URL is missing", "HANDRAIL_KEYS is missing"):
        assert needed in done.stderr
    assert "handrail keys new" in done.stderr
    assert "handrail migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("engine",), ("selftest",), ("keys", "rotate"), ("journal", "verify")])
def test_nothing_starts_half_set_up(command: tuple[str, ...]) -> None:
    done = handrail(*command, PUBLIC_BASE_URL="https://handrail.example.org")
    assert done.returncode == 2
    assert "DATABASE_URL is missing" in done.stderr


def test_keys_that_cannot_be_read_are_refused_without_showing_them() -> None:
    done = handrail("serve", HANDRAIL_KEYS="k1:c2VjcmV0")
    assert done.returncode == 2
    assert "key k1 is not 32 bytes" in done.stderr
    assert "c2VjcmV0" not in done.stderr + done.stdout


def test_new_keys_can_be_set_as_they_are_printed_and_put_the_old_ones_behind() -> None:
    name, _, first = handrail("keys", "new").stdout.strip().partition("=")
    assert name == "HANDRAIL_KEYS"
    (old,) = read_key_ring(first)
    second = handrail("keys", "new", HANDRAIL_KEYS=first).stdout.strip().partition("=")[2]
    ring = read_key_ring(second)
    assert list(ring)[1:] == [old, "hash"]
    assert ring[old] == read_key_ring(first)[old]


def test_the_demo_does_not_run_in_production() -> None:
    done = handrail("demo", HANDRAIL_ENVIRONMENT="production")
    assert done.returncode == 2
    assert "only as a demo" in done.stderr


def test_production_refuses_a_provider_address_without_tls() -> None:
    done = handrail("serve", TWILIO_API_BASE="http://127.0.0.1:9")
    assert done.returncode == 2
    assert "must start with https" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("preview", "no-such-thing"), "There are: after-hours"),
        (("preview", "connection-lost", "--tier", "dire"), "'imminent'"),
    ],
)
def test_a_protocol_that_is_not_there_is_a_sentence(words: tuple[str, ...], said: str) -> None:
    done = handrail("protocols", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_a_sentence(around: dict[str, str]) -> None:
    url = "postgresql://anybody:secret@127.0.0.1:1/handrail"
    done = handrail("journal", "verify", **around, DATABASE_URL=url)
    assert done.returncode == 2
    assert "does not answer at this address" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize("command", [("serve",), ("journal", "verify")])
def test_without_this_versions_tables_nothing_starts(
    command: tuple[str, ...], around: dict[str, str], empty_database_url: str
) -> None:
    done = handrail(*command, **around, DATABASE_URL=empty_database_url)
    assert done.returncode == 2
    assert "run `handrail migrate` first" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "odd", [{"email": "nonsense"}, {"name": " "}, {"program_name": ""}, {"region": "XX"}]
)
async def test_an_administrator_who_could_not_be_reached_or_named_is_refused(odd: dict[str, str]) -> None:
    """Before the database is asked: there is none here."""
    right = {"email": "ann@example.org", "name": "Ann", "program_name": "Alder", "region": "US"}
    rest = {"outward_name": "the office", "time_zone": "UTC", "callback_number": "+12025550147"}
    with pytest.raises(NotValid):
        await invite_administrator(Settings(environment="test"), **{**right, **rest, **odd})


def test_the_first_administrator_gets_a_link_and_a_program_is_made_once(database_url: str) -> None:
    """In production form: every program below is live, so a second one of the name would split its people."""
    keys = handrail("keys", "new").stdout.strip().partition("=")[2]
    around = {
        "DATABASE_URL": database_url,
        "PUBLIC_BASE_URL": "https://handrail.example.org",
        "HANDRAIL_KEYS": keys,
    }
    command = ["create-admin", "--name", "Dana Invented", "--program", "Alder Evening"]
    without_number = handrail(*command, "--email", "dana@example.org", **around)
    assert without_number.returncode == 2
    assert "--callback-number" in without_number.stderr

    number = ["--callback-number", "+1 202 555 0147"]
    links = []
    for email in ("dana@example.org", "jo@example.org"):
        done = handrail(*command, "--email", email, *number, **around)
        assert done.returncode == 0, done.stderr
        links.append(done.stdout.split()[-1])
    assert all(link.startswith("https://handrail.example.org/enrol#") for link in links)
    assert links[0].split("#")[1].split(".")[0] == links[1].split("#")[1].split(".")[0]

    again = handrail(*command, "--email", "dana@example.org", *number, **around)
    assert again.returncode == 2
    assert "in use" in again.stderr

    verified = handrail("journal", "verify", **around)
    assert verified.returncode == 0, verified.stderr
    # The program, the shipped protocol as a draft, and the two invited.
    assert verified.stdout.strip() == "Alder Evening: 21 lines, whole"

    rotated = handrail("keys", "rotate", **around)
    assert rotated.returncode == 0, rotated.stdout
    assert "0 values sealed anew" in rotated.stdout
