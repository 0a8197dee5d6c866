"""Tests in real time, with processes and browsers, take turns: two lines of them, however many workers there are.

Three browsers at once on two cores lose to each other, and a test that fails for want of a core says nothing.
"""

import pytest

LINES = {
    "tests/browser/": "browser",
    "tests/demo/": "browser",
    "tests/client_pages/test_browser": "browser",
    "tests/faults/": "processes",
    "tests/live/": "processes",
    "tests/selftest/": "processes",
}


def line_of(nodeid: str) -> str | None:
    return next((line for start, line in LINES.items() if nodeid.startswith(start)), None)


# First, because the plugin that splits the work reads the marks in this same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        line = line_of(item.nodeid)
        if line is not None:
            item.add_marker(pytest.mark.xdist_group(line))
