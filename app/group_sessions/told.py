"""What a client tells on their own page beside the place and the number: how to reach them today, and their equipment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Db, Scoped, now_of, reveal

# R8: equipment is asked weekly. A quarter of a day less, so that a weekly group is not asked every other week.
WEEK = timedelta(days=6, hours=18)


class ReachToday(Scoped, Base):
    """Answers of one check-in; the newest of a meeting holds."""

    __tablename__ = "reach_today"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        CheckConstraint("phone in ('same', 'other', 'none')", name="phone"),
        CheckConstraint("adult in ('home', 'reachable', 'nobody')", name="adult"),
        Index("ix_reach_today_person", "program_id", "group_session_id", "client_id", "at"),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    at: Mapped[datetime]
    phone: Mapped[str | None] = mapped_column(comment="none: no telephone with them today")
    adult: Mapped[str | None] = mapped_column(comment="R16: which adult is home or reachable today")
    adult_who: Mapped[bytes | None] = mapped_column(
        comment="sealed; who that adult is, in the client's own word"
    )


class EquipmentCheck(Scoped, Base):
    """Asked weekly. None is a question that was skipped; `battery` is what the browser read, in percent."""

    __tablename__ = "equipment_check"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        CheckConstraint("battery between 0 and 100", name="battery"),
        Index("ix_equipment_check_person", "program_id", "client_id", "at"),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    at: Mapped[datetime]
    charged: Mapped[bool | None]
    battery: Mapped[int | None]
    headphones: Mapped[bool | None]
    background: Mapped[bool | None]
    private_spot: Mapped[bool | None]
    backup_device: Mapped[bool | None]
    no_recording: Mapped[bool | None]


ASKED = ("charged", "headphones", "background", "private_spot", "backup_device", "no_recording")


@dataclass(frozen=True, slots=True)
class Equipment:
    """The newest answers of a client. `due`: a week has passed, so the page asks again."""

    at: datetime
    due: bool
    battery: int | None
    answers: dict[str, bool | None]


async def equipment(db: Db, program_id: UUID, clients: Collection[UUID]) -> dict[UUID, Equipment]:
    """One query, however many clients; somebody who has never answered is missing."""
    rows = await db.scalars(
        select(EquipmentCheck)
        .where(EquipmentCheck.program_id == program_id, EquipmentCheck.client_id.in_(list(clients)))
        .ext(distinct_on(EquipmentCheck.client_id))
        .order_by(EquipmentCheck.client_id, EquipmentCheck.at.desc(), EquipmentCheck.id)
    )
    now = now_of(db)
    return {
        row.client_id: Equipment(
            row.at, now - row.at > WEEK, row.battery, {name: getattr(row, name) for name in ASKED}
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Today:
    phone: str | None
    adult: str | None
    adult_who: str | None


async def reach_today(db: Db, program_id: UUID, group_session_id: UUID, client_id: UUID) -> Today | None:
    """The newest answer. It opens a sealed field: for those who work with the client now."""
    row = await db.scalar(
        select(ReachToday)
        .where(
            ReachToday.program_id == program_id,
            ReachToday.group_session_id == group_session_id,
            ReachToday.client_id == client_id,
        )
        .order_by(ReachToday.at.desc(), ReachToday.id)
        .limit(1)
    )
    return None if row is None else Today(row.phone, row.adult, reveal(db, row, "adult_who"))
