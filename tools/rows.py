"""Which requirement rows the tests show, from the last run's results.

`docs/requirements.md` lists what is built, one table row per requirement row: `| P1 | what a person can do |`.
"""

import json
import re
import sys
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "docs" / "requirements.md"
RESULTS = ROOT / ".rows.json"
ROW = re.compile(r"^\|\s*`?([A-Z]\d+[a-z]?)`?\s*\|\s*(.+?)\s*\|", re.MULTILINE)


class Result(TypedDict):
    rows: list[str]
    outcome: str


class Row(TypedDict):
    row: str
    tests: list[str]
    state: str


def listed(text: str) -> dict[str, str]:
    """Row id to what a person can do."""
    found: dict[str, str] = {}
    for row, words in ROW.findall(text):
        if row in found:
            raise SystemExit(f"docs/requirements.md lists {row} twice.")
        found[row] = words
    return found


def states(wanted: list[str], results: dict[str, Result]) -> list[Row]:
    """Listed rows first, then rows that only tests name (rules R1 ... and rows not yet listed)."""
    tests: dict[str, dict[str, str]] = {row: {} for row in wanted}
    for test, result in results.items():
        for row in result["rows"]:
            tests.setdefault(row, {})[test] = result["outcome"]
    return [{"row": row, "tests": sorted(found), "state": _state(found)} for row, found in tests.items()]


def _state(found: dict[str, str]) -> str:
    """A skipped test shows nothing; one failing test means the row is not whole."""
    outcomes = set(found.values())
    if "failed" in outcomes:
        return "failing"
    return "shown" if "passed" in outcomes else "none"


def main(how: str) -> int:
    words = listed(LISTED.read_text()) if LISTED.exists() else {}
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    rows = states(list(words), results)
    if how == "--json":
        print(json.dumps(rows, indent=1))
        return 0
    unshown = [row for row in rows if row["row"] in words and row["state"] != "shown"]
    if how == "--check":
        for row in unshown:
            print(f"{row['row']} is listed in docs/requirements.md but {_why(row)}: {words[row['row']]}")
        print(f"{len(words) - len(unshown)} of {len(words)} listed rows are shown by passing tests.")
        return 1 if unshown else 0
    for row in rows:
        what = words.get(row["row"], "(not listed)")
        print(f"{row['row']:<5} {row['state']:<8} {len(row['tests']):>3}  {what[:96]}")
    return 0


def _why(row: Row) -> str:
    return (
        f"{len(row['tests'])} test(s) of it do not pass"
        if row["state"] == "failing"
        else "no passing test shows it"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "--table"))
