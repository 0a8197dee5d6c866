"""The provider's side: what it told us, once each, and how fast it lets us go."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKeyConstraint, Index
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program


class RateToken(Base):
    """Next moment at which an account may start another call or text; see db.UNSCOPED.

    The row's lock makes one process at a time choose what the account starts next. `served` keeps when each
    program last had its turn, so that programs which share an account take turns.
    """

    __tablename__ = "rate_token"
    account: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]
    per_second: Mapped[float] = mapped_column(Float())
    served: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refused: Mapped[int] = mapped_column(
        default=0, comment="how often in a row the provider refused for now; it is left alone ever longer"
    )


class SimulatedCall(Scoped, Base):
    """A phone of the simulated lines: what rings, what it shows, how it was answered. Demo, drills, self-test, tests."""

    __tablename__ = "simulated_call"
    __table_args__ = (of_program(), Index("ix_simulated_call_attempt", "program_id", "attempt_id"))
    attempt_id: Mapped[UUID]
    provider_id: Mapped[str]
    channel: Mapped[str]
    number_key: Mapped[bytes]
    last2: Mapped[str]
    shows: Mapped[str] = mapped_column(comment="the caller id a person would see")
    words: Mapped[str | None] = mapped_column(comment="what was last said or texted: neutral by construction")
    state: Mapped[str]
    answered_as: Mapped[str | None]
    conference: Mapped[str | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(
        comment="when the phone does something by itself: rings out, hangs up"
    )


class PlainText(Scoped, Base):
    """A text outside of any incident: a link or a code to somebody's own number. Or a ring of our own people, who are asked
    to look. Written once, sent once.

    `words` may hold a code and is emptied as soon as the text has left. Nothing here rings, and nothing is tried
    again by itself: whoever asked presses once more.
    """

    __tablename__ = "plain_text"
    __table_args__ = (
        of_program(),
        CheckConstraint("lines in ('outside', 'simulated')", name="lines"),
        CheckConstraint("channel in ('text', 'call')", name="channel"),
        CheckConstraint(
            "status in ('planned', 'sending', 'sent', 'failed', 'unknown', 'voided', 'cancelled')",
            name="status",
        ),
        ForeignKeyConstraint(["program_id", "signal_id"], ["client_signal.program_id", "client_signal.id"]),
        Index(
            "ix_plain_text_signal",
            "void_after",
            postgresql_where=sql_text("signal_id is not null and let_go_at is null"),
        ),
        Index(
            "ix_plain_text_planned", "due_at", postgresql_where=sql_text("status in ('planned', 'sending')")
        ),
    )
    lines: Mapped[str]
    provider_account: Mapped[str]
    channel: Mapped[str] = mapped_column(default="text", server_default=sql_text("'text'"))
    client_id: Mapped[UUID | None] = mapped_column(comment="about whom; in no text")
    contact_id: Mapped[UUID | None]
    signal_id: Mapped[UUID | None] = mapped_column(comment="the quiet signal that it asks people to look at")
    number: Mapped[bytes] = mapped_column(comment="sealed E.164")
    number_key: Mapped[bytes]
    last2: Mapped[str]
    words: Mapped[bytes | None] = mapped_column(comment="sealed; emptied when it has left")
    status: Mapped[str] = mapped_column(default="planned")
    due_at: Mapped[datetime]
    void_after: Mapped[datetime]
    sending_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    error_code: Mapped[str | None]
    let_go_at: Mapped[datetime | None] = mapped_column(
        comment="of a ring: it was picked up, or ended because the signal had been answered"
    )
