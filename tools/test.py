"""Every test: the staff app's own, every branch of the rules, then all of Python's (stories, faults and browser too).

The large run comes last, so that its closing line ends the output. Arguments go to it; with arguments nothing else runs.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.plugins.real_time import line_of
from tools.setup import FRONTEND, node_environment, npm
from tools.terminal import run, say

ROOT = Path(__file__).resolve().parent.parent
# Two lines of real-time tests, which mostly wait for the clock, and two workers for all the others.
WORKERS = ["-n", "4", "--durations", "25"]
MOST_LOST = 6
# What is killed here must be up again within seconds: beside four workers on two cores that says nothing of the product.
ALONE = "tests/faults/test_kills.py"
PATIENTLY = ("nice", "-n", "19")
ROWS = ROOT / ".rows.json"
LAST_FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
TESTS_FAILED = 1


def main(arguments: list[str]) -> int:
    failed: list[str] = []
    left_out: list[str] = []
    if not arguments:
        ROWS.unlink(missing_ok=True)
        branches = (*PATIENTLY, sys.executable, "-m", "tools.branches")
        kills = (sys.executable, "-m", "pytest", "-q", "-n", "0", ALONE)
        failed += _fails("Testing the staff app", [*npm(), "test"], FRONTEND)
        # What is killed waits for the clock most of the time; the rules take what it leaves.
        with ThreadPoolExecutor() as both:
            taken = both.submit(_fails, "Taking every branch of the rules", branches, ROOT)
            failed += _fails("Killing processes, before all others", kills, ROOT)
            failed += taken.result()
        # The pure tests have all run under the branches' eyes; twice says no more than once.
        left_out = ["--deselect", ALONE, *([] if failed else ["--taken"])]
    code = _pytest(*WORKERS, *left_out, *arguments)
    if code == TESTS_FAILED and not arguments:
        code = _once_more_alone(code)
    if failed:
        say(f"Failed before that: {', '.join(failed)}.")
    return code or len(failed)


def _fails(what: str, command: Sequence[str | Path], cwd: Path) -> list[str]:
    try:
        run(what, command, cwd=cwd, env=node_environment())
    except SystemExit as error:
        say(str(error))
        return [what]
    return []


def _once_more_alone(code: int) -> int:
    """Tests of real processes in real time lose to whatever else the machine does: they get one more try, alone.

    Only when nothing else failed, and said aloud, so that a test that often needs it is seen and mended.
    """
    failed = json.loads(LAST_FAILED.read_text()) if LAST_FAILED.exists() else {}
    lost = sorted(failed)
    if not lost or len(lost) > MOST_LOST or not all(line_of(test) for test in lost):
        return code
    say(f"These ran in real time beside other tests and failed; once more, alone: {', '.join(lost)}")
    return _pytest("-n", "0", *lost)


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
