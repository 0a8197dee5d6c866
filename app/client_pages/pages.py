"""Puts sentences and a template together into one small answer that no cache keeps and no other site may frame."""

from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.client_pages.assets import assets
from app.client_pages.forms import LEAVE_IN, LONGEST_NOTE, LONGEST_PLACE, Problem, new_command
from app.client_pages.line_words import note
from app.client_pages.standing import Now, Standing
from app.client_pages.words import LANGUAGES, Words


@cache
def _templates(words: Words) -> Environment:
    made = templates(Path(__file__).parent / "templates", words)
    made.globals |= {
        "leave_in": LEAVE_IN,
        "longest_place": LONGEST_PLACE,
        "longest_note": LONGEST_NOTE,
    }
    return made


def templates(folder: Path, words: Words) -> Environment:
    """Of the pages for people without an account: strict, translated, with what every page names."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    # The extension adds these at run time, where the type checker cannot see them.
    vars(made)["install_gettext_translations"](words.translations, newstyle=True)
    made.globals |= {
        "asset": lambda file: f"/c/a/{assets()[file].name}",
        "languages": {code: name for code, (name, _) in LANGUAGES.items()},
        "language": words.code,
        "spoken": spoken,
        "note": partial(note, words),
    }
    return made


def render(
    template: str, words: Words, public_base_url: str, status: int = 200, **values: Any
) -> HTMLResponse:
    page = _templates(words).get_template(template)
    text = page.render({"command": new_command(), "typed": {}, "problems": {}} | values)
    return answer(text, public_base_url, status)


def answer(text: str, public_base_url: str, status: int) -> HTMLResponse:
    """Leading space is of use to nobody and a tenth of the page."""
    body = "\n".join(line for line in (line.strip() for line in text.splitlines()) if line)
    return HTMLResponse(body, status, headers=headers(public_base_url))


def headers(public_base_url: str) -> dict[str, str]:
    parts = urlsplit(public_base_url)
    # 'self' covers the socket only in browsers of the last few years.
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    return {
        "Content-Security-Policy": "default-src 'self'; "
        f"connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }


def spoken(number: str) -> str:
    """A public number as people write it."""
    read = phonenumbers.parse(number, None)
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(read, international)


def promise(words: Words, standing: Standing, now: Now) -> str:
    """What happens if we lose each other (P20). True for this client, or not said (R2, R24)."""
    who = words.either(standing.staff)
    if now.no_phone and now.plan == "ring":
        return words.say(
            "You have no phone with you, so we look for you in the call and still ring the number we have. "
            "It will be %(who)s.",
            who=who,
        )
    match now.plan:
        case "ring" if now.given_last2:
            return words.say(
                "We call the number you gave (ends %(ends)s) within a minute. Please pick up: it will be %(who)s.",
                ends=now.given_last2,
                who=who,
            )
        case "ring":
            return words.say("We call you within a minute. Please pick up: it will be %(who)s.", who=who)
        case "text":
            return words.say("We text you within a minute, then call. It will be %(who)s.", who=who)
        case "relay":
            return words.say(
                "We reach you through your relay service within a minute. It will be %(who)s.", who=who
            )
        case "agreed":
            return words.say("We do what you agreed with us. It will be %(who)s.", who=who)
        case "no_number":
            return words.say("We have no number for you yet. Please add one, or ring us.")


def told(words: Words, standing: Standing, state: str | None, until: Any) -> str:
    """The answer to a button, in a sentence; empty when there is nothing to say."""
    clock = words.clock(until, standing.time_zone) if until is not None else ""
    match state:
        case "away":
            return words.say("We know: back by %(clock)s.", clock=clock)
        case "leaving":
            return words.say("We know: you leave at %(clock)s.", clock=clock)
        case "moment":
            return words.say("We know. %(who)s will come to you.", who=words.either(standing.staff))
        case "back":
            return words.say("Good to have you back.")
        case "note":
            return words.say("Sent.")
        case "place" | "number" | "kit":
            return words.say("Thank you, we have it.")
        case _:
            return ""


def mend(words: Words, problem: Problem) -> str:
    return {
        "where": words.say("Please write the street, or the name of the place."),
        "box": words.say("Please write where you are. Nobody can be found at a post office box."),
        "long": words.say("That is too long. Please shorten it."),
        "number": words.say("Please check this number: write it with its area code."),
        "emergency": words.say("That is an emergency number. Please give one that rings you."),
        "service": words.say("We cannot call this kind of number. Please give a direct one."),
        "note": words.say("Please write something first."),
        "minutes": words.say("Please choose a time."),
        "pin": words.say("A PIN has 4 to 8 digits. Not one digit again and again, and not 1234."),
        "pins": words.say("The two are not the same. Please type both again."),
        "wish": words.say("Please write what you would like to change."),
    }[problem]
