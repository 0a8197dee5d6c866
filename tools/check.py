"""Everything short of tests, two at a time; prints what failed in full and the rest in a line each."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import setup
from tools.terminal import say

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# A check may hold and still have something to say.
WARNING = "warning: "


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    cwd: Path = ROOT


def checks() -> list[Check]:
    python = sys.executable
    npm = setup.npm()
    return [
        Check("types", [str(BIN / "mypy")]),
        Check("staff app: types, lint, format", [*npm, "run", "check"], setup.FRONTEND),
        Check("migrations match the models", [python, "-m", "tools.schema_check"]),
        Check("generated API client is fresh", [python, "-m", "tools.api_client", "--check"]),
        Check("layers", [str(BIN / "lint-imports"), "--no-cache"]),
        Check("lint", [str(BIN / "ruff"), "check", "."]),
        Check("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Check("house rules", [python, "-m", "tools.lints"]),
        Check("protocols", [str(BIN / "handrail"), "protocols", "check"]),
        Check("practice", [str(BIN / "handrail"), "practice", "check"]),
        Check("emergency numbers", [python, "-m", "tools.emergency_numbers"]),
    ]


def run(check: Check) -> tuple[Check, float, subprocess.CompletedProcess[str]]:
    began = time.monotonic()
    environment = {**setup.node_environment(), "PATH": f"{BIN}{os.pathsep}{setup.node_environment()['PATH']}"}
    done = subprocess.run(
        check.command,
        cwd=check.cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return check, time.monotonic() - began, done


def main(only: list[str], tell: Callable[[str], None] = say) -> int:
    wanted = [check for check in checks() if not only or any(word in check.name for word in only)]
    failed = []
    setup.main(["node-modules"])
    with ThreadPoolExecutor(2) as pool:
        for check, seconds, done in pool.map(run, wanted):
            tell(f"{'ok  ' if done.returncode == 0 else 'FAIL'}  {check.name}  ({seconds:.0f} s)")
            if done.returncode != 0:
                failed.append(check.name)
                tell("\n".join(f"      {line}" for line in done.stdout.splitlines()[-80:]))
    tell(
        f"{len(wanted) - len(failed)} of {len(wanted)} checks hold."
        + (f" Not: {', '.join(failed)}." if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
