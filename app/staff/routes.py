"""Who I am, and the program's staff."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from app.db import Database
from app.settings import Settings
from app.staff import actions, enrolment, licence_routes, queries, sign_in_routes
from app.staff.access import CommandId, CurrentViewer, SignedViewer, ViewerDb, confirmed_viewer, once, require
from app.staff.queries import Me, Role, StaffView

router = APIRouter()
router.include_router(sign_in_routes.router)
api = APIRouter(prefix="/api", tags=["staff"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


Name = Annotated[str, Field(min_length=1, max_length=120)]


class PreferencesBody(Body):
    sound: bool | None = None
    single_keys: bool | None = None
    theme: Literal["system", "light", "dark"] | None = None


class PhoneBody(Body):
    label: Annotated[str, Field(max_length=40)] = ""
    number: Annotated[str, Field(min_length=1, max_length=60)]

    def given(self) -> actions.PhoneGiven:
        return actions.PhoneGiven(self.label, self.number)


class NewStaffBody(Body):
    name: Name
    first_name: Name | None = None
    title: Annotated[str, Field(max_length=120)] = ""
    email: Annotated[str, Field(max_length=320, pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$")]
    roles: list[Role] = Field(min_length=1, max_length=3)
    phones: list[PhoneBody] = Field(default=[], max_length=5)
    de_escalator: bool = False


class ChangeStaffBody(Body):
    name: Name | None = None
    first_name: Name | None = None
    title: Annotated[str, Field(max_length=120)] | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=3)] | None = None
    phones: Annotated[list[PhoneBody], Field(max_length=5)] | None = None
    disabled: bool | None = None
    de_escalator: bool | None = None


class Invited(BaseModel):
    staff: StaffView
    enrol_link: str | None = Field(description="Shown once. Absent when this very press was repeated.")


def _link(request: Request, token: str) -> str:
    settings: Settings = request.app.state.settings
    return enrolment.enrol_link(settings.public_base_url, token)


@api.get("/me")
async def me(request: Request, viewer: SignedViewer) -> Me:
    """Answers a locked sign-in too: the cover shows whose screen it is."""
    database: Database = request.app.state.database
    async with database.transaction(viewer.program_id) as db:
        return await queries.me(db, viewer)


@api.post("/me/preferences")
async def set_preferences(body: PreferencesBody, viewer: CurrentViewer, db: ViewerDb) -> Me:
    await actions.set_preferences(db, viewer, body.model_dump(exclude_none=True))
    return await queries.me(db, viewer)


@api.post("/me/still-here", status_code=204)
async def still_here(viewer: CurrentViewer) -> None:
    """A person moved the mouse or typed: begins the idle time anew, and changes nothing else."""


@api.get("/staff")
async def staff(viewer: CurrentViewer, db: ViewerDb) -> list[StaffView]:
    return await queries.everyone(db, viewer.program_id)


async def administrator(viewer: CurrentViewer) -> None:
    require(viewer, "administrator")


@api.post("/staff", status_code=201, dependencies=[Depends(administrator)])
async def add(
    body: NewStaffBody, request: Request, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Invited:
    if not await once(db, viewer, command, "staff.add"):
        staff_id = await queries.id_of_email(db, viewer.program_id, body.email)
        return Invited(staff=await queries.one(db, viewer.program_id, staff_id), enrol_link=None)
    person, token = await actions.add_staff(
        db,
        viewer,
        name=body.name,
        first_name=body.first_name,
        title=body.title,
        email=body.email,
        roles=body.roles,
        phones=[phone.given() for phone in body.phones],
        de_escalator=body.de_escalator,
    )
    return Invited(
        staff=await queries.one(db, viewer.program_id, person.id), enrol_link=_link(request, token)
    )


@api.patch("/staff/{staff_id}", dependencies=[Depends(administrator)])
async def change(
    staff_id: UUID, body: ChangeStaffBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> StaffView:
    if body.phones is not None:
        await confirmed_viewer(viewer)
    if await once(db, viewer, command, "staff.change"):
        changes = body.model_dump(exclude_none=True, exclude={"phones"})
        phones = None if body.phones is None else [phone.given() for phone in body.phones]
        await actions.change_staff(db, viewer, staff_id, changes, phones)
    return await queries.one(db, viewer.program_id, staff_id)


@api.post("/staff/{staff_id}/invite", dependencies=[Depends(administrator)])
async def invite(
    staff_id: UUID, request: Request, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Invited:
    """A new invitation for somebody who lost their telephone or forgot the passphrase."""
    link = None
    if await once(db, viewer, command, "staff.invite"):
        link = _link(request, await actions.invite_again(db, viewer, staff_id))
    return Invited(staff=await queries.one(db, viewer.program_id, staff_id), enrol_link=link)


router.include_router(api)
router.include_router(licence_routes.router)
