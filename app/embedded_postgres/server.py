"""The launcher: one server, one home folder, one owner at a time."""

import atexit
import fcntl
import logging
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

from app.embedded_postgres.places import (
    EmbeddedPostgresError,
    ServerUser,
    binaries_for,
    collation,
    our_folder,
)
from app.embedded_postgres.processes import alive, end, is_postgres_over

log = logging.getLogger(__name__)

SUPERUSER = "handrail"
# The kernel's limit for a socket path is 108 bytes on Linux and 104 on macOS, the file name included.
SOCKET_PATH_LIMIT = 100
SOCKET_FILE = ".s.PGSQL.5432"
START_SECONDS = 30.0
LOG_LIMIT_BYTES = 5_000_000

ALWAYS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "max_connections": "200",
    # Failed statements and the DETAIL of a constraint hold people's data; the log keeps neither.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedPostgres:
    """One server over one home folder. `start()` gives the address of its superuser.

    `environment` is `settings.environment`; "production" is refused. `options` go to postgresql.conf's place on the
    command line. With `keep_running` a server that dies is started again, at the same address, until `stop()`.
    """

    def __init__(
        self,
        data_dir: Path,
        bin_dir: Path | None = None,
        *,
        environment: str,
        options: Mapping[str, str] | None = None,
        keep_running: bool = False,
    ) -> None:
        if environment == "production":
            raise EmbeddedPostgresError(
                "The embedded Postgres does not run in production: set DATABASE_URL to a database that is backed up."
            )
        self.home = data_dir.absolute()
        self.data = self.home / "data"
        self.options = dict(options or {})
        self.keep_running = keep_running
        self._user = ServerUser.for_server()
        self._bin_dir = bin_dir
        self._lock_file: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._mutex = threading.RLock()

    # -- what callers use

    def start(self) -> str:
        """Blocks until the server accepts connections. Started already and alive: only gives the address."""
        with self._mutex:
            if not self.running:
                self._stopping = False
                try:
                    self._prepare()
                    self._launch()
                except BaseException:
                    self._release()
                    raise
                atexit.register(self.stop)
            return self.url()

    def stop(self) -> None:
        """Ends the server cleanly; nothing that was committed is lost however it ends."""
        with self._mutex:
            self._stopping = True
            if self._process is not None:
                end(self._process.pid, lambda: self._process is None or self._process.poll() is not None)
                self._process = None
            self._release()
        atexit.unregister(self.stop)

    @property
    def running(self) -> bool:
        """A dead child that nobody has waited for yet is dead: poll() looks, a pid alone would not."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self.running else None

    def url(self, database: str = "postgres") -> str:
        password = quote((self.home / "password").read_text(), safe="")
        return (
            f"postgresql+asyncpg://{SUPERUSER}:{password}@/{quote(database)}"
            f"?host={quote(str(self.socket_folder), safe='/')}"
        )

    @property
    def socket_folder(self) -> Path:
        folder = self.home / "socket"
        if len(str(folder / SOCKET_FILE)) < SOCKET_PATH_LIMIT:
            return folder
        return our_folder() / f"s-{sha256(str(self.home).encode()).hexdigest()[:12]}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- getting ready

    def _prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o711 if self._user.dropped else 0o700)
        if self._user.dropped:
            self.home.chmod(0o711)
            if not self._user.can_enter(self.home):
                raise EmbeddedPostgresError(
                    f"Postgres runs as another user here, who cannot enter {self.home}: a folder above is closed. "
                    "Choose a place outside, such as the one `default_home()` gives."
                )
        self._lock()
        self.socket_folder.mkdir(exist_ok=True, mode=0o700)
        self._user.own(self.socket_folder)
        if not self.data.exists():
            self._initialise()
        self._end_orphan()

    def _lock(self) -> None:
        """The kernel drops the lock with its holder, so a kill -9 leaves nothing to clean up."""
        if self._lock_file is not None:
            return
        handle = (self.home / "lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            holder = handle.read().strip()
            handle.close()
            raise EmbeddedPostgresError(
                f"Another Handrail (process {holder or 'unknown'}) is using {self.home}. Stop it first."
            ) from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        self._lock_file = handle

    def _release(self) -> None:
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    def _initialise(self) -> None:
        """Into a folder beside, renamed when whole: an initdb that was killed half-way is simply done again."""
        password = secrets.token_urlsafe(24)
        half = self.home / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._user.own(half)
        secret = self.home / "password.half"
        _write_private(secret, password)
        self._user.own(secret)
        binaries = binaries_for(self._bin_dir, self._user)
        command = [str(binaries / "initdb"), "-D", str(half), "-U", SUPERUSER, f"--pwfile={secret}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", *collation(binaries)]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        with (self.home / "postgres.log").open("ab") as output:
            made = self._user.run(command, Path("/"), output).wait()
        if made != 0:
            raise EmbeddedPostgresError(f"initdb failed ({made}): {self._log_tail()}")
        secret.unlink()
        _write_private(self.home / "password", password)
        half.rename(self.data)

    # -- running

    def _launch(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._try_launch(deadline):
            # Right after a kill -9 of the server its last children still hold the shared memory for a moment.
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"Postgres does not start: {self._log_tail()}")
            time.sleep(0.1)
        if self.keep_running:
            threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def _try_launch(self, deadline: float) -> bool:
        self._make_stale_pid_harmless()
        command = [str(binaries_for(self._bin_dir, self._user) / "postgres"), "-D", str(self.data)]
        for name, value in {
            **ALWAYS,
            "unix_socket_directories": str(self.socket_folder),
            **self.options,
        }.items():
            command += ["-c", f"{name}={value}"]
        log_path = self.home / "postgres.log"
        if log_path.exists() and log_path.stat().st_size > LOG_LIMIT_BYTES:
            log_path.replace(log_path.with_suffix(".log.1"))
        with log_path.open("ab") as output:
            process = self._user.run(command, self.data, output)
        while process.poll() is None:
            if self._says_ready(process.pid):
                self._process = process
                return True
            if time.monotonic() > deadline:
                end(process.pid, lambda: process.poll() is not None)
                break
            time.sleep(0.01)
        return False

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        process.wait()
        while True:
            with self._mutex:
                if self._stopping or self._process is not process:
                    return
                log.warning(
                    "the embedded Postgres ended by itself (%s); starting it again", process.returncode
                )
                try:
                    self._launch()
                except (EmbeddedPostgresError, OSError):
                    log.exception("the embedded Postgres does not come back; trying again")
                else:
                    return
            time.sleep(1)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _says_ready(self, pid: int) -> bool:
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _end_orphan(self) -> None:
        """A launcher that was killed leaves its server running. We hold the lock, so nobody owns it: end it."""
        if (pid := self._pid_in_file()) and is_postgres_over(pid, self.data):
            log.info("ending a Postgres that a killed process left behind")
            end(pid, lambda: not is_postgres_over(pid, self.data))

    def _make_stale_pid_harmless(self) -> None:
        """The pid in the file may belong to somebody else by now, and Postgres would not dare to start.

        Removing the file would also remove its check for children of the old server that still hold shared memory.
        A file that names Postgres's own parent passes the first check and keeps the second.
        """
        pid = self._pid_in_file()
        if pid is not None and pid != os.getpid() and alive(pid) and not is_postgres_over(pid, self.data):
            lines = self._pid_file()
            path = self.data / "postmaster.pid"
            path.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    def _pid_in_file(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _log_tail(self) -> str:
        path = self.home / "postgres.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        return " / ".join(lines[-4:]) or "it said nothing"


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
