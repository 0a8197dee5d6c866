"""Serves the built staff app: hashed assets for ever, every other address the one page, never another's path."""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

NOT_BUILT = "The staff app is not built yet. `make demo` or `python3 tools/setup.py staff-app` builds it.\n"
# Below these nothing is ever a page of the staff app.
NOT_PAGES = ("api/", "hooks/", "c/", "assets/")


class Assets(StaticFiles):
    """Names carry a hash of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def mount_staff_app(app: FastAPI, built: Path) -> None:
    if (built / "assets").is_dir():
        app.mount("/assets", Assets(directory=built / "assets"), name="assets")
    files = {file.name: file for file in built.glob("*") if file.is_file()} if built.is_dir() else {}

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path in files and path != "index.html":
            return FileResponse(files[path], headers={"Cache-Control": "no-cache"})
        if path.startswith(NOT_PAGES):
            raise HTTPException(404)
        if "index.html" not in files:
            return PlainTextResponse(NOT_BUILT, status_code=503)
        return FileResponse(files["index.html"], headers={"Cache-Control": "no-cache"})
