"""An emergency: who declared it, what its caller knows, what was done at home, how it was stood down; and a death."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class Emergency(Scoped, Base):
    """One of an incident: from somebody's declaring it, or from the first word on its dispatch card."""

    __tablename__ = "emergency"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("declared_by", "staff_member"),
        UniqueConstraint("program_id", "incident_id"),
        CheckConstraint("urgency in ('life', 'medical', 'others', 'check')", name="urgency"),
        CheckConstraint("weapons in ('yes', 'no', 'unknown')", name="weapons"),
        CheckConstraint("(declared_by is null) = (declared_at is null)", name="declared"),
        CheckConstraint("trigger in ('harm', 'medical', 'intoxication', 'psychosis')", name="trigger"),
        Index("ix_emergency_sets_out", "sets_out_by", postgresql_where=text("sets_out_by is not null")),
    )
    incident_id: Mapped[UUID]
    declared_by: Mapped[UUID | None]
    declared_at: Mapped[datetime | None]
    trigger: Mapped[str | None] = mapped_column(comment="what was pressed (D2)")
    opened: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="the press opened the incident: taken back, it closes"
    )
    tier_before: Mapped[str | None] = mapped_column(
        comment="the incident's, for a press that was wrong (R17)"
    )
    client_tier_before: Mapped[str | None]
    grounds: Mapped[list[str]] = mapped_column(
        default=list, comment="which of the triggers of an emergency (D2)"
    )
    urgency: Mapped[str | None] = mapped_column(
        comment="what is read out; null: as the grounds and the tier say"
    )
    asks: Mapped[list[str] | None] = mapped_column(
        comment="whom the caller asks for; null: as the urgency says"
    )
    weapons: Mapped[str | None] = mapped_column(comment="null: as the record says")
    happened: Mapped[bytes | None] = mapped_column(comment="sealed; what happened, in a few words")
    means: Mapped[bytes | None] = mapped_column(comment="sealed; what is within reach, in a few words")
    others: Mapped[bytes | None] = mapped_column(comment="sealed; who else is there")
    medical: Mapped[bytes | None] = mapped_column(
        comment="sealed; what, how much, when, breathing, awake, as JSON"
    )
    stood_down_at: Mapped[datetime | None] = mapped_column(
        comment="by two people; declared anew it is null again"
    )
    sets_out_by: Mapped[datetime | None] = mapped_column(
        comment="lanes, protocol and rings are not set out yet: past this the engine does it"
    )


class EmergencyMark(Scoped, Base):
    """One line said, one thing done: the newest word on it counts, so that a second caller sees the same ticks."""

    __tablename__ = "emergency_mark"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("by_staff_id", "staff_member"),
        UniqueConstraint("program_id", "incident_id", "key"),
    )
    incident_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(comment="read.place, home.door ...: never words")
    state: Mapped[str] = mapped_column(comment="done, refused, not_needed; empty when it was taken back")
    words: Mapped[bytes | None] = mapped_column(comment="sealed")
    by_staff_id: Mapped[UUID]
    at: Mapped[datetime]


class GivenCard(Scoped, Base):
    """The dispatch card in writing, as it was given to one recipient: it is what was told, and is not changed afterwards."""

    __tablename__ = "given_card"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("client_id", "client"),
        within_program("by_staff_id", "staff_member"),
        within_program("disclosure_id", "disclosure"),
        CheckConstraint("recipient_kind in ('dispatch', 'police')", name="recipient_kind"),
        Index("ix_given_card_incident", "program_id", "incident_id", "at"),
    )
    incident_id: Mapped[UUID]
    client_id: Mapped[UUID]
    recipient_kind: Mapped[str]
    body: Mapped[bytes] = mapped_column(comment="sealed; recipient and the lines of their packet, as JSON")
    disclosure_id: Mapped[UUID]
    by_staff_id: Mapped[UUID]
    at: Mapped[datetime]


class StandDown(Scoped, Base):
    """Two people agree that nobody has to come, and tell the dispatcher. Until all three are there, nothing changes."""

    __tablename__ = "stand_down"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("proposed_by", "staff_member"),
        within_program("agreed_by", "staff_member"),
        within_program("told_by", "staff_member"),
        within_program("withdrawn_by", "staff_member"),
        CheckConstraint("agreed_by is distinct from proposed_by", name="two_people"),
        CheckConstraint("(agreed_by is null) = (agreed_at is null)", name="agreed"),
        CheckConstraint("told_at is null or agreed_at is not null", name="told_after_agreed"),
        Index(
            "uq_stand_down_standing",
            "program_id",
            "incident_id",
            unique=True,
            postgresql_where=text("withdrawn_at is null and done_at is null"),
        ),
    )
    incident_id: Mapped[UUID]
    reason: Mapped[bytes] = mapped_column(comment="sealed")
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None]
    agreed_at: Mapped[datetime | None]
    told_by: Mapped[UUID | None] = mapped_column(comment="who told the dispatcher")
    told_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None] = mapped_column(comment="agreed, and whoever was on their way knows")


class DutyToProtect(Scoped, Base):
    """A serious threat to somebody else (domain 4.10): what is known, who decided what with whom, and why not otherwise."""

    __tablename__ = "duty_to_protect"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("begun_by", "staff_member"),
        within_program("joined_by", "staff_member"),
        within_program("decided_by", "staff_member"),
        UniqueConstraint("program_id", "incident_id"),
        CheckConstraint("(joined_by is null) = (joined_at is null)", name="joined"),
        CheckConstraint("(decided_by is null) = (decided_at is null)", name="decided"),
    )
    incident_id: Mapped[UUID]
    begun_by: Mapped[UUID]
    begun_at: Mapped[datetime]
    joined_by: Mapped[UUID | None] = mapped_column(comment="the supervisor who joined")
    joined_at: Mapped[datetime | None]
    facts: Mapped[bytes | None] = mapped_column(comment="sealed; who, what, means, when, history, as JSON")
    choices: Mapped[list[str]] = mapped_column(
        default=list, comment="police, target, hospital, other, nobody"
    )
    decision: Mapped[bytes | None] = mapped_column(
        comment="sealed; reasoning, consultation, options rejected and why, as JSON"
    )
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class Death(Scoped, Base):
    """A client has died. From this row's transaction on nothing of ours rings or writes to them or theirs by itself."""

    __tablename__ = "death"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("recorded_by", "staff_member"),
        within_program("taken_back_by", "staff_member"),
        Index(
            "uq_death_standing",
            "program_id",
            "client_id",
            unique=True,
            postgresql_where=text("taken_back_at is null"),
        ),
    )
    client_id: Mapped[UUID]
    died_on: Mapped[date | None] = mapped_column(Date(), comment="when known")
    learned_how: Mapped[bytes] = mapped_column(comment="sealed; from whom, and when")
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    taken_back_by: Mapped[UUID | None] = mapped_column(comment="it was recorded in error")
    taken_back_at: Mapped[datetime | None]
    taken_back_why: Mapped[bytes | None] = mapped_column(comment="sealed")
