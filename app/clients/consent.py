"""May this person be contacted about this client, now, on which basis? Pure; every no names what is lawful instead.

Sources: clinical rules R2, R16, R18; 45 CFR 164.502(g), 164.508, 164.510(b), 164.512(j); 42 CFR 2.31, 2.51.
The order is the rule: do-not-contact, then danger, then Part 2, then a release, then the bases without one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

Tier = Literal["none", "low", "moderate", "high", "imminent"]
Basis = Literal["release", "personal_representative", "family_involvement", "serious_threat"]
Tick = Literal["not_part_of_the_danger", "able_to_lessen_it", "young_person_told_first"]
SignedBy = Literal["client", "guardian", "client_by_state_law"]
BlockCode = Literal[
    "do_not_contact",
    "no_longer_listed",
    "lives_where_the_danger_is",
    "part2",
    "no_release",
    "release_not_valid",
]

CALM: frozenset[Tier] = frozenset({"none", "low", "moderate"})

TICKS: dict[Tick, str] = {
    "not_part_of_the_danger": "I have reason to believe that this person is not part of the danger.",
    "able_to_lessen_it": "This person is able to lessen the danger.",
    "young_person_told_first": "The young person has been told, or cannot be reached to be told.",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """`number_key` is the keyed hash of the number: consent never needs the number itself."""

    id: UUID
    name: str
    number_key: bytes = b""
    lives_with_client: bool = False
    guardian: bool = False
    authority_verified: bool = False
    known_objection: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """A release. Both days count; without an end it holds until it is revoked."""

    contact_id: UUID
    starts_on: date
    ends_on: date | None
    revoked: bool
    part2: bool
    signed_by: SignedBy
    scope: str


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody on the do-not-contact list: known by record, by number, or by name only."""

    name: str = ""
    contact_id: UUID | None = None
    number_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """What about the client decides: `part2`, a substance use program's record; `unsafe_home`, R2."""

    part2: bool = False
    minor: bool = False
    unsafe_home: bool = False


@dataclass(frozen=True, slots=True)
class May:
    """`bases`, the best first. `ticks` must all be set by a person before the call; `serious_threat` needs grounds."""

    bases: tuple[Basis, ...]
    what_may_be_said: str
    script: str
    ticks: tuple[Tick, ...] = ()

    @property
    def basis(self) -> Basis:
        return self.bases[0]


@dataclass(frozen=True, slots=True)
class Blocked:
    code: BlockCode
    sentence: str
    lawful_instead: str


Verdict = May | Blocked

DECIDE = "Decide on local responders"
KEEP_TRYING = "Keep trying the client's own numbers and page the supervisor"

MINIMUM = (
    "Only that you are concerned for their safety right now, where they may be, and what you ask this person to do. "
    "Nothing about diagnosis, treatment or what was said in the group."
)


def may_contact(
    contact: Contact,
    releases: Iterable[Terms],
    do_not_contact: Iterable[Barred],
    client: Care,
    tier: Tier,
    today: date,
    danger: bool,
) -> Verdict:
    """`danger`: the client's danger word was used and no live check has ended it. `today` in the program's time zone."""
    if blocked := _never(contact, do_not_contact, client, danger):
        return blocked
    own = [terms for terms in releases if terms.contact_id == contact.id]
    ticks: tuple[Tick, ...] = ("not_part_of_the_danger",) if client.unsafe_home or danger else ()
    for terms in own:
        if _fault(terms, client, today) is None:
            if client.minor and contact.guardian and tier in CALM:
                ticks = (*ticks, "young_person_told_first")
            return May(("release",), terms.scope or MINIMUM, _script("release"), ticks)
    return _without_release(contact, own, client, tier, today, ticks)


def _never(contact: Contact, do_not_contact: Iterable[Barred], client: Care, danger: bool) -> Blocked | None:
    if any(_is(contact, barred) for barred in do_not_contact):
        return Blocked(
            "do_not_contact",
            "Do not contact: this person is on the client's do-not-contact list, which beats every other list.",
            f"{DECIDE}. A duty-to-protect warning is the only exception: by hand, with the supervisor and the "
            "state card, police first where lawful.",
        )
    if not contact.listed:
        return Blocked(
            "no_longer_listed",
            "This person is no longer a contact of the client.",
            f"{KEEP_TRYING}, or choose another contact.",
        )
    if (client.unsafe_home or danger) and contact.lives_with_client:
        return Blocked(
            "lives_where_the_danger_is",
            "Not called: this person lives with the client, and home may be where the danger is.",
            f"Choose a contact who lives elsewhere. {DECIDE}; ask them not to ring the client, not to say who "
            "called, and to come without siren if possible.",
        )
    return None


def _is(contact: Contact, barred: Barred) -> bool:
    """By record, by number, or by name: a second entry for the same person must not open a way around."""
    if barred.contact_id is not None and barred.contact_id == contact.id:
        return True
    if barred.number_key is not None and barred.number_key == contact.number_key:
        return True
    return bool(_plain(barred.name)) and _plain(barred.name) == _plain(contact.name)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _fault(terms: Terms, client: Care, today: date) -> str | None:
    """Why this release does not hold today, as the end of a sentence; None when it holds."""
    if terms.revoked:
        return "was revoked"
    if today < terms.starts_on:
        return "has not started yet"
    if terms.ends_on is not None and today > terms.ends_on:
        return "has expired"
    if client.part2 and not terms.part2:
        return "does not cover substance use records (42 CFR 2.31)"
    if client.minor and terms.signed_by == "client":
        return "was signed by the young person alone, without a note that state law allows it"
    if not client.minor and terms.signed_by == "guardian":
        return "was signed by a guardian, and the client is of age now"
    return None


def _without_release(
    contact: Contact, own: Sequence[Terms], client: Care, tier: Tier, today: date, ticks: tuple[Tick, ...]
) -> Verdict:
    faults = [fault for terms in own if (fault := _fault(terms, client, today)) is not None]
    why = f"The release for this person {faults[-1]}." if faults else "There is no release for this person."
    if client.part2:
        return Blocked(
            "part2",
            f"Not called: {_lower(why)} A substance use record needs a release of its own kind, and the exception "
            "for a medical emergency covers medical personnel only.",
            f"{DECIDE}: give the place and the danger, not the program or the treatment. {KEEP_TRYING}.",
        )
    if tier in CALM:
        return Blocked(
            "release_not_valid" if faults else "no_release",
            f"Not called: {_lower(why)} At this tier nobody is called without one.",
            f"{KEEP_TRYING}. If you have grounds to believe the client is in danger, assess and choose the tier, "
            "or ask local responders for a welfare check.",
        )
    return _emergency(contact, client, ticks)


def _emergency(contact: Contact, client: Care, ticks: tuple[Tick, ...]) -> May:
    """High or imminent and no release. Serious threat is always possible here, and always needs written grounds."""
    bases: list[Basis] = []
    if client.minor and contact.guardian and contact.authority_verified:
        bases.append("personal_representative")
    # A guardian whose authority nobody has verified is not involved in care merely for being family (R16).
    unverified = client.minor and contact.guardian and not contact.authority_verified
    if not contact.known_objection and not unverified:
        bases.append("family_involvement")
    bases.append("serious_threat")
    return May(tuple(bases), MINIMUM, _script("concern"), ticks)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def ticks_for(verdict: May, basis: Basis) -> tuple[Tick, ...]:
    """What a person has to confirm before a call on this basis."""
    return (*verdict.ticks, "able_to_lessen_it") if basis == "serious_threat" else verdict.ticks


def refusal(verdict: Verdict, basis: str, grounds: str, ticked: Collection[str]) -> str | None:
    """Why a call on this basis may not be made, as a sentence; None when it may."""
    if isinstance(verdict, Blocked):
        return f"{verdict.sentence} {verdict.lawful_instead}"
    offered = next((b for b in verdict.bases if b == basis), None)
    if offered is None:
        return "This basis does not hold for this person now. Open the contact again to see which one does."
    missing = [TICKS[tick] for tick in ticks_for(verdict, offered) if tick not in ticked]
    if missing:
        return f"Confirm first: {' '.join(missing)}"
    if offered == "serious_threat" and not grounds.strip():
        return "Write down what makes you believe the threat is serious and imminent. One sentence is enough."
    return None


_SCRIPTS = {
    # Without a release nobody may claim that the client asked for the call (R18).
    "release": {
        "en": "Hello {contact_name}, this is {staff_first_name}. {client_safe_name} gave me your number for when I "
        "cannot reach them. We lost touch a few minutes ago. Have you seen or heard from them today? "
        "Could you check on them and ring me back at {callback_number}?",
        "es": "Hola {contact_name}, soy {staff_first_name}. {client_safe_name} me dio su número para cuando no pueda "
        "comunicarme. Perdimos el contacto hace unos minutos. ¿Ha visto o sabido algo hoy? "
        "¿Podría ir a ver cómo está y llamarme al {callback_number}?",
    },
    "concern": {
        "en": "Hello {contact_name}, this is {staff_first_name}. I'm calling because I'm concerned for "
        "{client_safe_name}'s safety right now. Have you seen or heard from them today? "
        "Can you reach them? Please ring me back at {callback_number}.",
        "es": "Hola {contact_name}, soy {staff_first_name}. Llamo porque me preocupa la seguridad de "
        "{client_safe_name} en este momento. ¿Ha visto o sabido algo hoy? "
        "¿Puede comunicarse? Por favor, llámeme al {callback_number}.",
    },
}


def _script(kind: Literal["release", "concern"]) -> str:
    return _SCRIPTS[kind]["en"]


def in_language(script: str, language: str) -> str:
    """The same script for a contact who speaks another language; English where there is no translation."""
    for texts in _SCRIPTS.values():
        if texts["en"] == script:
            return texts.get(language[:2], script)
    return script
