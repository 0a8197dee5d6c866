"""What a young person's family agreed on, laid over what the law allows (R16). Pure.

Called through consent.may_disclose. An agreement that both sides have read narrows what a guardian or another contact
may be told. It opens one door: at a calm tier, a guardian with verified authority whom the family named is told what was
agreed for that tier, the young person first. In danger a threat to life stays a basis of its own, with written grounds.
"""

from dataclasses import replace

from app.clients import consent_words as words
from app.clients.consent_values import CALM, Act, Basis, Blocked, Contact, Known, May, Tier, Verdict
from app.clients.consent_words import DECIDE, KEEP_TRYING, Tick
from app.clients.family import Agreed, told_at

# Which act shows which part of the record, by the names of its sections.
SHOWS: dict[Act, str] = {"plan_copy": "safety_plan", "code_words": "code_words"}
FIRST: Tick = "young_person_told_first"


def kept_from(act: Act, to: Contact, known: Known) -> Blocked | None:
    """What the young person keeps from guardians is kept whatever was signed: they alone take the mark off."""
    if not (known.client.minor and to.guardian) or SHOWS.get(act) not in known.hidden:
        return None
    return Blocked(
        "hidden_from_guardian",
        "Not shared: the young person keeps this from guardians.",
        "Ask the young person whether they want to show it, and take the mark off with them, under what is hidden from "
        "guardians. General material on how to help can be given to anyone.",
    )


def laid_over(verdict: Verdict, to: Contact, known: Known, tier: Tier) -> Verdict:
    """About a call: `verdict` is what would hold without the agreement."""
    agreed = known.agreed
    if agreed is None or not known.client.minor or agreed.standing == "not_read_by_both":
        return verdict
    if not to.guardian:
        return _named(verdict, to, agreed)
    if told_at(agreed, tier) == "not_told":
        return _not_told(verdict, to, known, agreed, tier)
    if isinstance(verdict, Blocked):
        return _opened(verdict, to, known, agreed, tier)
    first = told_at(agreed, tier) == "young_person_first" and FIRST not in verdict.ticks
    ticks = (*verdict.ticks, FIRST) if first else verdict.ticks
    return replace(verdict, ticks=ticks, cautions=_cautions(verdict, to, agreed))


def _named(verdict: Verdict, to: Contact, agreed: Agreed) -> Verdict:
    """Somebody else of the young person's: a release is theirs to give, but family is whom the family named."""
    if isinstance(verdict, Blocked):
        return verdict
    if to.id not in agreed.may_call:
        fewer = tuple(basis for basis in verdict.bases if basis != "family_involvement")
        verdict = replace(verdict, bases=fewer)
    return replace(verdict, cautions=_cautions(verdict, to, agreed))


def _not_told(verdict: Verdict, to: Contact, known: Known, agreed: Agreed, tier: Tier) -> Verdict:
    if tier in CALM:
        return Blocked(
            "family_agreement",
            f"Not called: {_lower(words.AGREED_NOT_TOLD)}",
            "Ask the young person whether this guardian may know now, and write a new agreement that both read. "
            f"{KEEP_TRYING}. If what you know now is grounds to believe that they are in danger, choose the tier and say why.",
        )
    if isinstance(verdict, Blocked):
        return verdict
    if known.client.part2:
        return Blocked(
            "family_agreement",
            f"Not called: {_lower(words.AGREED_NOT_TOLD)} A substance use record has no exception for a threat.",
            f"{DECIDE}: give the place and the danger, not the program or the treatment. {KEEP_TRYING}.",
        )
    return May(
        ("serious_threat",),
        words.MINIMUM,
        words.script("concern"),
        verdict.ticks,
        cautions=(words.AGREED_NOT_TOLD, *_cautions(verdict, to, agreed)),
    )


def _opened(blocked: Blocked, to: Contact, known: Known, agreed: Agreed, tier: Tier) -> Verdict:
    """Of a guardian who speaks for the young person anyway (164.502(g)), as far as the young person agreed to it."""
    speaks = to.authority_verified and to.told_in_crisis and not to.known_objection
    alone = known.client.own_consent or known.client.part2
    if not speaks or alone or to.id not in agreed.may_call or told_at(agreed, tier) is None:
        return blocked
    danger: tuple[Tick, ...] = ("not_part_of_the_danger",) if known.client.unsafe_home or known.danger else ()
    basis: tuple[Basis, ...] = ("personal_representative",)
    ticks = (*danger, FIRST)
    said = words.as_agreed(agreed.words.get("low" if tier == "none" else tier, ""))
    return May(basis, said, words.script("concern"), ticks, cautions=_cautions(None, to, agreed))


def _cautions(verdict: May | None, to: Contact, agreed: Agreed) -> tuple[str, ...]:
    named = () if to.id in agreed.may_call else (words.NOT_NAMED,)
    reviewed = (words.PAST_REVIEW,) if agreed.standing == "review_due" else ()
    return (*(verdict.cautions if verdict else ()), *named, *reviewed)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
