"""One Postgres for a whole test run, however many xdist workers share it.

The first test that needs it starts a keeper process, which runs the server, builds the template database with the
real migrations, and ends when the test run does, even when that was killed. Runs that need no database start none.
"""

import asyncio
import fcntl
import json
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from uuid import uuid4

import asyncpg

from app import migrate
from app.embedded_postgres import EmbeddedPostgres, default_home
from app.embedded_postgres.processes import alive

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "handrail_template"
# Data of a test run is thrown away, so nothing needs to reach the disk.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "400",
}
START_SECONDS = 90.0
MEMORY = Path("/dev/shm")  # noqa: S108  checked below to be ours alone
# Four workers' databases, what their tests write, and the write-ahead log.
ROOM = 4 * 2**30


@dataclass(frozen=True)
class TestServer:
    """`url` is of the superuser over the `postgres` database."""

    __test__ = False
    url: str = field(repr=False)

    def url_of(self, database: str) -> str:
        return self.url.replace("@/postgres?", f"@/{database}?")

    async def clone(self, template: str = TEMPLATE) -> str:
        """A new database just like the template; gives its address."""
        name = f"t_{uuid4().hex}"
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url_of(name)

    async def empty(self) -> str:
        return await self.clone("template0")

    async def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        await self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url.replace("+asyncpg", ""), timeout=20)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def shared(run_id: str, until: int) -> TestServer:
    """The server of this run; `until` is the process whose end ends the server."""
    home = _home(f"tests-{run_id}")
    told = home.with_name(home.name + ".json")
    with home.with_name(home.name + ".starting").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not told.exists():
            command = [
                sys.executable,
                "-m",
                "tests.plugins.shared_postgres",
                str(home),
                str(told),
                str(until),
            ]
            # Its own log: whoever reads the output of a test run must not have to wait for the keeper's end.
            with home.with_name(home.name + ".log").open("wb") as log:
                subprocess.run(
                    command,
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    check=True,
                )
            deadline = time.monotonic() + START_SECONDS
            while not told.exists():
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the test database did not start within {START_SECONDS:.0f} s")
                time.sleep(0.02)
    said = json.loads(told.read_text())
    if "error" in said:
        raise RuntimeError(f"the test database could not be made:\n{said['error']}")
    return TestServer(said["url"])


def _home(name: str) -> Path:
    """In memory where there is room: making a database copies a thousand small files, for every test anew."""
    home = default_home(name)
    room = os.statvfs(MEMORY) if MEMORY.is_dir() else None
    if room is None or room.f_bavail * room.f_frsize < ROOM:
        return home
    folder = MEMORY / f"handrail-{os.geteuid()}"
    folder.mkdir(exist_ok=True, mode=0o711)
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return folder / home.name if ours else home


def _keep(home: Path, told: Path, until: int) -> None:
    """The keeper process."""
    logging.basicConfig(level=logging.WARNING)
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _sweep(home.parent)
    server = EmbeddedPostgres(home, environment="test", options=OPTIONS, keep_running=True)
    try:
        try:
            url = server.start()
            made = TestServer(url)
            asyncio.run(made.run(f'CREATE DATABASE "{TEMPLATE}"'))
            migrate.upgrade(made.url_of(TEMPLATE))
            answer = {"url": url}
        except Exception:  # noqa: BLE001  the whole story goes to the test that asked
            answer = {"error": traceback.format_exc()}
        half = told.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(json.dumps(answer))
        half.rename(told)
        while alive(until) and not ended.wait(0.2):
            pass
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
        for beside in home.parent.glob(f"{home.name}.*"):
            beside.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Removes what killed keepers left: a home whose lock is free belongs to nobody."""
    for lock in folder.glob("tests-*/lock"):
        with lock.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            home = lock.parent
            # Starting and stopping it ends a server that its keeper left running.
        left = EmbeddedPostgres(home, environment="test", options=OPTIONS)
        try:
            left.start()
        except (RuntimeError, OSError):
            logging.getLogger(__name__).warning("could not tidy %s", home)
        finally:
            left.stop()
        shutil.rmtree(home, ignore_errors=True)
        for beside in folder.glob(f"{home.name}.*"):
            beside.unlink(missing_ok=True)


if __name__ == "__main__":
    # The keeper outlives whoever asked for it, so it must not remain a child that somebody has to wait for.
    if os.fork():
        os._exit(0)
    _keep(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
