"""Handrail as it runs for real: a Postgres that reaches the disk, `handrail serve`, and the engine it starts.

For what must be killed, and for what must be measured from outside. Only on loopback, only invented people.
"""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import asyncpg
import httpx

from app import migrate
from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database
from app.embedded_postgres import EmbeddedPostgres, default_home
from app.seal import Seal, new_key
from app.settings import Settings, write_key_ring

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
START_SECONDS = 60.0
Part = Literal["engine", "web", "postgres"]


@dataclass
class Running:
    """What is up. `database` is the harness's own way in: it waits for the database when that is away."""

    server: EmbeddedPostgres
    settings: Settings
    database: Database
    log: Path
    process: subprocess.Popen[bytes] | None = None
    more: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.settings.public_base_url

    def start(self) -> None:
        """`serve` with its engine; returns before it answers."""
        self.process = self._run("serve")

    def start_more(self, *words: str, port: int | None = None) -> subprocess.Popen[bytes]:
        """One more process on the same database."""
        made = self._run(*words, port=port)
        self.more.append(made)
        return made

    def _run(self, *words: str, port: int | None = None) -> subprocess.Popen[bytes]:
        environment = os.environ | self.settings.as_environment()
        if port is not None:
            environment["PORT"] = str(port)
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [*COMMAND, *words],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def answers(self, within: float = START_SECONDS, port: int | None = None) -> None:
        base = self.base if port is None else f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient() as http, asyncio.timeout(within):
            while True:
                try:
                    if (await http.get(f"{base}/livez")).status_code == 200:
                        return
                except httpx.HTTPError:
                    self._is_up()
                    await asyncio.sleep(0.05)

    async def engine_goes_round(self, within: float = START_SECONDS) -> None:
        """A tick that was written after this call."""
        async with httpx.AsyncClient() as http, asyncio.timeout(within):
            asked = time.monotonic()
            while True:
                try:
                    age = (await http.get(f"{self.base}/healthz")).json().get("engine_tick_age_s")
                    if age is not None and age < time.monotonic() - asked:
                        return
                except (httpx.HTTPError, ValueError):
                    self._is_up()
                await asyncio.sleep(0.1)

    def _is_up(self) -> None:
        """Waiting for a process that gave up by itself would be waiting for ever."""
        if self.process is not None and (code := self.process.poll()) is not None:
            raise RuntimeError(f"serve ended with {code}: {self.log.read_text(errors='replace')[-800:]}")

    def engine_pid(self) -> int | None:
        """The child of `serve`."""
        if self.process is None:
            return None
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return int(found.stdout.split()[0]) if found.stdout.split() else None

    def kill(self, part: Part) -> bool:
        """kill -9. False when it was not running at this moment. `serve` is started again, as its supervisor would."""
        match part:
            case "engine":
                pid = self.engine_pid()
            case "web":
                pid = self.process.pid if self.process else None
            case "postgres":
                pid = self.server.pid
        if part != "postgres":
            self._is_up()
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        if part == "web" and self.process is not None:
            self.process.wait()
            self.start()
        return True

    def stop(self) -> None:
        for process in [*self.more, *([self.process] if self.process else [])]:
            process.terminate()
        for process in [*self.more, *([self.process] if self.process else [])]:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.process = None
        self.more.clear()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def running(
    name: str, *, calls_per_second: float = 50, log: Path | None = None
) -> AsyncIterator[Running]:
    """An empty, migrated database in a home of its own; nothing of Handrail is started yet."""
    home = default_home(f"{name}-{os.getpid()}")
    server = EmbeddedPostgres(home, environment="test", keep_running=True)
    await asyncio.to_thread(server.start)
    try:
        connection = await asyncpg.connect(server.url().replace("+asyncpg", "", 1))
        await connection.execute("create database handrail")
        await connection.close()
        url = server.url("handrail")
        await asyncio.to_thread(migrate.upgrade, url)
        ring = dict([new_key()])
        port = free_port()
        settings = Settings(
            environment="test",
            database_url=url,
            public_base_url=f"http://127.0.0.1:{port}",
            port=port,
            keys=write_key_ring(ring),
            calls_per_second=calls_per_second,
            texts_per_second=calls_per_second,
        )
        database = Database(url, role=ENGINE_ROLE, clock=SystemClock(), seal=Seal(ring), pool_size=4)
        made = Running(server, settings, database, log or home / f"handrail-{secrets.token_hex(4)}.log")
        try:
            yield made
        finally:
            made.stop()
            await database.close()
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(home, ignore_errors=True)


def said(log: Path, *words: str) -> Sequence[str]:
    """Lines of the processes' log that hold one of these words."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return [line for line in text.splitlines() if any(word in line for word in words)]
