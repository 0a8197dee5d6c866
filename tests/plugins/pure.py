"""`pytest --pure`: only the tests that need no database and no browser. Seconds, not minutes.

`--taken` leaves out those that `tools.branches` runs, for a run that comes after it.
"""

import pytest

from tools.branches import TESTS

# What a test asks for, itself or through another fixture, when it is not pure.
NEEDS = {"postgres", "browser", "chromium"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pure", action="store_true", help="only tests that need no database and no browser")
    parser.addoption("--taken", action="store_true", help="without what tools.branches has run already")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--pure"):
        _leave_out(config, items, {item for item in items if not _is_pure(item)})
    elif config.getoption("--taken"):
        folders = tuple(f"{folder}/" for folder in TESTS)
        taken = {item for item in items if item.nodeid.startswith(folders) and _is_pure(item)}
        _leave_out(config, items, taken)


def _is_pure(item: pytest.Item) -> bool:
    return not NEEDS & set(getattr(item, "fixturenames", ()))


def _leave_out(config: pytest.Config, items: list[pytest.Item], gone: set[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=list(gone))
    items[:] = [item for item in items if item not in gone]
