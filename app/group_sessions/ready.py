"""The facts that readiness decides on, for any number of clients at once: a dozen queries, whatever the number.

Tiles of boards, Prepare, tasks of an opening and the readiness of a whole program all count here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.clients.gaps import Ways
from app.clients.ways import Reached, reached
from app.code_words.queries import Danger, danger_words
from app.db import Db
from app.group_sessions.models import GroupSession, LocationCheckIn
from app.group_sessions.readiness import Known, Ready, ready
from app.plans.queries import PlanStanding
from app.plans.queries import standing as plans_standing

DangerWord = Literal["none", "due", "to_rehearse", "set"]
Place = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is missing for one client, and the row that the press beside a gap is about."""

    known: Known
    state: Ready
    phone_id: UUID | None
    line_id: UUID | None


async def of_clients(db: Db, program_id: UUID, clients: Collection[UUID]) -> dict[UUID, Readiness]:
    """Whatever the day. Without a meeting nobody has a place to say yet."""
    facts = await _facts(db, program_id, clients, ())
    return {client_id: facts.of(client_id, None, later=True, two=()) for client_id in facts.reached}


async def of_meeting(
    db: Db, meeting: GroupSession, clients: Collection[UUID], places: Mapping[UUID, LocationCheckIn]
) -> dict[UUID, Readiness]:
    """`places`: today's, by client."""
    wanted = {(meeting.id, client_id): places.get(client_id) for client_id in clients}
    found = await of_places(db, meeting.program_id, wanted, {meeting.id: two_of(meeting)})
    return {client_id: now for (_, client_id), now in found.items()}


async def of_places(
    db: Db,
    program_id: UUID,
    places: Mapping[Place, LocationCheckIn | None],
    two: Mapping[UUID, Collection[UUID]],
) -> dict[Place, Readiness]:
    """By meeting and client, any number of meetings at once. `two`: who runs each meeting."""
    facts = await _facts(db, program_id, {client for _, client in places}, {meeting for meeting, _ in places})
    return {
        (meeting, client): facts.of(client, place, later=False, two=two.get(meeting, ()))
        for (meeting, client), place in places.items()
        if client in facts.reached
    }


def two_of(meeting: GroupSession) -> tuple[UUID, ...]:
    """The two who run it, as far as they are named."""
    return tuple(one for one in (meeting.lead_id, meeting.cofacilitator_id) if one is not None)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What people lack repeats itself: `made` keeps one answer for all who lack the same."""

    reached: Mapping[UUID, Reached]
    words: Mapping[UUID, Danger]
    plans: Mapping[UUID, PlanStanding]
    made: dict[tuple[Ways, str, str, str, bool], tuple[Known, Ready]]

    def of(
        self, client_id: UUID, place: LocationCheckIn | None, *, later: bool, two: Iterable[UUID]
    ) -> Readiness:
        known = self.reached[client_id]
        if place is not None and not place.same_place:
            known = known.away(address=place.address is not None, line_id=place.dispatch_line_id)
        said: Literal["said", "missing", "later"] = (
            "later" if later else "missing" if place is None else "said"
        )
        key = (
            known.ways,
            said,
            _plan(self.plans.get(client_id)),
            _danger_word(self.words.get(client_id), two),
            known.question,
        )
        answer = self.made.get(key)
        if answer is None:
            asked = Known(*key)
            answer = self.made[key] = (asked, ready(asked))
        return Readiness(*answer, known.phone_id, known.line_id)


async def _facts(db: Db, program_id: UUID, clients: Collection[UUID], meetings: Collection[UUID]) -> _Facts:
    return _Facts(
        await reached(db, program_id, clients, meetings),
        await danger_words(db, program_id, clients, rehearsed=bool(meetings)),
        await plans_standing(db, program_id, clients),
        {},
    )


def _plan(plan: PlanStanding | None) -> Literal["none", "overdue", "agreed"]:
    if plan is None:
        return "none"
    return "overdue" if plan.overdue else "agreed"


def _danger_word(word: Danger | None, two: Iterable[UUID]) -> DangerWord:
    if word is None:
        return "none"
    if word.due:
        return "due"
    return "set" if word.rehearsed_by.issuperset(two) else "to_rehearse"
