"""Words of a promise not to die, in what somebody writes down as an agreement. Pure, English and Spanish.

A promise protects nobody and teaches people to hide what they feel; the program offers none and writes none down.
"""

import re
import unicodedata
from typing import Final

WHY: Final = (
    "This reads like a promise not to come to harm. Such promises protect nobody and make it harder to tell the truth. "
    "Write what they will do instead: one small step, who helps, until when."
)

_HARM = r"(?:kill|hurt|harm|cut|injure|end|do anything|do something|act on|attempt|die|suicide|give up)"
_DANO = r"(?:mat|lastim|hacerme|hacerse|hacer dano|hare dano|cort|morir|mor|suicid|quitar|atentar|intentar)"
_CONTRACT: Final = re.compile(
    r"|".join(
        (
            r"\b(?:promis|swear|swore|vow|pledge|guarantee)\w*\b.{0,40}\b(?:not|never|won'?t|no)\b",
            r"\b(?:won'?t|will not|shall not|not going to|never|not to|refrain from)\b.{0,30}\b" + _HARM,
            r"\b(?:no|anti)[- ]?(?:suicide|harm|self[- ]harm)\b.{0,20}\b(?:contract|pact|agreement|promise)\b",
            r"\bcontract(?:s|ed|ing)? for safety\b|\bsafety contract\b|\bstay(?:s|ing)? alive\b|\bkeep (?:my|her|him|them)sel\w+ alive\b",
            r"\b(?:promet|jur|garantiz)\w*\b.{0,40}\b(?:no|nunca|jamas)\b",
            r"\b(?:no|nunca|jamas)\b (?:(?:mas|me|se|te|voy|va|a|vuelvo|volver|intentar) ){0,6}" + _DANO,
            r"\b(?:contrato|pacto)\b.{0,30}\b(?:suicid|seguridad|dano|vida)",
            r"\bseguir (?:vivo|viva|con vida)\b",
        )
    )
)


def reads_as_promise(words: str) -> bool:
    return _CONTRACT.search(_plain(words)) is not None


def _plain(words: str) -> str:
    """Lower case, one kind of apostrophe, one space, no accents."""
    bare = unicodedata.normalize("NFKD", words.replace("’", "'"))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter)).lower()
    return re.sub(r"\s+", " ", kept)
