"""What a script may say: fields that may be filled in, words that would disclose, and the length of a text. Pure."""

import re
from collections.abc import Iterator

from app.protocols.gentle import faults_of
from app.protocols.schema import Protocol, Script

Problem = tuple[tuple[str | int, ...], str]

# The longest that a field is taken to be when the length of a text is counted.
LONGEST = {"staff_first_name": 15, "client_safe_name": 20, "callback_number": 15}
SPOKEN_BY_US = frozenset(LONGEST)
# What a person reads out or writes: the screen fills in what the record holds, and leaves a gap to ask about where it
# holds nothing.
SPOKEN_BY_PEOPLE = SPOKEN_BY_US | {
    "staff_full_name",
    "colleague_first_name",
    "client_name",
    "client_pronouns",
    "client_legal_name",
    "age",
    "language",
    "address",
    "unit",
    "entry",
    "place_age",
    "lost_at",
    "channel",
    "what_helps",
    "what_to_avoid",
    "risk_short",
    "medical_short",
    "means_short",
    "weapons",
    "household",
    "pets",
    "pet_name",
    "contact_name",
    "receiver",
    "next_contact",
    "agreed_ordinary_question",
}
# The group knows who is here, and learns nothing about any one of them from us (R25).
SAID_TO_GROUP = frozenset({"staff_first_name", "colleague_first_name", "callback_number"})
TITLE_FIELDS = frozenset({"client", "number"})
TEXT_LENGTH = 160

# Any form of these tells a stranger what the call is about. English and Spanish stems.
TELLING = re.compile(
    r"\b(suicid|self.?harm|cris[ei]s|emergenc|terap|therap|clinic|clínic|counsel|consejer|psych|psic|mental"
    r"|behavio|conduct|treatment|tratamiento|program|patient|pacient|group|grupo|session|sesión|iop\b|php\b"
    r"|overdos|sobredosis|substanc|sustancia|recover|recupera|hospital|safety|seguridad|risk|riesgo|medicat"
    r"|medica|diagnos|autolesi|911\b|988\b|112\b|999\b)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"\{([^{}]*)\}")
# GSM 03.38: one text of 160 characters holds only these; each of the second kind counts twice.
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = set("^{}\\[~]|€")


def fields(text: str) -> set[str]:
    return set(_FIELD.findall(text))


def longest(text: str) -> str:
    """The text with every field as long as it is taken to be."""
    return _FIELD.sub(lambda field: "x" * LONGEST.get(field[1], 40), text)


def faults(protocol: Protocol) -> Iterator[Problem]:
    for key, script in protocol.scripts.items():
        for where, sentence in _of_script(key, script):
            yield ("scripts", key, *where), sentence
    for name in ("title", "purpose"):
        for sentence in faults_of(getattr(protocol, name)):
            yield (name,), sentence
    for index, step in enumerate(protocol.steps):
        for sentence in faults_of(step.title):
            yield ("steps", index, "title"), sentence
        unknown = fields(step.title) - TITLE_FIELDS
        if unknown:
            yield (
                ("steps", index, "title"),
                f"A title knows only {{client}} and {{number}}, not {_braced(unknown)}.",
            )


def _of_script(key: str, script: Script) -> Iterator[Problem]:
    if "en" not in script.text:
        yield (), f'The script "{key}" has no English text, which every missing language falls back to.'
    for language, text in script.text.items():
        for sentence in _of_text(key, script, text):
            yield ("text", language), sentence
    if script.discloses == "nothing":
        return
    if script.channel in ("voicemail", "text"):
        yield (
            ("discloses",),
            f'The {script.channel} "{key}" may disclose nothing: anybody may hear or read it.',
        )
    if script.audience == "household":
        yield ("discloses",), f'"{key}" is for whoever answers at home, so it may disclose nothing.'
    if script.audience == "group":
        yield ("discloses",), f'"{key}" is for the group, so it may disclose nothing about any one of them.'


def _of_text(key: str, script: Script, text: str) -> Iterator[str]:
    yield from (f'"{key}" says {sentence}' for sentence in faults_of(text))
    allowed = _allowed(script)
    unknown = fields(text) - allowed
    if unknown:
        yield f'The {script.channel} script "{key}" has no field {_braced(unknown)}; it may use {_braced(allowed)}.'
    # The group and our own staff know what this is about; strangers must not.
    among_us = script.audience in ("group", "staff")
    told = None if among_us or script.discloses != "nothing" else TELLING.search(_FIELD.sub("", text))
    if told is not None:
        yield f'"{key}" must disclose nothing, but "{told[0]}" tells a stranger what the call is about.'
    if script.channel == "text":
        yield from _of_length(key, longest(text))


def _allowed(script: Script) -> frozenset[str]:
    if script.audience == "group":
        return SAID_TO_GROUP
    return SPOKEN_BY_US if script.channel in ("voicemail", "text") else SPOKEN_BY_PEOPLE


def _of_length(key: str, text: str) -> Iterator[str]:
    odd = sorted(set(text) - _GSM - _GSM_TWICE)
    if odd:
        yield f'The text "{key}" holds {" ".join(odd)}, which makes it two messages: use plain letters.'
    length = len(text) + sum(character in _GSM_TWICE for character in text)
    if length > TEXT_LENGTH:
        yield f'The text "{key}" can grow to {length} characters; {TEXT_LENGTH} is the most.'


def _braced(names: frozenset[str] | set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
