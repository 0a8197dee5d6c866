"""What a caller reads to a dispatcher: the fewest words that send the right help to the right door, in under a minute.

Pure. A dispatcher's call is taken within 60 s (NFPA), and people read aloud at about 150 words a minute. What may cost
a life when it is left out is always read; of the rest, as much as fits, the most useful first. What does not fit is kept
beside it, for when they ask.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.clients.packet import GIVEN, Item
from app.emergency.pieces import Facts, Piece, pieces

WORDS_A_MINUTE = 150
SECONDS = 60
# A breath short of a whole minute.
BUDGET = WORDS_A_MINUTE - 5
# Less of a sentence than this says nothing.
LEAST = 5

READ_BACK_LINES = frozenset({"place", "entry", "person"})


@dataclass(frozen=True, slots=True)
class Line:
    """`read_back`: asked to be repeated by the dispatcher; else said is enough."""

    key: str
    text: str
    items: tuple[Item, ...]
    read_back: bool = False
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """`more`: known, and not read unless they ask."""

    lines: tuple[Line, ...]
    more: tuple[Line, ...]
    seconds: int = field(default=0)


def script(facts: Facts, given: Collection[Item] = GIVEN["dispatch"]) -> Script:
    """`given`: what responders may be told; of the rest nothing is read, and nothing kept beside it."""
    every = [piece for piece in pieces(facts) if piece.text and set(piece.items) <= set(given)]
    chosen: dict[str, Piece] = {piece.key: piece for piece in every if piece.rank == 0}
    room = BUDGET - sum(spoken(piece.text) for piece in chosen.values())
    more: dict[str, Piece] = {}
    for piece in sorted((piece for piece in every if piece.rank), key=lambda piece: piece.rank):
        kept, rest = _fits(piece, room)
        if kept is not None:
            chosen[piece.key] = kept
            room -= spoken(kept.text)
        if rest is not None:
            more[piece.key] = rest
    lines = _lines([chosen[piece.key] for piece in every if piece.key in chosen])
    return Script(lines, _lines([more[piece.key] for piece in every if piece.key in more]), seconds_of(lines))


def _lines(said: Sequence[Piece]) -> tuple[Line, ...]:
    """What belongs together is one line, said in one breath and ticked once."""
    together: dict[str, list[Piece]] = {}
    for piece in said:
        together.setdefault(piece.line, []).append(piece)
    return tuple(
        Line(
            key=key,
            text=" ".join(piece.text for piece in found),
            items=tuple(dict.fromkeys(item for piece in found for item in piece.items)),
            read_back=key in READ_BACK_LINES,
            is_place=key == "place",
        )
        for key, found in together.items()
    )


def seconds_of(lines: Iterable[Line]) -> int:
    return round(sum(spoken(line.text) for line in lines) * 60 / WORDS_A_MINUTE)


_WORD = re.compile(r"\d|[^\W\d_]+(?:['’-][^\W\d_]+)*")


def spoken(text: str) -> int:
    """Words as the mouth counts them: every digit of a number is one."""
    return len(_WORD.findall(text))


def _fits(piece: Piece, room: int) -> tuple[Piece | None, Piece | None]:
    """Whole, or its first sentences; and what is left over."""
    if spoken(piece.text) <= room:
        return piece, None
    kept, coming = "", iter(sentences(piece.text))
    while spoken(longer := f"{kept} {next(coming)}".strip()) <= room:
        kept = longer
    left = piece.text[len(kept) :].strip()
    if spoken(kept) < LEAST:
        return None, piece
    return replace(piece, text=kept), replace(piece, text=left)


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]
