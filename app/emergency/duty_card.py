"""What stands on the screen of duty to protect: the reviewed card of where they are now, the clock, whom we told."""

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.clients.consent import Agency, Blocked
from app.clients.known import standing_of
from app.clients.law import region_of
from app.clients.models import Disclosure
from app.db import Db, reveal
from app.divisions import region_name
from app.emergency.card import lines_now, to_dial
from app.emergency.duty_views import DutyCard, DutyDecision, MayWarn, ToldOne
from app.emergency.models import DutyToProtect
from app.incidents.cases import Case
from app.incidents.page_views import Ref
from app.incidents.person_panel import check_in_of
from app.places.queries import directory
from app.places.state_cards import state_card
from app.staff.access import Viewer
from app.staff.queries import names

# Domain 4.10: the supervisor joins within two minutes; it is decided within fifteen, at imminent within five.
JOIN = timedelta(minutes=2)
DECIDE = {"imminent": timedelta(minutes=5)}
DECIDE_ELSE = timedelta(minutes=15)
OUTSIDE = ("responders", "warning", "medical")


async def card(db: Db, viewer: Viewer, case: Case, row: DutyToProtect | None) -> DutyCard:
    """Opens sealed fields: the caller has checked who asks, and journals the reveal."""
    incident, client = case.incident, case.reach.client
    region, at_home = await region_now(db, case), await region_of(db, client)
    state = await state_card(db, incident.program_id, "duty_to_protect", region)
    told = await told_of(db, case)
    who = {one for one in (row.begun_by, row.joined_by, row.decided_by) if one} if row else set()
    known = await names(db, incident.program_id, who | {one.by_staff_id for one in told})

    def ref(staff_id: UUID | None) -> Ref | None:
        return Ref(id=staff_id, name=known.get(staff_id, "A colleague")) if staff_id else None

    decision = json.loads(reveal(db, row, "decision") or "null") if row else None
    sent, _ = await lines_now(db, case)
    lines = [to_dial(now) for now in sent if now.line.police_involved is not False]
    return DutyCard(
        client=client.name_used,
        begun_by=ref(row.begun_by) if row else None,
        begun_at=row.begun_at if row else None,
        joined_by=ref(row.joined_by) if row else None,
        joined_at=row.joined_at if row else None,
        join_by=row.begun_at + JOIN if row else None,
        decide_by=row.begun_at + DECIDE.get(incident.tier, DECIDE_ELSE) if row else None,
        facts=json.loads(reveal(db, row, "facts") or "{}") if row else {},
        choices=row.choices if row else [],
        decision=DutyDecision(**decision) if decision else None,
        decided_by=ref(row.decided_by) if row else None,
        decided_at=row.decided_at if row else None,
        region=region,
        region_name=region_name(region),
        card=state,
        elsewhere=region != at_home,
        police=lines,
        police_told=any(one.act == "responders" for one in told),
        police_first=state.body.police_first if state else "not_known",
        told=[
            ToldOne(
                act=one.act,
                recipient=reveal(db, one, "recipient") or "",
                by=known.get(one.by_staff_id, "A colleague"),
                at=one.at,
                second_look=one.second_look_due_at is not None,
            )
            for one in told
        ],
        may_warn=await _may_warn(db, viewer, case),
        part2=client.part2,
    )


async def _may_warn(db: Db, viewer: Viewer, case: Case) -> MayWarn:
    standing = await standing_of(db, case.reach.client, supervisor="supervisor" in viewer.roles)
    verdict = standing.may(db, "warning", Agency("the person in danger"), case.situation().tier)
    if isinstance(verdict, Blocked):
        return MayWarn(may=False, block=verdict.sentence, lawful_instead=verdict.lawful_instead)
    return MayWarn(may=True, ticks=verdict.ticks, what_may_be_said=verdict.what_may_be_said)


async def region_now(db: Db, case: Case) -> str:
    """The state they are in today; that of their record where today's place names none."""
    known = await directory(db, case.incident.program_id)
    where = known.place_of(db, case.reach.client, await check_in_of(db, case))
    return where.region if where.state else await region_of(db, case.reach.client)


async def told_of(db: Db, case: Case) -> Sequence[Disclosure]:
    found = await db.scalars(
        select(Disclosure)
        .where(
            Disclosure.program_id == case.incident.program_id,
            Disclosure.incident_id == case.incident.id,
            Disclosure.act.in_(OUTSIDE),
        )
        .order_by(Disclosure.at, Disclosure.id)
    )
    return found.all()
