"""`pytest --pure`: only the tests that need no database and no browser. Seconds, not minutes."""

import pytest

# What a test asks for, itself or through another fixture, when it is not pure.
NEEDS = {"postgres", "browser", "chromium"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pure", action="store_true", help="only tests that need no database and no browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--pure"):
        return
    impure = [item for item in items if NEEDS & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=impure)
    items[:] = [item for item in items if item not in set(impure)]
