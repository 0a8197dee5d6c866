"""What is known for grounding somebody: their own words first, what stands now, what was tried in this meeting."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.clients.models import Client
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.grounding import steps, views
from app.grounding.asked import asked_of
from app.grounding.models import Intervention, PageCard
from app.grounding.texts import EXERCISES, PACES, ROUNDS, languages, texts_in
from app.group_sessions.models import Presence
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.plans import queries as plans
from app.plans.parts import Part
from app.staff.access import Viewer, require_client
from app.staff.models import StaffMember
from app.triage.given import evaluated
from app.triage.models import RiskAssessment
from app.triage.queries import given_of

# (d) How long answers of a safety check say what is so now.
CHECK_HOLDS = timedelta(hours=2)
# Where somebody's own small steps stand in their plan. What they do with an animal stands on its card (S11).
OWN_STEPS = (Part.alone, Part.soothes, Part.around, Part.people)
NEEDS: dict[Part, steps.Need] = {Part.people: "connection", Part.around: "connection", Part.alone: "body"}


def all_texts() -> views.GroundingTexts:
    return views.GroundingTexts(
        languages=list(languages().values()),
        paces={
            exercise: views.Pace(
                rounds=ROUNDS[exercise],
                parts=[views.PacePart(phase=phase, seconds=seconds) for phase, seconds in PACES[exercise]],
            )
            for exercise in EXERCISES
            if exercise in PACES
        },
    )


async def for_client(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID
) -> views.GroundingForClient:
    """Opens the plan, the animals and the answers of a safety check, so it writes down who looked."""
    await require_client(db, viewer, client_id)
    expected = await db.get(Presence, (viewer.program_id, group_session_id, client_id))
    if expected is None or expected.removed_at is not None:
        raise NotFound("This client is not on the list of this group session.")
    client = await db.get_one(Client, (viewer.program_id, client_id))
    plan = (await plans.agreed(db, viewer.program_id, [client_id])).get(client_id)
    pets: list[dict[str, Any]] = json.loads(reveal(db, client, "pet_cards") or "[]")
    routines = [f"{pet['name']}: {pet['soothes']}" for pet in pets if pet.get("soothes")]
    own = _own(plan, routines)
    found = views.GroundingForClient(
        language=client.language,
        unsafe_home=client.unsafe_home,
        helps=[item.words for item in plan.of(Part.helps_first)] if plan else [],
        animals=[str(pet["name"]) for pet in pets if pet.get("name")],
        with_animals=([item.words for item in plan.of(Part.animals)] if plan else []) + routines,
        steps=_steps(
            own,
            await _asked(db, client),
            client.language,
            animal=bool(pets or (plan and plan.of(Part.animals))),
        ),
        standing=await standing(db, viewer.program_id, group_session_id, client_id),
        group_standing=await standing(db, viewer.program_id, group_session_id, None),
        today=await _today(db, viewer.program_id, group_session_id, client_id),
    )
    looked = NewEntry(
        Kind.client_revealed,
        viewer.actor,
        client_id=client_id,
        group_session_id=group_session_id,
        detail={"what": "grounding"},
        retention="audit",
    )
    await write(db, viewer.program_id, [looked])
    return found


async def for_group(db: Db, viewer: Viewer, group_session_id: UUID) -> views.GroundingForGroup:
    await of_viewer(db, viewer, group_session_id, lock=False)
    return views.GroundingForGroup(
        standing=await standing(db, viewer.program_id, group_session_id, None),
        today=await _today(db, viewer.program_id, group_session_id, None),
    )


async def on_page(db: Db, program_id: UUID, group_session_id: UUID, client_id: UUID) -> PageCard | None:
    """What staff have put on this client's page and nobody has taken away."""
    found: PageCard | None = await db.scalar(
        select(PageCard).where(
            PageCard.program_id == program_id,
            PageCard.group_session_id == group_session_id,
            PageCard.client_id == client_id,
            PageCard.closed_at.is_(None),
        )
    )
    return found


async def _asked(db: Db, client: Client) -> steps.Asked:
    """By the newest check, also one that is being asked or was broken off. An old one says nothing about now."""
    row = await db.scalar(
        select(RiskAssessment)
        .where(
            RiskAssessment.program_id == client.program_id,
            RiskAssessment.client_id == client.id,
            RiskAssessment.saved_at > now_of(db) - CHECK_HOLDS,
        )
        .order_by(RiskAssessment.saved_at.desc(), RiskAssessment.id)
        .limit(1)
    )
    if row is None:
        return steps.NOTHING_ASKED
    return asked_of({str(name): value for name, value in evaluated(given_of(db, row), "none").items()})


def _own(plan: plans.AgreedPlan | None, routines: Sequence[str]) -> list[views.SmallStep]:
    """In the client's own words: what they do alone and with animals, then with people."""
    lines = [
        (NEEDS.get(part, "other"), item.words)
        for part in OWN_STEPS
        for item in (plan.of(part) if plan else ())
    ]
    alone = [line for line in lines if line[0] != "connection"]
    together = [line for line in lines if line[0] == "connection"]
    return [
        views.SmallStep(own=True, words=words, need=need)
        for need, words in [*alone, *(("body", words) for words in routines), *together]
    ]


def _steps(
    own: Sequence[views.SmallStep], asked: steps.Asked, language: str, *, animal: bool
) -> views.SmallSteps:
    found = steps.offered([step.words for step in own], asked, animal=animal)
    ours = texts_in(language).steps
    chosen = [own[index] for index in found.own]
    chosen += [views.SmallStep(own=False, words=ours[step.key], need=step.need) for step in found.ours]
    return views.SmallSteps(
        lines=chosen,
        asked=views.AskedNow(
            ideation=asked.ideation, intoxication=asked.intoxication, self_harm=asked.self_harm
        ),
        hidden=list(found.hidden),
        hidden_count=found.hidden_count,
    )


async def standing(
    db: Db, program_id: UUID, group_session_id: UUID, client_id: UUID | None
) -> views.GroundingNow | None:
    row = (
        await db.execute(
            select(Intervention, StaffMember.first_name)
            .join(
                StaffMember,
                (StaffMember.program_id == Intervention.program_id)
                & (StaffMember.id == Intervention.offered_by),
            )
            .where(*_of(program_id, group_session_id, client_id), Intervention.ended_at.is_(None))
        )
    ).one_or_none()
    if row is None:
        return None
    pages = await db.scalar(
        select(func.count())
        .select_from(PageCard)
        .where(
            PageCard.program_id == program_id,
            PageCard.intervention_id == row.Intervention.id,
            PageCard.closed_at.is_(None),
        )
    )
    return views.GroundingNow(
        exercise=row.Intervention.kind,
        offered_at=row.Intervention.offered_at,
        started_at=row.Intervention.started_at,
        by=row.first_name,
        before=row.Intervention.before,
        on_page=int(pages or 0),
    )


async def _today(
    db: Db, program_id: UUID, group_session_id: UUID, client_id: UUID | None
) -> Sequence[views.GroundingDone]:
    """The newest first; what stands now is shown by itself."""
    rows = await db.execute(
        select(Intervention, StaffMember.first_name)
        .join(
            StaffMember,
            (StaffMember.program_id == Intervention.program_id) & (StaffMember.id == Intervention.offered_by),
        )
        .where(*_of(program_id, group_session_id, client_id), Intervention.ended_at.is_not(None))
        .order_by(Intervention.offered_at.desc(), Intervention.id)
    )
    return [
        views.GroundingDone(
            kind=row.Intervention.kind,
            at=row.Intervention.started_at or row.Intervention.offered_at,
            who=row.first_name,
            result=row.Intervention.result,
            before=row.Intervention.before,
            after=row.Intervention.after,
            words=reveal(db, row.Intervention, "words"),
        )
        for row in rows
    ]


def _of(program_id: UUID, group_session_id: UUID, client_id: UUID | None) -> tuple[Any, ...]:
    return (
        Intervention.program_id == program_id,
        Intervention.group_session_id == group_session_id,
        Intervention.client_id.is_(None) if client_id is None else Intervention.client_id == client_id,
    )
