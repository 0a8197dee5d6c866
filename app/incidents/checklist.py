"""A protocol as a live checklist: each step with its clock, its words with the names filled in, and what may be answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clock import ago
from app.db import Db, now_of
from app.incidents import rules
from app.incidents.cases import CONNECTION_LOST, Case
from app.incidents.fallback import FALLBACK, TITLES
from app.incidents.models import EscalationStep
from app.incidents.page_views import AnswerLine, Person, RunLine, ScriptLine, StepLine
from app.incidents.words import run_title, step_title
from app.numbers import readable
from app.protocols import variants
from app.protocols.schema import TOO_OFTEN, Protocol, Tier
from app.staff.access import Viewer

_FIELD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Filler:
    """What the scripts of one page are filled with, for the person who reads them out."""

    db: Db
    case: Case
    person: Person
    viewer: Viewer
    first_names: Mapping[UUID, str]

    def fill(self, text: str) -> str:
        """A gap that the record does not fill stays a gap, for the person to ask or leave out."""
        known = self._known()

        def word(field: re.Match[str]) -> str:
            # What somebody wrote may end like a sentence, and so may the script right after it.
            ends = text[field.end() : field.end() + 1] == "."
            said = known.get(field[1]) or field[0]
            return said.rstrip().removesuffix(".") if ends else said

        return _FIELD.sub(word, text)

    def _known(self) -> dict[str, str | None]:
        person, place, home = self.person, self.person.place, self.person.home
        return {
            "staff_first_name": self.viewer.first_name,
            "staff_full_name": self.viewer.name,
            "colleague_first_name": self._colleague(),
            "callback_number": readable(self.case.program.callback_number),
            "client_safe_name": person.safe_name,
            "client_name": person.name.split(" ")[0],
            "client_pronouns": person.pronouns,
            "client_legal_name": person.legal_name,
            "age": str(person.age) if person.age is not None else None,
            "language": person.language,
            "address": place.address or place.label,
            "entry": place.entry_notes,
            "place_age": self._place_age(),
            "lost_at": self._lost_at(),
            "what_helps": person.what_helps,
            "household": person.household,
            "pets": person.pets,
            "pet_name": ", ".join(home.pets),
            "agreed_ordinary_question": person.ordinary_question,
            "weapons": None,
            "what_to_avoid": home.responder_notes,
        }

    def _place_age(self) -> str:
        place = self.person.place
        if place.confirmed_at is None or place.source in ("usual", "carried_over"):
            return "Nobody has said today that they are there: it is the place we know."
        since = ago((now_of(self.db) - place.confirmed_at).total_seconds())
        return f"They said so {since}." if place.source == "client" else f"We heard that {since}."

    def _lost_at(self) -> str | None:
        incident = self.case.incident
        if incident.kind != CONNECTION_LOST:
            return None
        return f"{incident.drop_at.astimezone(ZoneInfo(self.case.program.time_zone)):%H:%M}"

    def _colleague(self) -> str | None:
        """Of the two who run the group, the one who is not reading this. Whoever reads from outside has no such other."""
        two = (self.case.meeting.lead_id, self.case.meeting.cofacilitator_id)
        if self.viewer.staff_id not in two:
            return None
        other = next((one for one in two if one and one != self.viewer.staff_id), None)
        return self.first_names.get(other) if other else None


async def checklist(db: Db, case: Case, names: dict[UUID, str], filler: Filler) -> RunLine:
    incident, run = case.incident, case.run
    stands_in = case.protocol is FALLBACK
    in_force = variants.apply(case.protocol, case.facts)
    ended_by = run.ended_by if run else None
    return RunLine(
        id=run.id if run else None,
        protocol=case.protocol_id,
        title=run_title(case),
        version=None if stands_in else case.protocol.version,
        stands_in=stands_in,
        purpose=case.protocol.purpose,
        zero_at=case.zero_at,
        started_by=names.get(run.started_by) if run and run.started_by else None,
        why=run.why if run else None,
        state="running" if case.active and incident.state == "open" else "ended",
        end_word=run.end_word if run else incident.protocol_end,
        ended_at=run.ended_at if run else None,
        ended_by=names.get(ended_by) if ended_by else None,
        reminders=list(in_force.reminders),
        documentation=list(case.protocol.documentation),
        steps=await step_lines(db, case, names, filler),
    )


async def step_lines(db: Db, case: Case, names: dict[UUID, str], filler: Filler) -> list[StepLine]:
    """Done, open and, as far as silence would lead, foretold."""
    of_run = EscalationStep.run_id == case.run.id if case.run else EscalationStep.run_id.is_(None)
    rows = await db.execute(
        select(EscalationStep)
        .where(
            EscalationStep.program_id == case.incident.program_id,
            EscalationStep.incident_id == case.incident.id,
            of_run,
        )
        .order_by(EscalationStep.ordinal)
    )
    made = [*_alert(case), *(_step(case, row, names, filler) for row in rows.scalars())]
    if case.running and (case.active or case.protocol.signals is not None):
        made += _foretold(db, case)
    return made


def _foretold(db: Db, case: Case) -> list[StepLine]:
    open_keys = {step.key for step in case.active}
    in_force = variants.apply(case.protocol, case.facts)
    made = []
    for planned in rules.forecast(case.protocol, case.situation(), now_of(db)):
        step = in_force.find(planned.key)
        if planned.key in open_keys or step is None:
            continue
        made.append(
            StepLine(
                id=None,
                key=planned.key,
                title=step_title(case, planned.key),
                action=planned.action,
                role=step.role,
                waits_for_person=planned.waits_for_person,
                status="foretold",
                run_at=planned.run_at,
                limit_at=planned.limit_at,
                visit=planned.visit,
                beside=step.alongside,
            )
        )
    return made


def _alert(case: Case) -> list[StepLine]:
    """The alert is the incident's being there, so it has no row: done with the commit that opened it."""
    entry = case.protocol.entry
    if entry.action != "alert.push":
        return []
    learned = case.run.zero_at if case.run else case.incident.learned_at
    tier: Tier = case.situation().tier
    return [
        StepLine(
            id=None,
            key=entry.id,
            title=step_title(case, entry.id),
            action=entry.action,
            role=entry.role,
            waits_for_person=False,
            status="done",
            run_at=learned,
            limit_at=learned + timedelta(seconds=entry.due_s.of(tier)),
            started_at=learned,
            done_at=learned,
            outcome="sent",
        )
    ]


def _step(case: Case, row: EscalationStep, names: dict[UUID, str], filler: Filler) -> StepLine:
    in_force = variants.apply(case.protocol, case.facts)
    step = in_force.find(row.key) or case.protocol.find(row.key)
    moment = row.started_at or row.done_at
    live = row.status in ("pending", "dialing") and case.running
    outcomes = rules.outcomes(case.protocol, case.situation(), row.key) if live else ()
    return StepLine(
        id=row.id,
        key=row.key,
        title=step_title(case, row.key),
        action=row.action,
        role=step.role if step else "any_clinician",
        waits_for_person=row.waits_for_person,
        status=row.status,
        run_at=row.run_at,
        limit_at=row.limit_at,
        started_at=row.started_at,
        done_at=row.done_at,
        done_by=names.get(row.done_by) if row.done_by else None,
        outcome=row.outcome,
        late_s=max(0, int((moment - row.limit_at).total_seconds())) if moment else 0,
        outcomes=list(outcomes),
        answers=_answers(case, in_force, row.key, outcomes),
        scripts=_scripts(case, in_force, step.say, filler) if step and live else [],
        guards=list(step.guard) if step and live else [],
        basis=list(step.basis) if step and live else [],
        visit=row.visit,
        beside=step.alongside if step else False,
    )


def _answers(case: Case, in_force: Protocol, key: str, outcomes: Sequence[str]) -> list[AnswerLine]:
    step = in_force.find(key)
    made = []
    for word in outcomes if step else ():
        kind, colon, goal = step.next[word].partition(":") if step else ("", "", "")
        made.append(
            AnswerLine(
                word=word,
                says=step_title(case, kind) if key == TOO_OFTEN and not colon else None,
                starts=TITLES.get(goal, goal) if kind == "protocol" else None,
                ends=kind == "end",
            )
        )
    return made


def _scripts(case: Case, in_force: Protocol, keys: Sequence[str], filler: Filler) -> list[ScriptLine]:
    found = [(key, in_force.scripts[key]) for key in keys if key in in_force.scripts]
    made = []
    for key, script in found:
        language, text = script.words(case.reach.client.language)
        made.append(
            ScriptLine(
                id=key,
                channel=script.channel,
                audience=script.audience,
                language=language,
                text=filler.fill(text),
            )
        )
    return made
