"""Emergency numbers by country, for the warning on the dispatch card. Nobody dials from here.

An emergency number reaches the dispatch of wherever it is dialled. That is why the dispatch card shows a ten-digit
line of the client's place and warns against 911. Reviewed by a person against each country's authority; `checked`
is the day. The phone library lists which numbers are emergency numbers, not which service answers or comes first.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    country: str
    primary: str
    also: tuple[str, ...]
    crisis_line: str | None
    source: str
    checked: date


_CHECKED = date(2026, 11, 22)

EMERGENCY_NUMBERS = {
    row.country: row
    for row in (
        EmergencyNumber("US", "911", (), "988", "FCC, 911 and 988 services", _CHECKED),
        EmergencyNumber("CA", "911", (), "988", "CRTC, emergency services 9-1-1 and 9-8-8", _CHECKED),
        EmergencyNumber("GB", "999", ("112",), "116123", "Ofcom, emergency call services", _CHECKED),
        EmergencyNumber(
            "IE", "112", ("999",), "116123", "ComReg, Emergency Call Answering Service", _CHECKED
        ),
        EmergencyNumber("AU", "000", ("112",), "131114", "ACMA, emergency call service", _CHECKED),
        EmergencyNumber("NZ", "111", (), "1737", "New Zealand Police, 111", _CHECKED),
    )
}


def emergency_number(country: str) -> EmergencyNumber | None:
    return EMERGENCY_NUMBERS.get(country.upper())


def dialling_warning(country: str) -> str:
    """Said above the local line: the reflex to dial the short number sends help to the wrong town."""
    known = emergency_number(country)
    short = known.primary if known else "the emergency number"
    return (
        f"Do not dial {short} from here unless you are in the same town: it reaches the dispatch of where you are. "
        "Dial the local line and read the place to them."
    )
