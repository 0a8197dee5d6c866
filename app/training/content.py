"""The files of practice that ship: read, and refused with file, line and a sentence. They stand beside the protocols."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.protocols.library import QUICK, Fault, RefusedFile, digest, line_of
from app.training import checks
from app.training.checks import Problem
from app.training.schema import Module, Scene
from app.triage import library as tier_rules

SHIPPED = Path(__file__).resolve().parent.parent.parent / "practice"
SCENES, MODULE = SHIPPED / "scenes", SHIPPED / "words-that-calm.yaml"


@dataclass(frozen=True, slots=True)
class Pack:
    """The scenes, which a supervisor reads and signs together. `sha256` is of all of them."""

    scenes: tuple[Scene, ...]
    sha256: str

    def find(self, scene_id: str) -> Scene | None:
        return next((one for one in self.scenes if one.id == scene_id), None)


@dataclass(frozen=True, slots=True)
class Words:
    module: Module
    sha256: str


def check(paths: Iterable[Path]) -> list[Fault]:
    return [fault for path in _files(paths) for fault in _read(path)[1]]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


@cache
def scenes() -> Pack:
    """Raises RefusedFile."""
    found = [_whole(path) for path in sorted(SCENES.glob("*.yaml"))]
    made = [(one, body) for one, body in found if isinstance(one, Scene)]
    # By title: an order by tier would give the answers away.
    made.sort(key=lambda pair: pair[0].title)
    return Pack(tuple(scene for scene, _ in made), digest({scene.id: body for scene, body in made}))


@cache
def words() -> Words:
    """Raises RefusedFile."""
    made, body = _whole(MODULE)
    if not isinstance(made, Module):
        raise RefusedFile([Fault(MODULE.name, 1, "The file holds no module.")])
    return Words(made, digest(body))


def _whole(path: Path) -> tuple[Scene | Module, Any]:
    made, faults, body = _read(path)
    if made is None:
        raise RefusedFile(faults)
    return made, body


def _read(path: Path) -> tuple[Scene | Module | None, list[Fault], Any]:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=QUICK)
        body = yaml.load(text, Loader=QUICK)  # noqa: S506  a safe one
    except OSError as error:
        return None, [Fault(path.name, 1, f"The file cannot be read: {error.strerror}.")], None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        return None, [Fault(path.name, mark.line + 1 if mark else 1, "This is not YAML text.")], None
    if not isinstance(body, dict) or root is None:
        return None, [Fault(path.name, 1, "The file holds nothing to practise.")], None
    made, problems = _judged(body)
    if made is not None and made.id != path.stem:
        problems.append((("id",), f'The file is called "{path.stem}", so its id must be that.'))
    faults = [Fault(path.name, line_of(root, where), sentence) for where, sentence in problems]
    return (None if faults else made), faults, body


def _judged(body: dict[str, Any]) -> tuple[Scene | Module | None, list[Problem]]:
    try:
        if body.get("schema") == "handrail.module/1":
            module = Module.model_validate(body)
            return module, list(checks.of_module(module))
        scene = Scene.model_validate(body)
        return scene, list(checks.of_scene(scene, tier_rules.current().rules, vignettes()))
    except ValidationError as error:
        return None, [(tuple(one["loc"]), _sentence(one)) for one in error.errors(include_url=False)]


@cache
def vignettes() -> dict[str, dict[str, Any]]:
    """The situations that the rules are tested with, by name."""
    found = yaml.safe_load((tier_rules.FILES / "vignettes.yaml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in found}


def _sentence(error: ErrorDetails) -> str:
    where = ".".join(str(part) for part in error["loc"])
    if isinstance(error.get("input"), bool) and error["type"] == "string_type":
        return f'"{where}": YAML reads a bare yes or no as true or false: put it in quotes.'
    match error["type"]:
        case "extra_forbidden":
            return f'"{where}" is not a key that practice has.'
        case "missing":
            return f'"{where}" is missing.'
        case _:
            return f'"{where}" is not right: {error["msg"]}.'
