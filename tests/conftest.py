"""What every test stands on: no network but loopback, a real Postgres, the real migrations."""

import os
from collections.abc import AsyncIterator

import pytest

from app.seal import Seal
from tests.plugins.shared_postgres import TestServer, shared

pytest_plugins = [
    "tests.plugins.rows",
    "tests.plugins.pure",
    "tests.plugins.real_time",
    "tests.plugins.quick_hashing",
    "tests.plugins.less_collecting",
]


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> TestServer:
    """One server for the run, with a template database that the real migrations built."""
    worker = getattr(request.config, "workerinput", None)
    if worker is None:
        return shared(str(os.getpid()), os.getpid())
    return shared(worker["testrunuid"], os.getppid())


@pytest.fixture
async def database_url(postgres: TestServer) -> AsyncIterator[str]:
    """A database of the test's own, cloned from the template: for tests that commit. The superuser's address."""
    url = await postgres.clone()
    yield url
    await postgres.drop(url)


@pytest.fixture
async def empty_database_url(postgres: TestServer) -> AsyncIterator[str]:
    """A database without any table: for tests of the migrations themselves."""
    url = await postgres.empty()
    yield url
    await postgres.drop(url)


@pytest.fixture(scope="session")
def key_ring() -> dict[str, bytes]:
    """Keys that are secret to nobody, for tests only."""
    return {"test1": bytes(range(32))}


@pytest.fixture(scope="session")
def seal(key_ring: dict[str, bytes]) -> Seal:
    return Seal(key_ring)
