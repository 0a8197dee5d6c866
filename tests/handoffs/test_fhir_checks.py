"""What the FHIR classes let pass is found by our own check: wrong codes, references that lead nowhere, no document."""

from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from app.fhir.checks import faults

WHO, CARD, RISK = "urn:uuid:11", "urn:uuid:12", "urn:uuid:13"


def bundle(**changes: Any) -> dict[str, Any]:
    card = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": "Handover"},
        "date": "2027-03-01T15:20:00+00:00",
        "author": [{"reference": WHO}],
        "title": "Handover",
        "section": [{"title": "Assessment", "entry": [{"reference": RISK}]}],
    }
    risk = {"resourceType": "Observation", "status": "final", "code": {"text": "Risk tier"}}
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"value": "urn:uuid:10"},
        "timestamp": "2027-03-01T15:20:00+00:00",
        "entry": [
            {"fullUrl": CARD, "resource": card},
            {"fullUrl": WHO, "resource": {"resourceType": "Practitioner", "name": [{"text": "Jon Bell"}]}},
            {"fullUrl": RISK, "resource": risk},
        ],
    } | changes


def found(made: dict[str, Any]) -> str:
    return "; ".join(faults(Bundle.model_validate(made)))


def test_a_whole_document_has_no_fault() -> None:
    assert found(bundle()) == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"type": "collection"}, "no document"),
        ({"identifier": None}, "identifier and a time"),
        ({"entry": None}, "begins with a Composition"),
        ({"entry": bundle()["entry"][1:]}, "begins with a Composition"),
        ({"entry": [*bundle()["entry"], bundle()["entry"][2]]}, "address of its own"),
        ({"entry": bundle()["entry"][:2]}, "leads nowhere"),
    ],
)
def test_each_fault_of_a_document_is_named(changes: dict[str, Any], fault: str) -> None:
    assert fault in found({name: value for name, value in bundle(**changes).items() if value is not None})


def test_a_status_that_the_standard_does_not_know_is_found() -> None:
    made = bundle()
    made["entry"][0]["resource"]["status"] = "bogus"
    assert "a code that the standard does not know" in found(made)
