"""Copies that clients let somebody have, and what those people say about their own details."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class CaregiverCopy(Scoped, Base):
    """Exactly what the client saw beforehand and chose. `body` is never changed: another choice is another copy."""

    __tablename__ = "caregiver_copy"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("contact_id", "emergency_contact"),
        within_program("plan_version_id", "safety_plan_version"),
        within_program("made_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        UniqueConstraint("program_id", "token_hash"),
        Index(
            "uq_caregiver_copy_standing",
            "program_id",
            "contact_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_caregiver_copy_client", "program_id", "client_id"),
    )
    client_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    plan_version_id: Mapped[UUID | None]
    language: Mapped[str]
    with_plan: Mapped[bool]
    with_coaching: Mapped[bool]
    body: Mapped[bytes] = mapped_column(comment="sealed; the chosen lines and words as JSON")
    token_hash: Mapped[bytes] = mapped_column(comment="SHA-256 of the link's token")
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(comment="the link was texted to their own number")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    pending_hash: Mapped[bytes | None] = mapped_column(comment="of the device that asked for the last code")
    code_hash: Mapped[bytes | None] = mapped_column(comment="keyed hash; works once")
    code_until: Mapped[datetime | None]
    codes_since: Mapped[datetime | None] = mapped_column(comment="when the counting of codes began")
    codes_sent: Mapped[int] = mapped_column(default=0)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    device_hash: Mapped[bytes | None] = mapped_column(comment="of the device that gave the code")
    device_until: Mapped[datetime | None]
    opened_times: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None] = mapped_column(comment="the last time")
    confirmed_at: Mapped[datetime | None] = mapped_column(comment="they said their details are right")


class CaregiverProposal(Scoped, Base):
    """How somebody's own details should read, in their words; staff accept it or not."""

    __tablename__ = "caregiver_proposal"
    __table_args__ = (
        of_program(),
        within_program("copy_id", "caregiver_copy"),
        within_program("client_id", "client"),
        within_program("contact_id", "emergency_contact"),
        within_program("decided_by", "staff_member"),
        CheckConstraint("decision in ('accepted', 'declined', 'replaced')", name="decision"),
        CheckConstraint("(decision is null) = (decided_at is null)", name="decided"),
        Index(
            "ix_caregiver_proposal_open",
            "program_id",
            "client_id",
            postgresql_where=text("decided_at is null"),
        ),
    )
    copy_id: Mapped[UUID]
    client_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    body: Mapped[bytes] = mapped_column(comment="sealed; number, language and good times as JSON")
    made_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
