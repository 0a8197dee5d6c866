"""The shape of a protocol file. Closed: an unknown key is refused. What the shape cannot say is in `checks`."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

Tier = Literal["none", "low", "moderate", "high", "imminent"]
TIERS: tuple[Tier, ...] = ("low", "moderate", "high", "imminent")

Action = Literal[
    "alert.push",
    "incident.accept",
    "call.client",
    "call.leave_voicemail",
    "call.repeat",
    "text.client",
    "page.supervisor",
    "page.deciders",
    "person.contact",
    "person.decide",
    "person.dispatch",
    "person.check",
    "person.staff_decide",
    "person.verify",
]
OUTREACH: frozenset[Action] = frozenset({"call.client", "call.leave_voicemail", "call.repeat", "text.client"})
RINGS: frozenset[Action] = frozenset({"call.client", "call.repeat"})
PAGES: frozenset[Action] = frozenset({"page.supervisor", "page.deciders"})
# Acts towards people other than the client and our own staff: only ever by a person's press (R1).
THIRD_PARTY: frozenset[Action] = frozenset({"person.contact", "person.dispatch"})
# Steps that three losses within 10 s lock (R1).
LOCKABLE: frozenset[Action] = frozenset({"person.contact", "person.decide", "person.dispatch"})

Role = Literal["lead", "cofacilitator", "supervisor", "on_call", "system", "any_clinician"]
Guard = Literal[
    "no_recording",
    "neutral_caller_id",
    "voicemail_ok",
    "text_ok",
    "not_text_stopped",
    "safe_to_ring",
    "release_or_emergency_basis",
    "not_on_do_not_contact",
    "part2_gate",
    "not_household",
    "not_part_of_the_danger",
    "family_agreement",
    "verified_authority",
    "through_relay",
    "interpreter",
    "quiet_responders",
]
Basis = Literal["release", "serious_threat", "family_involvement"]
Which = Literal["primary", "backup", "primary_again"]
VariantName = Literal[
    "language", "part2", "adolescent", "rural", "text_first", "relay", "do_not_ring", "unsafe_home"
]
# The order in which variants are applied: a later one has the last word, so those that protect from danger stand last.
# Written here and not taken from the file, because a stored body does not keep the order of its keys.
VARIANT_ORDER: tuple[VariantName, ...] = (
    "language",
    "part2",
    "adolescent",
    "text_first",
    "relay",
    "do_not_ring",
    "rural",
    "unsafe_home",
)

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Seconds(Closed):
    """Seconds by tier; one number in the file means the same for all. Tier none uses low."""

    low: int = Field(ge=0, le=7200, strict=True)
    moderate: int = Field(ge=0, le=7200, strict=True)
    high: int = Field(ge=0, le=7200, strict=True)
    imminent: int = Field(ge=0, le=7200, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _same_for_all(cls, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return dict.fromkeys(TIERS, value)
        return value

    def of(self, tier: Tier) -> int:
        seconds: int = getattr(self, "low" if tier == "none" else tier)
        return seconds

    def scaled(self, factor: float) -> "Seconds":
        return Seconds(**{tier: int(self.of(tier) * factor) for tier in TIERS})


class Trigger(Closed):
    event: Literal["presence.lost", "presence.not_responding", "staff.button"]
    name: Word | None = None


class Step(Closed):
    """One step. `due_s` counts from the drop, or from the step's own opening when `from` is `step`.

    `not_before_s`: calm tiers are not rushed. `wait_s`: the least time a person gets, however late it is.
    `every_s`: how often a repeating step comes round. `ring_s`: how long a telephone rings.
    `widens`: brings in further people: at its limit while somebody owns the incident, at once when nobody does.
    `alongside`: runs beside the chain and never leads it. `starts`: alongside steps that open with this one.
    """

    id: Key
    title: str = Field(min_length=3, max_length=90)
    role: Role
    action: Action
    number: Which | None = None
    counts_from: Literal["drop", "step"] = Field("drop", alias="from")
    due_s: Seconds
    not_before_s: Seconds | None = None
    wait_s: Seconds | None = None
    every_s: Seconds | None = None
    ring_s: Seconds | None = None
    widens: bool = False
    alongside: bool = False
    starts: tuple[Key, ...] = ()
    say: tuple[Key, ...] = ()
    guard: tuple[Guard, ...] = ()
    basis: tuple[Basis, ...] = ()
    skippable: bool = False
    record: tuple[Word, ...] = ()
    next: dict[Word, str] = Field(min_length=1)

    @property
    def waits_for_person(self) -> bool:
        """Nothing happens here without somebody; its time is how long they have."""
        return self.action == "incident.accept" or self.action.startswith("person.")

    @property
    def beside(self) -> bool:
        """Asks about what was heard or seen meanwhile, and does not move the chain's place."""
        return self.alongside or self.action in ("person.check", "person.verify")


class Script(Closed):
    """Words by language; English is required and is what a missing language falls back to, visibly."""

    channel: Literal["phone", "voicemail", "text"]
    audience: Literal["client", "household", "contact", "responder"]
    discloses: Literal["nothing", "minimum", "clinical"]
    text: dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], str]

    def words(self, language: str) -> tuple[str, str]:
        """(language actually used, text)."""
        used = language[:2].lower() if language[:2].lower() in self.text else "en"
        return used, self.text[used]


class When(Closed):
    """All that is written must hold. Nothing written is refused by `checks`."""

    first_outreach: Literal["text_first", "relay", "do_not_ring"] | None = None
    unsafe_home_or_danger: bool | None = None
    part2: bool | None = None
    minor: bool | None = None
    other_language: bool | None = None
    travel_minutes_over: int | None = Field(None, ge=0, le=600)

    @property
    def empty(self) -> bool:
        return not self.model_fields_set


class StepChange(Closed):
    """What a variant may change about a step. `next` is merged; `guard` is added to; everything else replaces."""

    title: str | None = Field(None, min_length=3, max_length=90)
    role: Role | None = None
    action: Action | None = None
    due_s: Seconds | None = None
    not_before_s: Seconds | None = None
    wait_s: Seconds | None = None
    say: tuple[Key, ...] | None = None
    guard: tuple[Guard, ...] = ()
    basis: tuple[Basis, ...] | None = None
    starts: tuple[Key, ...] | None = None
    next: dict[Word, str] = {}


class Variant(Closed):
    """`remove`: step id to what takes its place everywhere it is named: a step, "onwards" (whatever follows the step
    that goes) or "nothing" (for alongside steps).

    `remind` are sentences for staff; a variant made of reminders alone is refused for the safety variants (R2).
    """

    when: When
    remove: dict[Key, str] = {}
    change: dict[Key, StepChange] = {}
    add: tuple[Step, ...] = ()
    replace_script: dict[Key, Key] = {}
    limits_factor: float | None = Field(None, gt=0, le=1)
    remind: tuple[str, ...] = ()


class Signals(Closed):
    """Where the chain goes when something is heard that no single step waits for."""

    reached: Key
    answered: Key
    other_person: Key
    back: Key
    lost_again: Key
    replied: Key
    locked: Key
    stopped: Key
    stuck: Key


class Review(Closed):
    owner: str
    due: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class Close(Closed):
    requires: tuple[Word, ...] = ()
    second_person_for: tuple[Tier, ...] = ()


class Protocol(Closed):
    schema_: Literal["handrail.protocol/1"] = Field(alias="schema")
    id: Key
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: str = Field(max_length=60)
    purpose: str = Field(max_length=300)
    trigger: tuple[Trigger, ...] = Field(min_length=1)
    tiers: tuple[Tier, ...] = Field(min_length=1)
    roles: tuple[Role, ...]
    signals: Signals
    steps: tuple[Step, ...] = Field(min_length=2)
    scripts: dict[Key, Script]
    variants: dict[VariantName, Variant] = {}
    documentation: tuple[Word, ...] = ()
    close: Close = Close()
    sources: tuple[str, ...] = Field(min_length=1)
    review: Review

    _applied: dict[tuple[str, ...], "Protocol"] = PrivateAttr(default_factory=dict)
    _for_kind: dict[tuple[object, ...], "Protocol"] = PrivateAttr(default_factory=dict)
    _instead: dict[str, str] = PrivateAttr(default_factory=dict)
    _reminders: tuple[str, ...] = PrivateAttr(default=())
    _active_variants: tuple[str, ...] = PrivateAttr(default=())

    # What the rules ask thousands of times in a mass drop is looked up once, and lies where reading it costs nothing.

    @cached_property
    def by_id(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def answered_steps(self) -> frozenset[str]:
        """The checks that ask who answered."""
        asking = {step.next["answered"] for step in self.steps if "answered" in step.next}
        return frozenset(asking | {self.signals.answered})

    @cached_property
    def first_outreach(self) -> str | None:
        """The step that counts for the one minute: met first when nobody presses anything."""
        return next((step.id for step in self._alone() if _reaches_out(step)), None)

    def step(self, key: str) -> Step:
        return self.by_id[key]

    def find(self, key: str) -> Step | None:
        return self.by_id.get(key)

    def instead_of(self, key: str) -> str | None:
        """What took the place of a step that a variant removed; None when it was never removed."""
        return self._instead.get(key)

    @property
    def reminders(self) -> tuple[str, ...]:
        """Sentences for staff from the variants in force."""
        return self._reminders

    @property
    def variants_in_force(self) -> tuple[str, ...]:
        return self._active_variants

    @property
    def entry(self) -> Step:
        return self.steps[0]

    def with_steps(self, steps: Iterable[Step], signals: Signals) -> "Protocol":
        """The same protocol with other steps and no variants: what remains when they have been applied."""
        copy = self.model_copy(update={"steps": tuple(steps), "signals": signals, "variants": {}})
        # A copy shares what its origin has looked up and kept, so it gets its own.
        for name in ("by_id", "answered_steps", "first_outreach"):
            copy.__dict__.pop(name, None)
        copy._applied, copy._for_kind = {}, {}
        return copy

    def _alone(self) -> Iterator[Step]:
        """The steps met when nobody presses anything, until one repeats or leads nowhere."""
        seen: set[str] = set()
        step: Step | None = self.entry
        while step is not None and step.id not in seen:
            seen.add(step.id)
            yield step
            step = self.find(step.next.get("sent") or step.next.get("timeout") or "")


def _reaches_out(step: Step) -> bool:
    return step.action in OUTREACH or step.action == "person.staff_decide"
