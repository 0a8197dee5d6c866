"""A body that a route would take, made from the program's own description of itself."""

from typing import Any
from uuid import UUID

AT = "2027-03-01T15:20:00+00:00"
WORDS = "words of no meaning"


def example(schema: dict[str, Any], parts: dict[str, Any], ids: dict[str, UUID], name: str = "") -> Any:
    """`ids`: real rows, by the name of a field such as `client_id`."""
    if "$ref" in schema:
        return example(parts[schema["$ref"].rsplit("/", 1)[-1]], parts, ids, name)
    if name in ids:
        return str(ids[name])
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example(choices[0], parts, ids, name)
    if given := schema.get("enum") or [schema[word] for word in ("const",) if word in schema]:
        return given[0]
    if schema.get("type") == "object":
        wanted = {*schema.get("required", []), *ids}
        fields = schema.get("properties", {}).items()
        return {field: example(inner, parts, ids, field) for field, inner in fields if field in wanted}
    if schema.get("type") == "array":
        return [example(schema["items"], parts, ids, name)] * max(1, schema.get("minItems", 0))
    plain = {"integer": schema.get("minimum", 1), "number": 1, "boolean": True}
    return plain.get(schema.get("type", ""), _text(schema, name))


def _text(schema: dict[str, Any], name: str) -> str:
    if schema.get("format") == "date-time":
        return AT
    if schema.get("format") == "date":
        return AT[:10]
    if schema.get("format") == "uuid":
        return str(UUID(int=7))
    if "number" in name:
        return "+14065550177"
    text = WORDS[: schema.get("maxLength", 100)]
    return text.ljust(schema.get("minLength", 0), "x")
