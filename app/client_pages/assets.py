"""The pages' stylesheet, script and icon, squeezed once and named by their content, so that a phone keeps them."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"


def squeeze_style(source: str) -> str:
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    bare = re.sub(r"\s+", " ", bare).strip()
    return re.sub(r"\s*([{};,])\s*|(?<=[a-z-]): (?=[^{}]*[;}])", lambda m: m[1] or ":", bare).replace(
        ";}", "}"
    )


def squeeze_script(source: str) -> str:
    """Drops whole-line comments, and space outside strings. Our script ends every statement and has no pattern literals."""
    lines = (line.strip() for line in source.splitlines())
    bare = "".join(line for line in lines if not line.startswith("//"))
    parts = re.split(r'("[^"]*")', bare)
    parts[::2] = (re.sub(r"\s*([^\w\s$])\s*", r"\1", part) for part in parts[::2])
    return "".join(parts).replace(";}", "}")


def _as_is(source: str) -> str:
    return source


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    media_type: str
    content: bytes


SOURCES: dict[str, tuple[str, Callable[[str], str]]] = {
    "look.css": ("text/css", squeeze_style),
    "more.css": ("text/css", squeeze_style),
    "page.js": ("text/javascript", squeeze_script),
    "kit.js": ("text/javascript", squeeze_script),
    "dot.svg": ("image/svg+xml", _as_is),
}


@cache
def assets() -> dict[str, Asset]:
    """By file name as written in the templates."""
    made = {}
    for file, (media_type, squeeze) in SOURCES.items():
        content = squeeze((STATIC / file).read_text()).encode()
        stem, _, ending = file.partition(".")
        digest = hashlib.sha256(content).hexdigest()[:8]
        made[file] = Asset(f"{stem}-{digest}.{ending}", media_type, content)
    return made


def find(name: str) -> Asset | None:
    return next((asset for asset in assets().values() if asset.name == name), None)
