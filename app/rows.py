"""Many rows in one round trip, known to no session: when 10,000 people are lost at once, whatever is done for each row
is most of the time that it takes."""

import json
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm.attributes import manager_of_class

from app.db import Base, Db
from app.prepared import Prepared

Model = TypeVar("Model", bound=Base)


def unsaved(model: type[Model], **values: Any) -> Model:
    """A row that is written with `insert_rows`: defaults filled in, known to no session.

    The mapped constructor takes 40 us a row, most of it for change tracking that a new row does not need; when
    10,000 people are lost at once that is a second.
    """
    manager = manager_of_class(model)
    row: Model = manager.new_instance()
    defaults, made = _defaults(model)
    row.__dict__.update(defaults)
    row.__dict__.update(values)
    for name, make in made.items():
        if name not in values:
            row.__dict__[name] = make()
    return row


@cache
def _defaults(model: type[Base]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """Scalar defaults (None where there is none), and what must be made anew for each row."""
    scalar: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {}
    for column in model.__table__.columns:
        default: Any = column.default
        scalar[column.key] = default.arg if default is not None and default.is_scalar else None
        if default is not None and default.is_callable:
            made[column.key] = partial(default.arg, None)
    return scalar, made


async def insert_rows(db: Db, rows: Sequence[Base]) -> None:
    """Inserts `unsaved` rows of one table in one round trip."""
    if not rows:
        return
    held = [row.__dict__ for row in rows]
    values: dict[str, Any] = {}
    alike = set()
    for column in rows[0].__table__.columns:
        found = [row[column.key] for row in held]
        if isinstance(column.type, JSONB):
            found = [json.dumps(value) for value in found]
        # Half of an incident's columns are the same for all who are lost at once; the driver looks at each element of
        # an array four times.
        if found.count(found[0]) == len(found):
            alike.add(column.key)
            values[column.key] = found[0]
        else:
            values[column.key] = found
    await _insert(type(rows[0]), frozenset(alike)).rows(db, **values)


async def insert_together(db: Db, *rows: Base) -> None:
    """Inserts one `unsaved` row of each of several tables in one round trip; they may refer to each other."""
    values = {
        f"{place}_{column.key}": json.dumps(held) if isinstance(column.type, JSONB) else held
        for place, row in enumerate(rows)
        for column in row.__table__.columns
        for held in [row.__dict__[column.key]]
    }
    await _insert_of_each(tuple(type(row) for row in rows)).rows(db, **values)


@cache
def _insert_of_each(models: tuple[type[Base], ...]) -> Prepared:
    *first, last = [_insert_of(model, f"{place}_") for place, model in enumerate(models)]
    named = ", ".join(f"t{place} as ({words})" for place, words in enumerate(first))
    return Prepared(f"with {named} {last}" if named else last)


def _insert_of(model: type[Base], prefix: str) -> str:
    columns = model.__table__.columns
    names = ", ".join(f'"{column.key}"' for column in columns)
    taken = ", ".join(_value(column, prefix) for column in columns)
    return f'insert into "{model.__tablename__}" ({names}) select {taken}'


@cache
def _insert(model: type[Base], alike: frozenset[str]) -> Prepared:
    """`alike` are the columns with one value for all rows; without any other there is one row."""
    columns = model.__table__.columns
    names = ", ".join(f'"{column.key}"' for column in columns)
    each = [column for column in columns if column.key not in alike]
    taken = ", ".join(_value(column) if column.key in alike else f'n."{column.key}"' for column in columns)
    if not each:
        return Prepared(_insert_of(model, ""))
    arrays = ", ".join(_array(column) for column in each)
    fields = ", ".join(f'"{column.key}"' for column in each)
    return Prepared(
        f'insert into "{model.__tablename__}" ({names}) select {taken} from unnest({arrays}) n ({fields})'  # noqa: S608
    )


def _value(column: ColumnElement[Any], prefix: str = "") -> str:
    kind, name = column.type.compile(dialect=_DIALECT), f"{prefix}{column.key}"
    return f"cast(cast(:{name} as text) as jsonb)" if kind == "JSONB" else f"cast(:{name} as {kind})"


def _array(column: ColumnElement[Any]) -> str:
    kind = column.type.compile(dialect=_DIALECT)
    if isinstance(column.type, JSONB):
        return f"cast(cast(:{column.key} as text[]) as jsonb[])"
    return f"cast(:{column.key} as {kind}[])"


_DIALECT = dialect()  # type: ignore[no-untyped-call]
