"""Telling a person what is going on while something takes long. Standard library only: runs before the install."""

import subprocess
import sys
import threading
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
    output: list[str] = []
    done = threading.Event()

    def tick() -> None:
        # By the clock and not by lines: pip is silent for half a minute while it unpacks.
        while not done.wait(EVERY_SECONDS):
            last = output[-1].strip() if output else ""
            say(f"  {time.monotonic() - began:3.0f} s  {last[:90]}".rstrip())

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
        threading.Thread(target=tick, daemon=True).start()
        for line in process.stdout or ():
            if line.strip():
                output.append(line)
    done.set()
    if process.returncode != 0:
        sys.stdout.writelines(output[-60:])
        raise fail(f"{what} failed (exit {process.returncode}); what it said is above.")
    say(f"  done in {time.monotonic() - began:.0f} s")
