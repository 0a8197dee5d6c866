"""How hard a text is to read, by the two formulas in common use: Flesch and Kincaid's grade for English (1975), and
Fernández Huerta's ease for Spanish (1959: 206.84 less 0.60 syllables per 100 words, less 1.02 words per sentence)."""

import re

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_SENTENCE = re.compile(r"[.!?…:]+(?:\s|$)")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
# A strong vowel is a syllable of its own, with the weak ones beside it; a weak one with an accent stands alone.
_SPANISH_VOWELS = re.compile(r"[iuü]?[aeoáéó][iuü]?|[íú]|[iuü]{1,2}|y\b")


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences_of(text: str) -> int:
    return max(1, len(_SENTENCE.findall(text.strip() + " ")))


def english_syllables(word: str) -> int:
    low = word.lower().replace("’", "'").split("'")[0]
    count = len(_ENGLISH_VOWELS.findall(low))
    if low.endswith("e") and not low.endswith(("le", "ee")) and count > 1:
        count -= 1
    if low.endswith("ed") and not low.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(1, count)


def spanish_syllables(word: str) -> int:
    low = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word.lower())
    return max(1, len(_SPANISH_VOWELS.findall(low)))


def english_grade(text: str) -> float:
    words = words_of(text)
    syllables = sum(map(english_syllables, words))
    return 0.39 * len(words) / sentences_of(text) + 11.8 * syllables / len(words) - 15.59


def spanish_ease(text: str) -> float:
    words = words_of(text)
    syllables = sum(map(spanish_syllables, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / sentences_of(text)
