"""What a caller reads to a dispatcher: the fewest words that send the right help to the right door, in under a minute.

Pure. A dispatcher's call is taken within 60 s (NFPA), and people read aloud at about 150 words a minute. What may cost
a life when it is left out is always read; of the rest, as much as fits, the most useful first. What does not fit is kept
beside it, for when they ask.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from app.clients.packet import Item

Urgency = Literal["life", "medical", "others", "check"]
Ask = Literal["medical", "mobile_crisis", "cit"]
Weapons = Literal["yes", "no", "unknown"]
Alone = Literal["yes", "no", "unknown"]
Beside = Literal["video", "phone", "nobody", "unknown"]

WORDS_A_MINUTE = 150
SECONDS = 60
# A breath short of a whole minute.
BUDGET = WORDS_A_MINUTE - 5
# Less of a sentence than this says nothing.
LEAST = 5

CALM = "What helps: say who you are, one person speaks, quiet voice, no siren if possible."
# Time, distance, cover (M6), in words that an officer hears as a request and not as a lesson.
POLICE = "If officers come: please take time, keep distance, stay behind cover."
QUIET = "They may not be free to talk. Do not ring the client, do not say who called, no siren if possible."
READ_BACK_LINES = frozenset({"place", "entry", "person"})
READ_BACK = "Please read the address back. When will somebody be there?"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known now. `happened`: what did, or is feared, in a few words. `lost_ago`: since when they are lost.
    `quiet`: R2 holds. `police`: officers may be among those who come."""

    caller: str
    callback: str
    address: str | None
    place_label: str | None
    confirmed: bool
    entry: str | None
    legal_name: str
    name_used: str
    safe_name: str
    pronouns: str
    age: int | None
    urgency: Urgency
    asks: Sequence[Ask]
    lost_ago: str | None = None
    happened: str = ""
    means: str = ""
    weapons: Weapons = "unknown"
    alone: Alone = "unknown"
    others: str = ""
    beside: Beside = "unknown"
    quiet: bool = False
    police: bool = True
    approach: str = ""
    access: str = ""
    animals: Sequence[str] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`read_back`: asked to be repeated by the dispatcher; else said is enough."""

    key: str
    text: str
    items: tuple[Item, ...]
    read_back: bool = False
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """`line`: what it is read and ticked with. `rank`: 0 is always read; of the others the lowest first."""

    line: str
    key: str
    text: str
    items: tuple[Item, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """`more`: known, and not read unless they ask."""

    lines: tuple[Line, ...]
    more: tuple[Line, ...]
    seconds: int = field(default=0)


def script(facts: Facts) -> Script:
    every = [piece for piece in _pieces(facts) if piece.text]
    chosen: dict[str, _Piece] = {piece.key: piece for piece in every if piece.rank == 0}
    room = BUDGET - sum(spoken(piece.text) for piece in chosen.values())
    more: dict[str, _Piece] = {}
    for piece in sorted((piece for piece in every if piece.rank), key=lambda piece: piece.rank):
        kept, rest = _fits(piece, room)
        if kept is not None:
            chosen[piece.key] = kept
            room -= spoken(kept.text)
        if rest is not None:
            more[piece.key] = rest
    lines = _lines([chosen[piece.key] for piece in every if piece.key in chosen])
    return Script(lines, _lines([more[piece.key] for piece in every if piece.key in more]), seconds_of(lines))


def _lines(pieces: Sequence[_Piece]) -> tuple[Line, ...]:
    """What belongs together is one line, said in one breath and ticked once."""
    together: dict[str, list[_Piece]] = {}
    for piece in pieces:
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


def _fits(piece: _Piece, room: int) -> tuple[_Piece | None, _Piece | None]:
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


# --- the lines, in the order in which they are read


def _pieces(facts: Facts) -> list[_Piece]:
    return [
        _Piece("who", "who", _who(facts), ("callback",)),
        _Piece("place", "place", facts.address or _no_address(facts), ("place",)),
        _Piece("entry", "unconfirmed", _unconfirmed(facts), ("place",)),
        _Piece("entry", "entry", _ended("How to get in: {}", facts.entry), ("way_in",), 1),
        _Piece("person", "person", _person(facts), ("legal_name", "name_used", "age")),
        _Piece("person", "danger", _danger(facts), ("danger",)),
        _Piece("person", "happened", _ended("{}", facts.happened), ("danger", "taken"), 3),
        _Piece("quiet", "quiet", QUIET if facts.quiet else "", ("free_to_talk",)),
        _Piece("home", "means", _ended("Within reach: {}", facts.means), ("means",), 2),
        _Piece("home", "weapons", _weapons(facts), ("means",)),
        _Piece("home", "company", _company(facts), ("who_is_there",), 7),
        _Piece("home", "animals", _animals(facts), ("animals",), 4),
        _Piece("ask", "beside", _beside(facts), ("who_is_there",), 8),
        _Piece("ask", "ask", _ask(facts), ("ask",)),
        _Piece("near", "near", _ended("How to come near: {}", facts.approach), ("near",), 5),
        _Piece("near", "calm", _calm(facts), ("near",), 5),
        _Piece("near", "police", POLICE if facts.police else "", ("near",), 6),
        _Piece("near", "speaker", _ended("Agreed for the household: {}", _speaker(facts)), ("speaker",), 9),
        _Piece("near", "access", _ended("{}", facts.access), ("access",), 9),
        _Piece("near", "door", _at_the_door(facts), ("name_used",), 10),
        _Piece("back", "back", READ_BACK, ("ask",)),
    ]


def _who(facts: Facts) -> str:
    wanted = "a check on a person at:" if facts.urgency == "check" else "help sent to:"
    return f"My name is {facts.caller}, a clinician, not in their area. Call-back {facts.callback}. I need {wanted}"


def _no_address(facts: Facts) -> str:
    known = facts.place_label or "unknown"
    return f"I do not have an address. The last place known is {known}"


def _unconfirmed(facts: Facts) -> str:
    return "" if facts.confirmed else "That is their usual place. Nobody has confirmed it today."


def _person(facts: Facts) -> str:
    age = f", {facts.age} years old" if facts.age is not None else ""
    pronouns = f", {facts.pronouns}" if facts.pronouns else ""
    used = first_of(facts.name_used)
    called = f", called {used}" if used and used.casefold() not in _names(facts.legal_name) else ""
    return f"{facts.legal_name}{called}{age}{pronouns}."


def _danger(facts: Facts) -> str:
    lost = f"We lost contact {facts.lost_ago}." if facts.lost_ago else ""
    match facts.urgency:
        case "life":
            said = f"There is an immediate risk to {theirs(facts.pronouns)} own life."
        case "medical":
            said = "This is a medical emergency."
        case "others":
            said = "There is a serious threat to another person."
        case _:
            said, lost = f"{lost or 'We lost contact.'} I could not confirm that they are safe.", ""
    return " ".join(part for part in (said, lost) if part)


def _weapons(facts: Facts) -> str:
    return {
        "yes": "There is a weapon in the home.",
        "no": "No weapons that we know of.",
        "unknown": "Weapons: not known.",
    }[facts.weapons]


def _company(facts: Facts) -> str:
    if facts.alone == "yes":
        return "They are alone, they said."
    if facts.others and not facts.quiet:
        return _ended("With them in the home: {}", facts.others)
    return "Somebody else may be in the home." if facts.alone == "no" else ""


def _animals(facts: Facts) -> str:
    return " ".join(_ended("Before coming in, {}", one) for one in facts.animals)


def _beside(facts: Facts) -> str:
    if facts.quiet:
        return ""
    match facts.beside:
        case "video":
            return "A colleague is on video with them."
        case "phone":
            return "A colleague is on the phone with them."
        case "nobody":
            return "Nobody of us is with them now."
        case _:
            return ""


_ASKS: dict[Ask, str] = {
    "medical": "medical help",
    "mobile_crisis": "a mobile crisis team",
    "cit": "a crisis-trained CIT officer, if one is free",
}


def _ask(facts: Facts) -> str:
    wanted = [_ASKS[ask] for ask in ("medical", "mobile_crisis", "cit") if ask in facts.asks]
    if not wanted:
        return "Please send somebody to see them."
    *before, last = wanted
    return f"Please send {', '.join(before)} and {last}." if before else f"Please send {last}."


def _calm(facts: Facts) -> str:
    """Without what R2's line says already."""
    return CALM.replace(", no siren if possible", "") if facts.quiet else CALM


def _speaker(facts: Facts) -> str:
    """Home may be where the danger is: then nobody there is named as a voice (R2)."""
    return "" if facts.quiet else facts.speaker


def _at_the_door(facts: Facts) -> str:
    said = facts.safe_name.strip()
    if not said or said.casefold() in _names(facts.legal_name) | {first_of(facts.name_used).casefold()}:
        return ""
    return f"At the door, ask for {said}."


# --- words


def first_of(name: str) -> str:
    return name.split(" ")[0] if name else ""


def _names(legal: str) -> set[str]:
    return {part.casefold() for part in legal.split()}


def theirs(pronouns: str) -> str:
    said = pronouns.casefold()
    return "her" if said.startswith("she") else "his" if said.startswith("he/") or said == "he" else "their"


def _ended(template: str, text: str | None) -> str:
    words = (text or "").strip().rstrip(". ")
    if not words:
        return ""
    ended = words if words[-1] in "!?…" else f"{words}."
    return template.format(ended)
