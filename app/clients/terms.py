"""Releases as values: what a signed paper covers, whether it holds today, and who may sign for a minor. Pure.

Sources: 45 CFR 164.502(g)(3), 164.508(b)(5); 42 CFR 2.14, 2.31(a). Which state lets a young person sign alone is never
written here: `MinorsLaw` is a reviewed row that somebody answers for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from app.divisions import region_name

Cover = Literal[
    "contact_in_crisis", "share_plan", "caregiver_coaching", "code_words", "responders", "medical", "handoff",
    "text", "voicemail", "email",
]  # fmt: skip
Form = Literal["agreement", "authorization", "part2_specific", "part2_tpo"]
SignedBy = Literal["client", "guardian", "client_and_guardian", "client_by_state_law"]
SignedHow = Literal["paper", "electronic", "voice"]

PART2_FORMS: frozenset[Form] = frozenset({"part2_specific", "part2_tpo"})
# Of 42 CFR 2.31(a), in its order; the patient is the client whose record holds the release.
ELEMENTS = {
    "discloser": "who may disclose",
    "scope": "what may be told",
    "recipient": "to whom",
    "purpose": "what for",
    "right_to_revoke_told": "that it can be revoked, and how",
    "ends": "when it ends, as a day or an event",
    "signed_how": "a signature on paper or electronic",
    "signed_on": "the day of the signature",
    "notice_version": "the statement about redisclosure",
}
# Where no reviewed row of a state says otherwise: most states have it so, and a record says that it was assumed.
OF_AGE = 18
# What a row can say at all; outside of these ages no row needs to be asked.
YOUNGEST, OLDEST = 16, 21


@dataclass(frozen=True, slots=True)
class MinorsLaw:
    """One state's row: from which age a young person consents alone. None: not at any age before majority."""

    region: str
    of_age: int = OF_AGE
    own_consent_from: int | None = None
    substance_use_from: int | None = None
    reviewed_by: str = ""
    reviewed_on: date | None = None

    def alone_from(self, part2: bool) -> int | None:
        return self.substance_use_from if part2 else self.own_consent_from


def minors_law(
    region: str, body: Mapping[str, Any], reviewed_by: str, reviewed_on: date | None
) -> MinorsLaw | None:
    """From the fields of a state card. A row that nobody has reviewed, or whose ages are not ages, says nothing.

    For substance use care the row must say yes: "it depends" and "not known" are never permission.
    """
    if not reviewed_by.strip() or reviewed_on is None:
        return None
    ages = {name: body.get(name) for name in ("of_age_at", "consents_from_age")}
    if any(age is not None and (type(age) is not int or not 0 < age <= OLDEST) for age in ages.values()):
        return None
    alone_from = ages["consents_from_age"]
    return MinorsLaw(
        region=region,
        of_age=ages["of_age_at"] or OF_AGE,
        own_consent_from=alone_from,
        substance_use_from=alone_from if body.get("part2_own_consent") == "yes" else None,
        reviewed_by=reviewed_by,
        reviewed_on=reviewed_on,
    )


@dataclass(frozen=True, slots=True)
class Care:
    """What about the client decides. `own_consent`: the young person consented to this care alone, as their state
    allows, so that no guardian speaks for them here (164.502(g)(3))."""

    part2: bool = False
    minor: bool = False
    unsafe_home: bool = False
    own_consent: bool = False
    law: MinorsLaw | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A release. Both days count; without an end it holds until it is revoked.

    `ended`: the event it was to end with has happened. `age_signed`: of the client, None when nobody knows.
    `signer_verified`: the authority of the guardian who signed. `missing`: elements of 42 CFR 2.31 it lacks.
    """

    contact_id: UUID | None
    starts_on: date
    ends_on: date | None
    revoked: bool
    part2: bool
    signed_by: SignedBy
    scope: str
    covers: frozenset[Cover] = frozenset({"contact_in_crisis"})
    form: Form = "authorization"
    recipient: str = ""
    ended: bool = False
    age_signed: int | None = None
    signer_verified: bool = True
    missing: frozenset[str] = frozenset()
    notice_version: str | None = None
    id: UUID | None = None


def elements_missing(given: Mapping[str, Any]) -> list[str]:
    """Which elements of 42 CFR 2.31(a) a release for substance use records lacks, by the names of its fields."""
    has = {
        "discloser": bool(given.get("discloser")),
        "scope": bool(given.get("scope")),
        "recipient": bool(given.get("contact_id") or given.get("recipient")),
        "purpose": bool(given.get("purpose")),
        "right_to_revoke_told": bool(given.get("right_to_revoke_told")),
        "ends": bool(given.get("ends_on") or given.get("ends_event")),
        "signed_how": given.get("signed_how") in ("paper", "electronic"),
        "signed_on": bool(given.get("signed_on")),
        "notice_version": bool(given.get("notice_version")),
    }
    return [name for name in ELEMENTS if not has[name]]


def fault(terms: Terms, client: Care, today: date) -> str | None:
    """Why this release does not hold today, as the end of a sentence; None when it holds."""
    if terms.revoked:
        return "was revoked"
    if terms.ended:
        return "has ended: what it was to end with has happened"
    if today < terms.starts_on:
        return "has not started yet"
    if terms.ends_on is not None and today > terms.ends_on:
        return "has expired"
    if client.part2 and not terms.part2:
        return "does not cover substance use records (42 CFR 2.31)"
    if client.part2 and terms.missing:
        lacks = ", ".join(ELEMENTS[name] for name in ELEMENTS if name in terms.missing)
        return f"does not say {lacks} (42 CFR 2.31)"
    return _wrong_hand(terms, client)


def _wrong_hand(terms: Terms, client: Care) -> str | None:
    """Whose signature counts. It is judged by the age at which it was given, and a guardian's ends with minority."""
    by_guardian = terms.signed_by in ("guardian", "client_and_guardian")
    if by_guardian and not client.minor:
        return "was signed by a guardian, and the client is of age now"
    if by_guardian and not terms.signer_verified:
        return "was signed by a guardian whose authority nobody has verified"
    if by_guardian:
        return _not_theirs_to_sign(terms, client)
    majority = client.law.of_age if client.law else OF_AGE
    young = client.minor if terms.age_signed is None else terms.age_signed < majority
    if not young:
        return None
    if terms.signed_by == "client":
        return "was signed by the young person alone, without a note that state law allows it"
    return (
        None
        if _may_sign_alone(terms, client)
        else f"was signed by the young person alone, {_law_says(client)}"
    )


def _not_theirs_to_sign(terms: Terms, client: Care) -> str | None:
    """A guardian's pen where the young person's own is needed too (42 CFR 2.14), or alone (164.502(g)(3))."""
    if terms.signed_by == "client_and_guardian":
        return None
    if client.part2:
        return "was signed by a guardian alone, and a substance use record needs the young person's own (42 CFR 2.14)"
    if client.own_consent:
        return "was signed by a guardian, and the young person consented to this care alone"
    return None


def _may_sign_alone(terms: Terms, client: Care) -> bool:
    alone_from = client.law.alone_from(client.part2) if client.law else None
    return alone_from is not None and terms.age_signed is not None and terms.age_signed >= alone_from


def _law_says(client: Care) -> str:
    if client.law is None:
        return "and no reviewed row of their state's law says that they may"
    return f"and the reviewed row for {region_name(client.law.region)} does not let them at the age they had"
