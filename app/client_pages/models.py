"""A client's PIN, and what they answered to the card "What happens if I drop?"."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class ClientPin(Scoped, Base):
    """One row per client who was ever offered a PIN. `window_until`: staff let them choose one on their own page.

    `pass_*`: the one device that gave the PIN, and until when it need not give it again.
    """

    __tablename__ = "client_pin"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("by_staff_id", "staff_member"),
        UniqueConstraint("program_id", "client_id"),
        CheckConstraint("how in ('client', 'with_staff')", name="how"),
    )
    client_id: Mapped[UUID]
    pin_hash: Mapped[str | None] = mapped_column(comment="argon2id")
    set_at: Mapped[datetime | None]
    how: Mapped[str | None] = mapped_column(
        comment="typed by the client on their page, or together with staff"
    )
    by_staff_id: Mapped[UUID | None] = mapped_column(comment="who opened the window, or typed with them")
    window_until: Mapped[datetime | None]
    pass_hash: Mapped[bytes | None]
    pass_link_id: Mapped[UUID | None]
    pass_until: Mapped[datetime | None]


class DropCardAnswer(Scoped, Base):
    """The client said yes to the card as it stood, or asked for a change. The newest counts (B16)."""

    __tablename__ = "drop_card_answer"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("handled_by", "staff_member"),
        CheckConstraint("answer in ('agreed', 'change')", name="answer"),
        Index("ix_drop_card_answer_client", "program_id", "client_id", "at"),
    )
    client_id: Mapped[UUID]
    group_session_id: Mapped[UUID]
    at: Mapped[datetime]
    answer: Mapped[str]
    card: Mapped[bytes] = mapped_column(comment="sealed; the lines as they were read, as JSON")
    card_digest: Mapped[bytes] = mapped_column(comment="tells whether the card has changed since")
    words: Mapped[bytes | None] = mapped_column(comment="sealed; what they ask to change")
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[UUID | None]
