"""The whole product with the demo's invented people on a free port of this machine, to look at and to test.

`python -m tools.product` is the process that serves, with settings from its environment; `--same-evening` takes up
the evening that the database already holds.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from app.demo.run import check, serve
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
READY = "Handrail is ready"
# A cold start on a busy machine; twice what two cores took under a whole test run.
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
LOOK_SECONDS = 0.5


@dataclass
class Product:
    """`database_url` is migrated; `log` takes what the process says."""

    settings: Settings
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return self.settings.public_base_url

    def start(self, *, same_evening: bool = False) -> None:
        """Returns when eleven people are in their groups."""
        more = ["--same-evening"] if same_evening else []
        with self.log.open("ab") as log:
            begins = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.product", *more],
                cwd=ROOT,
                env=os.environ | self.settings.as_environment() | {"PYTHONUNBUFFERED": "1"},
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + READY_SECONDS
        while READY not in (said := self.log.read_text()[begins:]):
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"the product did not start:\n{said}")
            time.sleep(0.1)

    def stop(self) -> None:
        """As a deployment would end it."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would. Its engine notices that it is alone, and ends too."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def on_free_port(database_url: str, keys: str, log: Path) -> Product:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    settings = Settings(
        environment="demo",
        database_url=database_url,
        keys=keys,
        port=port,
        public_base_url=f"http://127.0.0.1:{port}",
    )
    return Product(settings, log)


def _end_with(parent: int) -> None:
    """Whoever started us may have been killed, and nobody else would ever end us."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    read = Settings()
    check(read)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    asyncio.run(serve(read, new_evening="--same-evening" not in sys.argv))
