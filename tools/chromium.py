"""Finds a Chromium for the browser tests, or installs one, or says in one sentence what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.terminal import fail, run, say

ROOT = Path(__file__).resolve().parent.parent
# For every browser that measures, tests or takes pictures: no sandbox in containers, and no traffic of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """A Chromium that starts: `HANDRAIL_CHROMIUM`, one of the system, or Playwright's own download."""
    named = os.environ.get("HANDRAIL_CHROMIUM")
    for candidate in [named] if named else [shutil.which(name) for name in NAMES]:
        # Ubuntu's package is only a stub that asks for snap; asking for the version tells.
        if candidate and _starts(Path(candidate)):
            return Path(candidate)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if _starts(own) else None


def ensure() -> Path:
    if found := find():
        return found
    as_root = os.geteuid() == 0
    if as_root and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _try("Looking for Chromium in the system's packages", ["apt-get", "update"], environment)
        _try(
            "Installing Chromium",
            ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
            environment,
        )
        if found := find():
            return found
    _try(
        "Downloading Chromium (about 180 MB)",
        [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if as_root else []), "chromium"],
        dict(os.environ),
    )
    if found := find():
        return found
    raise fail(
        "Chromium is missing and could not be installed: install it by hand "
        "(on Debian: apt-get install chromium), or set HANDRAIL_CHROMIUM to one."
    )


def _try(what: str, command: list[str], environment: dict[str, str]) -> None:
    """A way that fails is not the end: there is another, and `ensure` has the last word."""
    try:
        run(what, command, cwd=ROOT, env=environment)
    except (SystemExit, OSError) as error:
        say(str(error).strip())


def _starts(path: Path) -> bool:
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


if __name__ == "__main__":
    say(f"Chromium: {ensure()}")
