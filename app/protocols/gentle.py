"""Words that hurt or blame, with what says the same without (domain 2): one list, as data. Pure.

It holds our own sentences (tools/lints.py), the protocols that a program publishes, and, as a hint and never a block, what
staff type: the staff app has a copy beside its words, which the house rules hold equal.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = Path(__file__).with_name("gentle.json")


class Unkind(BaseModel):
    """`ours`: forbidden in what we say or have others say; who writes down what was said may need it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    words: str
    instead: str
    why: str
    ours: bool = False


@cache
def unkind() -> tuple[tuple[re.Pattern[str], Unkind], ...]:
    listed = TypeAdapter(tuple[Unkind, ...]).validate_json(FILE.read_text(encoding="utf-8"))
    return tuple((re.compile(one.words, re.IGNORECASE), one) for one in listed)


def faults_of(text: str) -> Iterator[str]:
    """For each: what is there, why not, and what to say instead."""
    for pattern, one in unkind():
        if found := pattern.search(text):
            yield f"“{found.group()}”: {one.why} {one.instead}"
