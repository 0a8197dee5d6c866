"""The staff app's API client comes from the program's own description and is never edited.

Without arguments both are written anew; `--check` says whether what is committed is what would be written.
"""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import openapi
from tools.setup import FRONTEND, node_environment, npm

CLIENT = FRONTEND / "src" / "api"


def generate(into: Path, described: Path) -> None:
    command = [*npm(), "run", "--silent", "api", "--", "-i", str(described), "-o", str(into)]
    done = subprocess.run(
        command, cwd=FRONTEND, env=node_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"The API client could not be generated:\n{done.stdout}{done.stderr}")


def differences(described: str) -> list[str]:
    committed = openapi.TARGET.read_text() if openapi.TARGET.exists() else ""
    found = list(
        difflib.unified_diff(
            committed.splitlines(), described.splitlines(), "committed", "program", lineterm=""
        )
    )[:40]
    # Beside the real one, because the generator formats by what it finds around its output.
    with tempfile.TemporaryDirectory(prefix=".api-", dir=CLIENT.parent) as folder:
        current = Path(folder) / "openapi.json"
        current.write_text(described)
        fresh = Path(folder) / "api"
        generate(fresh, current)
        names = {path.relative_to(base) for base in (fresh, CLIENT) for path in base.rglob("*.ts")}
        for name in sorted(names):
            texts = [
                (base / name).read_text() if (base / name).exists() else None for base in (CLIENT, fresh)
            ]
            if texts[0] != texts[1]:
                found.append(f"frontend/src/api/{name} is not what the generator writes")
    return found


if __name__ == "__main__":
    described = openapi.text()
    if "--check" not in sys.argv:
        openapi.TARGET.write_text(described)
        generate(CLIENT, openapi.TARGET)
    elif found := differences(described):
        print("\n".join(found))
        raise SystemExit("The API client is stale: run `make api`.")
