"""What the routes of practice take and give. Closed: an undeclared field is a bug on our side."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.replays.dry_run import AnsweredStep, Walk
from app.training.due import Standing
from app.training.schema import Level, Module, Next, Scene
from app.training.scoring import Is
from app.triage.schema import Tier

Kind = Literal["scene", "words", "protocol"]
Outcome = Literal["right", "too_low", "too_high", "passed", "not_yet", "finished", "stopped"]
Subject = Literal["scenes", "words"]
WordsState = Literal["not_begun", "under_way", "passed", "with_supervisor"]
Key = Annotated[str, Field(max_length=60)]


# Columns that the database holds to these words.
_KIND, _OUTCOME, _TIER = TypeAdapter(Kind), TypeAdapter(Outcome), TypeAdapter(Tier | None)


def kind(word: str) -> Kind:
    return _KIND.validate_python(word)


def outcome(word: str | None) -> Outcome:
    return _OUTCOME.validate_python(word)


def tier(word: str | None) -> Tier | None:
    return _TIER.validate_python(word)


class PracticeBody(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PracticeViewOf(BaseModel):
    model_config = ConfigDict(extra="forbid")


# --- what is sent


class SceneAnswer(PracticeBody):
    """`marked`: what of the safety check the scene shows; absent is not asked."""

    scene: Key
    marked: Annotated[dict[Key, Key], Field(max_length=20)] = {}
    tier: Level
    next: Next


class WordsProgress(PracticeBody):
    """One part read, or one conversation as far as it went: the replies chosen, in order."""

    part: Key | None = None
    talk: Key | None = None
    picks: Annotated[list[Key], Field(max_length=12)] = []


class WordsAnswers(PracticeBody):
    """The number of the answer chosen, from 1, for each question."""

    answers: Annotated[dict[Key, Annotated[int, Field(ge=1, le=4)]], Field(max_length=40)]


class KeepWalk(PracticeBody):
    """The whole walk, which is walked anew here. `reasons`: why a step was left out, by its name."""

    walk: Walk
    reasons: Annotated[dict[Key, Annotated[str, Field(max_length=500)]], Field(max_length=60)] = {}


class SignPractice(PracticeBody):
    """`sha256`: of what was read. If it changed meanwhile nothing is signed."""

    subject: Subject
    sha256: Annotated[str, Field(max_length=64)]


# --- what is given


class PracticeReviewed(PracticeViewOf):
    by: str
    role: str
    at: datetime


class PracticeStands(PracticeViewOf):
    """`standing`: a hint, never a bar."""

    standing: Standing
    last_at: datetime | None
    until: datetime | None


class SceneLine(PracticeViewOf):
    """A scene as it is read before it is answered, and how it went the last time."""

    id: str
    title: str
    seen: str
    signal: str | None
    last_at: datetime | None
    last: Outcome | None


class PractisedProtocol(PracticeViewOf):
    version_id: UUID
    protocol: str
    title: str
    version: str
    tiers: list[Tier]
    last_at: datetime | None


class PracticeRunLine(PracticeViewOf):
    id: UUID
    kind: Kind
    subject: str
    title: str
    version: str
    tier: Tier | None
    begun_at: datetime
    ended_at: datetime
    outcome: Outcome
    reached: int
    possible: int


class PracticeHome(PracticeViewOf):
    """Everything of one person's practice. `scenes_reviewed`: null while the scenes are for clinical review."""

    scenes: list[SceneLine]
    scenes_stand: PracticeStands
    scenes_reviewed: PracticeReviewed | None
    words_title: str
    words_minutes: int
    words_stand: PracticeStands
    words_reviewed: PracticeReviewed | None
    words_state: WordsState
    protocols: list[PractisedProtocol]
    protocols_stand: PracticeStands
    runs: list[PracticeRunLine]


class PracticeMark(PracticeViewOf):
    """One question of the check: how it was marked, and what the scene shows."""

    input: str
    marked: str | None
    shown: str | None


class PracticeMatch(PracticeViewOf):
    id: str
    tier: Tier
    say: str


class SceneJudged(PracticeViewOf):
    """What the real rules give for this scene, beside what was chosen. `own_tier`: for what was marked."""

    run_id: UUID
    tier_is: Is
    next_is: Is
    points: int
    of: int
    tier: Level
    next: Next
    own_tier: Level
    matches: list[PracticeMatch]
    alike: list[PracticeMark]
    missed: list[PracticeMark]
    otherwise: list[PracticeMark]
    read_in: list[PracticeMark]
    notice: str
    say: str
    rules_version: str
    sources: list[str]


class WordsPart(PracticeViewOf):
    id: str
    title: str
    read: list[str]
    say: list[str]
    not_so: list[str]
    sources: list[str]
    done: bool


class WordsReply(PracticeViewOf):
    id: str
    words: str
    fits: Literal["helps", "partly", "hurts"]
    why: str
    then: str


class WordsTurn(PracticeViewOf):
    id: str
    says: str
    replies: list[WordsReply]


class WordsTalk(PracticeViewOf):
    id: str
    title: str
    opens: str
    closes: str
    turns: list[WordsTurn]
    picks: list[str]
    done: bool


class WordsQuestion(PracticeViewOf):
    """`right` and `why` once it was answered in this sitting, and not before."""

    id: str
    ask: str
    options: list[str]
    chosen: int | None
    right: int | None
    why: str | None


class WordsView(PracticeViewOf):
    id: str
    title: str
    version: str
    minutes: int
    objectives: list[str]
    reviewed: PracticeReviewed | None
    state: WordsState
    begun_at: datetime | None
    passed_at: datetime | None
    until: datetime | None
    pass_percent: int
    attempts: int
    attempts_of: int
    reached: int
    parts: list[WordsPart]
    talks: list[WordsTalk]
    questions: list[WordsQuestion]


class LeftOut(AnsweredStep):
    reason: str | None


class PracticeRunView(PracticeViewOf):
    """One protocol as it was walked: each step in its order, answered or left out with the reason."""

    run: PracticeRunLine
    by: str
    steps: list[LeftOut]


class Practised(PracticeViewOf):
    """What of one colleague. In the order of names: nobody is compared."""

    staff_id: UUID
    name: str
    title: str
    scenes: int
    scenes_of: int
    scenes_stand: PracticeStands
    words_stand: PracticeStands
    words_with_supervisor: bool
    protocols_stand: PracticeStands
    runs: list[PracticeRunLine]


class PracticeTeam(PracticeViewOf):
    people: list[Practised]


class PracticeToRead(PracticeViewOf):
    """What a supervisor reads before signing, with every answer and source."""

    scenes: list[Scene]
    scenes_sha256: str
    scenes_reviewed: PracticeReviewed | None
    words: Module
    words_sha256: str
    words_reviewed: PracticeReviewed | None
