"""Every test: the staff app's own, every branch of the rules, then all of Python's (stories, faults and browser too).

The large run comes last, so that its closing line ends the output. Arguments go to it; with arguments nothing else runs.
"""

import subprocess
import sys
from pathlib import Path

from tools.setup import FRONTEND, node_environment, npm
from tools.terminal import run, say

ROOT = Path(__file__).resolve().parent.parent
# Two cores are what the tests are sized for; more workers only fight over them.
WORKERS = ["-n", "2", "--dist", "loadgroup"]


def main(arguments: list[str]) -> int:
    failed = []
    if not arguments:
        for what, command, cwd in (
            ("Testing the staff app", [*npm(), "test"], FRONTEND),
            ("Taking every branch of the rules", [sys.executable, "-m", "tools.branches"], ROOT),
        ):
            try:
                run(what, command, cwd=cwd, env=node_environment())
            except SystemExit as error:
                say(str(error))
                failed.append(what)
    pytest = subprocess.run([sys.executable, "-m", "pytest", *WORKERS, *arguments], cwd=ROOT, check=False)
    if failed:
        say(f"Failed before that: {', '.join(failed)}.")
    return pytest.returncode or len(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
