"""The shapes of the incident page, closed: what a screen may rely on."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.incidents.at_home import AgreementNow, AtHome
from app.incidents.timeline import Line


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ref(View):
    id: UUID
    name: str


class PlaceToday(View):
    """`source`: client, told_privately, staff, or usual when nothing was said today."""

    label: str | None
    address: str | None
    entry_notes: str | None
    source: Literal["client", "told_privately", "staff", "carried_over", "usual"]
    confirmed_at: datetime | None
    confirmed_by: str | None
    alone: str


class PhoneLine(View):
    id: UUID
    number: str
    label: str
    rank: int
    safe_to_ring: bool
    voicemail_ok: bool
    text_ok: bool
    text_stopped: bool
    shared: bool
    today_only: bool
    may_ring: bool
    tried: int


class FactLine(View):
    """One kind of fact for a recipient. `words`: what is known of it. Of what is kept back: why, instead."""

    item: str
    label: str
    words: str


class ContactLine(View):
    """`may`: with bases, what may be said and the script. Else the block, and what is lawful instead (R18).

    `tell`: what of the record is for them, `kept_back`: what is not (B5); both are seen before anybody speaks.
    """

    id: UUID
    name: str
    relation: str
    number: str | None
    minutes_away: int | None
    lives_with_client: bool
    guardian: bool
    may: bool
    bases: list[str] = []
    ticks: dict[str, list[str]] = {}
    what_may_be_said: str | None = None
    script: str | None = None
    cautions: list[str] = []
    block: str | None = None
    lawful_instead: str | None = None
    agreement: str | None = None
    tell: list[FactLine] = []
    kept_back: list[FactLine] = []


class ScriptLine(View):
    id: str
    channel: str
    audience: str
    language: str
    text: str


class AnswerLine(View):
    """What a person may answer: `says` where the word alone does not; `starts` names the protocol that it begins."""

    word: str
    says: str | None = None
    starts: str | None = None
    ends: bool = False


class StepLine(View):
    """`outcomes`: what a person may answer now. `visit`: how often the chain has come here. `beside`: it runs alongside."""

    id: UUID | None
    key: str
    title: str
    action: str
    role: str
    waits_for_person: bool
    status: Literal["foretold", "pending", "dialing", "done", "cancelled", "skipped", "unknown"]
    run_at: datetime
    limit_at: datetime
    started_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: str | None = None
    late_s: int = 0
    outcomes: list[str] = []
    answers: list[AnswerLine] = []
    scripts: list[ScriptLine] = []
    guards: list[str] = []
    basis: list[str] = []
    visit: int = 1
    beside: bool = False


class RunLine(View):
    """One protocol under way, or over. `id` is null for the one that the incident began with. `stands_in`: nothing is
    approved, and these are the barest steps."""

    id: UUID | None
    protocol: str
    title: str
    version: str | None
    stands_in: bool
    purpose: str
    zero_at: datetime
    started_by: str | None
    why: str | None
    state: Literal["running", "ended"]
    end_word: str | None
    ended_at: datetime | None
    ended_by: str | None
    reminders: list[str]
    documentation: list[str]
    steps: list[StepLine]


class OfferLine(View):
    """A protocol that a person may begin here. `fits`: its file names what was pressed, or this tier."""

    protocol: str
    title: str
    approved: bool
    fits: bool


class CallLine(View):
    attempt_id: UUID
    who: str
    channel: str
    label: str
    state: str
    since: datetime
    result: str | None
    answered_by: str | None
    joined: bool


class ByHandLine(View):
    sentence: str
    number: str | None


class PlanFirst(View):
    """Of the agreed safety plan: what helps most, to be read first, and what was done about means of harm."""

    number: int
    agreed_at: datetime
    overdue: bool
    helps_first: list[str]
    signs: list[str]
    soothes: list[str]
    means: list[str]


class Person(View):
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    safe_name: str
    legal_name: str
    age: int | None
    minor: bool
    language: str
    interpreter_needed: bool
    unsafe_home: bool
    danger_word_used: bool
    danger_wish: str | None
    part2: bool
    first_outreach: str
    household: str | None
    pets: str | None
    what_helps: str | None
    ordinary_question: str | None
    travel_minutes: int | None
    plan: PlanFirst | None
    place: PlaceToday
    phones: list[PhoneLine]
    contacts: list[ContactLine]
    said_today: list[str]
    relay: str | None
    interpreter_language: str | None
    home: AtHome
    agreement: AgreementNow | None


class Meeting(View):
    id: UUID
    group_name: str
    dial_in: str | None = None
    lead: Ref | None
    cofacilitator: Ref | None
    supervisor: Ref | None
    backup: Ref | None


class AccessOpen(View):
    """A colleague from outside has this client open, by emergency access."""

    name: str
    until: datetime


class LoweringNow(View):
    """A lower tier that waits for a second person. `checked`: a safety check stands behind it."""

    id: UUID
    before: str
    after: str
    reason: str
    asked_by: Ref
    asked_at: datetime
    until: datetime
    mine: bool
    checked: bool


class IncidentPage(View):
    id: UUID
    seq: int
    headline: str
    practice: str | None
    lines: str
    tier: str
    state: str
    reason: str
    presence: str
    drop_at: datetime
    learned_at: datetime
    first_outreach_at: datetime | None
    back_at: datetime | None
    answered_at: datetime | None
    reached_at: datetime | None
    verified_at: datetime | None
    verified_by: Ref | None
    closed_at: datetime | None
    outcome: str | None
    owner: Ref | None
    mine: bool
    taken_at: datetime | None
    owned_until: datetime | None
    outage_id: UUID | None
    locked: bool
    brief_drop_allowed: bool
    callback_number: str
    protocol: str
    protocol_version: str
    reminders: list[str]
    person: Person
    meeting: Meeting
    in_hand: StepLine | None
    steps: list[StepLine]
    runs: list[RunLine]
    offers: list[OfferLine]
    calls: list[CallLine]
    by_hand: list[ByHandLine]
    timeline: list[Line]
    documentation: list[str]
    emergency_access: list[AccessOpen] = []
    lowering: LoweringNow | None = None
