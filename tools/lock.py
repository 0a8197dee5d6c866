"""Writes both locks. No address of a package index may get into them: people install from wherever they do."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev"]}

if __name__ == "__main__":
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is missing: install it beside Handrail, not into .venv (pipx install uv).")
    for name, extra in LOCKS.items():
        command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
        # An older pip takes a pin without its extra for another requirement, and chooses the newest there is.
        command += ["--no-header", "--no-strip-extras", "pyproject.toml", *extra, "-o", name]
        subprocess.run(command, cwd=ROOT, check=True)
        if "://" in (ROOT / name).read_text():
            raise SystemExit(f"{name} holds an address; it must not.")
