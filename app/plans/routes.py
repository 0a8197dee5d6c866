"""The safety plan of a client. Its words are shown, printed and exported by a press that is written down."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.errors import NotValid
from app.plans import actions, interchange, paper, queries, views
from app.plans.parts import Means
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require, require_client
from app.typeset import pdf

router = APIRouter(prefix="/api/clients/{client_id}/plan", tags=["plans"])


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> UUID:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    return client_id


# The client of the address, after it is certain that this viewer may see them.
Mine = Annotated[UUID, Depends(mine, scope="function")]


@router.get("")
async def head(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> views.PlanHead:
    return await queries.head(db, viewer.program_id, client)


@router.post("/open")
async def open_plan(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> views.PlanOpened:
    """Not once per command: each answer that holds the words is one more look, and one more entry."""
    shown = await queries.opened(db, viewer.program_id, client)
    await actions.note_opened(db, viewer, client, "plan")
    return shown


@router.post("/versions/{plan_version_id}/open")
async def open_version(
    client: Mine, plan_version_id: UUID, viewer: CurrentViewer, db: ViewerDb
) -> views.PlanVersionOpened:
    shown = await queries.version_opened(db, viewer.program_id, client, plan_version_id)
    await actions.note_opened(db, viewer, client, f"version {shown.head.number or 'draft'}")
    return shown


@router.post("/draft")
async def save_draft(
    client: Mine, body: views.DraftBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PlanOpened:
    if await once(db, viewer, command, "plan.draft"):
        await actions.save_draft(db, viewer, client, body)
    return await queries.opened(db, viewer.program_id, client)


@router.post("/draft/discard")
async def discard_draft(
    client: Mine, body: views.OnPlan, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PlanOpened:
    if await once(db, viewer, command, "plan.discard"):
        await actions.discard_draft(db, viewer, client, body.version)
    return await queries.opened(db, viewer.program_id, client)


@router.post("/agree")
async def agree(
    client: Mine, body: views.AgreeBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PlanOpened:
    if await once(db, viewer, command, "plan.agree"):
        await actions.agree(db, viewer, client, body)
    return await queries.opened(db, viewer.program_id, client)


@router.post("/review")
async def review(
    client: Mine, body: views.ReviewBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PlanHead:
    if await once(db, viewer, command, "plan.review"):
        await actions.review(db, viewer, client, body)
    return await queries.head(db, viewer.program_id, client)


@router.post("/means")
async def note_means(
    client: Mine, body: views.MeansBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PlanOpened:
    if await once(db, viewer, command, "plan.means"):
        await actions.note_means(db, viewer, client, _means(body))
    return await queries.opened(db, viewer.program_id, client)


@router.post("/pdf", dependencies=[Confirmed], response_class=Response)
async def print_plan(client: Mine, body: views.PaperBody, viewer: CurrentViewer, db: ViewerDb) -> Response:
    row = await paper.chosen(db, viewer.program_id, client, body.version_id)
    if body.for_guardian:
        await paper.refuse_if_hidden(db, viewer.program_id, client)
    data = await paper.data(db, row, large=body.large, for_guardian=body.for_guardian)
    made = await pdf("safety_plan", data)
    detail = {"as": "pdf", "number": row.number, "large": body.large, "for_guardian": body.for_guardian}
    await actions.note_exported(db, viewer, client, detail)
    # No name of a person or a reason in what a download folder shows.
    named = {"Content-Disposition": 'attachment; filename="plan.pdf"'}
    return Response(made, media_type="application/pdf", headers=named)


@router.post("/export", dependencies=[Confirmed])
async def export(client: Mine, body: views.PaperBody, viewer: CurrentViewer, db: ViewerDb) -> dict[str, Any]:
    row = await paper.chosen(db, viewer.program_id, client, body.version_id)
    document = await paper.document(db, row)
    if body.for_guardian:
        await paper.refuse_if_hidden(db, viewer.program_id, client)
        document = document.model_copy(update={"content": document.content.for_guardian()})
    detail = {"as": "json", "number": row.number, "for_guardian": body.for_guardian}
    await actions.note_exported(db, viewer, client, detail)
    return interchange.write(document)


@router.post("/import")
async def take_in(
    client: Mine, body: views.ImportBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PlanOpened:
    lost = 0
    if await once(db, viewer, command, "plan.import"):
        lost = await actions.take_in(db, viewer, client, body)
    return await queries.opened(db, viewer.program_id, client, unlinked=lost)


def _means(body: views.MeansBody) -> Means:
    try:
        return views.means_of(body)
    except ValueError:
        sentence = "Secured means need how, by whom and on which day; the others need none of these."
        raise NotValid(sentence, fields={"status": sentence}) from None
