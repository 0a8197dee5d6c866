"""What the routes of code words take and give. Going in, a phrase; coming out, one only from a logged look."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clients.consent import Tick
from app.code_words.choosing import Form, Kind
from app.code_words.renewal import Spent, Why


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChooseBody(Body):
    phrase: Annotated[str, Field(min_length=1, max_length=80)]
    form: Form = "words"


class SpendBody(Body):
    why: Spent


class ToldBody(Body):
    ticked: Annotated[list[Tick], Field(max_length=5)] = []


class QuestionBody(Body):
    question: Annotated[str, Field(min_length=3, max_length=200)]
    answer: Annotated[str, Field(max_length=200)] = ""


class ShownWord(View):
    """The one view with a phrase: only a logged look answers with it."""

    kind: Kind
    form: Form
    phrase: str


class KnownBy(View):
    """`how`: staff chose it with the client or were shown it; a contact was told under a release."""

    name: str
    how: Literal["chose", "shown", "told"]
    since: datetime
    rehearsed_at: datetime | None


class WordLine(View):
    """One kind that is set. The phrase itself is not here."""

    kind: Kind
    form: Form
    set_at: datetime
    set_by: str
    lasts_until: date
    due: Why | None
    due_since: datetime | None
    known_by: list[KnownBy]


class GroupPauseLine(View):
    group_id: UUID
    group: str
    form: Form
    set_at: datetime
    due: Why | None


class ContactKnows(View):
    """Somebody the client named: may they know the words (F3), and were they told the ones in force now?"""

    contact_id: UUID
    name: str
    relation: str
    may: bool
    ticks: list[Tick] = Field(description="What a person must be sure of before telling.")
    block: str | None
    lawful_instead: str | None
    told_at: datetime | None


class Look(View):
    """Somebody was shown this client's words."""

    name: str
    at: datetime
    incident_id: UUID | None


class ClientWords(View):
    client_id: UUID
    words: list[WordLine]
    group_pauses: list[GroupPauseLine]
    question_set: bool
    contacts: list[ContactKnows]
    looks: list[Look]


class DueLine(View):
    """A word to choose anew, or a danger word that was never chosen (`why`: missing)."""

    client_id: UUID
    name: str
    kind: Kind
    why: Literal[Why, "missing"]
    since: datetime | None
