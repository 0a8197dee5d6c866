"""Tables' common ground, and the one way to open a transaction.

Every table has `program_id` and keys of the form (program_id, id), primary and foreign, so that the database itself
refuses a reference from one program to another. The web role is held to one program per transaction by row security.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    any_,
    bindparam,
    literal,
    select,
)
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.clock import Clock
from app.seal import Seal

WEB_ROLE = "handrail_web"
ENGINE_ROLE = "handrail_engine"

# The tables that belong to no program, each with the reason why.
UNSCOPED = {
    "program": "is the program",
    "staff_address": "finds the program of an e-mail address (a keyed hash) before anybody has signed in",
    "sign_in_attempt": "limits guesses per keyed hash of address and network, before a program is known",
    "rate_token": "the provider counts calls per account, which programs may share",
    "engine_state": "one engine serves all programs: held or not, its last tick, which database it knows",
    "hearing": "until when each web process could hear companion pages of any program",
    "deaf_interval": "times in which no web process could hear",
}

Db = AsyncSession


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        str: Text(),
        bytes: LargeBinary(),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[str]: ARRAY(Text()),
    }


def new_id() -> UUID:
    return uuid4()


class Scoped:
    """(program_id, id) as the primary key."""

    program_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


def within_program(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the program."""
    return ForeignKeyConstraint(["program_id", column], [f"{table}.program_id", f"{table}.id"])


def of_program() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["program_id"], ["program.id"])


def among(column: InstrumentedAttribute[Any], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """`in_` is another statement for each number of ids, put together, parsed and planned anew."""
    return column == any_(literal(list(ids), ARRAY(Uuid())))


def given(column: InstrumentedAttribute[Any], name: str = "ids") -> ColumnElement[bool]:
    """The same of ids that come as a value of this name (a list), for a statement that is put together once. On the way
    of every step and call, putting statements together took a sixth of the engine's time."""
    return column == any_(bindparam(name, type_=ARRAY(Uuid())))


# The newest seq of a program's journal, and the hash of that entry.
Head = tuple[int, bytes]
Announce = Callable[[UUID, int, bool], None]
Wrote = Callable[[UUID, "Written"], None]
Expects = Callable[[UUID, UUID, UUID], None]


class Database:
    """One engine under one role. `announce(program_id, seq, calm)` is called after a commit that wrote journal entries,
    and before it `wrote`, for who needs not ask the database what this process itself has just written.
    `expects(program_id, group_session_id, client_id)`: an emergency about them is under way, and may yet be refused."""

    def __init__(self, url: str, *, role: str, clock: Clock, seal: Seal, pool_size: int = 10) -> None:
        self.url = url
        self.role = role
        self.clock = clock
        self.seal = seal
        self.announce: Announce = lambda _program_id, _seq, _calm: None
        self.wrote: Wrote = lambda _program_id, _written: None
        self.expects: Expects = lambda _program_id, _group_session_id, _client_id: None
        self.heads: dict[UUID, Head] | None = None
        opening = select(
            sql.set_config("handrail.program", bindparam("program", type_=Text()), literal(True)),
            sql.set_config("plan_cache_mode", bindparam("plans", type_=Text()), literal(True)),
            clock.sql_now().label("now"),
        )
        # Compiled once: every transaction begins with it.
        self._opening: Any = opening.compile(dialect=_DIALECT)
        self._connect_args = {
            "server_settings": {"role": role, "application_name": role, "timezone": "UTC"},
            "command_timeout": 15,
            "timeout": 5,
        }
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=5,
            pool_timeout=10,
            # A connection plans a statement that it has met a few times no more, and a server process that is used all
            # the time stays warm: taken in turn, ten of them met everything ten times as late.
            pool_use_lifo=True,
            # Error texts end up in logs; parameters are what people typed.
            hide_parameters=True,
            connect_args=self._connect_args,
        )

    @asynccontextmanager
    async def transaction(
        self, program_id: UUID | None, *, isolation: str | None = None, plan_once: bool = False
    ) -> AsyncIterator[Db]:
        """Commits at the end, or not at all. `None` spans programs and is for the engine's role only.

        The transaction's time is `now_of(db)`: read once, in the same round trip that sets the program. `plan_once`: each
        statement is planned once per connection, for any values. For few rows by their keys, where planning anew took as
        long as running; not for thousands at once, nor for ranges.
        """
        db = AsyncSession(self.engine, expire_on_commit=False, autoflush=False)
        try:
            async with db.begin():
                await db.run_sync(self._open, program_id, isolation, plan_once)
                yield db
        finally:
            await db.close()
        for written_program, entries in written(db).items():
            self._keep_head(written_program, entries.head)
            self.wrote(written_program, entries)
            self.announce(written_program, entries.seq, entries.calm)

    def _open(
        self, session: Session, program_id: UUID | None, isolation: str | None, plan_once: bool
    ) -> None:
        """Past SQLAlchemy's own way of executing, which takes longer than everything else in an empty transaction."""
        options = {"isolation_level": isolation} if isolation else None
        connection = session.connection(execution_options=options)
        known = self._opening.construct_params(
            {"program": str(program_id or ""), "plans": "force_generic_plan" if plan_once else "auto"}
        )
        values = tuple(known[name] for name in self._opening.positiontup)
        try:
            cursor = connection.connection.cursor()
            cursor.execute(str(self._opening), values)
            *_, now = cursor.fetchone() or (None,)
        except Exception:  # noqa: BLE001  whatever it is, SQLAlchemy says it in its own words
            # A server that went away takes all connections with it; only SQLAlchemy's way forgets them all at once.
            *_, now = connection.exec_driver_sql(str(self._opening), values).one()
        except BaseException:
            # Cancelled in the middle: the transaction may have begun, and SQLAlchemy does not know of it. As it does
            # with its own statements, nobody gets this connection again.
            connection.invalidate()
            raise
        driver = connection.connection.driver_connection
        session.info.update(
            now=now,
            seal=self.seal,
            program_id=program_id,
            driver=driver,
            heads=self.heads or {},
            expects=self.expects,
        )

    def keep_heads(self) -> Callable[[UUID | None, int], None]:
        """From now on a journal is written from where this process left it, without asking where it stands; whoever
        writes meanwhile costs one more round trip. Gives what to tell of others' writing: a program (None: any) and its
        newest seq. Only for who hears of every one of them."""
        heads: dict[UUID, Head] = {}
        self.heads = heads

        def elsewhere(program_id: UUID | None, seq: int) -> None:
            if program_id is None:
                heads.clear()
            elif program_id in heads and heads[program_id][0] < seq:
                del heads[program_id]

        return elsewhere

    def _keep_head(self, program_id: UUID, head: Head) -> None:
        if self.heads is not None and self.heads.get(program_id, head)[0] <= head[0]:
            self.heads[program_id] = head

    async def connect(self) -> "asyncpg.Connection[Any]":
        """Outside the pool and outside transactions, for who reads all the time; no program is set. Theirs to close."""
        url = self.url.replace("postgresql+asyncpg://", "postgresql://", 1)
        return await asyncpg.connect(url, **self._connect_args)

    async def close(self) -> None:
        await self.engine.dispose()


def now_of(db: Db) -> datetime:
    """The time of this transaction, from the one clock."""
    now: datetime = db.info["now"]
    return now


def seal_of(db: Db) -> Seal:
    seal: Seal = db.info["seal"]
    return seal


def conceal(db: Db, row: Base, column: str, plain: str | None) -> bytes | None:
    """Seals `plain` for this field of this row and sets it. The row needs its ids first: the seal is bound to them."""
    sealed = None
    if plain is not None:
        sealed = seal_of(db).seal(plain, table=row.__tablename__, column=column, **_place(row))
    setattr(row, column, sealed)
    return sealed


def reveal(db: Db, row: Base, column: str) -> str | None:
    """The plain value of a sealed field. Reveals of the most sensitive fields are journalled by the caller."""
    sealed: bytes | None = getattr(row, column)
    if sealed is None:
        return None
    return seal_of(db).open(sealed, table=row.__tablename__, column=column, **_place(row))


def _place(row: Any) -> dict[str, UUID | str]:
    key = str(row.seq) if hasattr(row, "seq") else row.id
    return {"row_id": key, "program_id": row.program_id}


_DIALECT = dialect()  # type: ignore[no-untyped-call]


class Written(NamedTuple):
    """The first and the last journal seq of a program's, and what the entries between are about. `calm`: no entry makes
    anything due sooner. `along`: what else whoever wrote it told."""

    first: int
    head: Head
    calm: bool
    kinds: frozenset[str]
    incidents: frozenset[UUID]
    along: object = None

    @property
    def seq(self) -> int:
        return self.head[0]


def written(db: Db) -> dict[UUID, Written]:
    """What this transaction wrote to journals, per program."""
    found: dict[UUID, Written] = db.info.setdefault("written", {})
    return found


def tell_along(db: Db, program_id: UUID, what: object) -> None:
    """For readers in this process, with the entries that were just written."""
    written(db)[program_id] = written(db)[program_id]._replace(along=what)


def expect(db: Db, group_session_id: UUID, client_id: UUID) -> None:
    """See `Database.expects`."""
    db.info["expects"](db.info["program_id"], group_session_id, client_id)
