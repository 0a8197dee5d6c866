"""May this be told to them, about this client, now, on which basis? Pure; every no names what is lawful instead.

One answer for every third party: contacts and guardians, responders, hospital, caregiver pages, plan copies, handoff,
mandated reports, warnings. Sources: clinical rules R2, R16, R18, R20; 45 CFR 164.502(g), 164.508, 164.510(b),
164.512(j); 42 CFR 2.31.
The order is the rule: do-not-contact, then danger, then an objection, then a release, then the bases without one;
over all of it lies what a young person's family agreed on.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from app.clients import consent_words as words
from app.clients.consent_family import kept_from, laid_over
from app.clients.consent_offices import office
from app.clients.consent_values import CALM as CALM
from app.clients.consent_values import COVERS, NEEDS_GROUNDS, BlockCode, best, plain
from app.clients.consent_values import Act as Act
from app.clients.consent_values import Agency as Agency
from app.clients.consent_values import Barred as Barred
from app.clients.consent_values import Basis as Basis
from app.clients.consent_values import Blocked as Blocked
from app.clients.consent_values import Contact as Contact
from app.clients.consent_values import Known as Known
from app.clients.consent_values import May as May
from app.clients.consent_values import Tier as Tier
from app.clients.consent_values import Verdict as Verdict
from app.clients.consent_words import DECIDE, KEEP_TRYING
from app.clients.consent_words import TICKS as TICKS
from app.clients.consent_words import Tick as Tick
from app.clients.consent_words import in_language as in_language
from app.clients.terms import Care as Care
from app.clients.terms import SignedBy as SignedBy
from app.clients.terms import Terms as Terms
from app.clients.terms import fault


def may_disclose(act: Act, to: Contact | Agency, known: Known, tier: Tier, today: date) -> Verdict:
    """`today` in the program's time zone."""
    if act == "warning":
        return _warning(known, tier)
    if isinstance(to, Agency):
        return office(act, to, known, tier, today)
    if blocked := _never(to, known) or kept_from(act, to, known):
        return blocked
    verdict = _person(act, to, known, tier, today)
    if act == "call":
        verdict = laid_over(verdict, to, known, tier)
    if isinstance(verdict, May) and to.knows_of_treatment is False:
        return replace(verdict, cautions=(*verdict.cautions, words.NOT_OF_TREATMENT))
    return verdict


def _never(contact: Contact, known: Known) -> Blocked | None:
    if any(_is(contact, barred) for barred in known.do_not_contact):
        return Blocked(
            "do_not_contact",
            "Do not contact: this person is on the client's do-not-contact list, which beats every other list.",
            f"{DECIDE}. {words.WARN}",
        )
    if not contact.listed:
        return Blocked(
            "no_longer_listed",
            "This person is no longer a contact of the client.",
            f"{KEEP_TRYING}, or choose another contact.",
        )
    if contact.adult is False:
        return Blocked(
            "is_a_child",
            "Not called: this person is under 18, and a child is not asked to carry this.",
            f"Choose an adult contact. {KEEP_TRYING}.",
        )
    if (known.client.unsafe_home or known.danger) and contact.lives_with_client:
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
    return bool(plain(barred.name)) and plain(barred.name) == plain(contact.name)


def _person(act: Act, contact: Contact, known: Known, tier: Tier, today: date) -> Verdict:
    ticks: tuple[Tick, ...] = ("not_part_of_the_danger",) if known.client.unsafe_home or known.danger else ()
    if known.client.minor and contact.guardian and tier in CALM:
        ticks = (*ticks, "young_person_told_first")
    own = [terms for terms in known.releases if terms.contact_id == contact.id]
    # Papers for families never rest on the general consent to treatment, payment and operations (2.31(a)(4)).
    own = [terms for terms in own if terms.form != "part2_tpo"]
    if not contact.known_objection and (good := best(act, own, known.client, today)):
        return May(
            ("release",), good.scope or words.MINIMUM, words.script("release"), ticks, release_id=good.id
        )
    why, code = _why_not(act, own, contact, known.client, today)
    if act != "call":
        return _planned(act, contact, known.client, ticks, why, code)
    return _call_without_release(contact, known.client, tier, ticks, why, code)


def _why_not(
    act: Act, own: Sequence[Terms], contact: Contact, client: Care, today: date
) -> tuple[str, BlockCode]:
    if contact.known_objection:
        return "The client objects to this person being involved, whatever was signed.", "objection"
    faults = sorted(f for t in own if t.covers & COVERS[act] and (f := fault(t, client, today)) is not None)
    if faults:
        return f"The release for this person {faults[0]}.", "release_not_valid"
    if own:
        return "The release for this person does not cover this.", "release_not_valid"
    return "There is no release for this person.", "no_release"


def _planned(
    act: Act, contact: Contact, client: Care, ticks: tuple[Tick, ...], why: str, code: BlockCode
) -> Verdict:
    """What is shared in quiet times has no emergency: a release, or a guardian who speaks for the young person."""
    speaks = client.minor and contact.guardian and contact.authority_verified and contact.gets_records
    if speaks and act != "code_words" and not (client.own_consent or client.part2 or contact.known_objection):
        return May(("personal_representative",), words.GUARDIAN_COPY, ticks=ticks)
    if act == "record_copy":
        return Blocked(
            code,
            "Not shared: this person has no right to copies of the record.",
            "Give the copy to the client. If a guardian has that right, write it down with the paper that was seen, under "
            "guardians.",
        )
    return Blocked(
        code,
        f"Not shared: {_lower(why)}",
        "Ask the client whether this person should have it, and write down the release they sign. "
        "General material on how to help, which names nobody, can be given to anyone.",
    )


def _call_without_release(
    contact: Contact, client: Care, tier: Tier, ticks: tuple[Tick, ...], why: str, code: BlockCode
) -> Verdict:
    if client.part2:
        return Blocked(
            "part2",
            f"Not called: {_lower(why)} A substance use record needs a release of its own kind, and the exception "
            "for a medical emergency covers medical personnel only.",
            f"{DECIDE}: give the place and the danger, not the program or the treatment. {KEEP_TRYING}.",
        )
    if tier in CALM:
        return Blocked(
            code,
            f"Not called: {_lower(why)} At this tier nobody is called without one.",
            f"{KEEP_TRYING}. If what you know now is grounds to believe that they are in danger, choose the tier and "
            "say why; then local responders can be asked for a welfare check.",
        )
    bases: list[Basis] = []
    if client.minor and contact.guardian:
        # A guardian whose authority nobody has verified is not involved in care merely for being family (R16), and
        # none speaks for a young person who consented to this care alone.
        if contact.authority_verified and contact.told_in_crisis and not client.own_consent:
            bases.append("personal_representative")
            bases += [] if contact.known_objection else ["family_involvement"]
    elif not contact.known_objection:
        bases.append("family_involvement")
    bases.append("serious_threat")
    return May(tuple(bases), words.MINIMUM, words.script("concern"), ticks)


def _warning(known: Known, tier: Tier) -> Verdict:
    """The one exception to do-not-contact (R18): by hand, by a supervisor, with the card of the state."""
    police = "Police can be told at high or imminent, on the dispatch card: the place and the danger"
    if tier in CALM:
        return Blocked(
            "tier_too_low",
            "Not warned: a warning needs a serious and imminent threat, and no person has chosen such a tier.",
            f"Assess with the supervisor and choose the tier. {police}.",
        )
    if known.client.part2:
        return Blocked(
            "part2",
            "Not warned: the rules for substance use records have no exception for a warning.",
            f"{police}, without the program or the treatment. Ask counsel about a court order.",
        )
    if not known.supervisor:
        return Blocked(
            "needs_supervisor",
            "Not warned: a warning is given by a supervisor, with the state card.",
            f"Ring the supervisor now. {police}.",
        )
    if "duty_to_protect" not in known.state_cards:
        return Blocked(
            "no_state_card",
            "Not warned: there is no reviewed duty-to-protect card for where the client is.",
            f"{police}. Ask counsel what this state asks of you, and have the card written under Places.",
        )
    return May(
        ("duty_to_protect",), words.WARNING, words.script("concern"), ("state_card_read", "police_first")
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


# --- before anything is told


def ticks_for(verdict: May, basis: Basis) -> tuple[Tick, ...]:
    """What a person has to confirm before telling anybody on this basis."""
    asks = basis == "serious_threat" and not verdict.agency
    return (*verdict.ticks, "able_to_lessen_it") if asks else verdict.ticks


def holds(verdict: Verdict, basis: str) -> bool:
    """Whether this basis is one that the rules offer now, whatever is still to be confirmed or written down."""
    return isinstance(verdict, May) and basis in verdict.bases


def refusal(verdict: Verdict, basis: str, grounds: str, ticked: Collection[str]) -> str | None:
    """Why nothing may be told on this basis, as a sentence; None when it may."""
    if isinstance(verdict, Blocked):
        return f"{verdict.sentence} {verdict.lawful_instead}"
    offered = next((b for b in verdict.bases if b == basis), None)
    if offered is None:
        return "This basis does not hold for this person now. Open the contact again to see which one does."
    missing = [TICKS[tick] for tick in ticks_for(verdict, offered) if tick not in ticked]
    if missing:
        return f"Confirm first: {' '.join(missing)}"
    if offered in NEEDS_GROUNDS and not grounds.strip():
        return "Write down what makes you believe the threat is serious and imminent. One sentence is enough."
    return None
