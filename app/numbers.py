"""Telephone numbers: reading what people type, and refusing what a machine must never dial. Pure.

Place and time zone are never taken from a number: people keep their numbers when they move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

RefusedCode = Literal["empty", "not_a_number", "not_valid", "emergency", "short", "premium", "extension"]

# Longer than any number with its spaces and brackets; the parser is not meant for whole paragraphs.
LONGEST_INPUT = 60

# Some numbering plans still list local lines of three to five digits; those collide with service numbers.
SHORTEST_NATIONAL = 6

TOLL_FREE_WARNING = (
    "This is a toll-free number, which usually belongs to an organisation. Check that a person answers it."
)


@dataclass(frozen=True, slots=True)
class Number:
    """`e164` is the only form that is stored. `last2` is what lists show."""

    e164: str
    warning: str | None = None

    @property
    def last2(self) -> str:
        return self.e164[-2:]


@dataclass(frozen=True, slots=True)
class Refused:
    """`sentence` says what to do instead and never repeats the number."""

    code: RefusedCode
    sentence: str


_EMPTY = Refused("empty", "Type a telephone number with its area code.")
_NOT_A_NUMBER = Refused("not_a_number", "This is not a telephone number. Type it with its area code.")
_NOT_VALID = Refused(
    "not_valid", "No such telephone number exists. Check the digits, and the country code if it is abroad."
)
_EMERGENCY = Refused(
    "emergency",
    "This is an emergency number. Handrail never dials those: a person calls the ten-digit local line.",
)
_SHORT = Refused("short", "This is a short service number. Type a full number that rings one person.")
_PREMIUM = Refused("premium", "This is a premium-rate number, which Handrail never dials. Type another one.")
_EXTENSION = Refused("extension", "Extensions cannot be dialled automatically. Type a direct number.")


def parse(text: str, region: str) -> Number | Refused:
    """Reads a number as typed in `region` (ISO country of the office), or says why it cannot be dialled."""
    typed = text.strip()
    if not typed:
        return _EMPTY
    if len(typed) > LONGEST_INPUT:
        return _NOT_A_NUMBER
    if refused := _service_number(typed, region):
        return refused
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return _NOT_A_NUMBER
    if number.extension:
        return _EXTENSION
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if refused := dialable(e164):
        return refused
    toll_free = phonenumbers.number_type(number) == PhoneNumberType.TOLL_FREE
    return Number(e164, TOLL_FREE_WARNING if toll_free else None)


def dialable(e164: str) -> Refused | None:
    """None when a machine may dial it. The last guard before the provider, whatever was stored."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return _NOT_A_NUMBER
    if phonenumbers.format_number(number, PhoneNumberFormat.E164) != e164:
        return _NOT_A_NUMBER
    if not phonenumbers.is_valid_number(number):
        # +1911 parses, is not valid, and must still be named for what it is.
        return _service_number_abroad(number) or _NOT_VALID
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        return _PREMIUM
    if len(phonenumbers.national_significant_number(number)) < SHORTEST_NATIONAL:
        return _SHORT
    return None


def readable(e164: str) -> str:
    """For people and for a voice that reads digits: 503-555-0143, +44 20 7946 0123."""
    number = phonenumbers.parse(e164, None)
    if number.country_code == 1:
        national = phonenumbers.national_significant_number(number)
        return f"{national[:3]}-{national[3:6]}-{national[6:]}"
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _service_number(typed: str, region: str) -> Refused | None:
    if phonenumbers.is_emergency_number(typed, region):
        return _EMERGENCY
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number):
        return None
    return _service_number_in(number, (region,)) or _service_number_abroad(number)


def _service_number_abroad(number: PhoneNumber) -> Refused | None:
    return _service_number_in(number, phonenumbers.region_codes_for_country_code(number.country_code or 0))


def _service_number_in(number: PhoneNumber, regions: Sequence[str]) -> Refused | None:
    national = phonenumbers.national_significant_number(number)
    if any(phonenumbers.is_emergency_number(national, region) for region in regions):
        return _EMERGENCY
    if any(phonenumbers.is_possible_short_number_for_region(number, region) for region in regions):
        return _SHORT
    return None
