"""Every test: the staff app's own, then all of Python's (stories, faults and browser included).

pytest comes last, so that its closing line is the end of the output. Arguments go to pytest.
"""

import subprocess
import sys
from pathlib import Path

from tools.setup import FRONTEND, node_environment, npm
from tools.terminal import run

ROOT = Path(__file__).resolve().parent.parent
# Two cores are what the tests are sized for; more workers only fight over them.
WORKERS = ["-n", "2", "--dist", "loadgroup"]

if __name__ == "__main__":
    run("Testing the staff app", [*npm(), "test"], cwd=FRONTEND, env=node_environment())
    command = [sys.executable, "-m", "pytest", *WORKERS, *sys.argv[1:]]
    raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)
