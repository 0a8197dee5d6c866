"""Telephone legs and texts as planned attempts: whose phone rings for whom, in which order, joined to which call.

Nothing here rings, texts or asks a provider: the outbox takes planned attempts up.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.clients.models import ClientPhone, EmergencyContact
from app.db import Db, conceal, new_id, now_of, reveal
from app.incidents.cases import LIVE
from app.incidents.models import ContactAttempt
from app.incidents.situation import LeaveVoicemail, RingClient, SendText
from app.incidents.staffing import Colleague
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE
from app.rows import unsaved
from app.staff.models import StaffPhone

# The client's leg waits for the staff leg no longer than this before its limit: one token, one request, one ring.
CLIENT_LEG_BEFORE_LIMIT = timedelta(seconds=5)
VOID_AFTER = timedelta(minutes=10)
STAFF_RING_SECONDS = 20
# A person who pressed "call" but does not pick up their own phone: the client is rung all the same (R6).
PERSON_CALL_WAIT = timedelta(seconds=20)
# A contact is rung only when a person is on the line to speak (R1); the leg is cancelled when that never happens.
CONTACT_WAIT = timedelta(minutes=10)
# Of a page that no step asks for: the lowering of a tier that waited for a second person. It rings although the client
# has been recognised.
LOWERING = "lowering"

# What a redial takes over from the attempt it replaces.
COPIED = (
    "incident_id", "step_id", "lines", "provider_account", "channel", "who", "phone_id", "contact_id", "staff_id",
    "client_leg_id", "number_key", "last2", "script", "words", "tier", "urgency", "ring_s", "void_after",
)  # fmt: skip


class Legs:
    """The legs of one case's work."""

    def __init__(self, db: Db, work: Work) -> None:
        self.db = db
        self.now = now_of(db)
        self.case = work.case
        self.actor = work.actor
        self.work = work

    def ring_client(self, order: RingClient) -> None:
        """Staff first (R6); the client's phone at their word, or no later than `ring_by`."""
        phone = self.case.reach.phone(order.number_id)
        order_of_staff = self.case.staff.order(self.case.meeting, self.case.incident.owner_id)
        step = self.case.step(order.step_id)
        round_ = step.rounds if step else 0
        due = max(self.now, order.ring_by - CLIENT_LEG_BEFORE_LIMIT)
        client_leg = self.attempt(
            phone, who="client", step_id=order.step_id, script=order.script, due_at=due, ring_s=order.ring_s
        )
        client_leg.phone_id = phone.id
        if order_of_staff:
            self.staff_leg(client_leg, order_of_staff[round_ % len(order_of_staff)])

    def staff_leg(self, client_leg: ContactAttempt, colleague: Colleague) -> ContactAttempt | None:
        """A colleague's phone for this client's call. None when that phone is busy with another leg of this case."""
        if colleague.phone is None:
            return None
        for other in self.case.attempts:
            if (
                other.staff_id == colleague.id
                and other.status in ("planned", *LIVE)
                and not _heard_all(other)
            ):
                if other.joined_at is None and (other.status == "answered" or not self._has_far_end(other)):
                    self.work.repointed.append((other, client_leg.id))
                    client_leg.words = client_leg.words | {"staff_first_name": colleague.first_name}
                return None
        leg = self.attempt(
            colleague.phone,
            who="staff",
            step_id=client_leg.step_id,
            script="staff-leg",
            due_at=self.now,
            ring_s=STAFF_RING_SECONDS,
        )
        leg.staff_id = colleague.id
        leg.client_leg_id = client_leg.id
        client_leg.words = client_leg.words | {"staff_first_name": colleague.first_name}
        return leg

    def _has_far_end(self, staff_leg: ContactAttempt) -> bool:
        """Whether the call that this phone rings for still may come to a person. One that rings on for a call that
        is over belongs to the next one, or nobody of us would be rung for it."""
        return any(
            a.id == staff_leg.client_leg_id and a.answered_by != "machine" and a.wanted is None
            for a in self.case.attempts
        )

    def ring_now(self, phone: ClientPhone, by: Colleague) -> None:
        """A person's own call: their phone rings now, the client's as soon as they are on the line."""
        client_leg = self.attempt(
            phone, who="client", step_id=None, script="phone-open", due_at=self.now + PERSON_CALL_WAIT
        )
        client_leg.phone_id = phone.id
        self.staff_leg(client_leg, by)

    def ring_contact(self, contact: EmergencyContact, by: Colleague) -> None:
        """By a person's press alone: their own phone rings first, and the contact only once they are on it."""
        leg = self.attempt(
            contact, who="contact", step_id=None, script="contact", due_at=self.now + CONTACT_WAIT
        )
        leg.contact_id = contact.id
        ringing = self._ringing_at(by)
        if ringing is None:
            self.staff_leg(leg, by)
            return
        # They pressed while their phone rings for the client's call: it is this one they will speak on.
        left = next((a for a in self.case.attempts if a.id == ringing.client_leg_id), None)
        self.work.repointed.append((ringing, leg.id))
        if left is not None:
            self.next_staff_leg(left, tried={by.id})

    def _ringing_at(self, person: Colleague) -> ContactAttempt | None:
        """A call to this colleague's phone on which they do not speak with anybody yet."""
        return next(
            (
                a
                for a in self.case.attempts
                if a.staff_id == person.id
                and a.status in ("planned", *LIVE)
                and a.joined_at is None
                and not _heard_all(a)
            ),
            None,
        )

    def text_now(self, phone_id: UUID) -> None:
        phone = self.case.reach.phone(phone_id)
        quiet = self.case.facts.guarded and "text-quiet" in self.case.protocol.scripts
        made = self.attempt(
            phone,
            who="client",
            channel="text",
            step_id=None,
            script="text-quiet" if quiet else "text-neutral",
            due_at=self.now,
        )
        made.phone_id = phone_id

    def next_staff_leg(self, client_leg: ContactAttempt, tried: Collection[UUID]) -> None:
        """The next colleague whose phone has not rung for this leg. When all have, the board alone must do."""
        for colleague in self.case.staff.order(self.case.meeting, self.case.incident.owner_id):
            if colleague.id not in tried and self.staff_leg(client_leg, colleague):
                return

    def again(self, attempt: ContactAttempt) -> ContactAttempt:
        """The same number once more, as an attempt of its own; staff waiting in the old room are put through to it."""
        fresh = unsaved(
            ContactAttempt,
            program_id=attempt.program_id,
            id=new_id(),
            **{name: getattr(attempt, name) for name in COPIED},
            due_at=self.now,
            planned_at=self.now,
            status="planned",
            replaces_id=attempt.id,
        )
        conceal(self.db, fresh, "number", reveal(self.db, attempt, "number"))
        self.work.attempts.append(fresh)
        self.case.attempts.append(fresh)
        self.work.entry(
            Kind.attempt_planned,
            RULE,
            attempt_id=fresh.id,
            who=fresh.who,
            last2=fresh.last2,
            replaces=attempt.id,
        )
        return fresh

    def text(self, order: SendText) -> None:
        phone = self.case.reach.phone(order.number_id)
        text = self.attempt(
            phone, who="client", channel="text", step_id=order.step_id, script=order.script, due_at=self.now
        )
        text.phone_id = phone.id

    def voicemail(self, order: LeaveVoicemail) -> None:
        for attempt in reversed(self.case.attempts):
            if attempt.phone_id == order.number_id and attempt.channel == "call" and attempt.status in LIVE:
                attempt.wanted = "voicemail"
                attempt.step_id = order.step_id
                attempt.words = attempt.words | self._template(order.script)
                return

    def attempt(
        self,
        phone: ClientPhone | StaffPhone | EmergencyContact,
        *,
        who: str,
        step_id: UUID | None,
        script: str,
        due_at: datetime,
        channel: str = "call",
        ring_s: int = 25,
    ) -> ContactAttempt:
        incident, program = self.case.incident, self.case.program
        # A text's step is done with the order; its urgency still counts.
        step = (self.case.step(step_id) or self.work.finished.get(step_id)) if step_id else None
        made = unsaved(
            ContactAttempt,
            program_id=incident.program_id,
            id=new_id(),
            incident_id=incident.id,
            step_id=step_id,
            lines=incident.lines,
            provider_account=program.provider_account,
            channel=channel,
            who=who,
            number_key=phone.number_key,
            last2=phone.last2,
            script=script,
            words=self._say(script),
            tier=incident.tier,
            urgency=step.urgency if step else 3,
            ring_s=ring_s,
            due_at=due_at,
            void_after=step.void_after if step else self.now + VOID_AFTER,
            status="planned",
            planned_at=self.now,
        )
        conceal(self.db, made, "number", reveal(self.db, phone, "number"))
        self.work.attempts.append(made)
        self.case.attempts.append(made)
        self.work.entry(
            Kind.attempt_planned,
            RULE,
            attempt_id=made.id,
            who=who,
            channel=channel,
            last2=phone.last2,
            script=script,
        )
        return made

    def _say(self, script: str) -> dict[str, Any]:
        """The words as a template, and fill-ins that tell a stranger nothing. Calls that people speak on need none."""
        caller = next(iter(self.case.staff.order(self.case.meeting, self.case.incident.owner_id)), None)
        language = self.case.reach.client.language[:2]
        said = {"staff_first_name": caller.first_name if caller else "", "language": language}
        return said | self._template(script)

    def _template(self, script: str) -> dict[str, str]:
        found = self.case.protocol.scripts.get(script)
        if found is None:
            return {}
        used, template = found.words(self.case.reach.client.language)
        return {
            "language": used,
            "template": template,
            "callback_number": self.case.program.callback_number,
        }

    def cancel(self, step_id: UUID | None, reason: str) -> None:
        for attempt in self.case.attempts:
            if step_id is not None and attempt.step_id != step_id:
                continue
            if (
                attempt.script == "staff-page"
                and step_id is None
                and (reason not in ("verified", "brief_drop") or LOWERING in attempt.words)
            ):
                continue
            if attempt.status == "planned":
                attempt.status = "cancelled"
                attempt.result = reason
                attempt.ended_at = self.now
                self.work.entry(
                    Kind.attempt_cancelled, RULE, attempt_id=attempt.id, who=attempt.who, why=reason
                )
            elif attempt.status in ("dialing", "ringing"):
                attempt.wanted = "hang_up"


def _heard_all(leg: ContactAttempt) -> bool:
    """A page whose key was pressed is about to hang up: the phone is free again in a moment, and rings anew."""
    return leg.pressed_at is not None and leg.client_leg_id is None
