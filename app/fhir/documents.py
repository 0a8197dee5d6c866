"""The parts that each document of ours has, and the document itself, checked before anybody is given it.

The classes are those of R4B (4.3.0), whose shapes of the resources used here are R4's. They are imported when the first
file is made: 1.2 s and 27 MB that no start-up should pay. What they do not check, `checks` does.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from app.fhir.checks import faults

Resource = dict[str, Any]
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


class NotAValidDocument(Exception):
    """What we made breaks a rule of the format: a bug of ours. Says which rule, and nothing of the person."""


def urn(of: UUID) -> str:
    return f"urn:uuid:{of}"


def beside(row: UUID, number: int) -> UUID:
    """A steady id for what a document holds beside the row that it is about."""
    return UUID(int=row.int ^ number)


def labels(*, substance_use: bool) -> list[dict[str, str]]:
    """`substance_use`: the label tells what somebody is treated for, so only who may know that gets it (P2-3, P2-5)."""
    found = [{"system": CONFIDENTIALITY, "code": "R", "display": "restricted"}]
    if substance_use:
        found.append(
            {"system": SENSITIVITY, "code": "ETH", "display": "substance abuse information sensitivity"}
        )
    return found


def organization(office: UUID, call_back: str) -> Resource:
    """By its call-back number alone: the program's name tells what somebody is treated for."""
    return {
        "resourceType": "Organization",
        "id": str(office),
        "name": "The sending office",
        "telecom": [{"system": "phone", "value": call_back, "use": "work"}],
    }


def practitioner(staff: UUID, name: str) -> Resource:
    return {"resourceType": "Practitioner", "id": str(staff), "name": [{"text": name}]}


def section(title: str, words: str, entries: Sequence[str] = ()) -> Resource:
    made: Resource = {
        "title": title,
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(words)}</p></div>',
        },
    }
    if entries:
        made["entry"] = [{"reference": one} for one in entries]
    return made


def composition(
    title: str,
    *,
    row: UUID,
    security: list[dict[str, str]],
    subject: str,
    author: str,
    custodian: str,
    at: datetime,
    sections: Sequence[Resource],
) -> Resource:
    return {
        "resourceType": "Composition",
        "id": str(row),
        "meta": {"security": security},
        "status": "final",
        "type": {"text": title},
        "subject": {"reference": subject},
        "date": at.isoformat(),
        "author": [{"reference": author}],
        "custodian": {"reference": custodian},
        "title": title,
        "confidentiality": "R",
        "section": list(sections),
    }


def document(
    row: UUID, security: list[dict[str, str]], resources: Sequence[tuple[str, Resource]], now: datetime
) -> str:
    """JSON of a Bundle. `resources`: each with its address, the Composition first. Raises NotAValidDocument."""
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - see the module's docstring

    bundle = Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "id": str(beside(row, 3)),
            "meta": {"security": security},
            "identifier": {"system": "urn:ietf:rfc:3986", "value": urn(row)},
            "type": "document",
            "timestamp": now.isoformat(),
            "entry": [{"fullUrl": url, "resource": made} for url, made in resources],
        }
    )
    if found := faults(bundle):
        raise NotAValidDocument("; ".join(found))
    return bundle.model_dump_json(indent=2)
