"""A dry run: an invented incident is walked through a protocol. Nothing is written, nobody is rung.

The whole walk comes with each question and is walked anew: so there is nothing to keep, and to undo is to leave out.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.errors import NotValid
from app.incidents.chain import IllegalMove
from app.incidents.situation import (
    Back,
    DangerUsed,
    LostAgain,
    OutageCleared,
    OutageLocked,
    PersonOutcome,
    Reached,
    Released,
    Replied,
    Signal,
    Skipped,
    Taken,
    TierChanged,
    Verified,
)
from app.protocols import plain, reading
from app.protocols.schema import Protocol, Step, Tier
from app.protocols.views import VersionView
from app.replays import kinds, lines
from app.replays.stage import Answer, Endless, Stage, Telephones, at, nobody

# A day: nobody sits longer before one.
LONGEST_S = 86_400
MOST_MOVES = 200
OWNED_S = {"none": 900, "low": 900, "moderate": 600, "high": 300, "imminent": 180}

Seconds = Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]
Picks = Literal["nobody", "client", "somebody_else", "voicemail"]
Press = Literal[
    "answer", "skip", "take", "release", "tier", "back", "lost_again", "replied", "reached", "danger", "several",
    "not_our_side", "recognised",
]  # fmt: skip


class Pressed(BaseModel):
    """What somebody says or does so long after zero. `step` and `outcome` for an answer, `step` for one that
    is left out, `tier` for a tier."""

    at_s: Seconds
    press: Press
    step: str = Field("", max_length=40)
    outcome: str = Field("", max_length=40)
    tier: Tier | None = None


class Walk(BaseModel):
    """`until_s`: how far the clock has come. `picks`: who answers the client's telephone."""

    tier: Tier = "high"
    variants: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=20)
    has_contacts: bool = True
    picks: Picks = "nobody"
    pressed: list[Pressed] = Field([], max_length=MOST_MOVES)
    until_s: Seconds = 0


class WalkLine(BaseModel):
    at_s: float
    text: str
    by: Literal["person", "rule"]


class AnsweredStep(BaseModel):
    """One that a person answered or left out, by when it was due, and when they did."""

    step: str
    title: str
    answer: str | None
    at_s: float
    limit_s: float
    late: bool


class OpenStep(BaseModel):
    """`limit_s`: by when it is late. `due_s`: when something happens to it by itself."""

    key: str
    title: str
    role: str
    what: str
    kind: Literal["person", "page", "automatic"]
    beside: bool
    due_s: float
    limit_s: float
    late: bool
    answers: list[reading.StepAnswer]
    say: list[reading.ReadScript]


class WalkView(BaseModel):
    """`refused`: the last press was one that nobody could make there; it was left out."""

    version: VersionView
    now_s: float
    next_s: float | None
    tier: Tier
    owned: bool
    locked: bool
    lines: list[WalkLine]
    answered: list[AnsweredStep]
    open: list[OpenStep]
    ended: str | None
    leads_to: list[str]
    reminders: list[str]
    refused: str | None


def walk(protocol: Protocol, version: VersionView, asked: Walk) -> WalkView:
    if asked.tier not in protocol.tiers:
        raise NotValid("This protocol is not for that tier.", fields={"tier": "Choose one of its tiers."})
    facts = kinds.invented(protocol, asked.variants, has_contacts=asked.has_contacts)
    stage = Stage(protocol, asked.tier, facts, _telephones(asked.picks))
    said: list[WalkLine] = []
    answered: list[AnsweredStep] = []
    refused = None
    try:
        for press in sorted(asked.pressed, key=lambda one: one.at_s):
            stage.pass_until(press.at_s)
            refused = _press(stage, press, said, answered)
        stage.pass_until(asked.until_s)
    except Endless as error:
        raise NotValid(f"{error}. This is a fault of the protocol.") from None
    return _view(stage, version, said, answered, refused)


def _telephones(picks: Picks) -> Telephones:
    outcome = {"voicemail": Answer("voicemail", 12), "nobody": None}.get(picks, Answer("answered", 8, 30))
    return nobody if outcome is None else lambda _call: outcome


def _press(stage: Stage, press: Pressed, said: list[WalkLine], answered: list[AnsweredStep]) -> str | None:
    signal, words = _signal(stage, press)
    step = _answered(stage, press)
    if signal is None:
        return "That step is not open there, so the press was left out."
    try:
        stage.say(signal)
    except IllegalMove:
        return "Nobody could answer that there, so the press was left out."
    said.append(WalkLine(at_s=press.at_s, text=words, by="person"))
    answered += [step] if step else []
    return None


def _answered(stage: Stage, press: Pressed) -> AnsweredStep | None:
    active, step = stage.find(press.step), stage.applied.find(press.step)
    if active is None or step is None or press.press not in ("answer", "skip"):
        return None
    limit_s = (active.limit_at - at(0)).total_seconds()
    return AnsweredStep(
        step=press.step,
        title=plain.title(step),
        answer=plain.answer(press.outcome) if press.press == "answer" else None,
        at_s=press.at_s,
        limit_s=limit_s,
        late=press.at_s > limit_s,
    )


def _signal(stage: Stage, press: Pressed) -> tuple[Signal | None, str]:
    match press.press:
        case "answer":
            active = stage.find(press.step)
            step = stage.applied.find(press.step)
            title = plain.title(step) if step else press.step
            words = f"A person says “{plain.answer(press.outcome)}”: {title}"
            return (PersonOutcome(active.step_id, press.outcome) if active else None), words
        case "skip":
            active, step = stage.find(press.step), stage.applied.find(press.step)
            words = f"A person leaves out: {plain.title(step) if step else press.step}"
            return (Skipped(active.step_id) if active else None), words
        case "take":
            return Taken(at(press.at_s + OWNED_S[stage.situation.tier])), "Somebody takes it"
        case "tier":
            tier = press.tier or stage.situation.tier
            return TierChanged(tier), f"A person chooses the tier {tier}"
        case _:
            return SIGNALS[press.press]


SIGNALS: dict[Press, tuple[Signal, str]] = {
    "release": (Released(), "It is given back"),
    "back": (Back(), "Machines say: back on screen"),
    "lost_again": (LostAgain(), "Lost again"),
    "replied": (Replied(), "A text comes from the client's own number"),
    "reached": (Reached(), "Staff say: I spoke with them"),
    "danger": (DangerUsed(), "The danger word was used"),
    "several": (OutageLocked(), "Three are lost within ten seconds"),
    "not_our_side": (OutageCleared(), "A person says: it is not our side"),
    "recognised": (Verified(), "A person recognises the client, live"),
}


def _view(
    stage: Stage,
    version: VersionView,
    said: list[WalkLine],
    answered: list[AnsweredStep],
    refused: str | None,
) -> WalkView:
    # What a person said has its own line.
    happened = [one for one in stage.told() if one.what != "goes_on" and one.at_s <= stage.now_s]
    found = [(one, lines.line(one, stage.applied, kinds.NUMBERS)) for one in happened]
    told = [WalkLine(at_s=one.at_s, text=text, by="rule") for one, text in found if text]
    return WalkView(
        version=version,
        now_s=stage.now_s,
        next_s=stage.next_s(),
        tier=stage.situation.tier,
        owned=stage.situation.owned_until is not None and stage.situation.owned_until > stage.now,
        locked=stage.situation.locked,
        # A person's press stands before what followed from it.
        lines=sorted([*said, *told], key=lambda one: (one.at_s, one.by)),
        answered=answered,
        open=[_open(stage, active.key, step) for active, step in stage.open_steps()],
        ended=(plain.ENDS.get(stage.ended) or f"Over: {plain.word(stage.ended)}") if stage.ended else None,
        leads_to=stage.leads_to,
        reminders=list(stage.applied.reminders),
        refused=refused,
    )


def _open(stage: Stage, key: str, step: Step) -> OpenStep:
    active = stage.find(key)
    if active is None:
        raise LookupError(key)
    read = next(one for one in reading.read_steps(stage.applied, stage.situation.tier) if one.id == key)
    may = set(stage.answers_to(key))
    return OpenStep(
        key=key,
        title=read.title,
        role=read.role,
        what=read.what,
        kind=read.kind,
        beside=step.beside,
        due_s=(active.run_at - at(0)).total_seconds(),
        limit_s=(active.limit_at - at(0)).total_seconds(),
        late=active.limit_at < stage.now,
        answers=[one for one in read.branches if one.outcome in may and not one.silent],
        say=[one for one in reading.scripts(stage.applied) if one.id in step.say],
    )
