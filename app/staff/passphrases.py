"""What makes a good passphrase or PIN, and how they are kept: argon2id, hashed in two threads of their own."""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import NotValid

T = TypeVar("T")

SHORTEST = 15  # NIST SP 800-63B-4 for a passphrase that could be the only factor
LONGEST = 256  # 64 and more must be allowed; without an end, hashing would be a way to keep us busy
PIN_SHORTEST, PIN_LONGEST = 6, 12

# RFC 9106, second recommended setting: 64 MiB and about 40 ms. Two at a time, so that a burst of sign-ins
# takes neither the memory nor the cores of the calls that are going out.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")

# Typed shapes of the usual letters: "P@55w0rd" is in every cracker's rules.
_SHAPES = str.maketrans("@4301!$57|", "aaeoiisstl")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "01234567890",
    "qwertzuiopasdfghjklyxcvbnm",
)


async def _threaded(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


async def hashed(secret: str) -> str:
    return await _threaded(lambda: _hasher.hash(secret))


async def matches(kept: str | None, secret: str) -> bool:
    """Takes as long when nothing is kept, so that the time tells nobody which accounts exist."""
    return await _threaded(lambda: _matches(kept, secret))


def _matches(kept: str | None, secret: str) -> bool:
    try:
        _hasher.verify(kept or _nobodys(), secret)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("the passphrase of nobody at all")


def outdated(kept: str) -> bool:
    return _hasher.check_needs_rehash(kept)


def check_passphrase(passphrase: str, own_words: Sequence[str]) -> None:
    """Raises NotValid with what to do. `own_words`: e-mail, names, program; things a stranger can look up."""
    if sentence := weakness(passphrase, own_words):
        raise NotValid(sentence, fields={"passphrase": sentence})


def weakness(passphrase: str, own_words: Sequence[str]) -> str | None:
    """Length and lists only: no rule about capitals or digits, which make worse passphrases (NIST)."""
    if len(passphrase) < SHORTEST:
        return (
            f"Use at least {SHORTEST} characters. Four or five words that do not belong together work well."
        )
    if len(passphrase) > LONGEST:
        return f"Use at most {LONGEST} characters."
    forms = _forms(passphrase)
    if any(form in _breached() or _is_pattern(form) for form in forms):
        return "This is among the first passphrases that attackers try. Put together words of your own."
    if any(_made_of(form, _common() | _words_of(own_words)) for form in forms):
        return "This is made of your name, your program or very common words. Put together other words."
    return None


def _words_of(texts: Sequence[str]) -> set[str]:
    """Each text as a whole, and its words: both "lee@example.org" and "lee" are easily found out."""
    whole = {re.sub(r"[\W_]+", "", text.casefold()) for text in texts}
    return {
        word for text in texts for word in re.split(r"[\W_]+", text.casefold()) if len(word) > 2
    } | whole - {""}


def _forms(passphrase: str) -> set[str]:
    folded = passphrase.casefold()
    return {re.sub(r"[\W_]+", "", form) for form in (folded, folded.translate(_SHAPES))}


def _is_pattern(form: str) -> bool:
    """Few different characters, one block again and again, or a walk along the keyboard."""
    if len(set(form)) < 6:
        return True
    if any(form == (form[:n] * len(form))[: len(form)] for n in range(1, len(form) // 2 + 1)):
        return True
    return _steps_along_rows(form) >= 0.8 * (len(form) - 1)


def _steps_along_rows(form: str) -> int:
    return sum(any(a + b in row or b + a in row for row in _ROWS) for a, b in pairwise(form))


def _made_of(form: str, words: set[str]) -> bool:
    """Known words and hardly anything else: fewer than six other characters can be tried out.

    More than three words are a passphrase again, even when each of them is common; numbers do not count as words.
    """
    longest = max(map(len, words), default=0)
    best = [(0, 0)]  # for each length: other characters left over, then how many words
    for end in range(1, len(form) + 1):
        others, count = best[end - 1]
        options = [(others + 1, count)]
        for start in range(max(0, end - longest), end):
            if form[start:end] in words:
                word = form[start:end]
                options.append((best[start][0], best[start][1] + (not word.isdigit())))
        best.append(min(options))
    others, count = best[-1]
    return others < 6 and count <= 3


@cache
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    """The bundled file: whole passphrases, an empty line, then words that passphrases are lazily made of."""
    text = files("app.staff").joinpath("breached.txt").read_text("utf-8")
    whole, _, words = text.partition("\n\n")
    return frozenset(whole.split()), frozenset(words.split())


def _breached() -> frozenset[str]:
    return _lists()[0]


def _common() -> set[str]:
    return set(_lists()[1])


def check_pin(pin: str) -> None:
    """Raises NotValid. A PIN opens a screen of somebody already signed in, five tries: length is enough, runs are not."""
    sentence = None
    if not re.fullmatch(rf"[0-9]{{{PIN_SHORTEST},{PIN_LONGEST}}}", pin):
        sentence = f"A PIN has {PIN_SHORTEST} to {PIN_LONGEST} digits."
    elif len(set(pin)) < 3 or len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) == 1:
        sentence = "This PIN is too easy to guess. Do not repeat digits or count up or down."
    if sentence:
        raise NotValid(sentence, fields={"pin": sentence})
