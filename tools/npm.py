"""`python -m tools.npm run <script>`: npm in frontend/, with the Node of the locked requirements."""

import subprocess
import sys

from tools.setup import FRONTEND, node_environment, npm

if __name__ == "__main__":
    raise SystemExit(
        subprocess.run([*npm(), *sys.argv[1:]], cwd=FRONTEND, env=node_environment(), check=False).returncode
    )
