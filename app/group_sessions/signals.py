"""A client's quiet signal (B8, R13): possible until a person says what it is. It opens nothing by itself, and rings nobody
but our own people outside the room, when nobody answers it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, exists, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.db import Base, Db, Scoped, new_id, now_of
from app.errors import SomebodyWasFirst
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry
from app.staff.access import Viewer

Source = Literal["page", "note", "text"]
Possible = Literal["quiet", "danger", "pause"]
# What a person says that it is.
Answer = Literal["danger", "pause", "not_meant"]
# A page says it again with each beat until it was heard; that is one signal.
AGAIN = timedelta(seconds=15)

# (d) How long it may wait for those in the room before people outside are told, and how often they are told again: as the
# steps of the code word have it, where what may be danger is treated as danger (domain 4.5), and R1.
OUTSIDE_AFTER: Final[dict[str, timedelta]] = {
    "danger": timedelta(seconds=5),
    "quiet": timedelta(seconds=5),
    "pause": timedelta(seconds=30),
}
# (d) The text was not heeded: their phones ring this soon after it. A private moment alone rings nobody (R12).
RINGS_AFTER: Final[dict[str, timedelta]] = {
    "danger": timedelta(seconds=20),
    "quiet": timedelta(seconds=20),
}
OUTSIDE_AGAIN: Final[dict[str, timedelta]] = {
    "danger": timedelta(seconds=60),
    "quiet": timedelta(seconds=60),
    "pause": timedelta(minutes=5),
}


class ClientSignal(Scoped, Base):
    """One row until a person has answered; further presses count in `times`."""

    __tablename__ = "client_signal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        ForeignKeyConstraint(["program_id", "answered_by"], ["staff_member.program_id", "staff_member.id"]),
        CheckConstraint("source in ('page', 'note', 'text')", name="source"),
        CheckConstraint("possible in ('quiet', 'danger', 'pause')", name="possible"),
        CheckConstraint("answer in ('danger', 'pause', 'not_meant', 'seen_privately')", name="answer"),
        Index(
            "uq_client_signal_standing",
            "program_id",
            "group_session_id",
            "client_id",
            unique=True,
            postgresql_where=text("answered_at is null"),
        ),
        Index("ix_client_signal_outside", "outside_at", postgresql_where=text("answered_at is null")),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    source: Mapped[str]
    possible: Mapped[str] = mapped_column(comment="what it may be; the words themselves are nowhere")
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    outside_at: Mapped[datetime | None] = mapped_column(
        comment="when people outside the room are told (again) that nobody has answered"
    )
    outside_told: Mapped[int] = mapped_column(default=0, comment="how often they were told")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    answer: Mapped[str | None]


# Whoever was taken off the list has no tile on which it could be answered.
_ON_THE_LIST = exists().where(
    Presence.program_id == ClientSignal.program_id,
    Presence.group_session_id == ClientSignal.group_session_id,
    Presence.client_id == ClientSignal.client_id,
    Presence.removed_at.is_(None),
)

# The weightier of two stays: a possible danger word is never hidden by what comes before or after it.
_WEIGHTIER = "excluded.possible = 'danger' or client_signal.possible = 'quiet'"


async def heard(
    db: Db,
    program_id: UUID,
    group_session_id: UUID,
    client_id: UUID,
    *,
    source: Source,
    possible: Possible,
    incident_id: UUID | None = None,
) -> NewEntry | None:
    """Keeps it and returns the entry, which the caller writes last. None: the same signal, said again."""
    now = now_of(db)
    made = insert(ClientSignal).values(
        program_id=program_id,
        id=new_id(),
        group_session_id=group_session_id,
        client_id=client_id,
        source=source,
        possible=possible,
        times=1,
        first_at=now,
        last_at=now,
        outside_at=now + OUTSIDE_AFTER[possible],
        outside_told=0,
    )
    standing = ClientSignal.answered_at.is_(None)
    kept = made.on_conflict_do_update(
        index_elements=["program_id", "group_session_id", "client_id"],
        index_where=standing,
        set_={
            "times": ClientSignal.times + 1,
            "last_at": now,
            "possible": text(
                f"case when {_WEIGHTIER} then excluded.possible else client_signal.possible end"
            ),
            "source": text(f"case when {_WEIGHTIER} then excluded.source else client_signal.source end"),
            "outside_at": text("least(client_signal.outside_at, excluded.outside_at)"),
        },
        where=(ClientSignal.last_at <= now - AGAIN)
        | (ClientSignal.possible == "quiet") & (possible != "quiet")
        | (ClientSignal.possible == "pause") & (possible == "danger"),
    ).returning(ClientSignal.id)
    if (await db.execute(kept)).first() is None:
        return None
    return NewEntry(
        Kind.client_signalled,
        Actor("client", client_id),
        incident_id=incident_id,
        client_id=client_id,
        group_session_id=group_session_id,
        detail={"source": source, "possible": possible},
    )


async def settle(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, given: Answer) -> NewEntry:
    """A person says what it is. Returns the entry; the caller writes it with what follows from the answer."""
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    row = await db.scalar(
        select(ClientSignal)
        .where(
            ClientSignal.program_id == meeting.program_id,
            ClientSignal.group_session_id == meeting.id,
            ClientSignal.client_id == client_id,
            ClientSignal.answered_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise SomebodyWasFirst("There is no quiet signal waiting here. A colleague has seen to it.")
    row.answered_at, row.answered_by, row.answer = now_of(db), viewer.staff_id, given
    return NewEntry(
        Kind.signal_answered,
        viewer.actor,
        client_id=client_id,
        group_session_id=meeting.id,
        detail={"answer": given, "possible": row.possible, "times": row.times},
    )


async def open_again(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, since: datetime
) -> list[NewEntry]:
    """R17: what it was taken for was a mistake, so that it waits for a person as before."""
    newer = aliased(ClientSignal)
    row = await db.scalar(
        select(ClientSignal)
        .where(
            ClientSignal.program_id == viewer.program_id,
            ClientSignal.group_session_id == group_session_id,
            ClientSignal.client_id == client_id,
            ClientSignal.answer.in_(("danger", "pause")),
            ClientSignal.answered_at >= since,
            ~exists().where(
                newer.program_id == ClientSignal.program_id,
                newer.group_session_id == ClientSignal.group_session_id,
                newer.client_id == ClientSignal.client_id,
                newer.answered_at.is_(None),
            ),
        )
        .order_by(ClientSignal.answered_at.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return []
    row.answered_at = row.answered_by = row.answer = None
    row.outside_at = now_of(db) + OUTSIDE_AFTER[row.possible]
    return [
        NewEntry(
            Kind.signal_reopened,
            viewer.actor,
            client_id=client_id,
            group_session_id=group_session_id,
            detail={"possible": row.possible},
        )
    ]


async def waits(db: Db, program_id: UUID, group_session_id: UUID) -> bool:
    """Whether somebody of this meeting waits to be answered: it must not end under them."""
    found = await db.scalar(
        select(ClientSignal.id)
        .where(
            ClientSignal.program_id == program_id,
            ClientSignal.group_session_id == group_session_id,
            ClientSignal.answered_at.is_(None),
            _ON_THE_LIST,
        )
        .limit(1)
    )
    return found is not None


async def unanswered(db: Db, most: int) -> Sequence[tuple[ClientSignal, GroupSession]]:
    """Those of which people outside the room must hear now, locked; what somebody acts on at this moment is left alone."""
    rows = await db.execute(
        select(ClientSignal, GroupSession)
        .join(
            GroupSession,
            (GroupSession.program_id == ClientSignal.program_id)
            & (GroupSession.id == ClientSignal.group_session_id),
        )
        .where(
            ClientSignal.answered_at.is_(None),
            ClientSignal.outside_at <= now_of(db),
            GroupSession.state != "closed",
            _ON_THE_LIST,
        )
        .order_by(ClientSignal.outside_at, ClientSignal.id)
        .limit(most)
        .with_for_update(of=ClientSignal, skip_locked=True)
    )
    return [(row[0], row[1]) for row in rows]


def is_rung(row: ClientSignal) -> bool:
    """Whether phones ring now: people were asked to look by a text, and nobody has answered."""
    return row.possible in RINGS_AFTER and row.outside_told > 0


def told_outside(db: Db, row: ClientSignal, people: int) -> NewEntry:
    first, how = row.outside_told == 0, "ring" if is_rung(row) else "text"
    row.outside_told += 1
    again = OUTSIDE_AGAIN[row.possible]
    row.outside_at = now_of(db) + (RINGS_AFTER.get(row.possible, again) if first else again)
    return NewEntry(
        Kind.signal_unanswered,
        RULE,
        client_id=row.client_id,
        group_session_id=row.group_session_id,
        detail={"possible": row.possible, "told": people, "time": row.outside_told, "how": how},
    )
