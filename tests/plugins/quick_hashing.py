"""Argon2 at its least: at its real strength it takes 0.1 s of both cores, and nearly every test signs somebody in."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from app.staff import passphrases

REAL = passphrases._hasher


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> Iterator[None]:
    passphrases._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passphrases._nobodys.cache_clear()
    yield
    passphrases._hasher = REAL
