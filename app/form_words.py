"""What is wrong with an answer, as a person reads it: beside a field of a form, or of a line in a file that was brought."""

from collections.abc import Mapping
from typing import Any

# What pydantic says most often, for a person; its own words are for programs.
_SAID = {
    "missing": "This is needed.",
    "string_too_short": "Write {min_length} or more characters.",
    "string_too_long": "Write {max_length} characters at most.",
    "too_short": "Choose {min_length} or more.",
    "too_long": "{max_length} at most.",
    "greater_than_equal": "{ge} or more.",
    "less_than_equal": "{le} or less.",
    "int_parsing": "Write a whole number.",
    "int_from_float": "Write a whole number.",
    "literal_error": "Choose one of those offered.",
    "string_pattern_mismatch": "This is not written in the way that is asked for here.",
    "enum": "Choose one of those offered.",
    "uuid_parsing": "Choose one of those offered.",
    "date_from_datetime_parsing": "There is no such day.",
    "time_parsing": "There is no such time.",
    "datetime_from_date_parsing": "There is no such day and time.",
}


def in_words(error: Mapping[str, Any]) -> str:
    """Our own validators speak in sentences; pydantic puts its word before them."""
    allowed = error.get("ctx", {})
    if error["type"] == "string_too_short" and allowed["min_length"] == 1:
        return _SAID["missing"]
    if sentence := _SAID.get(error["type"]):
        return sentence.format(**allowed)
    return str(error["msg"]).removeprefix("Value error, ")
