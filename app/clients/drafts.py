"""What somebody is typing into a record, kept sealed until it is saved: a reload, a lock or another machine loses nothing.

It lies here and not in the browser, which keeps nothing of a client (ASVS 14.3.3). Theirs alone, for two days.
"""

import json
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.clients import history_views
from app.clients.record_models import ClientDraft
from app.db import Db, conceal, now_of, reveal
from app.staff.access import Viewer

KEPT = timedelta(days=2)


async def of_viewer(db: Db, viewer: Viewer, client_id: UUID) -> list[history_views.DraftView]:
    rows = await db.scalars(
        select(ClientDraft)
        .where(
            ClientDraft.program_id == viewer.program_id,
            ClientDraft.client_id == client_id,
            ClientDraft.staff_id == viewer.staff_id,
            ClientDraft.saved_at > now_of(db) - KEPT,
        )
        .order_by(ClientDraft.form)
    )
    return [
        history_views.DraftView(
            form=row.form, answers=json.loads(reveal(db, row, "body") or "{}"), saved_at=row.saved_at
        )
        for row in rows
    ]


async def keep(
    db: Db, viewer: Viewer, client_id: UUID, form: str, answers: dict[str, str]
) -> history_views.DraftKept:
    """Nothing clinical yet, so no entry: the last word of whoever types stands."""
    mine = (
        ClientDraft.program_id == viewer.program_id,
        ClientDraft.client_id == client_id,
        ClientDraft.staff_id == viewer.staff_id,
    )
    await db.execute(delete(ClientDraft).where(*mine, ClientDraft.saved_at <= now_of(db) - KEPT))
    if not answers:
        await db.execute(delete(ClientDraft).where(*mine, ClientDraft.form == form))
        return history_views.DraftKept(saved_at=None)
    row = ClientDraft(
        program_id=viewer.program_id,
        # From what it is, so that two windows that save at once are one row, not a failure.
        id=uuid5(viewer.program_id, f"{client_id}:{viewer.staff_id}:{form}"),
        client_id=client_id,
        staff_id=viewer.staff_id,
        form=form,
        saved_at=now_of(db),
    )
    body = conceal(db, row, "body", json.dumps(answers, ensure_ascii=False))
    values = {column.key: getattr(row, column.key) for column in ClientDraft.__table__.columns}
    await db.execute(
        insert(ClientDraft)
        .values(values)
        .on_conflict_do_update(
            index_elements=["program_id", "id"], set_={"body": body, "saved_at": row.saved_at}
        )
    )
    return history_views.DraftKept(saved_at=row.saved_at)
