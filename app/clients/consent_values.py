"""The values that consent is asked with and answers with, and which releases cover what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from app.clients.consent_words import Tick
from app.clients.family import Agreed
from app.clients.terms import Care, Cover, Terms, fault

Tier = Literal["none", "low", "moderate", "high", "imminent"]
PersonAct = Literal["call", "caregiver_page", "plan_copy", "record_copy", "coaching", "code_words", "warning"]
AgencyAct = Literal["responders", "medical", "handoff", "report"]
Act = PersonAct | AgencyAct
Basis = Literal[
    "release", "personal_representative", "family_involvement", "serious_threat", "treatment",
    "part2_medical_emergency", "law", "duty_to_protect",
]  # fmt: skip
BlockCode = Literal[
    "do_not_contact",
    "no_longer_listed",
    "is_a_child",
    "lives_where_the_danger_is",
    "objection",
    "part2",
    "no_release",
    "release_not_valid",
    "tier_too_low",
    "needs_supervisor",
    "no_state_card",
    "family_agreement",
    "hidden_from_guardian",
]

CALM: frozenset[Tier] = frozenset({"none", "low", "moderate"})
COVERS: dict[Act, frozenset[Cover]] = {
    "call": frozenset({"contact_in_crisis"}),
    "caregiver_page": frozenset({"share_plan", "caregiver_coaching"}),
    "plan_copy": frozenset({"share_plan"}),
    # Of a guardian's own right only: a release for a plan is none for a whole record.
    "record_copy": frozenset(),
    "coaching": frozenset({"caregiver_coaching"}),
    "code_words": frozenset({"code_words"}),
    "warning": frozenset(),
    "responders": frozenset({"responders"}),
    "medical": frozenset({"medical"}),
    "handoff": frozenset({"handoff"}),
    "report": frozenset(),
}
# Kept where somebody was told although no basis held. No verdict ever offers it.
NO_BASIS = "none"
# A basis that rests on what somebody believes or knows: it is written down in their words before anything is told.
NEEDS_GROUNDS: frozenset[Basis] = frozenset({"serious_threat", "duty_to_protect"})


@dataclass(frozen=True, slots=True)
class Contact:
    """`number_key` is the keyed hash of the number: consent never needs the number itself. `adult` None: not asked.

    `told_in_crisis`, `gets_records`: of a guardian whose rights somebody wrote down (MIN-3).
    """

    id: UUID
    name: str
    number_key: bytes = b""
    lives_with_client: bool = False
    guardian: bool = False
    authority_verified: bool = False
    known_objection: bool = False
    listed: bool = True
    adult: bool | None = None
    knows_of_treatment: bool | None = None
    told_in_crisis: bool = True
    gets_records: bool = True


@dataclass(frozen=True, slots=True)
class Agency:
    """An office, not a person the client named. `about`: whom a mandated report is to protect."""

    name: str = ""
    about: Literal["child", "adult"] = "child"


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody on the do-not-contact list: known by record, by number, or by name only."""

    name: str = ""
    contact_id: UUID | None = None
    number_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """`danger`: the danger word was used and no live check has ended it. `supervisor`: of who asks.
    `state_cards`: kinds of reviewed cards there are for where the client is. `agreed`: the standing agreement of a young
    person's family. `hidden`: parts of the record that the young person keeps from guardians (R16)."""

    client: Care
    releases: Sequence[Terms] = ()
    do_not_contact: Sequence[Barred] = ()
    danger: bool = False
    supervisor: bool = False
    state_cards: frozenset[str] = frozenset()
    agreed: Agreed | None = None
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class May:
    """`bases`, the best first. `ticks` must all be set by a person before anything is told; some bases need grounds.
    `release_id`: the paper that allows it. `cautions` are shown beside the script."""

    bases: tuple[Basis, ...]
    what_may_be_said: str
    script: str = ""
    ticks: tuple[Tick, ...] = ()
    cautions: tuple[str, ...] = ()
    release_id: UUID | None = None
    agency: bool = False

    @property
    def basis(self) -> Basis:
        return self.bases[0]


@dataclass(frozen=True, slots=True)
class Blocked:
    code: BlockCode
    sentence: str
    lawful_instead: str


Verdict = May | Blocked


def best(act: Act, own: Sequence[Terms], client: Care, today: date) -> Terms | None:
    """Of those that cover the act and hold today, the newest."""
    held = [terms for terms in own if terms.covers & COVERS[act] and fault(terms, client, today) is None]
    return max(held, key=lambda terms: (terms.starts_on, str(terms.id)), default=None)


def plain(name: str) -> str:
    return " ".join(name.casefold().split())
