"""What a worker imported and collected lives as long as the worker: the garbage collector need not walk through it again
and again. With a few hundred MB of it, that was a tenth of an ordinary test."""

import gc

import pytest

# Python's own is 700 new objects; one test makes some hundred thousand.
NEW_OBJECTS = 50_000


def pytest_collection_finish(session: pytest.Session) -> None:
    if session.items:
        gc.collect()
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS, 20, 20)
