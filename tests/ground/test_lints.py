"""Each house rule catches what it is for, and lets the right way pass."""

import ast
from pathlib import Path

import pytest

from tools import lints

CALLS = lints.ROOT / "app" / "calls" / "example.py"
STAFF = lints.ROOT / "app" / "staff" / "example.py"


def caught(path: Path, text: str) -> list[str]:
    tree = ast.parse(text)
    return [what for lint in lints.OF_PYTHON for _, _, what in lint(path, tree)]


@pytest.mark.parametrize(
    "text",
    [
        'db.execute("select now()")',
        'x = "UPDATE a SET b = CURRENT_TIMESTAMP"',
        "select(func.now())",
        "select(sql.clock_timestamp())",
        "mapped_column(server_default=func.now())",
        "datetime.now(UTC)",
        "x = datetime.datetime.utcnow()",
        "time.time()",
    ],
)
def test_a_second_clock_is_caught(text: str) -> None:
    assert len(caught(STAFF, text)) == 1
    assert caught(lints.ROOT / "app" / "clock.py", text) == []


@pytest.mark.parametrize(
    "text", ["clock.now()", "clock.sql_now()", "time.monotonic()", '"""Never now() here."""', "x = 'now'"]
)
def test_the_right_clock_passes(text: str) -> None:
    assert caught(STAFF, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "dial.conference(name, record='record-from-start')",
        "client.calls.create(recording_channels='dual')",
        "response.record()",
        "start.transcription(name='x')",
        "client.calls.create(twiml='<Response/>')",
    ],
)
def test_recording_and_inline_words_are_caught(text: str) -> None:
    assert len(caught(CALLS, text)) == 1


@pytest.mark.parametrize("text", ["dial.conference(name, record='do-not-record')", "Entry(recorded_at=at)"])
def test_saying_that_nothing_records_passes(text: str) -> None:
    assert caught(CALLS, text) == []


def test_a_transaction_that_outlives_the_reply_is_caught() -> None:
    source = "async def rows():\n    yield 1\n"
    assert caught(STAFF, source + "x = Depends(rows)") == ['Depends(rows) without scope="function"']
    assert caught(STAFF, source + "x = Depends(rows, scope='function')") == []
    assert caught(STAFF, "x = Depends(access.viewer_db, scope='request')")
    assert caught(STAFF, "async def who():\n    return 1\nx = Depends(who)") == []


def test_the_address_of_an_index_is_caught_in_any_file(tmp_path: Path) -> None:
    text = "--index-url https://pypi." + "org/simple\nfastapi==1\n"
    assert [line for _, line, _ in lints.nobody_learns_where_we_install_from(tmp_path, text)] == [1]


WORDS = lints.ROOT / "frontend" / "src" / "words" / "example.ts"


@pytest.mark.parametrize(
    "said",
    [
        "She committed suicide.", "A failed attempt, again.", "He is manipulative.", "This is attention-seeking.",
        "Non-compliant with the plan.", "A frequent flyer.", "An addict, they said.", "Please calm down.", "Cálmese, por favor.",
        "Why did you leave?", "Their risk score is 7.", "A suicidal gesture.",
    ],
)  # fmt: skip
def test_words_that_hurt_are_caught_in_what_people_read_of_us_with_what_to_say_instead(said: str) -> None:
    [sentence] = [what for _, _, what in lints.says_it_gently(WORDS, f'  line: "{said}",')]
    assert sentence.endswith((".", "?", "”."))
    assert len(caught(STAFF, f"x = {said!r}")) == 1
    for elsewhere in (lints.ROOT / "tests" / "example.py", lints.ROOT / "CHANGELOG.md"):
        assert list(lints.says_it_gently(elsewhere, said)) == []


def test_gentle_words_and_what_is_better_left_unsaid_pass() -> None:
    for said in (
        "She died by suicide.",
        "3 of 5 ready",
        "Better not: “Calm down”",
        "He declined.",
        "A suicide attempt.",
    ):
        assert list(lints.says_it_gently(WORDS, said)) == []
    assert caught(STAFF, "x = 'abus addict ambulanc'") == [], "a list of words to look for is no sentence"
    assert [line for _, line, _ in lints.says_it_gently(lints.COPY, "[]")] == [1], "the copy is the list"


def test_the_house_rules_hold() -> None:
    assert list(lints.breaks(lints._tracked())) == []
