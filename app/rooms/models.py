"""Connected video platforms, who their participants are, and until when we could hear companion pages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, new_id, of_program, within_program


class PlatformConnection(Scoped, Base):
    """A video platform's account and the secret its webhooks are signed with."""

    __tablename__ = "platform_connection"
    __table_args__ = (
        of_program(),
        CheckConstraint("platform in ('zoom', 'livekit', 'generic')", name="platform"),
    )
    platform: Mapped[str]
    label: Mapped[str]
    api_key: Mapped[str | None] = mapped_column(comment="LiveKit's key id; not a secret")
    secret: Mapped[bytes] = mapped_column(comment="sealed")
    api_url: Mapped[str | None] = mapped_column(
        comment="LiveKit: where to ask who is in a room, because webhooks can be lost"
    )
    looked_at: Mapped[datetime | None] = mapped_column(comment="when its rooms were last looked into")
    ended_at: Mapped[datetime | None]


class PlatformPerson(Scoped, Base):
    """Which client a participant reference of a platform is, in one meeting; null until a person says so."""

    __tablename__ = "platform_person"
    __table_args__ = (
        of_program(),
        within_program("connection_id", "platform_connection"),
        UniqueConstraint("program_id", "connection_id", "room_ref", "person_key"),
    )
    connection_id: Mapped[UUID]
    room_ref: Mapped[str]
    person_key: Mapped[bytes] = mapped_column(comment="keyed hash of the platform's reference")
    client_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    first_seen_at: Mapped[datetime]
    pending: Mapped[bytes | None] = mapped_column(
        comment="sealed; deliveries kept until somebody says who it is"
    )


class Hearing(Base):
    """Until when one web process could hear; see db.UNSCOPED."""

    __tablename__ = "hearing"
    process_id: Mapped[UUID] = mapped_column(primary_key=True)
    hearing_until: Mapped[datetime]


class DeafInterval(Base):
    """A time in which nobody could hear: added to the grace of everybody's silence; see db.UNSCOPED."""

    __tablename__ = "deaf_interval"
    __table_args__ = (Index("ix_deaf_interval_until_at", "until_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
