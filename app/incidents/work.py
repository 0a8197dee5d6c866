"""One case and what a move does to it, until it is written: new steps, telephone attempts, entries."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.incidents.cases import Case
from app.incidents.models import ContactAttempt, EscalationStep
from app.incidents.situation import Move
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry


@dataclass
class Work:
    """One case and what is to be done to it. `entries` come first in the journal, then what the move says.

    `steps` and `attempts` are new rows: not in the session, written as one set for all work at hand. `repointed` are
    staff legs in whose room another of them will be: told after it is written, because the key refers to it.
    """

    case: Case
    move: Move
    actor: Actor = RULE
    entries: list[NewEntry] = field(default_factory=list)
    steps: list[EscalationStep] = field(default_factory=list)
    attempts: list[ContactAttempt] = field(default_factory=list)
    repointed: list[tuple[ContactAttempt, UUID]] = field(default_factory=list)
    finished: dict[UUID, EscalationStep] = field(default_factory=dict)

    def entry(self, kind: Kind, actor: Actor | None = None, **detail: Any) -> None:
        incident = self.case.incident
        if self.case.run is not None:
            detail["run"] = self.case.run.id
        self.entries.append(
            NewEntry(
                kind,
                actor or self.actor,
                incident_id=incident.id,
                client_id=incident.client_id,
                group_session_id=incident.group_session_id,
                detail=detail,
            )
        )
