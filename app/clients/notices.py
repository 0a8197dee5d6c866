"""Legal texts that go with a disclosure, by version. The texts are data taken from the regulation, never typed in code."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = Path(__file__).with_name("notices.json")


class Notice(BaseModel):
    """A published version is never changed: what went with a disclosure can be read for as long as it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    kind: Literal["redisclosure"]
    text: str
    source: str
    effective_on: date


@cache
def notices() -> tuple[Notice, ...]:
    """Oldest first: the last one is in use."""
    found = TypeAdapter(list[Notice]).validate_python(json.loads(FILE.read_text()))
    return tuple(sorted(found, key=lambda notice: notice.effective_on))


def is_known(version: str) -> bool:
    return any(notice.version == version for notice in notices())
