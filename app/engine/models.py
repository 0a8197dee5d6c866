"""The engine's own row: held or running, and which database it believes it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class EngineState(Base):
    """One row. A database whose identity changed (a restore) starts held until an administrator releases it."""

    __tablename__ = "engine_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str | None]
    held_since: Mapped[datetime | None]
    held_reason: Mapped[str | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]
    last_tick: Mapped[datetime | None]
