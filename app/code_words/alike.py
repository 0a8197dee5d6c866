"""Two words that a frightened person says and a busy one hears: could one be taken for the other? Pure.

English and Spanish at once, because a group may hold both. Too strict costs one more try at choosing; too loose costs
the one sentence that mattered. So phrases are alike when they share a single telling word by spelling or by sound.
"""

import re
import unicodedata
from itertools import pairwise

import jellyfish


def listed(words: str) -> tuple[str, ...]:
    """A long list that stays readable."""
    return tuple(words.split())


# Words that carry no phrase by themselves, in both languages.
SMALL = listed(
    "a an and any are as at be been but by can could did do does for from get go got had has have he her here him his how"
    " i if in into is it its just like me more my no not now of off oh ok okay on one or our out over please put she so"
    " some than that the their them then there they this those to too up us very was we well were what when where which"
    " who will with would yes you your"
    " al algo ante aqui asi como con cual cuando de del donde e el ella ello en era es esa ese eso esta este esto estoy"
    " favor fue ha hay la las le les lo los mas me mi mis mucho muy nada ni no nos o para pero por porque que se ser si"
    " sin sobre son soy su sus tambien te tengo ti tu un una uno va voy y ya yo"
)
LETTERS = re.compile(r"[a-zñ]+")
# A run of vowels, and the sounds it may stand for, roughly: "sea" and "see" can agree, "cat" and "kite" cannot.
_RUN = re.compile(r"[aeiouy]+(?:w[aeiouy]*)?")
_MAY_SOUND = {
    "ee": "i", "ea": "ie", "ie": "i", "ei": "ie", "ey": "ie", "y": "i", "ai": "e", "ay": "e", "oa": "o", "oo": "uo",
    "ou": "uoa", "ow": "uoa", "ue": "u", "ew": "u", "au": "oa", "aw": "oa", "oe": "o", "oi": "o", "oy": "o",
}  # fmt: skip
# Spanish sounds that are written in several ways.
_SPANISH = (
    (re.compile(r"h(?!$)"), ""), (re.compile(r"qu(?=[ei])"), "k"), (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"ch"), "x"), (re.compile(r"ll"), "y"), (re.compile(r"[cg](?=[ei])"), lambda m: "s" if m[0] == "c" else "j"),
    (re.compile(r"c|q"), "k"), (re.compile(r"z"), "s"), (re.compile(r"v|w"), "b"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


def spoken(text: str) -> tuple[str, ...]:
    """The words as they are said: no case, no accents, no punctuation; ñ stays, because it is another sound."""
    kept = unicodedata.normalize("NFC", text).casefold().replace("ñ", "\0").replace("’", "").replace("'", "")
    plain = "".join(c for c in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(c))
    return tuple(LETTERS.findall(plain.replace("\0", "ñ")))


def telling(text: str) -> tuple[str, ...]:
    """The words that carry the phrase. All of them, when it has only small ones."""
    words = spoken(text)
    return tuple(word for word in words if word not in SMALL) or words


def alike(one: str, other: str) -> bool:
    """Whether a person could say or hear one of these phrases for the other."""
    return any(word_alike(a, b) for a in _units(telling(one)) for b in _units(telling(other)))


def _units(words: tuple[str, ...]) -> set[str]:
    """Each word, and neighbours run together: "tea pot" is "teapot"."""
    return {*words, *(a + b for a, b in pairwise(words)), "".join(words)} - {""}


def word_alike(one: str, other: str) -> bool:
    if one == other or one.rstrip("s") == other.rstrip("s"):
        return True
    return spelled_alike(one, other) or _sounds_alike(one, other)


def spelled_alike(one: str, other: str) -> bool:
    """A slip of the finger or of the ear: one letter from four on, two from eight on."""
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    slips = jellyfish.damerau_levenshtein_distance(one, other)
    return slips <= (1 if shorter < 8 else 2)


def _sounds_alike(one: str, other: str) -> bool:
    spanish = spanish_sound(one), spanish_sound(other)
    if spanish[0] == spanish[1] or spelled_alike(*spanish):
        return True
    sound = _english_sound(one)
    if not sound or sound != _english_sound(other):
        return False
    # Consonants alone make "cat", "kite" and "coat" one: short words must agree in their vowels too.
    return len(sound) >= 4 or _vowels_agree(one, other)


def _english_sound(word: str) -> str:
    sound = jellyfish.metaphone(word)
    # A w inside a word only colours its vowel: flower, flour.
    return sound[:1] + sound[1:].replace("W", "")


def spanish_sound(word: str) -> str:
    for pattern, becomes in _SPANISH:
        word = pattern.sub(becomes, word)
    return word


def _vowels_agree(one: str, other: str) -> bool:
    left, right = _vowels(one), _vowels(other)
    return len(left) == len(right) and all(a & b for a, b in zip(left, right, strict=True))


def _vowels(word: str) -> list[frozenset[str]]:
    """A silent e at the end makes the a before it long: male, mail."""
    silent = len(word) > 3 and word[-1] == "e" and word[-2] not in "aeiou"
    runs = _RUN.findall(word[:-1] if silent else word)
    heard = [frozenset(_MAY_SOUND.get(run[:2]) or _MAY_SOUND.get(run[0]) or run[0]) for run in runs]
    if silent and heard and runs[-1] == "a":
        heard[-1] = frozenset("e")
    return heard
