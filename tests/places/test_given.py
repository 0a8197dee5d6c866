"""A line as somebody gives it: put into its one form, or a sentence for each field that cannot be right."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from app.places.given import Wrong, covers, settled

GIVEN: dict[str, Any] = {
    "kind": "dispatch",
    "country": "US",
    "number": "(503) 555-0190",
    "states": [],
    "counties": ["Harrow County, OR"],
    "towns": [],
    "zip_prefixes": [],
    "time_zone": None,
    "agreement_from": None,
    "agreement_until": None,
    "hours": "always",
    "for_clients": None,
}
ZONE = "America/Los_Angeles"


def made(**other: Any) -> dict[str, Any]:
    return settled({**GIVEN, **other}, ZONE)


def wrong(**other: Any) -> dict[str, str]:
    with pytest.raises(Wrong) as caught:
        made(**other)
    return caught.value.fields


def test_a_line_is_kept_in_one_form_however_it_was_typed() -> None:
    line = made(
        states=["Oregon", "or", "WA"],
        counties=["Harrow County, Oregon", "Harrow County,OR"],
        towns=["Larch Falls , montana"],
        zip_prefixes=["972", " 97 2", "97301"],
    )
    assert line["number"] == "+15035550190"
    assert line["states"] == ["OR", "WA"]
    assert line["counties"] == ["Harrow County, OR"]
    assert line["towns"] == ["Larch Falls, MT"]
    assert line["zip_prefixes"] == ["972", "97301"]


def test_what_was_given_is_not_changed_under_the_giver() -> None:
    typed = {**GIVEN, "states": ["Oregon"]}
    settled(typed, ZONE)
    assert (typed["number"], typed["states"]) == ("(503) 555-0190", ["Oregon"])


def test_every_field_that_cannot_be_right_is_told_at_once() -> None:
    fields = wrong(
        number="911",
        states=["Harrow"],
        counties=["Oak County"],
        towns=["Larch Falls, XX"],
        zip_prefixes=["97"],
        address="PO Box 12, Larch Falls",
        time_zone="Oregon time",
        agreement_from=date(2027, 3, 2),
        agreement_until=date(2027, 3, 1),
    )
    assert "emergency number" in fields.pop("number")
    assert fields == {
        "states": 'There is no state or province "Harrow" there. Write it as OR, or as Oregon.',
        "counties": 'Write the county with its state: "Oak County, OR".',
        "towns": 'There is no state or province "XX" there. Write it as OR, or as Oregon.',
        "zip_prefixes": '"97" is no beginning of a ZIP code. Write three to five digits.',
        "address": "Nobody can go to a post office box. Write the street, or leave it empty.",
        "time_zone": '"Oregon time" is no time zone. Write it as America/New_York.',
        "agreement_until": "The agreement ends before it begins.",
    }


@pytest.mark.parametrize("name", ["America", "../etc", "Mars/Olympus"])
def test_what_is_no_time_zone_is_said_even_when_it_is_a_folder_of_them(name: str) -> None:
    assert "is no time zone" in wrong(time_zone=name)["time_zone"]


@pytest.mark.parametrize("code", ["97", "972011", "97a", "٩٧٢", ""])
def test_a_zip_code_begins_with_three_to_five_digits(code: str) -> None:
    assert list(wrong(zip_prefixes=[code])) == ["zip_prefixes"]


def test_a_postal_code_abroad_may_have_letters_and_nothing_stranger() -> None:
    abroad = {"country": "GB", "number": "020 7946 0123", "counties": []}
    assert made(**abroad, zip_prefixes=["sw1a 1"])["zip_prefixes"] == ["SW1A1"]
    for code in ("SW-1", "ABCDEFGHIJK", " "):
        assert wrong(**abroad, zip_prefixes=[code]) == {
            "zip_prefixes": f'"{code}" is no beginning of a postal code.'
        }


def test_a_county_needs_no_state_where_we_list_none() -> None:
    line = made(country="IE", number="+1 503 555 0190", counties=["Kerry", "Sligo, Connacht"])
    assert line["counties"] == ["Kerry", "Sligo, Connacht"]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (None, None),
        (date(2027, 3, 1), None),
        (None, date(2027, 3, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_an_agreement_may_be_open_at_either_end_or_last_a_day(begins: date | None, ends: date | None) -> None:
    assert made(agreement_from=begins, agreement_until=ends)["agreement_until"] == ends


def test_hours_that_are_read_keep_their_clock_which_is_the_programs_where_none_is_named() -> None:
    line = made(hours="Sat 9 AM to 5 PM")
    assert (line["hours"], line["open_hours"]) == ("Sat 9 AM to 5 PM", {"sat": [[540, 1020]]})
    assert line["time_zone"] == ZONE
    assert made(hours="Sat 9 AM to 5 PM", time_zone="America/Denver")["time_zone"] == "America/Denver"


@pytest.mark.parametrize(
    ("written", "kept"), [("24/7", "always"), ("Around the clock.", "always"), ("call first", "call first")]
)
def test_hours_that_need_no_clock_or_cannot_be_read_keep_none(written: str, kept: str) -> None:
    line = made(hours=written, time_zone="America/Denver")
    assert (line["hours"], line["open_hours"], line["time_zone"]) == (kept, None, None)


@pytest.mark.parametrize(
    ("kind", "said", "shown"),
    [
        ("hotline", None, True),
        ("dispatch", None, False),
        ("hotline", False, False),
        ("dispatch", True, True),
    ],
)
def test_the_kind_decides_what_clients_may_ring_unless_somebody_has(
    kind: str, said: bool | None, shown: bool
) -> None:
    assert made(kind=kind, for_clients=said)["for_clients"] is shown


@dataclass
class Line:
    country: str = "US"
    whole_country: bool = False
    states: list[str] = field(default_factory=list)
    counties: list[str] = field(default_factory=list)
    towns: list[str] = field(default_factory=list)
    zip_prefixes: list[str] = field(default_factory=list)


def test_the_coverage_is_said_from_the_widest_to_the_narrowest() -> None:
    line = Line(
        whole_country=True,
        states=["OR"],
        counties=["Harrow County, WA"],
        towns=["Larch Falls, MT"],
        zip_prefixes=["972", "97301"],
    )
    assert covers(line) == (
        "The whole country; All of Oregon; Harrow County, WA; Larch Falls, MT; ZIP 972…; ZIP 97301"
    )


def test_a_state_that_we_do_not_list_is_said_as_it_was_written() -> None:
    assert covers(Line(country="IE", states=["Munster"])) == "All of Munster"


def test_a_line_that_covers_nothing_says_nothing() -> None:
    assert covers(Line()) == ""
