"""For staff, on the client's record: what the client told on their own page."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.clients.queries import client_of
from app.db import Db
from app.group_sessions import told
from app.staff.access import Viewer, require_client


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EquipmentView(View):
    """None is a question that was skipped. `due`: a week has passed, so the page asks again."""

    at: datetime
    due: bool
    battery: int | None
    charged: bool | None
    headphones: bool | None
    background: bool | None
    private_spot: bool | None
    backup_device: bool | None
    no_recording: bool | None


class OwnPageView(View):
    equipment: EquipmentView | None


async def own_page(db: Db, viewer: Viewer, client_id: UUID) -> OwnPageView:
    await require_client(db, viewer, client_id)
    await client_of(db, viewer.program_id, client_id)
    known = (await told.equipment(db, viewer.program_id, [client_id])).get(client_id)
    return OwnPageView(
        equipment=None
        if known is None
        else EquipmentView(at=known.at, due=known.due, battery=known.battery, **known.answers)
    )
