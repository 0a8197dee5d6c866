"""A person says what a client's quiet signal is (R13): their danger word, a pause, or nothing that was meant."""

from uuid import UUID

from app.db import Db
from app.group_sessions import signals
from app.incidents import concerns
from app.journal.write import write
from app.staff.access import Viewer


async def answer(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, given: signals.Answer
) -> UUID | None:
    """The incident that it opened or joined; none where nothing was meant."""
    entry = await signals.settle(db, viewer, group_session_id, client_id, given)
    if given == "not_meant":
        await write(db, viewer.program_id, [entry])
        return None
    return await concerns.raise_concern(db, viewer, group_session_id, client_id, given, [entry])
