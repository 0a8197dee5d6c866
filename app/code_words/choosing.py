"""What may be a code word: two to five ordinary words that nobody in care or in crisis would say by accident. Pure.

A hand sign is described in a few words instead. Each refusal says what to choose instead, and never what was typed.
"""

import re
from collections.abc import Iterable
from typing import Literal

from app.code_words.alike import SMALL, alike, listed, spoken, telling

Kind = Literal["danger", "pause", "all_clear"]
Form = Literal["words", "hand_sign"]
KINDS: tuple[Kind, ...] = ("danger", "pause", "all_clear")
# The kind that is acted upon first, when a text could be more than one.
BY_WEIGHT = KINDS

FEWEST, MOST = 2, 5
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

# Beginnings of words of danger, treatment and rescue: said aloud at home, they would tell what the phrase is for.
_CLINICAL = listed(
    "abus addict ambulanc anxi bleed blood clinic crisis cut danger dead death depress die diagnos doctor drug"
    " dying emergenc gun harm help hospital hurt kill knife lethal medic mental overdos pain panic pills poison police"
    " psych rape relaps rescue rope safe scare session suicid therap threat trauma treatment unsafe violen weapon wound"
    " acosad ahog ansied arma auxili ayud cuchill daño depres doler droga emergen enferm golpe hospit mata mato"
    " medic miedo morir muert panic pastill peligr pistol polic sangr segur sesion sobredos socorr suicid terapi"
    " tratam veneno viola violen"
)  # fmt: skip
# Words that begin like one of them and are ordinary.
_ORDINARY = listed(
    "armadill armadur armari cute cutl deadline diego diesel diet harmon paint scarecrow violet violin violon"
)
# Said in any group, every day.
_EVERYDAY = listed(
    "again all alright back bad bless bueno buenas buenos bye camera care come coming day days dia dias doing easy every"
    " everybody everyone fine first gracias great group guys have hear hello help hey hi hold hola how know last late later"
    " let little long look lot make maybe mean microphone mind minute moment morning much muchas muchos muted name need new next nice"
    " night noche noches nothing people really right say screen see sorry sound start still sure take talk tarde tardes"
    " thank thanks thing things think time today tomorrow want way week welcome well wait work yeah bien"
)

WORDS_FAULT = "Choose two to five words."
ODD_FAULT = "Use plain words: letters only, no numbers or signs."
CLINICAL_FAULT = (
    "Choose everyday words. Nothing about danger, health, help or treatment: somebody at home may hear it."
)
EVERYDAY_FAULT = "Choose words that nobody says in a group by accident."
NAME_FAULT = "Leave the person's own name out."
SIGN_FAULT = "Describe the sign in two to twelve words."
ALIKE_FAULT = "This is too like another word in this group, by sound or by spelling. Choose different words."


def fault(phrase: str, form: Form, own_names: Iterable[str] = ()) -> str | None:
    """What speaks against this phrase by itself, as a sentence; None when nothing does."""
    words = phrase.split()
    if form == "hand_sign":
        return None if 2 <= len(words) <= 12 else SIGN_FAULT
    if not FEWEST <= len(words) <= MOST:
        return WORDS_FAULT
    if any(_WORD.fullmatch(word) is None for word in words):
        return ODD_FAULT
    said = spoken(phrase)
    if any(_clinical(word) for word in said):
        return CLINICAL_FAULT
    if all(word in SMALL or word in _EVERYDAY for word in said):
        return EVERYDAY_FAULT
    names = {part for name in own_names for part in spoken(name) if len(part) > 1}
    return NAME_FAULT if names & set(said) else None


def _clinical(word: str) -> bool:
    return word.startswith(_CLINICAL) and not word.startswith(_ORDINARY)


def too_like(phrase: str, form: Form, others: Iterable[tuple[str, Form]]) -> bool:
    """`others`: every word in force that somebody could confuse it with. A sign is seen and a word is heard."""
    same = _sign_alike if form == "hand_sign" else alike
    return any(same(phrase, other) for other, its_form in others if its_form == form)


def _sign_alike(one: str, other: str) -> bool:
    """Signs are described with the same few words (hand, left, ear): half of them in common is too much."""
    left, right = set(telling(one)), set(telling(other))
    return 2 * len(left & right) >= min(len(left), len(right))
