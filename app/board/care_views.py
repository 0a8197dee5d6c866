"""The card of everybody else: what is read aloud to the group, and each person with how they are and who rings them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CarePerson(View):
    id: UUID
    name: str


class CareAnswer(View):
    """`starts`: another protocol that this answer begins, by its title."""

    word: str
    starts: str | None = None


class CareStep(View):
    """`later`: not begun yet. A step that silence has made late stays open: only a person answers it."""

    id: UUID | None
    key: str
    title: str
    status: Literal["later", "open", "done", "skipped", "stopped"]
    beside: bool
    limit_at: datetime | None = None
    done_at: datetime | None = None
    done_by: CarePerson | None = None
    outcome: str | None = None
    words: list[str] = Field([], description="To read aloud; nothing in them about anybody.")
    answers: list[CareAnswer] = []


class CareRun(View):
    """`incident_id`: where its steps are answered."""

    incident_id: UUID
    title: str
    begun_at: datetime
    begun_by: CarePerson | None
    state: Literal["running", "ended"]
    ended_at: datetime | None
    language: str
    steps: list[CareStep]


class CareMember(View):
    """`said`: how they are, once a person has said so; silence says nothing. `alert`: they have an alert of their own."""

    check_id: UUID
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    said: Literal["open", "fine", "word", "not_reached"]
    said_at: datetime | None
    said_by: CarePerson | None
    task_id: UUID
    owner: CarePerson | None = Field(description="Who rings them. Nobody, when null.")
    due_at: datetime
    done_at: datetime | None
    done_by: CarePerson | None
    version: int = Field(description="Of the task.")
    alert: UUID | None = None


class CareCard(View):
    kind: Literal["care"] = "care"
    id: str
    round_id: UUID
    group_session_id: UUID
    group_name: str
    group_state: Literal["scheduled", "open", "paused", "closed"]
    starts_at: datetime
    begun_at: datetime
    begun_by: CarePerson | None
    owner: CarePerson | None = Field(description="Who has the group now.")
    owned: Literal["nobody", "person", "paused", "ended"]
    given: list[CarePerson] = Field(description="Whom a call can be given to: the four of the group.")
    run: CareRun | None
    people: list[CareMember]
