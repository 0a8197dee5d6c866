"""The journal's tables: a head per program, entries kept for ever, and their detail, which can be purged."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, of_program


class JournalHead(Base):
    """The last seq and hash of a program: its row is the last lock that a writing transaction takes."""

    __tablename__ = "journal_head"
    __table_args__ = (of_program(),)
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]


class Entry(Base):
    """One line of the journal. No content: ids, times and hashes only; the app roles may insert and read, never change.

    No foreign key to the program: every writer holds the program's head, and 10,000 checks of one row cost a tenth
    of a second.
    """

    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_incident", "program_id", "incident_id", "seq"),
        Index("ix_entry_client", "program_id", "client_id", "seq"),
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    incident_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    group_session_id: Mapped[UUID | None]
    wakes: Mapped[bool]
    detail_hash: Mapped[bytes | None]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class EntryDetail(Base):
    """Words, numbers and places of an entry, sealed; purging deletes the row and leaves the entry."""

    __tablename__ = "entry_detail"
    __table_args__ = (
        ForeignKeyConstraint(["program_id", "seq"], ["entry.program_id", "entry.seq"]),
        Index("ix_entry_detail_retention", "program_id", "retention"),
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    salt: Mapped[bytes]
    sealed: Mapped[bytes]
    retention: Mapped[str]


class EntryPurge(Base):
    """Which class a purged detail belonged to, so that verify can say so instead of calling the chain broken."""

    __tablename__ = "entry_purge"
    __table_args__ = (ForeignKeyConstraint(["program_id", "seq"], ["entry.program_id", "entry.seq"]),)
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    retention: Mapped[str]
    purged_at: Mapped[datetime]


class Command(Base):
    """A write that has been carried out: the browser's command id or a webhook's delivery id, once per program."""

    __tablename__ = "command"
    __table_args__ = (of_program(), Index("ix_command_recorded_at", "recorded_at"))
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recorded_at: Mapped[datetime]
