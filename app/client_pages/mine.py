"""What is put on the pages behind a client's own PIN, and on the two that ask for it. Neither of those names anybody."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.client_pages import card, card_answers, card_words, door, pages
from app.client_pages.forms import Problem
from app.client_pages.side_pages import around, render
from app.client_pages.standing import Standing
from app.client_pages.words import Words
from app.db import Db
from app.plans import headings
from app.plans import queries as plans


async def ask(request: Request, db: Db, client: Standing) -> HTMLResponse:
    words = door.words_of(request, client.language)
    return render(request, words, "pin.html", choosing=False, **await around(db, client, words))


async def choose(
    request: Request,
    db: Db,
    client: Standing,
    *,
    typed: Mapping[str, str] | None = None,  # noqa: ARG001 -- a secret: never put back, unlike on other pages
    problems: Mapping[str, Problem] | None = None,
) -> HTMLResponse:
    words = door.words_of(request, client.language)
    return render(
        request,
        words,
        "pin.html",
        422 if problems else 200,
        choosing=True,
        problems=_mended(words, problems),
        **await around(db, client, words),
    )


async def page(
    request: Request,
    db: Db,
    client: Standing,
    *,
    said: str = "",
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> HTMLResponse:
    words = door.words_of(request, client.language)
    return render(
        request,
        words,
        "mine.html",
        422 if problems else 200,
        said=said,
        typed=typed or {},
        problems=_mended(words, problems),
        **await _card(db, client, words),
        **await _plan(db, client, words),
        **await around(db, client, words),
    )


async def _card(db: Db, client: Standing, words: Words) -> dict[str, Any]:
    found = await card.card_of(db, client)
    last = await card_answers.last_answer(db, client.program_id, client.client_id)
    answered, signed = None, False
    if last is not None:
        day = words.day(last.at, client.time_zone)
        same = found is not None and found.digest == last.digest
        answered = _answered(words, last, day, same=same)
        signed = same and last.answer == "agreed"
    return {
        "lines": card_words.lines(words, found, client.staff) if found else [],
        "people": [(person, may_word(words, person.may)) for person in found.people] if found else [],
        "answered": answered,
        "signed": signed,
    }


def may_word(words: Words, may: str) -> str:
    match may:
        case "yes":
            return words.say("we may call them")
        case "danger":
            return words.say("only if a life is in danger")
        case _:
            return words.say("we do not call them")


def _answered(words: Words, last: card_answers.Answer, day: str, *, same: bool) -> str:
    if last.answer == "change":
        if last.handled_at is None:
            return words.say("You asked for a change on %(day)s. We will talk about it with you.", day=day)
        return words.say("You asked for a change on %(day)s, and we talked about it.", day=day)
    if same:
        return words.say("You said yes to this on %(day)s.", day=day)
    return words.say("This has changed since you said yes on %(day)s. Please read it again.", day=day)


async def _plan(db: Db, client: Standing, words: Words) -> dict[str, Any]:
    found = (await plans.agreed(db, client.program_id, [client.client_id])).get(client.client_id)
    if found is None:
        return {"plan": [], "agreed": None, "plan_language": words.code}
    named = headings.PARTS[headings.language_of(words.code)]
    return {
        "plan": [(named[section.part], [item.words for item in section.items]) for section in found.sections],
        "agreed": words.day(found.agreed_at, client.time_zone),
        "plan_language": found.language,
    }


def _mended(words: Words, problems: Mapping[str, Problem] | None) -> dict[str, str]:
    return {name: pages.mend(words, problem) for name, problem in (problems or {}).items()}
