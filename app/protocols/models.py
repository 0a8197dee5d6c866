"""Which version of which protocol a program runs; an incident points at the version it started with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class ProtocolVersion(Scoped, Base):
    """`body` is the parsed file; a version that was signed never changes (its sha256 is checked).

    draft (read it) -> approved (signed) -> published (new incidents use it) -> retired (read only).
    """

    __tablename__ = "protocol_version"
    __table_args__ = (
        of_program(),
        within_program("approved_by", "staff_member"),
        within_program("published_by", "staff_member"),
        within_program("retired_by", "staff_member"),
        within_program("replaced_by", "protocol_version"),
        UniqueConstraint("program_id", "protocol", "version"),
        CheckConstraint("status in ('draft', 'approved', 'published', 'retired')", name="status"),
        CheckConstraint(
            "status in ('draft', 'retired') or approved_at is not null", name="signed_before_use"
        ),
        CheckConstraint("status <> 'published' or published_at is not null", name="published_at_a_time"),
        Index(
            "uq_protocol_version_published",
            "program_id",
            "protocol",
            unique=True,
            postgresql_where=text("status = 'published'"),
        ),
    )
    protocol: Mapped[str]
    version: Mapped[str]
    # Not jsonb, which sorts keys: answers stand in the order of the file.
    body: Mapped[dict[str, Any]] = mapped_column(JSON())
    sha256: Mapped[str]
    status: Mapped[str]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    approved_role: Mapped[str | None] = mapped_column(comment="as what they signed: their title on that day")
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    retired_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None] = mapped_column(
        comment="the version that took its place; null when a person took it out of use"
    )
    made_at: Mapped[datetime]
