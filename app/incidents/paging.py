"""Whose phones ring so that somebody of us decides: pages to staff, for a step, a lowering or a lane that nobody has."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from app.incidents.cases import LIVE
from app.incidents.legs import LOWERING, STAFF_RING_SECONDS, Legs
from app.incidents.models import ContactAttempt
from app.incidents.situation import PageStaff
from app.incidents.staffing import Colleague
from app.journal.kinds import Kind
from app.journal.write import RULE

# The step that rings for somebody who calls for help (R5).
CALLER = "page.caller"


class Paging:
    """The pages of one case's work."""

    def __init__(self, legs: Legs) -> None:
        self.legs = legs
        self.now = legs.now
        self.case = legs.case
        self.work = legs.work

    def of_step(self, order: PageStaff) -> None:
        step = self.case.step(order.step_id)
        pressed = self._pressed() if step is not None and step.action == CALLER else None
        self.circle(order.roles, order.round, order.step_id, pressed=pressed)

    def _pressed(self) -> UUID | None:
        """Who began this protocol; of the incident's own, who said that it is an emergency."""
        run = self.case.run
        return run.started_by if run is not None else self.case.incident.triaged_by

    def circle(
        self, roles: Sequence[str], round_: int, step_id: UUID | None = None, *, pressed: UUID | None = None
    ) -> None:
        """At high and imminent all together; below, one phone at a time, each round beginning with the next one.
        `pressed`: whose own press it is about."""
        circle = _but(pressed, self._circle(roles))
        if not circle:
            self.case.incident.by_hand = "nobody_to_page"
            self.work.entry(Kind.by_hand, RULE, code="nobody_to_page")
            return
        first = round_ % len(circle)
        free = [
            (role, person) for role, person in circle[first:] + circle[:first] if not self._is_asked(person)
        ]
        together = self.case.incident.tier in ("high", "imminent")
        for place, (role, person) in enumerate(free if together else free[:1]):
            self._page_one(step_id, role, person, round_, place)

    def about_lowering(self, lowering_id: UUID) -> None:
        """Nobody decided about a lower tier: the supervisor's phone rings, and when it rings out the next one's."""
        circle = self._circle(("supervisor", "backup", "on_call"))
        if not circle:
            self.case.incident.by_hand = "nobody_to_page"
            self.work.entry(Kind.by_hand, RULE, code="nobody_to_page")
            return
        role, person = next((one for one in circle if not self._is_asked(one[1])), circle[0])
        if not self._is_asked(person):
            self._page_one(None, role, person, 0, about=lowering_id)

    def next_one(self, unanswered: ContactAttempt, roles: Sequence[str], tried: Collection[UUID]) -> None:
        """The next of the circle, when the page of one rang out. Nobody is paged twice in one round."""
        for role, person in self._circle(roles):
            if person.id not in tried and not self._is_asked(person):
                about = unanswered.words.get(LOWERING)
                self._page_one(
                    unanswered.step_id, role, person, unanswered.words.get("round", 0), about=about
                )
                return

    def for_lane(
        self,
        lane: str | None,
        roles: Sequence[str],
        leave_out: Collection[UUID],
        urgent: bool,
        *,
        pressed: UUID | None = None,
    ) -> None:
        """R5: for a lane, or for the whole alert. All of them together until one accepts; nobody whose phone rings for this case already."""
        circle = [one for one in self._circle(roles) if one[1].id not in leave_out]
        free = [one for one in _but(pressed, circle) if not self._is_asked(one[1])]
        for place, (role, person) in enumerate(free):
            page = self._page_one(None, role, person, 0, place)
            page.words = page.words | {"lane": lane}
            page.urgency = min(page.urgency, 0 if urgent else 1)

    def cancel_for_lanes(self) -> None:
        """Somebody has it: phones that still ring for it stop."""
        for page in self.case.attempts:
            if "lane" not in page.words or page.pressed_at is not None:
                continue
            if page.status == "planned":
                page.status, page.result, page.ended_at = "cancelled", "owned", self.now
                self.work.entry(Kind.attempt_cancelled, RULE, attempt_id=page.id, who=page.who, why="owned")
            elif page.status in ("dialing", "ringing"):
                page.wanted = "hang_up"

    def _circle(self, roles: Sequence[str]) -> list[tuple[str, Colleague]]:
        """Those who can be rung, each under the first of their roles."""
        found: dict[UUID, tuple[str, Colleague]] = {}
        for role in roles:
            person = self.case.staff.in_role(self.case.meeting, role)
            if person is not None and person.phone:
                found.setdefault(person.id, (role, person))
        return list(found.values())

    def _is_asked(self, person: Colleague) -> bool:
        """Being paged already, or on the line with the client. A phone that rings for the client's call is free soon."""
        return any(
            a.staff_id == person.id
            and a.status in ("planned", *LIVE)
            and (a.script == "staff-page" or a.joined_at is not None)
            for a in self.case.attempts
        )

    def _page_one(
        self,
        step_id: UUID | None,
        role: str,
        person: Colleague,
        round_: int,
        place: int = 0,
        about: UUID | str | None = None,
    ) -> ContactAttempt:
        """`place`: the line starts one call at a time, and the supervisor's comes first. `about`: which lowering, when
        it is no step of the chain that asks."""
        assert person.phone is not None  # noqa: S101 - the circle is of those who have one
        page = self.legs.attempt(
            person.phone,
            who=role if role in ("supervisor", "backup", "on_call") else "staff",
            step_id=step_id,
            script="staff-page",
            due_at=self.now + timedelta(milliseconds=place),
            ring_s=STAFF_RING_SECONDS,
        )
        page.staff_id = person.id
        page.words = page.words | {"round": round_}
        if about is not None:
            page.words = page.words | {LOWERING: str(about)}
        step = self.case.step(step_id) if step_id else None
        if step is not None:
            page.urgency = min(page.urgency, step.urgency)
        return page


def _but(pressed: UUID | None, circle: list[tuple[str, Colleague]]) -> list[tuple[str, Colleague]]:
    """Whoever pressed knows already: the others are rung. Where there is nobody else they are rung all the same, so that
    no lane waits in silence (R5)."""
    return [one for one in circle if one[1].id != pressed] or circle
