"""The card as a FHIR R4 document, for systems that take one.

The classes are those of R4B (4.3.0), whose shapes of the resources used here are R4's. They are imported when the first
file is made: 1.2 s and 27 MB that no start-up should pay. What they do not check, `fhir_checks` does.
"""

from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from app.clients.people import birth_date
from app.db import Db, reveal
from app.handoffs.fhir_checks import faults
from app.handoffs.models import Handoff
from app.handoffs.paper import HEADINGS
from app.handoffs.queries import notice_of
from app.handoffs.views import HandoffCard
from app.incidents.cases import Case
from app.plans.headings import PARTS
from app.plans.parts import Content as PlanContent

TIER_SYSTEM = "urn:handrail:risk-tier"
LOINC = "http://loinc.org"
RISK_LEVEL = "93374-7"
# LOINC has neither "imminent" nor "none": imminent is coded high beside our own code, none has no LOINC answer.
RISK_ANSWERS = {
    "low": ("LA9194-7", "Low"),
    "moderate": ("LA6751-7", "Moderate"),
    "high": ("LA9193-9", "High"),
    "imminent": ("LA9193-9", "High"),
}
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


class NotAValidDocument(Exception):
    """What we made breaks a rule of the format: a bug of ours. Says which rule, and nothing of the person."""


def document(
    db: Db,
    case: Case,
    row: Handoff,
    content: HandoffCard,
    *,
    by: str,
    plan: PlanContent | None,
    now: datetime,
) -> str:
    """JSON of a Bundle. `plan`: the agreed safety plan, when a copy goes with it. Raises NotAValidDocument."""
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - see the module's docstring

    made = _bundle(db, case, row, content, by=by, plan=plan, now=now)
    bundle = Bundle.model_validate(made)
    if found := faults(bundle):
        raise NotAValidDocument("; ".join(found))
    return bundle.model_dump_json(indent=2)


def _bundle(
    db: Db,
    case: Case,
    row: Handoff,
    content: HandoffCard,
    *,
    by: str,
    plan: PlanContent | None,
    now: datetime,
) -> dict[str, Any]:
    client, tier = case.reach.client, case.situation().tier
    subject, author, office = (
        f"urn:uuid:{client.id}",
        f"urn:uuid:{row.given_by}",
        f"urn:uuid:{case.program.id}",
    )
    risk = f"urn:uuid:{row.id}"
    resources = [
        (subject, _patient(db, case)),
        (author, {"resourceType": "Practitioner", "id": str(row.given_by), "name": [{"text": by}]}),
        (office, _organization(case, content)),
        (risk, _risk(row, tier, subject, author)),
    ]
    care: str | None = None
    if plan is not None:
        care = f"urn:uuid:{UUID(int=row.id.int ^ 1)}"
        resources.append((care, _plan(UUID(int=row.id.int ^ 1), plan, subject)))
    first = f"urn:uuid:{UUID(int=row.id.int ^ 2)}"
    composition = _composition(case, row, content, subject, author, office, risk, care)
    return {
        "resourceType": "Bundle",
        "id": str(UUID(int=row.id.int ^ 3)),
        "meta": {"security": _labels(case)},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{row.id}"},
        "type": "document",
        "timestamp": now.isoformat(),
        "entry": [{"fullUrl": url, "resource": made} for url, made in [(first, composition), *resources]],
    }


def _labels(case: Case) -> list[dict[str, str]]:
    labels = [{"system": CONFIDENTIALITY, "code": "R", "display": "restricted"}]
    if case.reach.client.part2:
        labels.append(
            {"system": SENSITIVITY, "code": "ETH", "display": "substance abuse information sensitivity"}
        )
    return labels


def _patient(db: Db, case: Case) -> dict[str, Any]:
    client, born = case.reach.client, birth_date(db, case.reach.client)
    legal = reveal(db, client, "legal_name") or client.name_used
    return {
        "resourceType": "Patient",
        "id": str(client.id),
        "meta": {"security": _labels(case)},
        "name": [{"use": "official", "text": legal}, {"use": "usual", "text": client.name_used}],
        **({"birthDate": born.isoformat()} if born else {}),
        "communication": [{"language": {"text": client.language}, "preferred": True}],
    }


def _organization(case: Case, content: HandoffCard) -> dict[str, Any]:
    """By its call-back number alone: the program's name tells what somebody is treated for."""
    return {
        "resourceType": "Organization",
        "id": str(case.program.id),
        "name": "The sending office",
        "telecom": [{"system": "phone", "value": content.call_back, "use": "work"}],
    }


def _risk(row: Handoff, tier: str, subject: str, author: str) -> dict[str, Any]:
    codes, answers = [{"system": TIER_SYSTEM, "code": "tier"}], [{"system": TIER_SYSTEM, "code": tier}]
    if tier in RISK_ANSWERS:
        code, display = RISK_ANSWERS[tier]
        codes.append({"system": LOINC, "code": RISK_LEVEL})
        answers.append({"system": LOINC, "code": code, "display": display})
    return {
        "resourceType": "Observation",
        "id": str(row.id),
        "status": "final",
        "code": {"coding": codes, "text": "Risk tier chosen by a clinician"},
        "subject": {"reference": subject},
        "performer": [{"reference": author}],
        "effectiveDateTime": (row.given_at or row.made_at).isoformat(),
        "valueCodeableConcept": {"coding": answers, "text": tier},
    }


def _plan(plan_id: UUID, plan: PlanContent, subject: str) -> dict[str, Any]:
    return {
        "resourceType": "CarePlan",
        "id": str(plan_id),
        "status": "active",
        "intent": "plan",
        "title": "Safety plan, in their own words",
        "subject": {"reference": subject},
        "activity": [
            {"detail": {"status": "in-progress", "description": f"{PARTS['en'][part]}: {item.words}"}}
            for part, items in plan.in_order()
            for item in items
        ],
    }


def _composition(
    case: Case,
    row: Handoff,
    content: HandoffCard,
    subject: str,
    author: str,
    office: str,
    risk: str,
    care: str | None,
) -> dict[str, Any]:
    sections = [
        _section(heading, getattr(content, name), [risk] if name == "assessment" else [])
        for name, heading in HEADINGS.items()
    ]
    if content.know and content.know_standing == "approved":
        sections.append(_section("What they want you to know, in their words", content.know))
    if care is not None:
        sections.append(_section("Safety plan", "A copy goes with this document.", [care]))
    if notice := notice_of(case):
        sections.append(_section("Notice", notice))
    return {
        "resourceType": "Composition",
        "id": str(UUID(int=row.id.int ^ 2)),
        "meta": {"security": _labels(case)},
        "status": "final",
        "type": {"text": "Handover"},
        "subject": {"reference": subject},
        "date": (row.given_at or row.made_at).isoformat(),
        "author": [{"reference": author}],
        "custodian": {"reference": office},
        "title": "Handover",
        "confidentiality": "R",
        "section": sections,
    }


def _section(title: str, words: str, entries: list[str] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": title,
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(words)}</p></div>',
        },
    }
    if entries:
        made["entry"] = [{"reference": one} for one in entries]
    return made
