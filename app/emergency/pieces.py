"""What is known of an emergency as the pieces of what is said about it, each with the kinds of facts it tells. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.clients.packet import Item

Urgency = Literal["life", "medical", "others", "check"]
Ask = Literal["medical", "mobile_crisis", "cit"]
Weapons = Literal["yes", "no", "unknown"]
Alone = Literal["yes", "no", "unknown"]
Beside = Literal["video", "phone", "nobody", "unknown"]

CALM = "What helps: say who you are, one person speaks, quiet voice, no siren if possible."
# Time, distance, cover (M6), in words that an officer hears as a request and not as a lesson.
POLICE = "If officers come: please take time, keep distance, stay behind cover."
QUIET = "They may not be free to talk. Do not ring the client, do not say who called, no siren if possible."
READ_BACK = "Please read the address back. When will somebody be there?"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known now. `happened`: what did, or is feared, in a few words. `lost_ago`: since when they are lost. `said_ago`: since when the place stands.
    `taken`, `body`: what was swallowed or done, and how they are, as far as it was asked. `language`: said only where
    somebody has to interpret. `quiet`: R2 holds. `police`: officers may be among those who come."""

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
    said_ago: str | None = None
    happened: str = ""
    taken: str = ""
    body: str = ""
    language: str = ""
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
class Piece:
    """`line`: what it is read and ticked with. `rank`: 0 is always read; of the others the lowest first."""

    line: str
    key: str
    text: str
    items: tuple[Item, ...]
    rank: int = 0


def known_of(facts: Facts) -> dict[Item, str]:
    """All of it, whatever the minute allows, as words for each kind of fact: `packet` cuts it to what a recipient gets."""
    told: dict[Item, list[str]] = {}
    for piece in pieces(facts):
        if piece.text and piece.line not in ("who", "back") and piece.key != "person":
            told.setdefault(piece.items[0], []).append(piece.text)
    known: dict[Item, str] = {item: " ".join(texts) for item, texts in told.items()}
    used = ", ".join(part for part in (facts.name_used, facts.pronouns) if part)
    said = f" Said {facts.said_ago}." if facts.said_ago else ""
    return known | {
        "callback": f"{facts.caller}, a clinician, not in their area. Call-back {facts.callback}.",
        "legal_name": facts.legal_name,
        "place": f"{known['place'].rstrip('. ')}.{said}",
        "name_used": f"Called {used}. {_at_the_door(facts)}".strip(),
        "age": f"{facts.age} years" if facts.age is not None else "",
    }


# --- the lines, in the order in which they are read


def pieces(facts: Facts) -> list[Piece]:
    return [
        Piece("who", "who", _who(facts), ("callback",)),
        Piece("place", "place", facts.address or _no_address(facts), ("place",)),
        Piece("entry", "unconfirmed", _unconfirmed(facts), ("place",)),
        Piece("entry", "entry", _ended("How to get in: {}", facts.entry), ("way_in",), 1),
        Piece("person", "person", _person(facts), ("legal_name", "name_used", "age")),
        Piece("person", "danger", _danger(facts), ("danger",)),
        Piece("person", "taken", _ended("Taken: {}", facts.taken), ("taken",), 1),
        Piece("person", "body", _ended("{}", facts.body), ("danger",), 1),
        Piece("person", "happened", _ended("{}", facts.happened), ("danger", "taken"), 3),
        Piece("person", "language", facts.language, ("language",), 3),
        Piece("quiet", "quiet", QUIET if facts.quiet else "", ("free_to_talk",)),
        Piece("home", "means", _ended("Within reach: {}", facts.means), ("means",), 2),
        Piece("home", "weapons", _weapons(facts), ("means",)),
        Piece("home", "company", _company(facts), ("who_is_there",), 7),
        Piece("home", "animals", _animals(facts), ("animals",), 4),
        Piece("ask", "beside", _beside(facts), ("who_is_there",), 8),
        Piece("ask", "ask", _ask(facts), ("ask",)),
        Piece("near", "near", _ended("How to come near: {}", facts.approach), ("near",), 5),
        Piece("near", "calm", _calm(facts), ("near",), 5),
        Piece("near", "police", POLICE if facts.police else "", ("near",), 6),
        Piece("near", "speaker", _ended("Agreed for the household: {}", _speaker(facts)), ("speaker",), 9),
        Piece("near", "access", _ended("{}", facts.access), ("access",), 9),
        Piece("near", "door", _at_the_door(facts), ("name_used",), 10),
        Piece("back", "back", READ_BACK, ("ask",)),
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
