"""A client's death over HTTP. Recording it asks for the role, the PIN and the name."""

from fastapi import APIRouter

from app.clients.doors import Mine
from app.emergency import death
from app.emergency.death_views import DeathNow, NewDeath, TakenBack
from app.incidents.bodies import DONE, Done
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/clients/{client_id}/death", tags=["emergency"])


@router.get("")
async def death_of(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> DeathNow:
    return DeathNow(death=await death.of_client(db, viewer, client))


@router.post("", dependencies=[Confirmed])
async def record_death(
    client: Mine, viewer: CurrentViewer, db: ViewerDb, command: CommandId, body: NewDeath
) -> Done:
    if await once(db, viewer, command, "death.record"):
        await death.record(db, viewer, client, body)
    return DONE


@router.post("/taken-back", dependencies=[Confirmed])
async def take_death_back(
    client: Mine, viewer: CurrentViewer, db: ViewerDb, command: CommandId, body: TakenBack
) -> Done:
    if await once(db, viewer, command, "death.taken_back"):
        await death.take_back(db, viewer, client, body)
    return DONE
