"""What people type becomes E.164 or a sentence; nothing a machine must not ring gets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.numbers import Number, Refused, dialable, parse, readable


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("503 555 0143", "US", "+15035550143"),
        ("(503) 555-0143", "US", "+15035550143"),
        ("1-503-555-0143", "US", "+15035550143"),
        ("  +1 503 555 0143 ", "GB", "+15035550143"),
        ("٥٠٣٥٥٥٠١٤٣", "US", "+15035550143"),
        ("020 7946 0123", "GB", "+442079460123"),
        (
            "07911 123456",
            "GB",
            "+447911123456",
        ),  # a Guernsey number, which libraries file under another region
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, region: str, e164: str) -> None:
    assert parse(typed, region) == Number(e164)


@pytest.mark.parametrize(
    ("typed", "region", "code"),
    [
        ("", "US", "empty"),
        ("   ", "US", "empty"),
        ("ask her mother", "US", "not_a_number"),
        ("5" * 400, "US", "not_a_number"),
        ("555-2671", "US", "not_valid"),
        ("503 555 014", "US", "not_valid"),
        ("911", "US", "emergency"),
        ("9 1 1", "US", "emergency"),
        ("+1911", "US", "emergency"),
        ("112", "US", "emergency"),
        ("999", "GB", "emergency"),
        ("+44999", "US", "emergency"),
        ("000", "AU", "emergency"),
        ("110", "DE", "emergency"),
        ("988", "US", "short"),
        ("211", "US", "short"),
        ("1-900-555-0123", "US", "premium"),
        ("503 555 0143 ext 5", "US", "extension"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_a_sentence(typed: str, region: str, code: str) -> None:
    refused = parse(typed, region)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.sentence.endswith(".")
    assert not any(digit.isdigit() for digit in refused.sentence)


def test_numbers_are_written_so_that_people_and_voices_can_read_them() -> None:
    assert readable("+15035550143") == "503-555-0143"
    assert readable("+442079460123") == "+44 20 7946 0123"


def test_a_toll_free_number_is_taken_with_a_warning() -> None:
    number = parse("1-800-555-0123", "US")
    assert isinstance(number, Number)
    assert number.warning is not None


@pytest.mark.parametrize(
    "stored",
    ["911", "+1911", "+1112", "+1988", "+44999", "+61000", "+19005550123", "+15552671", "", "+", "503 555 0143",
     "+1 503 555 0143", "+15035550143;ext=5", "tel:+15035550143", "sip:a@b", "+1503555014345"],
)  # fmt: skip
def test_nothing_but_a_valid_full_number_is_dialable(stored: str) -> None:
    assert dialable(stored) is not None


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["US", "GB", "DE", "AU", "IN", "BR", "JP", "ZA"]))
def test_whatever_is_typed_only_dialable_numbers_come_out(typed: str, region: str) -> None:
    result = parse(typed, region)
    if isinstance(result, Number):
        assert dialable(result.e164) is None
        assert result.last2 == result.e164[-2:]


@settings(deadline=None)
@given(
    st.integers(min_value=0, max_value=99999),
    st.sampled_from(["US", "GB", "DE", "AU", "IN", "BR", "JP", "ZA"]),
)
def test_no_number_of_up_to_five_digits_is_ever_taken(digits: int, region: str) -> None:
    assert isinstance(parse(str(digits), region), Refused)


def test_a_valid_number_that_is_as_short_as_a_service_is_refused() -> None:
    # Niue's ordinary numbers have four digits; nobody can tell them from a service by their length.
    refused = dialable("+6834002")
    assert refused is not None
    assert refused.code == "short"


def test_lists_show_the_last_two_digits() -> None:
    assert Number("+15035550143").last2 == "43"
