"""`python -m tools.openapi` writes frontend/openapi.json: what the staff app may ask, told by the program itself."""

import json
from pathlib import Path

from app.main import create_app
from app.seal import new_key
from app.settings import Settings, write_key_ring

TARGET = Path(__file__).resolve().parent.parent / "frontend" / "openapi.json"


def text() -> str:
    """Only /api: pages of clients, platforms and the telephone are no business of the staff app."""
    settings = Settings(
        environment="test",
        # Never opened: the app connects when it starts, and here it only describes itself.
        database_url="postgresql://nobody@127.0.0.1/nothing",
        public_base_url="http://127.0.0.1:8000",
        keys=write_key_ring(dict([new_key()])),
    )
    described = create_app(settings).openapi()
    described["paths"] = {path: way for path, way in described["paths"].items() if path.startswith("/api")}
    return json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text())
