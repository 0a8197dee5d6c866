"""Tests in real time, with processes and browsers, take turns: two lines of them, however many workers there are.

Three browsers at once on two cores lose to each other, and a test that fails for want of a core says nothing.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from xdist.scheduler import LoadScopeScheduling

# Which line a folder is in keeps both about as long.
LINES = {
    "tests/browser/": "browser",
    "tests/demo/": "processes",
    "tests/client_pages/test_browser": "processes",
    "tests/faults/": "processes",
    "tests/live/": "processes",
    "tests/selftest/": "processes",
}
PATIENT = 10
# Twice what the longest takes beside all the others.
LONGEST_SECONDS = 200


def line_of(nodeid: str) -> str | None:
    return next((line for start, line in LINES.items() if nodeid.startswith(start)), None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Whatever waits for nothing leaves the processor to the lines, which take longest. Once for each worker, and only
    when the database runs: what a worker starts is as patient as the worker. Of the lines, nothing waits for ever."""
    if line_of(item.nodeid) is None:
        if "postgres" in getattr(item, "fixturenames", ()) and _is_worker() and os.nice(0) == 0:
            os.nice(PATIENT)
        return (yield)
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(LONGEST_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _give_up(*_: object) -> None:
    """Says what everybody waits for, which the error itself cannot."""
    with contextlib.suppress(RuntimeError):
        for task in asyncio.all_tasks():
            task.print_stack(file=sys.stderr)
    raise TimeoutError(f"This test was not over after {LONGEST_SECONDS} s.")


class Lines(LoadScopeScheduling):  # type: ignore[misc]
    """xdist's own groups by mark no longer reach its scheduler with this pytest."""

    def _split_scope(self, nodeid: str) -> str:
        return line_of(nodeid) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lines:
    return Lines(config, log)
