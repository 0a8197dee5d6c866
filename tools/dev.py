"""The demo and Vite beside it: the staff app reloads as it is edited. Ctrl-C ends both."""

import contextlib
import subprocess
import sys
from pathlib import Path

from tools.setup import FRONTEND, node_environment, npm

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    handrail = Path(sys.executable).parent / "handrail"
    with subprocess.Popen([*npm(), "run", "dev"], cwd=FRONTEND, env=node_environment()) as vite:
        try:
            with contextlib.suppress(KeyboardInterrupt):
                subprocess.run([handrail, "demo"], cwd=ROOT, check=False)
        finally:
            vite.terminate()
