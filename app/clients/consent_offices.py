"""Offices that may be told: responders, hospitals, other clinicians, and those who take mandated reports. Pure.

Called through consent.may_disclose. Sources: 45 CFR 164.506, 164.512(a), (j); 42 CFR 2.12(c)(6), 2.31(a)(4), 2.51.
"""

from datetime import date

from app.clients import consent_words as words
from app.clients.consent_values import (
    CALM,
    Act,
    Agency,
    Basis,
    Blocked,
    Known,
    May,
    Tier,
    Verdict,
    best,
    plain,
)
from app.clients.consent_words import KEEP_TRYING


def office(act: Act, to: Agency, known: Known, tier: Tier, today: date) -> Verdict:
    if act == "report":
        return _report(to, known)
    grave, part2 = tier not in CALM, known.client.part2
    # A consent for treatment, payment and operations names its recipients as a class, other papers by name.
    named = [
        terms
        for terms in known.releases
        if terms.contact_id is None
        and (terms.form == "part2_tpo" or plain(terms.recipient) == plain(to.name))
    ]
    good = best(act, named, known.client, today)
    bases: list[Basis] = ["release"] if good else []
    said = good.scope if good else ""
    if act == "responders":
        if grave:
            bases.append("serious_threat")
        said = said or words.PLACE_AND_DANGER
    elif not part2:
        bases.append("treatment")
        said = said or (words.TO_MEDICAL if act == "medical" else words.TO_CARE)
    elif act == "medical" and grave:
        bases.append("part2_medical_emergency")
        said = said or words.TO_MEDICAL
    if bases:
        return May(tuple(bases), said, release_id=good.id if good else None, agency=True)
    return _closed_office(act)


def _closed_office(act: Act) -> Blocked:
    if act == "responders":
        return Blocked(
            "tier_too_low",
            "At this tier responders are told only with a release that says so.",
            "If what you know now is grounds to believe that the client is in danger, choose the tier and say why: "
            f"at high or imminent responders may be told. {KEEP_TRYING}.",
        )
    return Blocked(
        "part2",
        "Not told: a substance use record goes to others who treat the client with a release of its own kind, or to "
        "medical personnel in an emergency at high or imminent.",
        "Ask the client to sign a release for substance use records, or hand over only what they tell the "
        "other side themselves, with you on the line.",
    )


def _report(to: Agency, known: Known) -> Verdict:
    """A duty to report waits for nobody; only the substance use rules narrow it, to reports about children."""
    if known.client.part2 and to.about != "child":
        return Blocked(
            "part2",
            "The rules for substance use records let reports of child abuse go out, and no others.",
            "Report without naming the program or that anybody is in treatment, with the client's release for substance "
            "use records, or ask counsel about a court order.",
        )
    if "mandated_report" in known.state_cards:
        return May(("law",), words.REPORT, ticks=("state_card_read",), agency=True)
    missing = (
        "No reviewed state card says who reports here: ask the supervisor. The duty does not wait for it."
    )
    return May(("law",), words.REPORT, cautions=(missing,), agency=True)
