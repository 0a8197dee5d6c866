"""Programs (the tenants), the people who work in them, and how they sign in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, new_id, of_program, within_program


class Program(Base):
    """A tenant. `outward_name` is what strangers may read or hear; it names no clinic and no reason.

    `lines` decides for every incident, step and attempt below it whether a call can leave the building
    (architecture 8b): a program that is not live can only ever have simulated lines.
    """

    __tablename__ = "program"
    __table_args__ = (
        CheckConstraint("kind in ('live', 'demo', 'drill', 'selftest')", name="kind"),
        CheckConstraint("lines in ('outside', 'simulated')", name="lines"),
        CheckConstraint("kind = 'live' or lines = 'simulated'", name="practice_is_simulated"),
        UniqueConstraint("id", "lines"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    outward_name: Mapped[str]
    kind: Mapped[str]
    lines: Mapped[str]
    region: Mapped[str] = mapped_column(
        comment="ISO country of the office, for reading numbers without a country code"
    )
    time_zone: Mapped[str]
    callback_number: Mapped[str] = mapped_column(comment="E.164, shown on phones, texts and voicemail (R11)")
    after_hours_number: Mapped[str | None] = mapped_column(comment="E.164, the published line (R11)")
    provider_account: Mapped[str] = mapped_column(comment="whose rate tokens its calls take")
    part2: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]


class StaffMember(Scoped, Base):
    __tablename__ = "staff_member"
    __table_args__ = (of_program(), UniqueConstraint("program_id", "email"))
    name: Mapped[str]
    first_name: Mapped[str] = mapped_column(comment="said to clients and on voicemail")
    title: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(comment="of clinician, supervisor, administrator")
    de_escalator: Mapped[bool] = mapped_column(
        default=False, comment="named as somebody to go with a client who is in distress"
    )
    passphrase_hash: Mapped[str | None]
    pin_hash: Mapped[str | None] = mapped_column(
        comment="argon2id; unlocks the screen and owns a keypad press"
    )
    totp_secret: Mapped[bytes | None] = mapped_column(comment="sealed")
    totp_last_step: Mapped[int | None] = mapped_column(
        comment="the last time step used, so that a code works once"
    )
    recovery_hashes: Mapped[list[str]] = mapped_column(default=list)
    enrol_hash: Mapped[bytes | None] = mapped_column(comment="SHA-256 of the invitation token")
    enrol_expires_at: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    access_seq: Mapped[int] = mapped_column(
        default=0, comment="seq of the last entry that changed what this person may see"
    )
    disabled_at: Mapped[datetime | None]
    made_at: Mapped[datetime]


class StaffPhone(Scoped, Base):
    """`number` is sealed E.164; `number_key` its keyed hash; never shown to clients."""

    __tablename__ = "staff_phone"
    __table_args__ = (
        of_program(),
        within_program("staff_id", "staff_member"),
        Index("ix_staff_phone_number_key", "program_id", "number_key"),
    )
    staff_id: Mapped[UUID]
    number: Mapped[bytes]
    number_key: Mapped[bytes]
    last2: Mapped[str]
    label: Mapped[str]
    rank: Mapped[int]


class StaffLicence(Scoped, Base):
    """Where a colleague may practise. A gap is a question to a person, never a lock (R8)."""

    __tablename__ = "staff_licence"
    __table_args__ = (
        of_program(),
        within_program("staff_id", "staff_member"),
        Index("ix_staff_licence_staff", "program_id", "staff_id"),
    )
    staff_id: Mapped[UUID]
    region: Mapped[str] = mapped_column(comment="US-OR")
    title: Mapped[str] = mapped_column(default="", comment="such as LCSW")
    expires_on: Mapped[date | None] = mapped_column(Date())
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class StaffAddress(Base):
    """Which program an e-mail address belongs to, by keyed hash; see db.UNSCOPED."""

    __tablename__ = "staff_address"
    email_key: Mapped[bytes] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    __table_args__ = (within_program("staff_id", "staff_member"),)


class SignIn(Scoped, Base):
    """A browser's sign-in, kept on the server. `stage` is passphrase until the second factor has been given."""

    __tablename__ = "sign_in"
    __table_args__ = (
        of_program(),
        within_program("staff_id", "staff_member"),
        UniqueConstraint("program_id", "token_hash"),
        CheckConstraint("stage in ('passphrase', 'full')", name="stage"),
    )
    staff_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    stage: Mapped[str]
    made_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    pin_failures: Mapped[int] = mapped_column(default=0)
    confirmed_until: Mapped[datetime | None] = mapped_column(
        comment="the PIN was given again for an export or a change of numbers; good until then"
    )


class SignInAttempt(Base):
    """Failures per keyed hash (of an address, of a network), for rate limits; see db.UNSCOPED."""

    __tablename__ = "sign_in_attempt"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    window_started_at: Mapped[datetime]


class EmergencyAccess(Scoped, Base):
    """Break-glass (SEC-2): one person, one client, an hour, a reason, and a supervisor who looks at it within a day."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        of_program(),
        within_program("staff_id", "staff_member"),
        within_program("client_id", "client"),
        within_program("reviewed_by", "staff_member"),
        CheckConstraint(
            "reason_code in ('client_called', 'covering', 'colleague_away', 'welfare', 'other')",
            name="reason_code",
        ),
        CheckConstraint("verdict in ('fitting', 'not_fitting')", name="verdict"),
        CheckConstraint("reviewed_by <> staff_id", name="somebody_else_reviews"),
        Index(
            "ix_emergency_access_open",
            "program_id",
            "staff_id",
            "client_id",
            postgresql_where=text("ended_at is null"),
        ),
        Index(
            "ix_emergency_access_to_review",
            "program_id",
            "opened_at",
            postgresql_where=text("reviewed_at is null"),
        ),
    )
    staff_id: Mapped[UUID]
    client_id: Mapped[UUID]
    reason_code: Mapped[str]
    reason: Mapped[bytes] = mapped_column(comment="sealed")
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(comment="given back before its time")
    review_due_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    verdict: Mapped[str | None]
    review: Mapped[bytes | None] = mapped_column(comment="sealed; what the supervisor found")
