"""Code words: kept sealed, revealed to few, and forgotten when they are replaced."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class CodeWord(Scoped, Base):
    """Of one client, or (pause only) of a whole group. An ended word keeps who and when; its phrase is gone.

    The group's key points upward, to a package above this one: only the database follows it.
    """

    __tablename__ = "code_word"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("group_id", "group"),
        within_program("set_by", "staff_member"),
        CheckConstraint("kind in ('danger', 'pause', 'all_clear')", name="kind"),
        CheckConstraint("form in ('words', 'hand_sign')", name="form"),
        CheckConstraint("ended_why in ('replaced', 'withdrawn')", name="ended_why"),
        CheckConstraint("num_nonnulls(client_id, group_id) = 1", name="one_owner"),
        CheckConstraint("group_id is null or kind = 'pause'", name="group_pause"),
        CheckConstraint("(ended_at is null) = (phrase is not null)", name="forgotten"),
        Index(
            "uq_code_word_client",
            "program_id",
            "client_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at is null and client_id is not null"),
        ),
        Index(
            "uq_code_word_group",
            "program_id",
            "group_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at is null and group_id is not null"),
        ),
    )
    client_id: Mapped[UUID | None]
    group_id: Mapped[UUID | None]
    kind: Mapped[str]
    form: Mapped[str] = mapped_column(default="words")
    phrase: Mapped[bytes | None] = mapped_column(comment="sealed; gone when the word has ended")
    set_at: Mapped[datetime]
    set_by: Mapped[UUID]
    used_at: Mapped[datetime | None]
    exposed_at: Mapped[datetime | None] = mapped_column(comment="somebody else heard, saw or learnt it")
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class CodeWordKnown(Scoped, Base):
    """Who knows a word beside the client: staff who set it or were shown it, and a contact who was told under a release."""

    __tablename__ = "code_word_known"
    __table_args__ = (
        of_program(),
        within_program("word_id", "code_word"),
        within_program("staff_id", "staff_member"),
        within_program("contact_id", "emergency_contact"),
        within_program("release_id", "release"),
        within_program("told_by", "staff_member"),
        CheckConstraint("num_nonnulls(staff_id, contact_id) = 1", name="one_person"),
        CheckConstraint("(contact_id is null) = (release_id is null)", name="under_a_release"),
        UniqueConstraint("program_id", "word_id", "staff_id"),
        UniqueConstraint("program_id", "word_id", "contact_id"),
    )
    word_id: Mapped[UUID]
    staff_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    release_id: Mapped[UUID | None]
    told_by: Mapped[UUID | None]
    since: Mapped[datetime]
    rehearsed_at: Mapped[datetime | None]
