"""Statements on the way of a drop to the boards: compiled once, sent to the driver as they are.

A statement through SQLAlchemy costs about 0.1 ms of processor time, through the driver alone 0.02; a drop makes fifteen,
and two hundred of them in a second leave 5 ms for each. They run in the transaction at hand, like any other.
"""

from collections import namedtuple
from collections.abc import Callable
from typing import Any, cast

import asyncpg
from asyncpg.exceptions import InternalClientError
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

_DIALECT = dialect()  # type: ignore[no-untyped-call]


class Prepared:
    """Values are named as in `text`: `:program`. Rows come back as named tuples."""

    def __init__(self, words: str) -> None:
        compiled = text(words).compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._names: list[str] = list(cast(Any, compiled).positiontup)
        self._row: Callable[..., Any] | None = None

    async def rows(self, db: AsyncSession, **values: Any) -> list[Any]:
        """Raises SQLAlchemy's DBAPIError, whatever the driver raised, so that callers need not know the difference."""
        # Put there when the transaction began: asking the session for it anew took a quarter of a round trip.
        driver: Any = db.info["driver"]
        try:
            return await self.fetch(driver, **values)
        except (
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            InternalClientError,
            OSError,
            TimeoutError,
        ) as error:
            # An ending that arrives in the middle of asking confuses the driver before it knows that it is closed.
            gone = driver.is_closed() or isinstance(error, InternalClientError)
            if gone:
                db.sync_session.connection().invalidate()
            raise _told(error, gone) from error

    async def fetch(self, driver: Any, **values: Any) -> list[Any]:
        """For a connection of the driver's own. Raises the driver's errors."""
        found = await driver.fetch(self._sql, *[values[name] for name in self._names])
        if not found:
            return []
        if self._row is None:
            self._row = namedtuple("Row", found[0].keys())  # type: ignore[misc]
        return [self._row(*record) for record in found]


def _told(error: Exception, gone: bool) -> DBAPIError:
    kind = DBAPIError
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        kind = IntegrityError
    elif gone or not isinstance(error, asyncpg.PostgresError):
        kind = OperationalError
    return kind(None, None, error, hide_parameters=True, connection_invalidated=gone)
