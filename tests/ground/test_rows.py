"""A row counts as shown only when a test that names it passed, and none that names it failed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.rows import Rows, read
from tools import rows

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = """
| row | what a person can do |
|---|---|
| P1 | confirm where somebody is |
| `T3` | have a phone rung within a minute |
| Q3 | follow the chain |
"""


def test_the_document_is_read_row_by_row() -> None:
    assert list(rows.listed(DOCUMENT)) == ["P1", "T3", "Q3"]


def test_a_row_listed_twice_is_refused() -> None:
    with pytest.raises(SystemExit, match="P1 twice"):
        rows.listed(DOCUMENT + "| P1 | again |\n")


def test_one_failing_test_spoils_a_row_and_a_skipped_one_shows_nothing() -> None:
    results: dict[str, rows.Result] = {
        "a": {"rows": ["P1", "T3"], "outcome": "passed"},
        "b": {"rows": ["T3"], "outcome": "failed"},
        "c": {"rows": ["Q3"], "outcome": "skipped"},
        "d": {"rows": ["R7"], "outcome": "passed"},
    }
    told = {row["row"]: row["state"] for row in rows.states(["P1", "T3", "Q3", "W2"], results)}
    assert told == {"P1": "shown", "T3": "failing", "Q3": "none", "W2": "none", "R7": "shown"}


def test_the_last_step_fails_when_a_listed_row_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rows, "LISTED", tmp_path / "requirements.md")
    monkeypatch.setattr(rows, "RESULTS", tmp_path / ".rows.json")
    rows.LISTED.write_text(DOCUMENT)
    passed = {row: {"rows": [row], "outcome": "passed"} for row in ("P1", "T3", "Q3")}
    rows.RESULTS.write_text(json.dumps(passed))
    assert rows.main("--check") == 0
    rows.RESULTS.write_text(json.dumps({**passed, "Q3": {"rows": ["Q3"], "outcome": "failed"}}))
    assert rows.main("--check") == 1
    assert "Q3 is listed" in capsys.readouterr().out
    assert rows.main("--json") == 0
    assert {row["row"] for row in json.loads(capsys.readouterr().out)} == {"P1", "T3", "Q3"}


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_results_of_a_run_are_remembered_with_their_worst_part(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = row\ntestpaths = .\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.plugins.rows"]\n')
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.row('P1', 'R7')\ndef test_passes(): pass\n"
        "@pytest.mark.row('T3')\ndef test_fails(): assert False\n"
        "@pytest.fixture\ndef breaks():\n    yield\n    assert False\n"
        "@pytest.mark.row('Q3')\ndef test_breaks_after(breaks): pass\n"
        "@pytest.mark.row('W2')\n@pytest.mark.xfail\ndef test_expected(): assert False\n"
        "def test_unmarked(): pass\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        *workers,
    ]
    path = [str(ROOT), *sys.path]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": ":".join(path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = {tuple(result["rows"]): result["outcome"] for result in read(tmp_path / ".rows.json").values()}
    assert found == {("P1", "R7"): "passed", ("T3",): "failed", ("Q3",): "failed", ("W2",): "skipped"}


def test_a_run_of_a_few_tests_leaves_what_the_others_showed(tmp_path: Path) -> None:
    path = tmp_path / ".rows.json"
    path.write_text(json.dumps({"other": {"rows": ["P1"], "outcome": "passed"}}))
    assert Rows(path).seen == {}
    assert read(path)["other"]["rows"] == ["P1"]
    path.write_text("not json")
    assert read(path) == {}
