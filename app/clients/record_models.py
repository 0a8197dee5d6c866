"""What stands beside a client's record: its versions, what is being typed, guardians' rights, the family agreement."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class ClientVersion(Scoped, Base):
    """One change of a record: who, when, why, and what stood there before. Never changed, but for the error mark."""

    __tablename__ = "client_version"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("by_staff_id", "staff_member"),
        within_program("error_by_id", "staff_member"),
        UniqueConstraint("program_id", "client_id", "version"),
    )
    client_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(comment="of the record, after this change")
    part: Mapped[str] = mapped_column(comment="record, phone, guardian, agreement")
    row_id: Mapped[UUID | None] = mapped_column(comment="which telephone or guardian")
    fields: Mapped[list[str]]
    body: Mapped[bytes] = mapped_column(comment="sealed; before and after, as JSON")
    reason: Mapped[bytes | None] = mapped_column(comment="sealed")
    by_staff_id: Mapped[UUID]
    made_at: Mapped[datetime]
    undoes: Mapped[int | None] = mapped_column(comment="the version that was entered in error")
    error_at: Mapped[datetime | None]
    error_by_id: Mapped[UUID | None]
    error_reason: Mapped[bytes | None] = mapped_column(comment="sealed")


class ClientDraft(Scoped, Base):
    """What somebody was typing: theirs alone, so that a reload or another machine loses nothing."""

    __tablename__ = "client_draft"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("staff_id", "staff_member"),
        UniqueConstraint("program_id", "client_id", "staff_id", "form"),
        Index("ix_client_draft_saved_at", "saved_at"),
    )
    client_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    form: Mapped[str]
    body: Mapped[bytes] = mapped_column(comment="sealed; what was typed, as JSON")
    saved_at: Mapped[datetime]


class Guardianship(Scoped, Base):
    """What one guardian may do: two guardians may have different rights (MIN-3). Ended, never rewritten."""

    __tablename__ = "guardianship"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("contact_id", "emergency_contact"),
        within_program("by_staff_id", "staff_member"),
        Index(
            "uq_guardianship_standing",
            "program_id",
            "client_id",
            "contact_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )
    client_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    decides_on_care: Mapped[bool]
    told_in_crisis: Mapped[bool]
    gets_records: Mapped[bool]
    custody_note: Mapped[bytes | None] = mapped_column(comment="sealed")
    verified_how: Mapped[bytes | None] = mapped_column(comment="sealed; which paper was seen")
    verified_on: Mapped[date | None] = mapped_column(Date())
    by_staff_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FamilyAgreement(Scoped, Base):
    """R16: what the guardian is told at each tier, what stays private, who may be called. One row per version."""

    __tablename__ = "family_agreement"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("by_staff_id", "staff_member"),
        UniqueConstraint("program_id", "client_id", "version"),
    )
    client_id: Mapped[UUID]
    version: Mapped[int]
    body: Mapped[bytes] = mapped_column(comment="sealed; what was agreed, as JSON")
    review_due: Mapped[date] = mapped_column(Date())
    by_staff_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(comment="a newer version replaced it")


class AgreementReading(Scoped, Base):
    """That the young person, or one guardian, read this version: when and how, written down by whom."""

    __tablename__ = "agreement_reading"
    __table_args__ = (
        of_program(),
        within_program("agreement_id", "family_agreement"),
        within_program("client_id", "client"),
        within_program("contact_id", "emergency_contact"),
        within_program("by_staff_id", "staff_member"),
        CheckConstraint("who in ('young_person', 'guardian')", name="who"),
        CheckConstraint("how in ('in_person', 'on_screen', 'aloud', 'paper')", name="how"),
        CheckConstraint("(who = 'guardian') = (contact_id is not null)", name="named"),
        Index("ix_agreement_reading_agreement", "program_id", "agreement_id"),
    )
    agreement_id: Mapped[UUID]
    client_id: Mapped[UUID]
    who: Mapped[str]
    contact_id: Mapped[UUID | None]
    how: Mapped[str]
    read_on: Mapped[date] = mapped_column(Date())
    by_staff_id: Mapped[UUID]
    made_at: Mapped[datetime]
