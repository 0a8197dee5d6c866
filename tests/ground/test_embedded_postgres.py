"""The launcher keeps every commit, whoever is killed, and belongs to one owner at a time."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest

from app.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, default_home
from app.embedded_postgres.places import ServerUser, our_folder
from app.embedded_postgres.processes import alive

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="try-", dir=our_folder()))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(home, environment="test") as started:
        yield started


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def until(true: Callable[[], bool | Awaitable[bool]], seconds: float = 10) -> None:
    limit = time.monotonic() + seconds
    while True:
        answer = true()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert time.monotonic() < limit, "it did not happen"
        await asyncio.sleep(0.02)


async def test_it_asks_for_the_password_and_listens_on_no_network(server: EmbeddedPostgres) -> None:
    assert await ask(server.url(), "SELECT current_setting('listen_addresses')") == ""
    assert await ask(server.url(), "SELECT lower('ÉÑ')") == "éñ"
    assert await ask(server.url(), "SELECT current_setting('fsync')") == "on"
    password = unquote(urlsplit(server.url()).password or "")
    assert len(password) >= 32
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(server.url().replace(password, "guess"), "SELECT 1")


async def test_nobody_else_can_enter_its_folders(server: EmbeddedPostgres) -> None:
    for folder in (server.data, server.socket_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.home / "password").stat().st_mode) == 0o600
    assert len(str(server.socket_folder / ".s.PGSQL.5432")) < 100


async def test_a_deep_home_still_gets_a_short_socket_path(home: Path) -> None:
    deep = home / ("deep" * 20)
    with EmbeddedPostgres(deep, environment="test", options={"fsync": "off"}) as server:
        assert len(str(server.socket_folder / ".s.PGSQL.5432")) < 100
        assert await ask(server.url(), "SELECT 1") == 1
    shutil.rmtree(server.socket_folder)


async def test_the_second_start_is_quick_and_finds_everything(server: EmbeddedPostgres) -> None:
    await ask(server.url(), "CREATE TABLE kept AS SELECT 7 AS seven")
    first = server.url()
    server.stop()
    assert not server.running
    began = time.monotonic()
    assert server.start() == first
    assert time.monotonic() - began < 3
    assert await ask(server.url(), "SELECT seven FROM kept") == 7


def test_production_is_refused(home: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="DATABASE_URL"):
        EmbeddedPostgres(home, environment="production")


def test_two_owners_are_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(EmbeddedPostgresError, match=f"process {os.getpid()}"):
        EmbeddedPostgres(server.home, environment="test").start()
    assert server.running


async def test_a_killed_server_comes_back_at_the_same_address_with_every_commit(home: Path) -> None:
    with EmbeddedPostgres(home, environment="test", keep_running=True) as server:
        await ask(server.url(), "CREATE TABLE kept (n int)")
        first = server.pid
        assert first is not None
        for _ in range(20):
            await ask(server.url(), "INSERT INTO kept VALUES (1)")
        os.kill(first, signal.SIGKILL)
        await until(lambda: server.pid not in (None, first))
        assert await ask(server.url(), "SELECT count(*) FROM kept") == 20


async def test_a_zombie_does_not_pass_for_alive(server: EmbeddedPostgres) -> None:
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not alive(pid))
    os.kill(pid, 0)  # still there for whoever asks only by number
    assert not server.running


async def test_a_killed_owner_leaves_nothing_that_stops_the_next(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from app.embedded_postgres import EmbeddedPostgres\n"
        "s = EmbeddedPostgres(Path(sys.argv[1]), environment='test'); s.start(); print(s.pid, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    orphan = int(owner.stdout.readline())
    server = EmbeddedPostgres(home, environment="test")
    await ask(server.url(), "CREATE TABLE kept AS SELECT 7 AS seven")
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert alive(orphan)
    with server:
        assert server.pid != orphan
        assert not alive(orphan)
        assert await ask(server.url(), "SELECT seven FROM kept") == 7


async def test_a_pid_that_now_belongs_to_somebody_else_does_not_stop_the_start(home: Path) -> None:
    server = EmbeddedPostgres(home, environment="test", options={"fsync": "off"})
    server.start()
    pid_file = server.data / "postmaster.pid"
    left = pid_file.read_text()
    server.stop()
    somebody = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file.write_text("\n".join([str(somebody.pid), *left.splitlines()[1:]]) + "\n")
        os.chown(pid_file, *(os.stat(server.data).st_uid, os.stat(server.data).st_gid))
        with server:
            assert await ask(server.url(), "SELECT 1") == 1
        assert somebody.poll() is None
    finally:
        somebody.kill()
        somebody.wait()


async def test_a_half_made_folder_is_made_again(home: Path) -> None:
    (home / "data.half" / "base").mkdir(parents=True)
    with EmbeddedPostgres(home, environment="test", options={"fsync": "off"}) as server:
        assert await ask(server.url(), "SELECT 1") == 1


async def test_it_runs_from_a_checkout_that_is_closed_to_others(home: Path) -> None:
    """As root the server is another user, who may not enter: binaries and data must lie elsewhere."""
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    checkout = closed / "checkout"
    checkout.mkdir()
    shutil.copytree(ROOT / "app" / "embedded_postgres", checkout / "app" / "embedded_postgres")
    (checkout / "app" / "__init__.py").touch()
    program = (
        "from app.embedded_postgres import EmbeddedPostgres, default_home\n"
        "s = EmbeddedPostgres(default_home('closed'), environment='test', options={'fsync': 'off'})\n"
        "s.start(); s.stop(); print(s.home)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    used = Path(done.stdout.strip())
    assert not used.is_relative_to(checkout)
    shutil.rmtree(used)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_a_home_that_the_server_cannot_enter_is_named(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    assert not ServerUser.for_server().can_enter(closed)
    with pytest.raises(EmbeddedPostgresError, match="default_home"):
        EmbeddedPostgres(closed / "data", environment="test").start()


def test_a_folder_without_postgres_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_PG_BIN", str(home))
    with pytest.raises(EmbeddedPostgresError, match="does not hold Postgres"):
        EmbeddedPostgres(home, environment="test").start()


def test_a_folder_others_can_write_to_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(EmbeddedPostgresError, match="only this user can write"):
        default_home("x")
