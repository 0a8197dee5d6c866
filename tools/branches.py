"""Every branch of every rule is taken by a test: rules, presence, consent, the protocols' schema.

Which modules these are stands once, in the import contract that keeps them pure.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = "rules decide without database, clock or network"
# Where the rules' own tests are; elsewhere a line may be taken by accident, without anybody looking at the answer.
TESTS = (
    "tests/incidents",
    "tests/presence",
    "tests/protocols",
    "tests/clients",
    "tests/calls",
    "tests/group_sessions",
    "tests/code_words",
    "tests/ground",
    "tests/places",
    "tests/plans",
    "tests/agreements",
    "tests/emergency",
    "tests/follow_ups",
    "tests/grounding",
    "tests/handoffs",
    "tests/lanes",
    "tests/others",
    "tests/replays",
    "tests/training",
    "tests/triage",
)


def modules() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (found,) = [contract["source_modules"] for contract in contracts if contract["name"] == CONTRACT]
    return list(found)


def main() -> int:
    files = "\n    ".join(f"{name.replace('.', '/')}.py" for name in modules())
    where = [folder for folder in TESTS if (ROOT / folder).exists()]
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
        # All of app is the source, so that a module which no test imports counts as not covered.
        config.write(
            f"[run]\nbranch = true\nsource = app\n[report]\nfail_under = 100\ninclude =\n    {files}\n"
        )
        config.flush()
        command = [sys.executable, "-m", "pytest", "--pure", "-q", "-n", "2", *where]
        command += ["--cov", f"--cov-config={config.name}", "--cov-report=term-missing:skip-covered"]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
