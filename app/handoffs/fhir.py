"""The card as a FHIR R4 document, for systems that take one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.clients.people import birth_date
from app.db import Db, reveal
from app.fhir import documents as fhir
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
    client, given_by = case.reach.client, row.given_by or row.made_by
    subject, author, office, risk = (fhir.urn(of) for of in (client.id, given_by, case.program.id, row.id))
    resources = [
        (subject, _patient(db, case)),
        (author, fhir.practitioner(given_by, by)),
        (office, fhir.organization(case.program.id, content.call_back)),
        (risk, _risk(row, case.situation().tier, subject, author)),
    ]
    care: str | None = None
    if plan is not None:
        care = fhir.urn(fhir.beside(row.id, 1))
        resources.append((care, _plan(fhir.beside(row.id, 1), plan, subject)))
    first = fhir.composition(
        "Handover",
        row=fhir.beside(row.id, 2),
        security=_labels(case),
        subject=subject,
        author=author,
        custodian=office,
        at=row.given_at or row.made_at,
        sections=_sections(case, content, risk, care),
    )
    return fhir.document(row.id, _labels(case), [(fhir.urn(fhir.beside(row.id, 2)), first), *resources], now)


def _labels(case: Case) -> list[dict[str, str]]:
    return fhir.labels(substance_use=case.reach.client.part2)


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


def _sections(case: Case, content: HandoffCard, risk: str, care: str | None) -> list[fhir.Resource]:
    sections = [
        fhir.section(heading, getattr(content, name), [risk] if name == "assessment" else [])
        for name, heading in HEADINGS.items()
    ]
    if content.know and content.know_standing == "approved":
        sections.append(fhir.section("What they want you to know, in their words", content.know))
    if care is not None:
        sections.append(fhir.section("Safety plan", "A copy goes with this document.", [care]))
    if notice := notice_of(case):
        sections.append(fhir.section("Notice", notice))
    return sections
