"""The shape of a protocol file. Closed: an unknown key is refused. What the shape cannot say is in `checks`."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from app.protocols.vocabulary import (
    END_WORDS as END_WORDS,
)
from app.protocols.vocabulary import (
    LOCKABLE as LOCKABLE,
)
from app.protocols.vocabulary import (
    NOTHING as NOTHING,
)
from app.protocols.vocabulary import (
    OUTREACH as OUTREACH,
)
from app.protocols.vocabulary import (
    PAGES as PAGES,
)
from app.protocols.vocabulary import (
    REPEATED_PAGES as REPEATED_PAGES,
)
from app.protocols.vocabulary import (
    RINGS as RINGS,
)
from app.protocols.vocabulary import (
    SPEAKS_OUTSIDE as SPEAKS_OUTSIDE,
)
from app.protocols.vocabulary import (
    THIRD_PARTY as THIRD_PARTY,
)
from app.protocols.vocabulary import (
    TIERS as TIERS,
)
from app.protocols.vocabulary import (
    VARIANT_ORDER as VARIANT_ORDER,
)
from app.protocols.vocabulary import (
    Action as Action,
)
from app.protocols.vocabulary import (
    Basis as Basis,
)
from app.protocols.vocabulary import (
    Guard as Guard,
)
from app.protocols.vocabulary import (
    Role as Role,
)
from app.protocols.vocabulary import (
    Tier as Tier,
)
from app.protocols.vocabulary import (
    VariantName as VariantName,
)
from app.protocols.vocabulary import (
    Which as Which,
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
    """`tier.chosen`: a person chose the tier of that `name`. `protocol`: a person's answer in another protocol.
    `schedule`: offered when its time comes, never begun by itself."""

    event: Literal[
        "presence.lost", "presence.not_responding", "staff.button", "tier.chosen", "protocol", "schedule"
    ]
    name: Word | None = None


def _zero(value: object) -> object:
    """`start` is the drop's other name, where nobody dropped: the zero of the clock."""
    return "drop" if value == "start" else value


class Step(Closed):
    """One step. `due_s` counts from the zero of the clock (`drop`, `start`), or from the step's own opening when
    `from` is `step`.

    `not_before_s`: calm tiers are not rushed. `wait_s`: the least time a person gets, however late it is.
    `every_s`: how often a repeating step comes round. `ring_s`: how long a telephone rings.
    `widens`: brings in further people: at its limit while somebody owns the incident, at once when nobody does.
    `alongside`: runs beside the chain and never leads it; one that waits for a person stays open until somebody
    answers. `starts`: alongside steps that open with this one.
    """

    id: Key
    title: str = Field(min_length=3, max_length=90)
    role: Role
    action: Action
    number: Which | None = None
    counts_from: Annotated[Literal["drop", "step"], BeforeValidator(_zero)] = Field("drop", alias="from")
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

    channel: Literal["phone", "voicemail", "text", "spoken", "dispatch"]
    audience: Literal["client", "household", "contact", "responder", "group", "staff"]
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
    shares_home: bool | None = None
    pets: bool | None = None

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
    every_s: Seconds | None = None
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

    @property
    def acts(self) -> bool:
        """It changes what happens, and not only what staff are reminded of."""
        return bool(self.remove or self.change or self.add or self.replace_script or self.limits_factor)


class Signals(Closed):
    """Where the chain goes when something is heard that no single step waits for. Only a protocol that presence starts
    has them: in all others nothing is heard but people."""

    reached: Key
    answered: Key
    other_person: Key
    back: Key
    lost_again: Key
    replied: Key
    locked: Key
    stopped: Key
    stuck: Key


# The step that comes in place of one that has come round too often: no file writes it, every protocol without signals has
# it. The supervisor chooses from which of the protocol's own steps it goes on.
TOO_OFTEN = "after-five-visits"
VISITS = 5


def _too_often(steps: Iterable[Step]) -> Step:
    every = {"low": 300, "moderate": 300, "high": 60, "imminent": 60}
    goes_on = {step.id.replace("-", "_"): step.id for step in steps if not step.alongside}
    return Step.model_validate(
        {
            "id": TOO_OFTEN,
            "title": "The supervisor decides where this goes on",
            "role": "supervisor",
            "action": "page.deciders",
            "from": "step",
            "due_s": every,
            "every_s": every,
            "next": goes_on | {"stopped": "end:stopped", "timeout": TOO_OFTEN},
        }
    )


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
    signals: Signals | None = None
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
        found = {step.id: step for step in self.steps}
        return found if self.signals else found | {TOO_OFTEN: _too_often(self.steps)}

    @cached_property
    def answered_steps(self) -> frozenset[str]:
        """The checks that ask who answered."""
        if self.signals is None:
            return frozenset()
        asking = {step.next["answered"] for step in self.steps if "answered" in step.next}
        return frozenset(asking | {self.signals.answered})

    @property
    def of_presence(self) -> bool:
        """Presence starts it: it reaches out to the client by itself, and it alone."""
        return any(trigger.event.startswith("presence.") for trigger in self.trigger)

    @property
    def signals_heard(self) -> Signals:
        """Of a protocol that presence starts; asking any other is our own mistake."""
        if self.signals is None:
            raise LookupError(f"{self.id} hears no signals")
        return self.signals

    @cached_property
    def first_outreach(self) -> str | None:
        """The step that counts for the one minute: met first when nobody presses anything. Without a drop there is none."""
        if not self.of_presence:
            return None
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

    def with_steps(self, steps: Iterable[Step], signals: Signals | None) -> "Protocol":
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
