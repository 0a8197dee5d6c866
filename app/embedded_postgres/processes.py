"""Looking at processes and ending them. A zombie is dead, and a pid may belong to somebody else by now."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

FAST_STOP_SECONDS = 10.0


def end(pid: int, ended: Callable[[], bool]) -> None:
    """Fast stop first (disconnects everybody, writes a checkpoint), then harder."""
    for how, seconds in ((signal.SIGINT, FAST_STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if ended():
                return
            time.sleep(0.01)


def _state(pid: int) -> str:
    """One letter as `ps` gives it, Z for a zombie, empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    return _ps(pid, "stat")[:1]


def alive(pid: int) -> bool:
    return _state(pid) not in ("", "Z", "X")


def is_postgres_over(pid: int, data: Path) -> bool:
    if not alive(pid):
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except FileNotFoundError:
        command = _ps(pid, "command").split()
    return bool(command) and Path(command[0]).name == "postgres" and str(data) in command


def _ps(pid: int, what: str) -> str:
    """For systems without /proc."""
    command = ["/bin/ps", "-o", f"{what}=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
