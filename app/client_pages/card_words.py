"""The card of what happens if they drop, in plain words for the client who signs it. Times count from the drop."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.client_pages.card import Card
from app.client_pages.words import Words
from app.incidents.own_chain import Link


@dataclass(frozen=True, slots=True)
class Line:
    """`by`: at the latest so long after the drop."""

    by: str
    words: str


def lines(words: Words, card: Card, staff: Sequence[str]) -> list[Line]:
    return [Line(_by(words, link), _words(words, link, card, staff)) for link in card.links]


def _by(words: Words, link: Link) -> str:
    """What goes on beside the rest has no time of its own."""
    return words.say("from then on") if link.action == "call.repeat" else within(words, link.seconds)


def within(words: Words, seconds: int) -> str:
    if seconds < 120:
        return words.say("within %(n)s seconds", n=seconds)
    if seconds % 60:
        return words.say("within %(m)s minutes %(s)s seconds", m=seconds // 60, s=seconds % 60)
    return words.say("within %(n)s minutes", n=seconds // 60)


def _words(words: Words, link: Link, card: Card, staff: Sequence[str]) -> str:
    who = words.either(staff)
    match link.action:
        case "incident.accept":
            return words.say("%(who)s sees it and takes it.", who=who)
        case "call.client" | "call.repeat" | "call.leave_voicemail" | "text.client":
            return _outreach(words, link)
        case "page.supervisor":
            return words.say("%(name)s comes in to help.", name=card.supervisor or words.say("a supervisor"))
        case "person.contact":
            return _contact(words, card)
        case "person.decide":
            return words.say(
                "A person decides whether local help should come to where you said you are. Nothing is sent by itself."
            )
        case "page.deciders":
            return words.say("Our team is called again and again, until a person has decided.")
        case _:
            return _by_hand(words, link, who)


def _outreach(words: Words, link: Link) -> str:
    match link.action, link.number:
        case "call.client", "backup":
            return words.say("We call your other number (ends %(ends)s).", ends=link.last2)
        case "call.client", "primary_again":
            return words.say("We call your first number again (ends %(ends)s).", ends=link.last2)
        case "call.client", _:
            return words.say("We call you (number ends %(ends)s).", ends=link.last2)
        case "text.client", _:
            return words.say("We text you (number ends %(ends)s). It does not say why.", ends=link.last2)
        case "call.leave_voicemail", _:
            return words.say("If your voicemail answers: a first name and our number, nothing more.")
        case _:
            return words.say("We keep calling you, until one of us has talked with you.")


def _contact(words: Words, card: Card) -> str:
    names = card.may_call
    if not names:
        return words.say("As things are, we call nobody else for you, unless a life is in danger.")
    return words.say(
        "A person decides whether to call %(names)s. No machine ever calls them.", names=words.listed(names)
    )


def _by_hand(words: Words, link: Link, who: str) -> str:
    if link.key == "relay-call":
        return words.say("%(who)s calls you through your relay service.", who=who)
    if link.action == "person.staff_decide":
        return words.say("%(who)s reaches you the way you agreed with us.", who=who)
    return words.say("One of us talks with you, to be sure that it is you.")
