"""Does a client's own typed line hold one of their own words? Pure; what was typed is looked at and forgotten (R13).

A yes is only "possible": a person taps.
"""

from collections.abc import Iterable

from app.code_words.alike import spelled_alike, spoken, telling, word_alike
from app.code_words.choosing import BY_WEIGHT, Kind

# Stands where their word stood.
GAP = "…"


def heard(text: str, words: Iterable[tuple[Kind, str]]) -> Kind | None:
    """Small words and slips of the finger do not matter; the telling words do, in their order. The gravest kind wins."""
    said = spoken(text)
    found = {kind for kind, phrase in words if _holds(said, phrase)}
    return next((kind for kind in BY_WEIGHT if kind in found), None)


def _holds(said: tuple[str, ...], phrase: str) -> bool:
    wanted = telling(phrase)
    if not wanted or not said:
        return False
    # Other words may stand between: "my blue, um, kitchen". Far apart they are two thoughts.
    for start, word in enumerate(said):
        if word_alike(word, wanted[0]) and _follows(
            said[start + 1 : start + 2 + 3 * len(wanted)], wanted[1:]
        ):
            return True
    return _run_together("".join(said), "".join(wanted))


def _run_together(said: str, wanted: str) -> bool:
    """Without the gaps, which go wrong first when somebody types in haste: "marbel stairs case"."""
    lengths = range(len(wanted) - 1, len(wanted) + 2)
    return any(spelled_alike(said[i : i + length], wanted) for i in range(len(said)) for length in lengths)


def _follows(said: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    rest = iter(said)
    return all(any(word_alike(word, one) for word in rest) for one in wanted)


def withheld(text: str, phrases: Iterable[str]) -> str:
    """What was typed without the words themselves: they are nowhere, not even sealed. Empty when nothing else is left."""
    held = [phrase for phrase in phrases if _holds(spoken(text), phrase)]
    left = text.split()
    for phrase in held:
        secret = telling(phrase)
        left = [
            GAP if any(word_alike(said, word) for said in spoken(part) for word in secret) else part
            for part in _without_run_together(left, phrase, len(secret))
        ]
    rest = " ".join(part for at, part in enumerate(left) if part != GAP or left[at - 1 : at] != [GAP])
    return rest if spoken(rest) else ""


def _without_run_together(parts: list[str], phrase: str, words: int) -> list[str]:
    """Written without its gaps, or with others: the shortest neighbours that hold it."""
    for size in range(1, words + 2):
        for at in range(len(parts) - size + 1):
            if _holds(spoken(" ".join(parts[at : at + size])), phrase):
                parts = [*parts[:at], *[GAP] * size, *parts[at + size :]]
    return parts
