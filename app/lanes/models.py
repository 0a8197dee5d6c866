"""Who has which lane of an incident, private rooms, and when each colleague was last heard."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, within_program


class LaneSet(Base):
    """The lanes of one incident: `due_at` is when the engine must look at them next, and `seen` what it looked at."""

    __tablename__ = "lane_set"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("group_session_id", "group_session"),
        within_program("emergency_by", "staff_member"),
        Index("ix_lane_set_standing", "program_id", "incident_id", postgresql_where=text("over_at is null")),
        Index(
            "ix_lane_set_meeting", "program_id", "group_session_id", postgresql_where=text("over_at is null")
        ),
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_session_id: Mapped[UUID]
    emergency_at: Mapped[datetime | None] = mapped_column(comment="declared, and not stood down")
    emergency_by: Mapped[UUID | None]
    alone: Mapped[bool] = mapped_column(
        default=False, comment="one person in the room and nobody has come yet (R5)"
    )
    seen: Mapped[str | None] = mapped_column(
        comment="what the incident was like when its lanes were last settled"
    )
    second_since: Mapped[datetime | None] = mapped_column(
        comment="nobody has this alert, while people look after another one of its group"
    )
    second_alarmed_at: Mapped[datetime | None]
    second_ring_at: Mapped[datetime | None]
    settled_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]


class LaneHeld(Base):
    """One lane of one incident: one row, so that nobody shares it."""

    __tablename__ = "lane"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("owner_id", "staff_member"),
        within_program("offered_to", "staff_member"),
        CheckConstraint("lane in ('eyes', 'group', 'caller')", name="lane"),
        CheckConstraint("state in ('nobody', 'person', 'paused', 'ended')", name="state"),
        CheckConstraint("(state = 'nobody') = (owner_id is null)", name="somebody"),
        CheckConstraint("state not in ('paused', 'ended') or lane = 'group'", name="only_a_group_pauses"),
        CheckConstraint("(offered_to is null) = (offer_ends is null)", name="offer_ends"),
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="nobody")
    owner_id: Mapped[UUID | None] = mapped_column(comment="who has it, or who paused or ended the group")
    since: Mapped[datetime | None]
    given: Mapped[bool] = mapped_column(default=False, comment="by the rules, not by a press of its owner")
    until: Mapped[datetime | None] = mapped_column(comment="a paused group is nobody's after this")
    offered_to: Mapped[UUID | None]
    offer_ends: Mapped[datetime | None]
    needed_since: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(
        comment="why it is nobody's: nobody, board, video, room, inside, both"
    )
    unowned_since: Mapped[datetime | None]
    alarm_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]
    ring_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None] = mapped_column(
        comment="nobody has come to call: the co-facilitator is asked to (R5)"
    )


class Breakout(Scoped, Base):
    """A client and a colleague in a private room. The one inside is asked every five minutes, silently (E7, T1)."""

    __tablename__ = "breakout"
    __table_args__ = (
        within_program("group_session_id", "group_session"),
        within_program("client_id", "client"),
        within_program("staff_id", "staff_member"),
        within_program("opened_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        CheckConstraint("stage in ('opening', 'inside', 'asked', 'colleague', 'supervisor')", name="stage"),
        CheckConstraint("ending in ('return', 'leave_with_plan', 'lost', 'group_over')", name="ending"),
        CheckConstraint("(ended_at is null) = (ending is null)", name="ended_how"),
        Index(
            "uq_breakout_standing",
            "program_id",
            "group_session_id",
            "client_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_breakout_due", "due_at", postgresql_where=text("ended_at is null")),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    staff_id: Mapped[UUID] = mapped_column(comment="who goes with the client")
    room_ref: Mapped[str | None] = mapped_column(
        comment="the second room, where the platform has one by name"
    )
    stage: Mapped[str] = mapped_column(default="opening")
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    joined_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None] = mapped_column(comment="since when an answer is waited for")
    decide_at: Mapped[datetime | None] = mapped_column(comment="return, stay, leave with a plan, or escalate")
    escalated_at: Mapped[datetime | None] = mapped_column(
        comment="whoever is inside asked for help, and nobody came yet"
    )
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ending: Mapped[str | None]


class StaffBoard(Base):
    """When a board of this colleague's was last heard, written by every web process for the sockets it holds."""

    __tablename__ = "staff_board"
    __table_args__ = (within_program("staff_id", "staff_member"),)
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    heard_at: Mapped[datetime]


class StaffConnection(Base):
    """One connection of a colleague to the video of a meeting, as the platform told it."""

    __tablename__ = "staff_connection"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        within_program("staff_id", "staff_member"),
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_session_id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    connection: Mapped[str] = mapped_column(primary_key=True)
    here: Mapped[bool]
    cause: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(comment="when it joined or left, by the platform's clock")
    changed_at: Mapped[datetime]
