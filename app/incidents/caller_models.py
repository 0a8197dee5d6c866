"""Who rings the office's own number, until somebody has spoken with them or has said what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class InboundCaller(Scoped, Base):
    """One number that rings us, however often: one row, and one card on the board, until it is over."""

    __tablename__ = "inbound_caller"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("rung_back_by", "staff_member"),
        within_program("over_by", "staff_member"),
        CheckConstraint("state in ('ringing', 'missed', 'over')", name="state"),
        Index(
            "uq_inbound_caller_standing",
            "program_id",
            "number_key",
            unique=True,
            postgresql_where=text("state <> 'over'"),
        ),
    )
    client_id: Mapped[UUID | None] = mapped_column(comment="whose number it is, as far as we know")
    number: Mapped[bytes | None] = mapped_column(comment="sealed E.164; none when it was withheld")
    number_key: Mapped[bytes]
    last2: Mapped[str | None]
    call_id: Mapped[str] = mapped_column(comment="the provider's id of the latest call")
    state: Mapped[str] = mapped_column(default="ringing")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    rung_back_at: Mapped[datetime | None] = mapped_column(comment="a person rang back and reached nobody")
    rung_back_by: Mapped[UUID | None]
    over_at: Mapped[datetime | None]
    over_by: Mapped[UUID | None]
    outcome: Mapped[str | None] = mapped_column(
        comment="put_through, spoke, nothing_needed, not_ours: how it ended"
    )
