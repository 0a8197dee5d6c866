"""The files of tier rules that ship. A version that was used once stays readable with the checks that ran on it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.triage.schema import TierRules

FILES = Path(__file__).resolve().parent / "files"


@dataclass(frozen=True, slots=True)
class Loaded:
    rules: TierRules
    sha256: str


class RefusedRules(ValueError):
    """A file that breaks a rule; the words say which."""


def load(path: Path) -> Loaded:
    try:
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Loaded(TierRules.model_validate(body), digest(body))
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise RefusedRules(f"{path.name}: {found}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RefusedRules(f"{path.name} cannot be read: {error}") from error


def digest(body: Any) -> str:
    """Of what the file says, whatever the order of its keys."""
    words = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


@cache
def shipped() -> dict[str, Loaded]:
    """By version, the oldest first."""
    found = [load(path) for path in FILES.glob("tiers-*.yaml")]
    found.sort(key=lambda one: _numbers(one.rules.version))
    return {one.rules.version: one for one in found}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def current() -> Loaded:
    return list(shipped().values())[-1]
