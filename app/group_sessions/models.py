"""Groups, their meetings, who is expected, what is known about each person's presence and place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class Group(Scoped, Base):
    __tablename__ = "group"
    __table_args__ = (of_program(), UniqueConstraint("program_id", "name"))
    name: Mapped[str] = mapped_column(comment="neutral; appears in invitations")
    retired_at: Mapped[datetime | None]


class GroupSession(Scoped, Base):
    """One meeting. Staff roles are per meeting; supervisor and backup are named with phones (R21)."""

    __tablename__ = "group_session"
    __table_args__ = (
        of_program(),
        within_program("group_id", "group"),
        within_program("lead_id", "staff_member"),
        within_program("cofacilitator_id", "staff_member"),
        within_program("supervisor_id", "staff_member"),
        within_program("backup_id", "staff_member"),
        CheckConstraint("state in ('scheduled', 'open', 'paused', 'closed')", name="state"),
        CheckConstraint("platform in ('zoom', 'livekit', 'generic', 'taps')", name="platform"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        Index("ix_group_session_state", "program_id", "state", "starts_at"),
    )
    group_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="scheduled")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    lead_id: Mapped[UUID | None]
    cofacilitator_id: Mapped[UUID | None]
    supervisor_id: Mapped[UUID | None]
    backup_id: Mapped[UUID | None]
    exception_reason: Mapped[str | None] = mapped_column(comment="why it may run without both staff (W2)")
    exception_by: Mapped[UUID | None]
    platform: Mapped[str] = mapped_column(default="taps")
    platform_connection_id: Mapped[UUID | None]
    platform_ref: Mapped[str | None] = mapped_column(comment="the platform's own id of the room")
    seen_all_until: Mapped[datetime | None]
    seen_all_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)


class Presence(Base):
    """One row per expected client and meeting: the fused state now, and the latest heartbeat.

    `check_at` is when the state would change by itself; the sweep reads rows whose time has come. Beats update
    `last_beat_at` and `page_visible` only, set-based, once a second, and are never journalled.
    """

    __tablename__ = "presence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        Index("ix_presence_check_at", "check_at"),
        Index("ix_presence_client", "program_id", "client_id"),
        {"postgresql_with": {"fillfactor": 70}},
    )
    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_session_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="not_here_yet")
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    evidence_at: Mapped[datetime | None] = mapped_column(
        comment="the last evidence that the person was there: zero of every clock"
    )
    ask_since: Mapped[datetime | None] = mapped_column(comment="since when the board asks a person")
    watch_until: Mapped[datetime | None] = mapped_column(
        comment="camera off and no answer: staff tapped, and a minute later the board offers not responding (R7)"
    )
    check_at: Mapped[datetime | None]
    last_beat_at: Mapped[datetime | None]
    page_visible: Mapped[bool | None]
    page_changed_at: Mapped[datetime | None] = mapped_column(
        comment="when the page last changed between visible and hidden"
    )
    goodbye_at: Mapped[datetime | None]
    incident_id: Mapped[UUID | None]
    outcome: Mapped[str | None] = mapped_column(
        comment="excused, rung, attended ...: what closing a group needs for moderate and above"
    )
    told_note: Mapped[str | None]
    removed_at: Mapped[datetime | None] = mapped_column(comment="taken off the roster")


class PresenceFact(Scoped, Base):
    """What one source said about one person. Facts are kept as they came; rules order them by event time."""

    __tablename__ = "presence_fact"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        UniqueConstraint("program_id", "delivery_id"),
        Index("ix_presence_fact_person", "program_id", "group_session_id", "client_id", "occurred_at"),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(comment="page, platform, staff, phone, client")
    kind: Mapped[str]
    cause: Mapped[str | None]
    connection: Mapped[str | None]
    by_staff_id: Mapped[UUID | None]
    until: Mapped[datetime | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    delivery_id: Mapped[str]


class LocationCheckIn(Scoped, Base):
    """Where the client says they are, for one meeting only; a move appends a row and the newest holds (P1, P3)."""

    __tablename__ = "location_check_in"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        within_program("dispatch_line_id", "dispatch_line"),
        CheckConstraint("source in ('client', 'told_privately', 'staff', 'carried_over')", name="source"),
        CheckConstraint("alone in ('yes', 'no', 'unknown')", name="alone"),
        Index("ix_location_check_in_person", "program_id", "group_session_id", "client_id", "confirmed_at"),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    source: Mapped[str]
    same_place: Mapped[bool] = mapped_column(comment="the usual place, by the client's own label")
    label: Mapped[bytes | None] = mapped_column(comment="sealed; a short word for the place")
    address: Mapped[bytes | None] = mapped_column(comment="sealed; street, unit, room, entry, town as JSON")
    alone: Mapped[str] = mapped_column(default="unknown")
    same_number: Mapped[bool | None]
    dispatch_line_id: Mapped[UUID | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(comment="staff, when told to them")
    confirmed_at: Mapped[datetime]


class ClientLink(Scoped, Base):
    """An opaque link for one client and one meeting. A POST binds it to one device's cookie (R4)."""

    __tablename__ = "client_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        UniqueConstraint("program_id", "token_hash"),
        Index("ix_client_link_person", "program_id", "group_session_id", "client_id"),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    cookie_hash: Mapped[bytes | None] = mapped_column(comment="of the one device that may use it")
    waiting_hash: Mapped[bytes | None] = mapped_column(comment="of another device that asked to be admitted")
    waiting_since: Mapped[datetime | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ClientNote(Scoped, Base):
    """A private line from the companion page to the two staff of the meeting (R13)."""

    __tablename__ = "client_note"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    words: Mapped[bytes]
    at: Mapped[datetime]
    read_by: Mapped[UUID | None]
    read_at: Mapped[datetime | None]


class NumberRing(Scoped, Base):
    """A person rang a client's number to see that it reaches them (R8). It counts for this very number only."""

    __tablename__ = "number_ring"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("phone_id", "client_phone"),
        within_program("by_staff_id", "staff_member"),
        CheckConstraint("result in ('answered', 'no_answer', 'wrong_number')", name="result"),
        Index("ix_number_ring_client", "program_id", "client_id", "at"),
    )
    client_id: Mapped[UUID]
    phone_id: Mapped[UUID]
    number_key: Mapped[bytes] = mapped_column(comment="of the number as it was: a new one is untested")
    result: Mapped[str]
    by_staff_id: Mapped[UUID]
    at: Mapped[datetime]
