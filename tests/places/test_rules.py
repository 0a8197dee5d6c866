"""Where a place is, what covers it, and when a line answers: decided without a database or a clock."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import is_valid_short_number_for_region

from app.divisions import COUNTRIES, NAMES, region_name, state_code
from app.places import geography, hours, regions
from app.places.coverage import LEVELS, Match, Standing, chosen, match, order
from app.places.geography import Where, likely, post_box, where
from app.places.hours import Open


@dataclass
class Line:
    kind: str = "dispatch"
    country: str = "US"
    states: list[str] = field(default_factory=list)
    counties: list[str] = field(default_factory=list)
    towns: list[str] = field(default_factory=list)
    zip_prefixes: list[str] = field(default_factory=list)
    whole_country: bool = False


PORTLAND = where({"town": "Portland", "state": "Oregon", "code": "97201-1234"}, "US")


def test_a_zip_code_makes_county_state_and_clock_likely_and_no_more() -> None:
    found = likely("97201")
    assert found is not None
    assert (found.county, found.state, found.time_zone) == ("Multnomah County", "OR", "America/Los_Angeles")
    assert found.sentence.startswith("Likely ")
    assert PORTLAND.county_likely
    assert not PORTLAND.state_likely, "the state was said"
    assert where({"code": "97201"}, "US").state_likely
    assert PORTLAND.region == "US-OR"
    assert likely("00000") is None
    assert likely("not a code") is None
    assert likely("9720") is None


def test_a_contradiction_is_said_and_never_decided() -> None:
    place = where({"town": "Portland", "state": "Maine", "code": "97201"}, "US")
    assert place.state == "ME"
    assert place.county == ""
    assert "97201 is in OR, and the address says ME" in place.doubts[0]
    assert match(Line(zip_prefixes=["972"]), place) is None
    by_town = match(Line(towns=["Portland, ME"]), place)
    assert by_town
    assert by_town.likely


@pytest.mark.parametrize(
    ("street", "town", "state", "code"),
    [
        ("14 Mill Road, Larch Falls", "Larch Falls", "", ""),
        ("14 Mill Road, Larch Falls, MT", "Larch Falls", "MT", ""),
        ("14 Mill Road, Flat 2, Larch Falls, Montana 59000", "Larch Falls", "MT", "59000"),
        ("14 Mill Road", "", "", ""),
        ("14 Mill Road, Flat 2", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_an_address_in_one_line_is_read_as_far_as_it_can_be(
    street: str, town: str, state: str, code: str
) -> None:
    place = where({"street": street}, "US")
    assert (place.town, place.state, place.code) == (town, state, code)


def test_what_was_said_beside_the_street_is_not_guessed_over() -> None:
    place = where({"street": "14 Mill Road, Oak", "town": "Larch Falls"}, "US")
    assert place.town == "Larch Falls"


def test_a_code_for_post_boxes_only_is_said() -> None:
    found = likely("97208")
    assert found is not None
    assert found.boxes_only
    assert "post boxes only" in found.sentence


def test_a_military_code_has_no_clock_that_we_know() -> None:
    found = likely("09000")
    assert found is not None
    assert found.time_zone == ""
    place = where({"code": "09000"}, "US")
    assert (place.state, place.time_zone) == ("AE", None)
    assert PORTLAND.time_zone == "America/Los_Angeles"


def test_only_the_united_states_have_zip_codes_here() -> None:
    assert where({"code": "97201", "country": "AU"}, "US").state == ""


@pytest.mark.parametrize(
    "street",
    [
        "PO Box 4",
        "P.O. Box 12",
        "p o box 3",
        "POB 4",
        "Post Office Box 2",
        "Apartado 12",
        "Casilla 9",
        "Private Bag 3",
    ],
)
def test_post_boxes_are_known_for_what_they_are(street: str) -> None:
    assert post_box(street)


@pytest.mark.parametrize(
    "street",
    [
        "12 Box Lane",
        "Boxwood Road 3",
        "1 Casilla St",
        "Postbox Cottage",
        "100 Polk Street",
        "C.P. 28001 Calle 3",
    ],
)
def test_streets_that_sound_like_one_are_streets(street: str) -> None:
    assert not post_box(street)


@pytest.mark.parametrize(
    ("line", "level", "likely"),
    [
        (Line(zip_prefixes=["97201"]), "code", False),
        (Line(zip_prefixes=["972"]), "code", False),
        (Line(towns=["portland, OR"]), "town", False),
        (Line(counties=["Multnomah, OR"]), "county", True),
        (Line(states=["OR"]), "state", False),
        (Line(whole_country=True), "country", False),
    ],
)
def test_a_line_that_covers_a_place_says_why(line: Line, level: str, likely: bool) -> None:
    found = match(line, PORTLAND)
    assert found is not None
    assert (found.level, found.likely) == (level, likely)
    assert found.why


@pytest.mark.parametrize(
    "line",
    [
        Line(),
        Line(towns=["Portland, ME"]),
        Line(towns=["Salem, OR"]),
        Line(counties=["Multnomah, WA"]),
        Line(states=["WA"]),
        Line(zip_prefixes=["980"]),
        Line(whole_country=True, country="CA"),
    ],
)
def test_a_line_of_another_place_never_covers_this_one(line: Line) -> None:
    assert match(line, PORTLAND) is None


def test_a_town_without_its_state_is_only_likely() -> None:
    found = match(Line(towns=["Larch Falls, MT"]), where({"town": "larch falls"}, "US"))
    assert found is not None
    assert found.likely
    assert "ask" in found.why
    assert match(
        Line(towns=["Saint Éloi, QC"], country="CA"), where({"town": "St. Eloi", "state": "quebec"}, "CA")
    )


def test_a_town_is_found_behind_the_others_that_a_line_names() -> None:
    found = match(Line(towns=["Salem, OR", "Portland, OR"]), PORTLAND)
    assert found == Match("town", "Covers Portland, OR")


def standing(kind: str = "dispatch", **other: object) -> Standing:
    base: dict[str, object] = {
        "match": Match("county", "x"),
        "kind": kind,
        "police": kind == "dispatch",
        "open": Open(True),
        "stale": False,
        "wrong": False,
        "name": kind,
        "key": kind,
    }
    return Standing(**{**base, **other})  # type: ignore[arg-type]


TEAM, DISPATCH = standing("mobile_crisis"), standing()


def test_without_police_first_where_it_is_safe() -> None:
    assert order([DISPATCH, TEAM], "high")[0] is TEAM
    assert order([DISPATCH, TEAM], "imminent")[0] is DISPATCH


@pytest.mark.parametrize(
    "other", [{"open": Open(False)}, {"wrong": True}, {"police": True}, {"police": None}]
)
def test_a_team_that_would_not_come_alone_now_is_not_first(other: dict[str, object]) -> None:
    assert order([standing("mobile_crisis", **other), DISPATCH], "low")[0] is DISPATCH


def test_the_nearer_line_comes_before_the_wider_and_the_checked_before_the_old() -> None:
    wide, near = standing(match=Match("state", "x"), key="a"), standing(match=Match("town", "x"), key="b")
    assert order([wide, near], "none") == [near, wide]
    old = standing(stale=True, key="a")
    assert order([old, DISPATCH], "none") == [DISPATCH, old]


def test_a_line_chosen_for_a_place_comes_before_one_that_merely_covers_it() -> None:
    covering, picked = standing(match=Match("code", "x"), key="a"), standing(match=chosen(), key="b")
    assert order([covering, picked], "none") == [picked, covering]
    assert picked.match.why == "Chosen for this place"
    assert not picked.match.likely


@given(
    st.lists(
        st.builds(
            standing,
            st.sampled_from(["dispatch", "mobile_crisis", "hotline", "hospital", "cit", "partner"]),
            match=st.builds(Match, st.sampled_from(LEVELS), st.just("why"), st.booleans()),
            police=st.sampled_from([True, False, None]),
            open=st.sampled_from([Open(True), Open(False), Open(None)]),
            stale=st.booleans(),
            wrong=st.booleans(),
        ),
        max_size=8,
    ),
    st.sampled_from(["none", "low", "moderate", "high", "imminent"]),
)
def test_no_order_loses_a_line_or_puts_a_wrong_number_before_a_right_one(
    lines: list[Standing], tier: str
) -> None:
    found = order(lines, tier)
    assert sorted(map(id, found)) == sorted(map(id, lines))
    going = [line for line in found if line.kind in ("dispatch", "mobile_crisis")]
    assert found[: len(going)] == going
    assert [line.wrong for line in going] == sorted(line.wrong for line in going)
    if tier == "imminent" and going and any(line.kind == "dispatch" and not line.wrong for line in going):
        assert going[0].kind == "dispatch"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon-Fri 8 AM - 11 PM; Sat 9-17", "Mon to Fri 8 AM to 11 PM; Sat 9 AM to 5 PM"),
        ("Weekdays 9am to 5pm", "Mon to Fri 9 AM to 5 PM"),
        ("Weekends noon to 6 PM", "Sat, Sun noon to 6 PM"),
        ("8:30-17:00 daily", "Every day 8:30 AM to 5 PM"),
        ("Mon, Wed 10 AM to noon", "Mon, Wed 10 AM to noon"),
        ("8 AM to midnight", "Every day 8 AM to midnight"),
        ("Sun closed; Mon-Sat 9 AM-5 PM", "Mon to Sat 9 AM to 5 PM"),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, read: str) -> None:
    spans = hours.read(written)
    assert spans is not None
    assert hours.said(spans) == read


@pytest.mark.parametrize(
    "written",
    ["business hours", "9-5", "call first, 8 AM to 5 PM", "25:00-26:00", "Mon, Tue", "13 PM to 14 PM"],
)
def test_hours_that_only_a_person_understands_are_not_guessed(written: str) -> None:
    assert hours.read(written) is None
    assert hours.standing(written, None, "UTC", datetime(2027, 3, 1, tzinfo=UTC)) == Open(None)


@pytest.mark.parametrize("written", ["always", "24/7", "Open 24 hours.", "24 hours a day, 7 days a week"])
def test_a_line_that_always_answers_needs_no_hours_and_never_closes(written: str) -> None:
    assert hours.read(written) is None
    assert hours.standing(written, None, "UTC", datetime(2027, 3, 1, tzinfo=UTC)) == Open(True)


def test_hours_past_midnight_and_over_a_change_of_the_clocks() -> None:
    spans = hours.read("Fri-Sat 8 PM to 4 AM")
    zone = "America/New_York"
    # Clocks go forward on Sunday, 14 March 2027, at two in the morning.
    at_three = datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    state = hours.standing("x", spans, zone, at_three)
    assert state.now is True
    assert state.until is not None
    assert state.until.isoformat() == "2027-03-14T04:00:00-04:00"
    after = hours.standing("x", spans, zone, at_three + timedelta(hours=1))
    assert after.now is False
    assert after.until is not None
    assert after.until.isoformat() == "2027-03-19T20:00:00-04:00"


def test_day_and_night_in_two_spans_is_never_closed() -> None:
    spans = hours.read("Daily 8 AM to 8 PM; daily 8 PM to 8 AM")
    for hour in range(48):
        moment = datetime(2027, 3, 13, tzinfo=UTC) + timedelta(hours=hour)
        assert hours.standing("x", spans, "America/New_York", moment).now is True


TIMES = st.integers(0, 23 * 60 + 59)


@given(TIMES, TIMES, st.sampled_from(hours.DAYS), st.integers(0, 7 * 24 * 60))
def test_what_is_said_of_hours_is_read_back_the_same(begin: int, end: int, day: str, minute: int) -> None:
    spans = {day: [[begin, end or hours.WHOLE_DAY]]}
    again = hours.read(hours.said(spans))
    moment = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
    if begin != end % hours.WHOLE_DAY:
        assert again is not None
        assert hours.standing("x", again, "UTC", moment) == hours.standing("x", spans, "UTC", moment)


@given(st.text(max_size=60))
def test_no_words_break_the_reader(words: str) -> None:
    spans = hours.read(words)
    hours.standing(words, spans, "UTC", datetime(2027, 3, 1, tzinfo=UTC))
    post_box(words)
    likely(words)


def test_our_table_and_the_phone_library_agree() -> None:
    for country, place in regions.REGIONS.items():
        for row in place.numbers:
            number = phonenumbers.parse(row.number, country)
            if row.service in ("emergency", "emergency_text"):
                assert phonenumbers.is_emergency_number(row.number, country), (country, row.number)
            else:
                known = phonenumbers.is_valid_number(number) or is_valid_short_number_for_region(
                    number, country
                )
                assert known, (country, row.number)
            assert row.source


def test_every_country_has_its_emergency_crisis_and_poison_numbers() -> None:
    assert set(regions.REGIONS) == {"US", "CA", "GB", "IE", "AU", "NZ"}
    for place, service in itertools.product(regions.REGIONS.values(), ("emergency", "crisis", "poison")):
        assert place.of(service), (place.country, service)  # type: ignore[arg-type]


def test_rows_older_than_a_year_warn_and_younger_ones_do_not() -> None:
    checked = max(row.checked for place in regions.REGIONS.values() for row in place.numbers)
    assert regions.warnings(checked) == []
    late = regions.warnings(checked + timedelta(days=366))
    assert len(late) == sum(len(place.numbers) for place in regions.REGIONS.values())
    assert "US emergency 911" in late[0]


def test_a_table_whose_main_number_is_nowhere_is_refused() -> None:
    table = yaml.safe_dump(
        [
            {
                "country": "US",
                "name": "x",
                "primary": "912",
                "numbers": [
                    {
                        "service": "emergency",
                        "number": "911",
                        "note": "",
                        "source": "the authority",
                        "checked": date(2026, 1, 1),
                    }
                ],
            }
        ]
    )
    with pytest.raises(ValueError, match="912"):
        regions.load(table)


def test_the_crisis_line_for_print_is_the_first_and_has_no_spaces() -> None:
    assert regions.REGIONS["US"].crisis_line == "988"
    for place in regions.REGIONS.values():
        assert place.crisis_line == place.of("crisis")[0].number.replace(" ", "")
    without = regions.REGIONS["US"].model_copy(update={"numbers": ()})
    assert without.crisis_line is None


def test_any_change_of_the_table_asks_for_a_fresh_comparison() -> None:
    place = regions.REGIONS["US"]
    [again] = regions.load(yaml.safe_dump([place.model_dump(mode="json")])).values()
    assert again.sha256() == place.sha256()
    row = place.numbers[0].model_copy(update={"note": "Another note."})
    changed = place.model_copy(update={"numbers": (row, *place.numbers[1:])})
    assert changed.sha256() != place.sha256()


def test_the_warning_names_the_number_people_would_dial() -> None:
    assert "911" in regions.dialling_warning("us")
    assert "999" in regions.dialling_warning("GB")
    assert "the emergency number" in regions.dialling_warning("FR")
    assert regions.region("FR") is None


def test_988_is_said_to_follow_the_phone_that_calls() -> None:
    said = regions.follows_the_phone("US")
    assert said
    assert said.startswith("988 follows the phone that calls")
    assert regions.follows_the_phone("GB") is None


def test_states_are_one_however_they_are_written() -> None:
    assert {state_code("US", text) for text in ("OR", "or", "Oregon", " oregon ")} == {"OR"}
    assert state_code("GB", "Kent") == "Kent"


def test_nothing_here_takes_a_place_from_a_telephone_number() -> None:
    names = set(Where.__dataclass_fields__)
    assert not names & {"phone", "number", "area_code"}
    assert not hasattr(geography, "phonenumbers")


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("US-OR", "Oregon"),
        ("CA-ON", "Ontario"),
        ("US", "the United States"),
        ("US-ZZ", "US-ZZ"),
        ("FR", "FR"),
    ],
)
def test_a_state_has_a_name_and_an_unknown_one_keeps_its_code(region: str, said: str) -> None:
    assert region_name(region) == said


def test_the_list_people_choose_a_state_from_is_the_one_we_know_names_of() -> None:
    words = Path(__file__).parents[2] / "frontend" / "src" / "words" / "regions.ts"
    listed = re.findall(r'\b([A-Z]{2}):\s*((?:"[^"]*"[\s+]*)+),', words.read_text())
    texts = [(country, "".join(re.findall(r'"([^"]*)"', text))) for country, text in listed]
    assert dict(texts[: len(COUNTRIES)]) == COUNTRIES
    states = {
        country: dict(one.split(" ", 1) for one in text.split(", "))
        for country, text in texts[len(COUNTRIES) :]
    }
    assert states == NAMES
