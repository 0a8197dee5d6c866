"""What each clinician practised, and who of the program signed what is practised with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class PracticeRun(Scoped, Base):
    """One scene answered, one time through the module, one protocol walked. No client, no incident: everybody in it is
    invented. `reached` of `possible`: points of a scene, right answers of the check, steps answered of those met."""

    __tablename__ = "practice_run"
    __table_args__ = (
        of_program(),
        within_program("staff_id", "staff_member"),
        within_program("released_by", "staff_member"),
        within_program("protocol_version_id", "protocol_version"),
        CheckConstraint("kind in ('scene', 'words', 'protocol')", name="kind"),
        CheckConstraint("(ended_at is null) = (outcome is null)", name="ended_with_outcome"),
        CheckConstraint("ended_at is not null or kind = 'words'", name="only_words_are_resumed"),
        CheckConstraint("(kind = 'protocol') = (protocol_version_id is not null)", name="of_a_version"),
        CheckConstraint(
            "outcome in ('right', 'too_low', 'too_high', 'passed', 'not_yet', 'finished', 'stopped')",
            name="outcome",
        ),
        CheckConstraint("(released_at is null) = (released_by is null)", name="released_by"),
        Index(
            "uq_practice_run_open",
            "program_id",
            "staff_id",
            "subject",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_practice_run_staff_id", "program_id", "staff_id", "begun_at"),
    )
    staff_id: Mapped[UUID]
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(comment="the name of the scene, the module or the protocol")
    version: Mapped[str]
    sha256: Mapped[str]
    protocol_version_id: Mapped[UUID | None]
    tier: Mapped[str | None]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reached: Mapped[int] = mapped_column(default=0)
    possible: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0, comment="at the short check of the module")
    kept: Mapped[bytes] = mapped_column(comment="sealed; what they answered, read and wrote, as JSON")
    released_at: Mapped[datetime | None] = mapped_column(
        comment="a supervisor talked with them; they begin anew"
    )
    released_by: Mapped[UUID | None]


class PracticeReview(Scoped, Base):
    """A supervisor read just this content and signed it, as protocols are signed. Changed content is to be read anew."""

    __tablename__ = "practice_review"
    __table_args__ = (
        of_program(),
        within_program("reviewed_by", "staff_member"),
        CheckConstraint("subject in ('scenes', 'words')", name="subject"),
        UniqueConstraint("program_id", "subject", "sha256"),
    )
    subject: Mapped[str]
    sha256: Mapped[str]
    reviewed_by: Mapped[UUID]
    reviewed_role: Mapped[str] = mapped_column(comment="as what they signed: their title on that day")
    reviewed_at: Mapped[datetime]
