"""The two runs, in real time: people answer by script, and every act is compared with its limit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from app.calls import simulated
from app.calls.models import SimulatedCall
from app.clients.models import EmergencyContact
from app.db import Database
from app.errors import Conflict, NotFound
from app.incidents import actions as incidents
from app.incidents import outside
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.selftest.report import Report, Step
from app.selftest.stage import Stage, says

LOOK_SECONDS = 0.2
# Of a run as a whole: the last limit of the protocol at imminent is 120 s, and both runs must end before 150.
LONGEST_SECONDS = 105.0
# A phone that rings is hung up this soon after the client is back.
HUSH_SECONDS = 3.0
ALERT_SECONDS = 2.0

T = TypeVar("T")


class Lost(Exception):
    """Something that had to happen did not; the text says what."""


class Run:
    """One client from the drop to the end. `name` heads its steps in the report."""

    def __init__(self, database: Database, stage: Stage, client_id: UUID, report: Report, name: str) -> None:
        self.database = database
        self.stage = stage
        self.client_id = client_id
        self.report = report
        self.name = name
        self.incident_id: UUID | None = None
        self.drop_at: datetime | None = None
        self._until = asyncio.get_running_loop().time() + LONGEST_SECONDS

    # --- what the runs are made of

    async def drops(self) -> None:
        await says(self.database, self.stage, self.client_id, "left")
        incident = await self.until("the alert", self._incident)
        self.incident_id, self.drop_at = incident.id, incident.drop_at
        opened = await self.entry_at(Kind.incident_opened)
        self.note("Alert on every board", ALERT_SECONDS, opened)

    async def until(self, what: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """Raises Lost when it does not come."""
        while asyncio.get_running_loop().time() < self._until:
            found = await look()
            if found is not None:
                return found
            await asyncio.sleep(LOOK_SECONDS)
        raise Lost(f"{self.name}: {what} never came.")

    def note(self, name: str, due_s: float, at: datetime | None) -> None:
        took = None if at is None or self.drop_at is None else (at - self.drop_at).total_seconds()
        self.report.steps.append(
            Step(self.name, name, round(due_s, 1), None if took is None else round(took, 1))
        )

    async def step(self, key: str) -> EscalationStep | None:
        async with self.database.transaction(self.stage.program_id) as db:
            return (
                await db.scalars(
                    select(EscalationStep)
                    .where(
                        EscalationStep.program_id == self.stage.program_id,
                        EscalationStep.incident_id == self.incident_id,
                        EscalationStep.key == key,
                    )
                    .order_by(EscalationStep.ordinal)
                    .limit(1)
                )
            ).one_or_none()

    async def due(self, key: str) -> float:
        step = await self.step(key)
        if step is None or self.drop_at is None:
            raise Lost(f"{self.name}: the step {key} is not in the chain.")
        return (step.limit_at - self.drop_at).total_seconds()

    async def waiting(self, key: str) -> EscalationStep | None:
        step = await self.step(key)
        return step if step is not None and step.status in ("pending", "dialing") else None

    async def attempt(
        self,
        who: tuple[str, ...],
        channel: str = "call",
        *,
        step: str | None = None,
        ringing: bool = False,
        room_of: UUID | None = None,
    ) -> ContactAttempt | None:
        """The first that started; with `ringing`, the newest whose phone rings now. `room_of`: the leg it is to join."""
        query = select(ContactAttempt).where(
            ContactAttempt.program_id == self.stage.program_id,
            ContactAttempt.incident_id == self.incident_id,
            ContactAttempt.who.in_(who),
            ContactAttempt.channel == channel,
            ContactAttempt.dialing_at.is_not(None),
        )
        if step is not None:
            found = await self.step(step)
            if found is None:
                return None
            query = query.where(ContactAttempt.step_id == found.id)
        if room_of is not None:
            query = query.where(ContactAttempt.client_leg_id == room_of)
        if ringing:
            query = query.join(
                SimulatedCall,
                (SimulatedCall.program_id == ContactAttempt.program_id)
                & (SimulatedCall.attempt_id == ContactAttempt.id),
            ).where(SimulatedCall.state == "ringing")
        newest = ContactAttempt.dialing_at.desc() if ringing else ContactAttempt.dialing_at
        async with self.database.transaction(self.stage.program_id) as db:
            return (await db.scalars(query.order_by(newest).limit(1))).first()

    async def rings(
        self, who: tuple[str, ...], *, step: str | None = None, room_of: UUID | None = None
    ) -> ContactAttempt:
        return await self.until(
            f"the call to the {who[0]}", lambda: self.attempt(who, step=step, room_of=room_of, ringing=True)
        )

    async def answer(self, attempt: ContactAttempt, as_: simulated.As, digits: str | None = None) -> None:
        """Who is too late for a ringing phone is no fault of the chain."""
        try:
            async with self.database.transaction(self.stage.program_id) as db:
                await simulated.act(db, attempt.id, as_)
            if digits is not None:
                async with self.database.transaction(self.stage.program_id) as db:
                    await simulated.press(db, attempt.id, digits)
        except (Conflict, NotFound) as refused:
            raise Lost(f"{self.name}: a phone stopped ringing before it was answered. {refused}") from refused

    async def _incident(self) -> Incident | None:
        async with self.database.transaction(self.stage.program_id) as db:
            return (
                await db.scalars(
                    select(Incident).where(
                        Incident.program_id == self.stage.program_id,
                        Incident.client_id == self.client_id,
                        Incident.state == "open",
                    )
                )
            ).one_or_none()

    async def entry_at(self, kind: Kind) -> datetime | None:
        async with self.database.transaction(self.stage.program_id) as db:
            at: datetime | None = await db.scalar(
                select(Entry.recorded_at)
                .where(
                    Entry.program_id == self.stage.program_id,
                    Entry.incident_id == self.incident_id,
                    Entry.kind == kind,
                )
                .order_by(Entry.seq)
                .limit(1)
            )
            return at

    async def recognised(self) -> None:
        """R3 by the supervisor, then closed with an outcome."""
        supervisor, incident_id = self.stage.viewers["supervisor"], self.id
        async with self.database.transaction(self.stage.program_id) as db:
            found = {"checked": ["voice"], "place": "Invented", "alone": "yes"}
            await incidents.verified(db, supervisor, incident_id, found, "imminent")
        async with self.database.transaction(self.stage.program_id) as db:
            await incidents.close(db, supervisor, incident_id, "rejoined", "The self-test ended well.")

    @property
    def id(self) -> UUID:
        if self.incident_id is None:
            raise Lost(f"{self.name}: there is no incident.")
        return self.incident_id


async def nobody_answers(run: Run) -> None:
    """Voicemail, text, the other number, the supervisor; then a contact and a decision, both by a person's press."""
    await run.drops()
    first = await run.rings(("client",), step="first-call")
    run.report.drop_to_dial_s = _after(run, first.dialing_at)
    run.note("First call to the client", await run.due("first-call"), first.dialing_at)
    await run.answer(first, "voicemail")

    voicemail = await run.until("the neutral message", lambda: _done(run, "voicemail"))
    run.note("Neutral message on the voicemail", await run.due("voicemail"), voicemail.done_at)
    text = await run.until("the text", lambda: run.attempt(("client",), "text"))
    run.note("Neutral text", await run.due("text"), text.dialing_at)
    other = await run.rings(("client",), step="backup")
    run.note("Call to the other number", await run.due("backup"), other.dialing_at)

    page = await run.rings(("supervisor",), step="supervisor")
    run.note("Supervisor's phone rings", await run.due("supervisor"), page.dialing_at)
    await run.answer(page, "themselves", "1")
    await _a_person_decides(run)
    await run.recognised()


async def _a_person_decides(run: Run) -> None:
    stage, supervisor = run.stage, run.stage.viewers["supervisor"]
    incident_id = run.id
    async with run.database.transaction(stage.program_id) as db:
        await incidents.take(db, supervisor, incident_id)
    await _answers(run, "supervisor", "contact")
    async with run.database.transaction(stage.program_id) as db:
        contact_id = (
            await db.scalars(select(EmergencyContact.id).where(EmergencyContact.client_id == run.client_id))
        ).one()
        press = outside.ContactPress("release", "", (), "That we lost touch a minute ago")
        await outside.call_contact(db, supervisor, incident_id, contact_id, press)
    planned = await run.until("the contact's call", lambda: _planned_contact(run))
    mine = await run.rings(("staff",), room_of=planned)
    if (await run.attempt(("contact",))) is not None:
        run.report.faults.append("The contact was rung before a person was on the line to speak (R1).")
    await run.answer(mine, "themselves", "1")
    contact = await run.rings(("contact",))
    run.note("Contact rung, by a person's press", await run.due("contact"), contact.dialing_at)
    await run.answer(contact, "themselves")
    await _answers(run, "contact", "no_answer")
    async with run.database.transaction(stage.program_id) as db:
        await outside.decide(db, supervisor, incident_id, "responders", "The self-test decides.")
    run.note("Decision about responders", await run.due("decide"), await run.entry_at(Kind.decided))


async def _planned_contact(run: Run) -> UUID | None:
    async with run.database.transaction(run.stage.program_id) as db:
        found: UUID | None = await db.scalar(
            select(ContactAttempt.id).where(
                ContactAttempt.program_id == run.stage.program_id,
                ContactAttempt.incident_id == run.id,
                ContactAttempt.who == "contact",
            )
        )
        return found


async def _answers(run: Run, key: str, outcome: str) -> None:
    step = await run.until(f"the question “{key}”", lambda: run.waiting(key))
    async with run.database.transaction(run.stage.program_id) as db:
        await incidents.answer_step(db, run.stage.viewers["supervisor"], run.id, step.id, outcome, None)


async def _done(run: Run, key: str) -> EscalationStep | None:
    step = await run.step(key)
    return step if step is not None and step.status == "done" else None


async def back_while_it_rings(run: Run) -> None:
    """The client is on screen again before anybody answers: the phone falls silent, and a person looks at them."""
    await run.drops()
    ringing = await run.rings(("client",), step="first-call")
    run.note("First call to the client", await run.due("first-call"), ringing.dialing_at)
    await says(run.database, run.stage, run.client_id, "joined")
    back_at = await run.until("the news that they are back", lambda: run.entry_at(Kind.client_back))
    quiet_by = (_after(run, back_at) or 0.0) + HUSH_SECONDS
    ended = await run.until("silence on the client's phone", lambda: _ended(run, ringing.id))
    run.note("Their phone stops ringing", quiet_by, ended.ended_at)
    check = await run.until("the question who they are", lambda: run.waiting("rejoin-check"))
    asked_by = (_after(run, back_at) or 0.0) + ALERT_SECONDS
    run.note("A person is asked to recognise them", asked_by, await run.entry_at(Kind.client_back))
    if not check.waits_for_person:
        run.report.faults.append("The rejoin check does not wait for a person (R3).")
    await run.recognised()


async def _ended(run: Run, attempt_id: UUID) -> ContactAttempt | None:
    async with run.database.transaction(run.stage.program_id) as db:
        attempt = await db.get_one(ContactAttempt, (run.stage.program_id, attempt_id))
        return attempt if attempt.ended_at is not None else None


def _after(run: Run, at: datetime | None) -> float | None:
    return None if at is None or run.drop_at is None else round((at - run.drop_at).total_seconds(), 1)
