"""Which version of which protocol a program runs; an incident points at the version it started with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.db import Base, Scoped, of_program


class ProtocolVersion(Scoped, Base):
    """`body` is the parsed file; a published version never changes (its sha256 is checked)."""

    __tablename__ = "protocol_version"
    __table_args__ = (
        of_program(),
        UniqueConstraint("program_id", "protocol", "version"),
        CheckConstraint("status in ('draft', 'approved', 'retired')", name="status"),
    )
    protocol: Mapped[str]
    version: Mapped[str]
    body: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    status: Mapped[str]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
