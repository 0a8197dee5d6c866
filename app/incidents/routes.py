"""Incidents over HTTP. Every write is one press with a command id; every read is scoped to the viewer's groups."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.db import Db, now_of
from app.errors import NotFound
from app.group_sessions.models import Group
from app.incidents import actions, dispatch, log, outside, page, taps, timeline
from app.incidents.cases import Case, load
from app.incidents.models import Incident
from app.journal import read
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.protocols.schema import Tier
from app.staff.access import (
    CommandId,
    Confirmed,
    CurrentViewer,
    Viewer,
    ViewerDb,
    may_see_group_session,
    once,
)
from app.staff.models import StaffMember

router = APIRouter(prefix="/api", tags=["incidents"])

Words = Annotated[str, Field(min_length=1, max_length=2000)]
Maybe = Annotated[str | None, Field(max_length=2000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Done(BaseModel):
    """The write is committed. The board's socket brings what changed."""

    done: Literal[True] = True


DONE = Done()


class Note(Body):
    words: Words
    occurred_at: AwareDatetime | None = None


class Reason(Body):
    reason: Words


class MaybeReason(Body):
    reason: Maybe = None


class StepOutcome(Body):
    outcome: Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]
    note: Maybe = None


class CallWhich(Body):
    phone_id: UUID


class ReachedBy(Body):
    by: Literal["voice", "video", "text"]


class Recognised(Body):
    """R3: what was checked, live."""

    checked: Annotated[list[Literal["voice", "video", "question"]], Field(min_length=1, max_length=3)]
    place: Annotated[str, Field(min_length=1, max_length=300)]
    alone: Literal["yes", "no", "unknown"]
    tier: Tier
    next_contact_at: AwareDatetime | None = None
    note: Maybe = None


class NewTier(Body):
    tier: Tier
    reason: Words


class Decision(Body):
    decision: Literal["responders", "mobile_team", "wait"]
    reason: Words


class CallContact(Body):
    basis: Literal["release", "personal_representative", "family_involvement", "serious_threat"]
    grounds: Annotated[str, Field(max_length=2000)] = ""
    ticked: Annotated[list[str], Field(max_length=5)] = []
    content: Words


class DispatchMade(Body):
    decision: Literal["responders", "mobile_team"] = "responders"
    agency: Annotated[str, Field(max_length=200)] = ""
    number: Annotated[str | None, Field(max_length=20)] = None
    read_back: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    outcome: Literal["dispatched", "not_needed", "could_not"]
    content: Annotated[str, Field(max_length=2000)] = ""
    grounds: Annotated[str, Field(max_length=2000)] = ""


class Close(Body):
    outcome: Literal[
        "rejoined",
        "stabilized",
        "stepped_up_care",
        "ed_voluntary",
        "ed_involuntary",
        "responders_no_transport",
        "stood_down",
        "false_alarm",
        "handed_over",
        "other",
    ]
    note: Annotated[str, Field(max_length=4000)] = ""
    next_contact_at: AwareDatetime | None = None


class Minutes(Body):
    minutes: Annotated[int, Field(ge=1, le=60)] = 5


class LeavingAt(Body):
    at: AwareDatetime


# --- the log and the page


LogFilters = Annotated[datetime | None, Query()]


def _filters(
    since: datetime | None,
    until: datetime | None,
    tier: Tier | None,
    group_id: UUID | None,
    state: Literal["open", "closed"] | None,
    outcome: str | None,
) -> log.Filters:
    return log.Filters(_aware(since), _aware(until), tier, group_id, state, outcome)


def _aware(moment: datetime | None) -> datetime | None:
    """A date without a zone is read as UTC rather than refused."""
    return moment.replace(tzinfo=ZoneInfo("UTC")) if moment and moment.tzinfo is None else moment


@router.get("/incidents")
async def incident_log(
    viewer: CurrentViewer,
    db: ViewerDb,
    since: LogFilters = None,
    until: LogFilters = None,
    tier: Tier | None = None,
    group_id: UUID | None = None,
    state: Literal["open", "closed"] | None = None,
    outcome: Annotated[str | None, Query(max_length=40)] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> log.LogPage:
    return await log.page(db, viewer, _filters(since, until, tier, group_id, state, outcome), page)


@router.get("/incidents.csv", response_class=Response, dependencies=[Confirmed])
async def incident_csv(
    viewer: CurrentViewer,
    db: ViewerDb,
    since: LogFilters = None,
    until: LogFilters = None,
    tier: Tier | None = None,
    group_id: UUID | None = None,
    state: Literal["open", "closed"] | None = None,
    outcome: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    made = await log.as_csv(db, viewer, _filters(since, until, tier, group_id, state, outcome))
    return Response(
        made,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="incidents.csv"'},
    )


@router.get("/incidents/{incident_id}")
async def incident_page(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> page.IncidentPage:
    case = await _case(db, viewer, incident_id)
    made = await page.page(db, viewer, case.incident)
    await _journal_reveal(db, viewer, case, "incident_page")
    return made


@router.get("/incidents/{incident_id}/summary")
async def incident_summary(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> dict[str, str]:
    case = await _case(db, viewer, incident_id)
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == viewer.program_id)
    )
    names = {row.id: row.name for row in rows}
    made = timeline.lines(case, await read.of_incident(db, viewer.program_id, incident_id), names)
    group = await db.get(Group, (viewer.program_id, case.meeting.group_id))
    zone = ZoneInfo(case.program.time_zone)

    def local(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    text = timeline.summary(case, made, group.name if group else "", case.program.time_zone, local)
    await _journal_reveal(db, viewer, case, "summary")
    return {"text": text}


@router.get("/incidents/{incident_id}/contacts")
async def incident_contacts(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> list[page.ContactLine]:
    return await page.contacts(db, await _case(db, viewer, incident_id))


@router.get("/incidents/{incident_id}/dispatch")
async def dispatch_card(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> dispatch.DispatchCard:
    case = await _case(db, viewer, incident_id)
    made = await dispatch.card(db, viewer, case)
    await _journal_reveal(db, viewer, case, "dispatch_card")
    return made


async def _case(db: Db, viewer: Viewer, incident_id: UUID) -> Case:
    """For reading: not locked, closed ones too."""
    incident = await db.get(Incident, (viewer.program_id, incident_id))
    loaded = await load(db, [incident]) if incident else {}
    case = loaded.get(incident_id)
    if case is None or not (
        may_see_group_session(viewer, case.meeting) or case.incident.owner_id == viewer.staff_id
    ):
        raise NotFound("There is no such incident among the groups you work with.")
    return case


async def _journal_reveal(db: Db, viewer: Viewer, case: Case, what: str) -> None:
    """Reads of sealed fields are entries too, of a kind that wakes no board."""
    entry = NewEntry(
        Kind.client_revealed,
        viewer.actor,
        incident_id=case.incident.id,
        client_id=case.incident.client_id,
        detail={"what": what},
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])


# --- presses on an incident


@router.post("/incidents/{incident_id}/take")
async def take(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.take"):
        await actions.take(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/release")
async def release(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.release"):
        await actions.release(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/renew")
async def renew(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.renew"):
        await actions.renew(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/call")
async def call(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: CallWhich
) -> Done:
    if await once(db, viewer, command, "incident.call"):
        await actions.call(db, viewer, incident_id, body.phone_id)
    return DONE


@router.post("/incidents/{incident_id}/text")
async def text(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.text"):
        await actions.text(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/reached")
async def reached(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: ReachedBy
) -> Done:
    if await once(db, viewer, command, "incident.reached"):
        await actions.reached(db, viewer, incident_id, body.by)
    return DONE


@router.post("/incidents/{incident_id}/other-person")
async def other_person(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.other_person"):
        await actions.other_person(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/verified")
async def verified(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Recognised
) -> Done:
    if await once(db, viewer, command, "incident.verified"):
        found = body.model_dump(mode="json", exclude={"tier"}, exclude_none=True)
        await actions.verified(db, viewer, incident_id, found, body.tier)
    return DONE


@router.post("/incidents/{incident_id}/seen")
async def incident_seen(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.seen"):
        case = await _case(db, viewer, incident_id)
        await actions.seen(db, viewer, case.incident.group_session_id, case.incident.client_id)
    return DONE


@router.post("/incidents/{incident_id}/note")
async def note(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Note
) -> Done:
    if await once(db, viewer, command, "incident.note"):
        occurred = min(body.occurred_at, now_of(db)) if body.occurred_at else None
        await actions.note(db, viewer, incident_id, body.words, occurred)
    return DONE


@router.post("/incidents/{incident_id}/tier")
async def tier(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: NewTier
) -> Done:
    if await once(db, viewer, command, "incident.tier"):
        await actions.change_tier(db, viewer, incident_id, body.tier, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/stop")
async def stop(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    step_id: UUID,
    body: MaybeReason,
) -> Done:
    if await once(db, viewer, command, "step.stop"):
        await actions.stop(db, viewer, incident_id, step_id, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/skip")
async def skip(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, step_id: UUID, body: Reason
) -> Done:
    if await once(db, viewer, command, "step.skip"):
        await actions.skip(db, viewer, incident_id, step_id, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/now")
async def hurry(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, step_id: UUID
) -> Done:
    if await once(db, viewer, command, "step.now"):
        await actions.hurry(db, viewer, incident_id, step_id)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/outcome")
async def outcome(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    step_id: UUID,
    body: StepOutcome,
) -> Done:
    if await once(db, viewer, command, "step.outcome"):
        await actions.answer_step(db, viewer, incident_id, step_id, body.outcome, body.note)
    return DONE


@router.post("/incidents/{incident_id}/contacts/{contact_id}/call")
async def call_contact(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    contact_id: UUID,
    body: CallContact,
) -> Done:
    if await once(db, viewer, command, "contact.call"):
        press = outside.ContactPress(body.basis, body.grounds, body.ticked, body.content)
        await outside.call_contact(db, viewer, incident_id, contact_id, press)
    return DONE


@router.post("/incidents/{incident_id}/decide")
async def decide(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Decision
) -> Done:
    if await once(db, viewer, command, "incident.decide"):
        await outside.decide(db, viewer, incident_id, body.decision, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/dispatch")
async def record_dispatch(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: DispatchMade
) -> Done:
    if await once(db, viewer, command, "incident.dispatch"):
        press = outside.DispatchPress(
            body.decision, body.agency, body.number, body.read_back, body.outcome, body.content, body.grounds
        )
        await outside.record_dispatch(db, viewer, incident_id, press)
    return DONE


@router.post("/incidents/{incident_id}/close")
async def close(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Close
) -> Done:
    if await once(db, viewer, command, "incident.close"):
        await actions.close(db, viewer, incident_id, body.outcome, body.note)
    return DONE


@router.post("/outages/{outage_id}/not-our-side")
async def not_our_side(viewer: CurrentViewer, db: ViewerDb, command: CommandId, outage_id: UUID) -> Done:
    if await once(db, viewer, command, "outage.not_our_side"):
        await actions.not_our_side(db, viewer, outage_id)
    return DONE


# --- taps on a tile

tile = APIRouter(prefix="/group-sessions/{group_session_id}", tags=["taps"])
PLAIN: dict[str, taps.Tap] = {
    "lost": "lost",
    "not-responding": "not_responding",
    "excuse": "excused",
    "moment": "moment",
    "back": "back",
    "private-room": "private_room",
    "dismissed": "dismissed",
}


@tile.post("/seen-all")
async def seen_all(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, group_session_id: UUID
) -> dict[str, int]:
    seen = 0
    if await once(db, viewer, command, "tap.seen_all"):
        seen = await taps.see_everyone(db, viewer, group_session_id)
    return {"seen": seen}


@tile.post("/clients/{client_id}/seen")
async def tap_seen(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, group_session_id: UUID, client_id: UUID
) -> Done:
    if await once(db, viewer, command, "tap.seen"):
        await taps.see(db, viewer, group_session_id, client_id)
    return DONE


@tile.post("/clients/{client_id}/away")
async def tap_away(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Minutes,
) -> Done:
    if await once(db, viewer, command, "tap.away"):
        await taps.away(db, viewer, group_session_id, client_id, body.minutes)
    return DONE


@tile.post("/clients/{client_id}/leaving")
async def tap_leaving(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: LeavingAt,
) -> Done:
    if await once(db, viewer, command, "tap.leaving"):
        await taps.tap(db, viewer, group_session_id, client_id, "leaving", body.at)
    return DONE


@tile.post("/clients/{client_id}/recognised")
async def tap_recognised(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Recognised,
) -> Done:
    if await once(db, viewer, command, "tap.recognised"):
        words = f"by {' and '.join(body.checked)}, at {body.place}"
        await taps.recognised(db, viewer, group_session_id, client_id, words)
    return DONE


@tile.post("/clients/{client_id}/{tap}")
async def plain_tap(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    tap: Literal["lost", "not-responding", "excuse", "moment", "back", "private-room", "dismissed"],
) -> Done:
    if await once(db, viewer, command, f"tap.{tap}"):
        await taps.tap(db, viewer, group_session_id, client_id, PLAIN[tap])
    return DONE


router.include_router(tile)
