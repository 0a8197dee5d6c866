"""How often one link or one network may ask, counted in this process: enough to stop a flood, far above a person."""

from datetime import datetime, timedelta

from fastapi import FastAPI

from app.errors import TooMany

WINDOW = timedelta(minutes=1)
# Against floods, not guesses (a token has 192 random bits): behind a proxy every client of every program shares one
# address, and they all press within a minute of the full hour.
PRESSES_PER_NETWORK = 3000
ACTS_PER_LINK = 40
# A page in plain-request mode beats 12 times a minute, and once for each change between visible and hidden.
BEATS_PER_LINK = 120
MOST_KEYS = 20_000


class Limiter:
    def __init__(self) -> None:
        self._counts: dict[str, tuple[datetime, int]] = {}

    def count(self, key: str, allowed: int, now: datetime) -> None:
        """Raises TooMany from the request after `allowed` in a window."""
        since, count = self._counts.get(key, (now, 0))
        if now - since >= WINDOW:
            since, count = now, 0
        if len(self._counts) >= MOST_KEYS:
            self._counts = {k: v for k, v in self._counts.items() if now - v[0] < WINDOW}
        self._counts[key] = (since, count + 1)
        if count >= allowed:
            raise TooMany("That was very often. Please wait a minute, or ring us.")


def limiter_of(app: FastAPI) -> Limiter:
    limiter: Limiter | None = getattr(app.state, "client_page_limiter", None)
    if limiter is None:
        limiter = app.state.client_page_limiter = Limiter()
    return limiter
