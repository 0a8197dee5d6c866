"""Remembers which requirement rows the tests showed: `@pytest.mark.row("P1", "R7")`.

Results go to `.rows.json`, by test, so that a run of a few tests refreshes those and leaves the rest. A whole run
starts afresh. `tools/rows.py` reads the file.
"""

import json
from pathlib import Path
from typing import Any

import pytest

RESULTS = ".rows.json"
# Worst first: a test passes only when set-up, call and tear-down all did.
ORDER = ("failed", "skipped", "passed")


class Rows:
    """Lives where reports arrive: in the controller under xdist, otherwise in the only process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        rows = dict(report.user_properties).get("rows")
        if not rows:
            return
        outcome = "skipped" if hasattr(report, "wasxfail") else report.outcome
        before = self.seen.get(report.nodeid, {"outcome": "passed"})["outcome"]
        worst = min(before, outcome, key=ORDER.index)
        self.seen[report.nodeid] = {"rows": rows, "outcome": worst}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.config.option.collectonly:
            return
        kept = {} if _is_whole_run(session.config) else read(self.path)
        half = self.path.with_suffix(".half")
        half.write_text(json.dumps({**kept, **self.seen}, indent=1, sort_keys=True) + "\n")
        half.replace(self.path)


def read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def _is_whole_run(config: pytest.Config) -> bool:
    option = config.option
    narrowed = any(getattr(option, name, None) for name in ("keyword", "markexpr", "lf", "deselect", "taken"))
    return not narrowed and config.args_source is not pytest.Config.ArgsSource.ARGS


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Rows(config.rootpath / RESULTS), "handrail-rows")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        rows = sorted({row for mark in item.iter_markers("row") for row in mark.args})
        if rows:
            item.user_properties.append(("rows", rows))
