"""The protocol files that ship: read, refuse with file, line and a sentence, and read aloud."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.protocols import checks, variants
from app.protocols.aloud import aloud
from app.protocols.facts import Facts
from app.protocols.schema import Protocol, Tier
from app.protocols.wording import Problem

SHIPPED = Path(__file__).resolve().parent.parent.parent / "protocols"
# Beside the files: `id version sha256` of each version that was ever published. Such a version never changes.
PUBLISHED = "published.txt"
# Ten times as quick, for our own files: every process reads all of them when it starts. Not for what somebody brings:
# libyaml's composer goes as deep as the text does, and there a file that nests too deep ends the process.
QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# YAML 1.1 reads these bare words as true and false.
BOOLEAN_WORDS = frozenset({"yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """`protocol` is None exactly when there are faults. `root`: what says in which line something stands."""

    path: Path
    faults: tuple[Fault, ...]
    protocol: Protocol | None = None
    body: dict[str, Any] | None = None
    sha256: str = ""
    root: yaml.Node | None = None


class RefusedFile(ValueError):
    """A protocol that breaks a rule; `faults` say which."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.file}:{fault.line}: {fault.sentence}" for fault in faults))
        self.faults = tuple(faults)


def check(paths: Iterable[Path]) -> list[Fault]:
    """Faults of these files, and of every YAML file in these folders; in a folder, also of what leads from one file to
    another."""
    loaded = [load(path) for path in _files(paths)]
    faults = [fault for one in loaded for fault in one.faults]
    if any(Path(path).is_dir() for path in paths):
        known = {one.protocol.id for one in loaded if one.protocol}
        faults += [fault for one in loaded for fault in _elsewhere(one, known)]
    return faults


def _elsewhere(loaded: Loaded, known: Collection[str]) -> Iterator[Fault]:
    """Protocols that a person's answer leads to, and that no file holds."""
    if loaded.protocol is None or loaded.root is None:
        return
    root = loaded.root
    for index, step in enumerate(loaded.protocol.steps):
        for outcome, target in step.next.items():
            if target.startswith("protocol:") and target.removeprefix("protocol:") not in known:
                line = line_of(root, ("steps", index, "next", outcome))
                yield Fault(loaded.path.name, line, f'"{step.id}" leads to "{target}", and no file holds it.')


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def shipped() -> list[Loaded]:
    """Read again only when a file has changed: a check looks at every set of variants and takes a third of a second."""
    return [_unchanged(path, path.stat().st_mtime_ns) for path in _files([SHIPPED])]


def shipped_as(protocol: str) -> list[Loaded]:
    """The one file of this name, or none: reading the others would only take time."""
    path = SHIPPED / f"{protocol}.yaml"
    return [_unchanged(path, path.stat().st_mtime_ns)] if path.is_file() else []


@lru_cache(maxsize=64)
def _unchanged(path: Path, _written_at: int) -> Loaded:
    # Where each line stands is of use only while faults are told.
    return replace(load(path, QUICK), root=None)


def load(path: Path, loader: Any = yaml.SafeLoader) -> Loaded:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        return Loaded(path, (Fault(path.name, 1, f"The file cannot be read: {error.strerror}."),))
    except UnicodeDecodeError:
        return Loaded(path, (Fault(path.name, 1, "The file is not UTF-8 text."),))
    return _of_text(path, text, path.parent / PUBLISHED, loader)


def brought(name: str, text: str, known: Collection[str]) -> Loaded:
    """A file that somebody gives us. `known`: the protocols that an answer in it may lead to."""
    loaded = _of_text(Path(name), text, SHIPPED / PUBLISHED)
    elsewhere = tuple(_elsewhere(loaded, {*known, *([loaded.protocol.id] if loaded.protocol else [])}))
    return Loaded(loaded.path, elsewhere) if elsewhere else loaded


def _of_text(path: Path, text: str, record: Path, loader: Any = yaml.SafeLoader) -> Loaded:
    try:
        root = yaml.compose(text, Loader=loader)
        aliased = list(_aliases(text, loader))
        body = None if aliased else yaml.load(text, Loader=loader)  # noqa: S506  safe ones only
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        return Loaded(path, (Fault(path.name, mark.line + 1 if mark else 1, f"This is not YAML: {what}."),))
    except RecursionError:
        return Loaded(
            path, (Fault(path.name, 1, "This is not YAML that anybody could read: it nests too deep."),)
        )
    if not isinstance(root, yaml.MappingNode):
        return Loaded(path, (Fault(path.name, 1, "The file holds no protocol."),))
    spelled = aliased or list(_spelling(root))
    if spelled:
        return Loaded(path, tuple(Fault(path.name, line, sentence) for line, sentence in spelled))
    return _judged(path, root, body, record)  # type: ignore[arg-type]  # a mapping, and without aliases it was read


def _aliases(text: str, loader: Any) -> Iterator[tuple[int, str]]:
    """Each step is signed as it stands; and a few aliases of aliases would fill the memory."""
    for token in yaml.scan(text, Loader=loader):
        if isinstance(token, yaml.AliasToken):
            yield (
                token.start_mark.line + 1,
                f'"*{token.value}" repeats something from elsewhere: write it out here.',
            )


def _judged(path: Path, root: yaml.Node, body: dict[str, Any], record: Path) -> Loaded:
    try:
        protocol = parse(body)
    except ValidationError as error:
        found = [(tuple(one["loc"]), _sentence(one, body)) for one in error.errors(include_url=False)]
    else:
        found = checks.faults(protocol) + list(_changed(record, protocol, body))
        if not found:
            return Loaded(path, (), protocol, body, digest(body), root)
    return Loaded(path, tuple(Fault(path.name, line_of(root, where), sentence) for where, sentence in found))


def parse(body: dict[str, Any]) -> Protocol:
    return Protocol.model_validate(body)


def digest(body: dict[str, Any]) -> str:
    """Of what the file says, whatever the order of its keys."""
    words = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def _changed(record: Path, protocol: Protocol, body: dict[str, Any]) -> Iterator[Problem]:
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    for name, version, sha256 in (
        line.split() for line in lines if line.strip() and not line.startswith("#")
    ):
        if (name, version) == (protocol.id, protocol.version) and sha256 != digest(body):
            yield (
                ("version",),
                f"Version {version} was published and has changed since: give it a new version number.",
            )


def _spelling(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """Traps of YAML itself, which a parsed file no longer shows."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        if node.tag.endswith(":bool") and node.value.lower() in BOOLEAN_WORDS:
            yield line, f'YAML reads a bare "{node.value}" as true or false: put it in quotes.'
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _spelling(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                yield key.start_mark.line + 1, f'"{word}" is written twice here.'
            seen.add(word)
            yield from _spelling(key)
            yield from _spelling(value)


def line_of(root: yaml.Node, path: Sequence[str | int]) -> int:
    """The line of what `path` names, or of the last part of it that is written."""
    node, line = root, root.start_mark.line
    for part in path:
        following = _child(node, part)
        if following is None:
            break
        node, line = following
    return line + 1


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line
    return None


def _sentence(error: ErrorDetails, body: dict[str, Any]) -> str:
    where = ".".join(_names(error["loc"], body))
    match error["type"]:
        case "extra_forbidden":
            return f'"{where}" is not a key that a protocol has.'
        case "missing":
            return f'"{where}" is missing.'
        case "literal_error":
            return f'"{where}" is "{error["input"]}"; it may be {error.get("ctx", {}).get("expected", "")}.'
        case _:
            return f'"{where}" is not right: {error["msg"]}.'


def _names(path: Sequence[str | int], body: dict[str, Any]) -> Iterator[str]:
    """A step by its name where it has one, not by its number."""
    for place, part in enumerate(path):
        named = body["steps"][part] if isinstance(part, int) and path[place - 1] == "steps" else None
        if part != "[key]":
            yield str(named["id"]) if isinstance(named, dict) and "id" in named else str(part)


# Read aloud


def preview_file(path: Path, tier: str) -> str:
    """For the command line. Raises RefusedFile."""
    loaded = load(path)
    if loaded.protocol is None:
        raise RefusedFile(loaded.faults)
    return preview(loaded.protocol, tier, Facts(has_contacts=True))  # type: ignore[arg-type]


def preview(protocol: Protocol, tier: Tier, facts: Facts) -> str:
    """For one kind of client."""
    return aloud(variants.apply(protocol, facts), tier)
