"""A client's quiet signal (B8, R13): possible until a person has seen to it. It opens nothing and rings nobody by itself."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Db, Scoped, new_id, now_of
from app.errors import SomebodyWasFirst
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.access import Viewer

Source = Literal["page", "note"]
Possible = Literal["quiet", "danger", "pause"]
Answer = Literal["seen_privately", "not_meant"]
# A page says it again with each beat until it was heard; that is one signal.
AGAIN = timedelta(seconds=15)


class ClientSignal(Scoped, Base):
    """One row until a person has answered; further presses count in `times`."""

    __tablename__ = "client_signal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        ForeignKeyConstraint(["program_id", "answered_by"], ["staff_member.program_id", "staff_member.id"]),
        CheckConstraint("source in ('page', 'note')", name="source"),
        CheckConstraint("possible in ('quiet', 'danger', 'pause')", name="possible"),
        CheckConstraint("answer in ('seen_privately', 'not_meant')", name="answer"),
        Index(
            "uq_client_signal_standing",
            "program_id",
            "group_session_id",
            "client_id",
            unique=True,
            postgresql_where=text("answered_at is null"),
        ),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    source: Mapped[str]
    possible: Mapped[str] = mapped_column(comment="what it may be; the words themselves are nowhere")
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    answer: Mapped[str | None]


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
    )
    standing = ClientSignal.answered_at.is_(None)
    kept = made.on_conflict_do_update(
        index_elements=["program_id", "group_session_id", "client_id"],
        index_where=standing,
        # The weightier of the two stays: a possible danger word is never hidden by a press after it.
        set_={
            "times": ClientSignal.times + 1,
            "last_at": now,
            "possible": text(
                "case when client_signal.possible = 'quiet' then excluded.possible else client_signal.possible end"
            ),
        },
        where=(ClientSignal.last_at <= now - AGAIN)
        | (ClientSignal.possible == "quiet") & (possible != "quiet"),
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


async def answer(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, given: Answer) -> None:
    """A person saw to it, away from the others; or it was a slip of the finger."""
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
    entry = NewEntry(
        Kind.signal_answered,
        viewer.actor,
        client_id=client_id,
        group_session_id=meeting.id,
        detail={"answer": given, "possible": row.possible, "times": row.times},
    )
    await write(db, viewer.program_id, [entry])
