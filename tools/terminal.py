"""Telling a person what is going on while something takes long. Standard library only: runs before the install."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# Often enough that nobody thinks it hangs, seldom enough that a log stays readable.
EVERY_SECONDS = 5.0


def say(words: str) -> None:
    print(words, flush=True)


def fail(words: str) -> "SystemExit":
    return SystemExit(f"\n{words}")


def run(what: str, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """Runs a long command, shows now and then how far it is, and its whole output only when it fails."""
    say(f"{what} ...")
    began = time.monotonic()
    told = began
    output: list[str] = []
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            output.append(line)
            now = time.monotonic()
            if now - told >= EVERY_SECONDS and line.strip():
                told = now
                say(f"  {now - began:3.0f} s  {line.strip()[:90]}")
    if process.returncode != 0:
        sys.stdout.writelines(output[-60:])
        raise fail(f"{what} failed (exit {process.returncode}); what it said is above.")
    say(f"  done in {time.monotonic() - began:.0f} s")
