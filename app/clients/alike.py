"""Names that are easily taken for each other when said or read in a hurry (R17). Pure."""

from collections.abc import Iterable

from jellyfish import damerau_levenshtein_distance, metaphone


def alike(name: str, others: Iterable[str]) -> list[str]:
    """The others whose first name is the same, sounds the same or is one slip away; sorted, each once."""
    return sorted({other for other in others if _meet(_first(name), _first(other))}, key=str.casefold)


def _first(name: str) -> str:
    return "".join(c for c in name.partition(" ")[0].casefold() if c.isalnum())


def _meet(one: str, other: str) -> bool:
    if not one or not other:
        return False
    if one == other:
        return True
    # In names of three letters one slip is another name: Ana and Ida, Leo and Lea.
    if min(len(one), len(other)) < 4:
        return metaphone(one) == metaphone(other) != "" and one[0] == other[0]
    return metaphone(one) == metaphone(other) != "" or damerau_levenshtein_distance(one, other) <= 1
