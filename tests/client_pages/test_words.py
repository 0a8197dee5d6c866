"""Every sentence in every language, and who gets which."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app import client_pages
from app.client_pages.line_words import note
from app.client_pages.words import LANGUAGES, LOCALES, choose, words_in
from app.places import hours
from app.places.queries import Listed
from tests.client_pages.conftest import Room

PACKAGE = Path(client_pages.__file__).parent
OTHERS = sorted(set(LANGUAGES) - {"en"})


def sentences() -> set[str]:
    found = extract_from_dir(
        PACKAGE, [("**.py", "python"), ("templates/**.html", "jinja2")], keywords={"say": None, "_": None}
    )
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def slots(sentence: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", sentence))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_is_complete(language: str) -> None:
    with (LOCALES / language / "LC_MESSAGES" / "client_pages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    translated = {message.id: message for message in catalogue if message.id}
    wanted = sentences()
    assert len(wanted) > 80, "the sentences were not found"
    assert wanted - set(translated) == set(), "missing"
    assert set(translated) - wanted == set(), "no longer said"
    for sentence, message in translated.items():
        assert message.string, sentence
        assert not message.fuzzy, sentence
        assert slots(message.string) == slots(sentence), sentence


def test_a_missing_sentence_is_said_in_english_and_marked() -> None:
    assert words_in("es").say("Nobody has translated this.") == "[English] Nobody has translated this."
    assert words_in("es").say("Until %(day)s.", day="June") == "[English] Until June."
    assert words_in("en").say("Nobody has translated this.") == "Nobody has translated this."


async def test_no_page_shows_a_mark(room: Room) -> None:
    await room.expects("Luz", phone="+15035550166", language="es", minor=True)
    phone = await room.phone_of("Luz")
    pages = [await phone.page()]
    await phone.taps("here", place="same")
    pages += [(await phone.opens(f"/c/{name}")).text for name in ("here", "kit", "calm", "help", "mine")]
    assert [page for page in pages if "[English]" in page] == []


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (("es", "en"), "es"),
        ((None, "es-MX,es;q=0.9,en;q=0.8"), "es"),
        (("xx", "fr-FR, es;q=0.5"), "es"),
        (("", None, "de"), "en"),
        (("../../etc", "*" * 5000), "en"),
    ],
)
def test_the_first_wish_that_can_be_met(wishes: tuple[str | None, ...], code: str) -> None:
    assert choose(*wishes).code == code


async def test_a_client_reads_their_own_language_and_may_change_it(room: Room) -> None:
    """R24."""
    await room.expects("Luz", phone="+15035550166", language="es", home_label="Casa")
    phone = await room.phone_of("Luz")
    page = await phone.page()
    assert '<html lang="es">' in page
    assert "¿Está en Casa, como siempre?" in page
    assert "Le llamamos en menos de un minuto. Conteste, por favor: será Maya o Jon." in page
    assert "<title>Antes de las 7:30</title>" in page
    await phone.taps("here", place="same")
    assert "Hay conexión" in await phone.page()
    english = (await phone.opens("/c/here?lang=en")).text
    assert "You’re connected" in english
    assert "You’re connected" in await phone.page(), "the choice stays"
    assert "You’re connected" in (await phone.opens("/c/here?lang=xx")).text


async def test_the_first_page_follows_the_browser(room: Room) -> None:
    path = await room.link_for("Ana")
    shown = await (await room.phone()).opens(path, **{"Accept-Language": "es-MX"})
    assert "Antes de empezar" in shown.text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Mon-Fri 7 AM-9 PM; Sat, Sun 9 AM-5 PM", "de lunes a viernes, de 7:00 a 21:00; sábado y domingo, de 9:00 a 17:00"),
        ("8 AM to midnight", "todos los días, de 8:00 a medianoche"),
        ("by appointment", "horario, como lo tenemos escrito: «by appointment»"),
        ("", ""),
    ],
)  # fmt: skip
def test_hours_of_a_line_are_said_in_the_language_of_the_page_or_quoted(typed: str, read: str) -> None:
    line = Listed(
        "Invented clinic", "Larch Falls", "+14065550112", typed, hours.read(typed), whole_country=False
    )
    assert note(words_in("es"), line) == ", ".join(part for part in ("Larch Falls", read) if part)
    assert note(words_in("en"), line) == ", ".join(part for part in ("Larch Falls", typed) if part)
    everywhere = replace(line, area="everywhere", whole_country=True)
    assert note(words_in("es"), everywhere).startswith("en todo el país")
