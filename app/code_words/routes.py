"""Code words on a client's record: chosen with the client, kept, ended. No answer here ever holds one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from app.code_words import actions, record, told, views
from app.code_words.choosing import Kind
from app.code_words.guessing import Unhurried
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require, require_client

router = APIRouter(prefix="/api", tags=["code words"])


async def clinical(viewer: CurrentViewer) -> None:
    require(viewer, "clinician", "supervisor")


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> UUID:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    return client_id


# The client of the address, after it is certain that this viewer may see them.
Mine = Annotated[UUID, Depends(mine, scope="function")]


@router.get("/code-words", dependencies=[Depends(clinical)])
async def to_renew(viewer: CurrentViewer, db: ViewerDb) -> list[views.DueLine]:
    """Which to choose anew, most pressing first."""
    return await record.to_renew(db, viewer)


@router.get("/clients/{client_id}/code-words")
async def of_client(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> views.ClientWords:
    return await record.of_client(db, viewer.program_id, client)


@router.put("/clients/{client_id}/code-words/{kind}", dependencies=[Unhurried])
async def choose(
    client: Mine,
    kind: Kind,
    body: views.ChooseBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientWords:
    if await once(db, viewer, command, "code_word.set"):
        await actions.set_word(db, viewer, client, kind, body.phrase, body.form)
    return await record.of_client(db, viewer.program_id, client)


@router.delete("/clients/{client_id}/code-words/{kind}")
async def withdraw(
    client: Mine, kind: Kind, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientWords:
    if await once(db, viewer, command, "code_word.end"):
        await actions.end_word(db, viewer, client, kind)
    return await record.of_client(db, viewer.program_id, client)


@router.post("/clients/{client_id}/code-words/{kind}/spent")
async def spend(
    client: Mine,
    kind: Kind,
    body: views.SpendBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientWords:
    """It was used, or somebody else may know it: due to be chosen anew."""
    if await once(db, viewer, command, "code_word.spend"):
        await actions.spend(db, viewer, client, kind, body.why)
    return await record.of_client(db, viewer.program_id, client)


@router.put("/clients/{client_id}/ordinary-question")
async def set_question(
    client: Mine, body: views.QuestionBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientWords:
    if await once(db, viewer, command, "code_word.question"):
        await actions.set_question(db, viewer, client, body.question, body.answer)
    return await record.of_client(db, viewer.program_id, client)


@router.post("/clients/{client_id}/contacts/{contact_id}/knows-code-words")
async def told_contact(
    client: Mine,
    contact_id: UUID,
    body: views.ToldBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientWords:
    """This contact was told, together with the client, under a release that covers code words."""
    if await once(db, viewer, command, "code_word.tell"):
        await told.tell(db, viewer, client, contact_id, body.ticked)
    return await record.of_client(db, viewer.program_id, client)
