"""What the FHIR classes let pass: wrong codes where the standard names them, references that lead nowhere, and the
rules of a document (a Composition first, a full address for each entry)."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def faults(bundle: Any) -> list[str]:
    """Each as a sentence with the place in the document, and no word of its content."""
    entries = list(bundle.entry or ())
    found = [*_document(bundle, entries)]
    known = {entry.fullUrl for entry in entries}
    for index, entry in enumerate(entries):
        place = f"entry {index + 1}"
        found += [*_codes(entry.resource, place), *_references(entry.resource, place, known)]
    return found


def _document(bundle: Any, entries: list[Any]) -> Iterator[str]:
    if bundle.type != "document":
        yield "the bundle is no document"
    if not entries or entries[0].resource.get_resource_type() != "Composition":
        yield "a document begins with a Composition"
    if len({entry.fullUrl for entry in entries}) != len(entries) or any(
        not entry.fullUrl for entry in entries
    ):
        yield "each entry needs an address of its own"
    if bundle.identifier is None or bundle.timestamp is None:
        yield "a document needs an identifier and a time"


def _parts(model: BaseModel, place: str) -> Iterator[tuple[str, Any, Any]]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name, None)
        if value is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            yield f"{place}.{name}", field, one


def _codes(model: BaseModel, place: str) -> Iterator[str]:
    for where, field, value in _parts(model, place):
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        allowed = extra.get("enum_values")
        # A list that ends with "+" is said to be incomplete.
        if allowed and "+" not in allowed and isinstance(value, str) and value not in allowed:
            yield f"{where}: a code that the standard does not know"
        if isinstance(value, BaseModel):
            yield from _codes(value, where)


def _references(model: BaseModel, place: str, known: set[str]) -> Iterator[str]:
    for where, _, value in _parts(model, place):
        if not isinstance(value, BaseModel):
            continue
        target = getattr(value, "reference", None)
        if isinstance(target, str) and target not in known:
            yield f"{where}: a reference that leads nowhere"
        yield from _references(value, where, known)
