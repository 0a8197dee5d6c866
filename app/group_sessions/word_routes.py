"""Code words in Prepare: what is set, the logged look to rehearse them, and the pause of a whole group."""

from uuid import UUID

from fastapi import APIRouter

from app.code_words import actions as code_words
from app.code_words.guessing import Unhurried
from app.code_words.views import ChooseBody
from app.group_sessions import rehearsal
from app.group_sessions.scheduling import of_viewer
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once

router = APIRouter(tags=["code words"])


@router.get("/group-sessions/{group_session_id}/code-words")
async def of_meeting(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> rehearsal.MeetingWords:
    return await rehearsal.of_meeting(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/code-words/show", dependencies=[Confirmed])
async def show(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> rehearsal.ShownWords:
    """Not once per command: each answer that holds the words is one more look, and one more entry."""
    return await rehearsal.show(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/code-words/rehearsed")
async def rehearsed(
    group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> rehearsal.MeetingWords:
    if await once(db, viewer, command, "code_words.rehearse"):
        await rehearsal.rehearse(db, viewer, group_session_id)
    return await rehearsal.of_meeting(db, viewer, group_session_id)


@router.put("/group-sessions/{group_session_id}/pause-word", dependencies=[Unhurried])
async def choose_pause(
    group_session_id: UUID, body: ChooseBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> rehearsal.MeetingWords:
    """One phrase or hand sign for everybody in this group, this meeting and the next ones."""
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    if await once(db, viewer, command, "code_word.set"):
        await code_words.set_group_pause(db, viewer, meeting.group_id, body.phrase, body.form)
    return await rehearsal.of_meeting(db, viewer, group_session_id)


@router.delete("/group-sessions/{group_session_id}/pause-word")
async def withdraw_pause(
    group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> rehearsal.MeetingWords:
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    if await once(db, viewer, command, "code_word.end"):
        await code_words.end_group_pause(db, viewer, meeting.group_id)
    return await rehearsal.of_meeting(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/pause-word/exposed")
async def pause_exposed(
    group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> rehearsal.MeetingWords:
    """Somebody outside the group learnt it: due to be chosen anew."""
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    if await once(db, viewer, command, "code_word.spend"):
        await code_words.spend_group_pause(db, viewer, meeting.group_id)
    return await rehearsal.of_meeting(db, viewer, group_session_id)
