"""Files as people have them: every line is kept, with its number, and with a sentence for whatever is wrong."""

import csv
import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import tabular
from app.tabular import Column, read, write, write_rest

COLUMNS = (
    Column("agency", "Agency", ("Name of the agency",), required=True, longest=40),
    Column("number", "Number", ("Phone", "Telephone number"), required=True),
    Column("hours", "Hours"),
)
PLAIN = "Agency,Number,Hours\nHarrow Dispatch,503-555-0190,always\n"


def values(data: bytes) -> list[dict[str, str]]:
    return [row.values for row in read(data, COLUMNS).rows]


def sentences(data: bytes) -> list[str]:
    return [problem.sentence for problem in read(data, COLUMNS).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_encoding_is_read_without_a_word(encoding: str) -> None:
    sheet = read(PLAIN.replace("Harrow", "Condé Peña").encode(encoding), COLUMNS)
    assert [row.values["agency"] for row in sheet.rows] == ["Condé Peña Dispatch"]
    assert sheet.problems == []


def test_windows_letters_are_read_and_said_aloud() -> None:
    data = PLAIN.replace("Harrow", "Peña’s").encode("cp1252")
    sheet = read(data, COLUMNS)
    assert sheet.rows[0].values["agency"] == "Peña’s Dispatch"
    assert sheet.rows[0].accepted
    assert sheet.readable
    assert "Windows-1252" in sheet.problems[0].sentence


def test_letters_lost_before_the_file_came_are_said_aloud() -> None:
    sheet = read(PLAIN.replace("Harrow", "Pe\ufffda").encode(), COLUMNS)
    assert sheet.rows[0].values["agency"] == "Pe\ufffda Dispatch"
    assert [problem.sentence for problem in sheet.problems] == [
        "Some letters were lost before this file came here. They stand as \ufffd."
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "CSV UTF-8"),
        (b"Agency,Number\n\x81\x8d\xff,1\n", "CSV UTF-8"),
        (b"Agency,Number\nab\0cd,1\n", "not a text file"),
        (b"Agency,Number\n", "no lines below"),
        (b"\xff\xfea", "CSV UTF-8"),
        (b"Colour,Weight\nred,3\n", "names no column"),
        (b"Agency,Hours\nHarrow,always\n", 'no column "Number"'),
        (b"Agency,Numbre\nHarrow,1\n", 'Rename "Numbre"'),
        (b"x" * (tabular.MAX_BYTES + 1), "10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, said: str) -> None:
    sheet = read(data, COLUMNS)
    assert not sheet.readable
    assert said in " ".join(p.sentence for p in sheet.problems)


def test_too_many_lines_are_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 2)
    sheet = read(b"Agency,Number\n" + b"Harrow,1\n" * 3, COLUMNS)
    assert not sheet.readable
    assert not sheet.rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    head, line = PLAIN.replace(",", delimiter).splitlines()
    assert values(f"{head}\n{line}\n".encode()) == values(PLAIN.encode())


def test_a_spreadsheet_may_name_its_delimiter() -> None:
    sheet = read(b"sep=;\r\nAgency;Number\r\nHarrow, County;1\r\n", COLUMNS)
    assert [(row.line, row.values["agency"]) for row in sheet.rows] == [(3, "Harrow, County")]


def test_headings_are_matched_kindly() -> None:
    data = b"AGENCY *;  tele-phone_NUMBER ;Ignored\nHarrow;1;x\n"
    sheet = read(data, COLUMNS)
    assert sheet.rows[0].values == {"agency": "Harrow", "number": "1", "hours": ""}
    assert [p.sentence for p in sheet.problems] == ["Not used: Ignored."]
    assert values("Agéncy,Number\nHarrow,1\n".encode())[0]["agency"] == "Harrow"


def test_titles_above_the_headings_are_passed_over_aloud() -> None:
    sheet = read(b"Our lines,,\n\nAgency,Number,Hours\nHarrow,1,always\n", COLUMNS)
    assert sheet.rows[0].line == 4
    assert "found on line 3" in sheet.about[0].sentence


def test_a_heading_that_is_there_twice_is_read_once_and_said() -> None:
    sheet = read(b"Agency,Number,Phone\nHarrow,1,2\n", COLUMNS)
    assert sheet.rows[0].values["number"] == "1"
    assert sheet.rows[0].cells == ("Harrow", "1", "2")
    assert '"Phone" (column 3) was not read' in sheet.about[0].sentence
    assert sheet.readable


def test_ragged_lines_are_kept_and_explained() -> None:
    sheet = read(b"Agency,Number,Hours\nHarrow,1\nOak, County,2,always\nElm,3,always,,\n,4,\n", COLUMNS)
    short, long, trailing, empty = sheet.rows
    assert short.accepted
    assert "2 cells" in short.problems[0].sentence
    assert not long.accepted
    assert long.cells == ("Oak", " County", "2", "always")
    assert (trailing.accepted, trailing.problems) == (True, [])
    assert empty.problems[0].sentence == '"Agency" is empty.'
    assert [row.line for row in sheet.rows] == [2, 3, 4, 5]


def test_lines_keep_their_numbers_past_blank_lines_and_long_cells() -> None:
    sheet = read(b'Agency,Number\r\n\r\n"Harrow\r\nCounty",1\r\nOak,2\r\n', COLUMNS)
    assert [(row.line, row.values["agency"]) for row in sheet.rows] == [(3, "Harrow\r\nCounty"), (5, "Oak")]


def test_a_mark_that_is_never_closed_costs_one_line_not_the_file() -> None:
    body = "".join(f"Agency {n},{n}\n" for n in range(200))
    sheet = read(f'Agency,Number\n"Broken,1\n{body}'.encode(), COLUMNS)
    assert len(sheet.rows) == 201
    broken, *rest = sheet.rows
    assert (broken.line, broken.accepted) == (2, False)
    assert "opens a quotation mark" in broken.problems[0].sentence
    assert all(row.accepted for row in rest)
    odd = read(b'Agency,Number\n"Har"row,1\nOak 6" Road,2\n', COLUMNS).rows
    assert "in the middle of a cell" in odd[0].problems[0].sentence
    assert odd[1].values["agency"] == 'Oak 6" Road'


def test_a_cell_that_is_too_long_is_refused_not_cut() -> None:
    sheet = read(f"Agency,Number\n{'a' * 41},1\n".encode(), COLUMNS)
    assert not sheet.rows[0].accepted
    assert "longer than 40" in sheet.rows[0].problems[0].sentence
    assert len(sheet.rows[0].cells[0]) == 41


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_that_we_write_is_a_formula(start: str) -> None:
    cell = f'{start}HYPERLINK("x")'
    data = write(COLUMNS, [{"agency": cell, "number": "a;=1+1"}])
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    written = next(iter(list(csv.reader(io.StringIO(text, newline="")))[1:]))
    assert written[0] == f"'{cell}"
    assert '"a;=1+1"' in text, "no formula behind a semicolon"


def test_marks_against_formulas_are_taken_off_again() -> None:
    rows = [{"agency": "-Oak", "number": "+44 20 7946 0123", "hours": ""}]
    assert values(write(COLUMNS, rows)) == rows
    assert values(b'Agency,Number\nHarrow,"=""0123"""\n')[0]["number"] == "0123"


def test_the_rest_can_be_mended_and_given_back() -> None:
    sheet = read(b"Agency;Number;Colour\nHarrow;1;red\n;2;blue\nOak;;green;more\n", COLUMNS)
    wrong = [row for row in sheet.rows if not row.accepted]
    data = write_rest(sheet, wrong)
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert lines[0] == ["Line of the file", "What is wrong", "Agency", "Number", "Colour"]
    assert lines[1] == ["3", '"Agency" is empty.', "", "2", "blue"]
    assert lines[2][0] == "4"
    assert lines[2][2:] == ["Oak", "", "green", "more"]
    mended = data.replace(b'"","2"', b'"Elm","2"')
    again = read(mended, COLUMNS)
    assert again.rows[0].accepted
    assert again.rows[0].values == {"agency": "Elm", "number": "2", "hours": ""}
    twice = write_rest(again, [row for row in again.rows if not row.accepted])
    assert twice.decode("utf-8-sig").splitlines()[0].count("What is wrong") == 1


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=20), st.sampled_from([",", ";", "\t", "|"]))
def test_no_line_is_ever_lost(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Agency", "Number", "Hours"])
    writer.writerows(rows)
    sheet = read(out.getvalue().encode(), COLUMNS)
    assert len(sheet.rows) == sum(1 for row in rows if any(cell.strip() for cell in row))


@given(st.binary(max_size=400))
def test_no_file_at_all_makes_it_fall_over(data: bytes) -> None:
    sheet = read(b"Agency,Number\n" + data, COLUMNS)
    write_rest(sheet, sheet.rows)


@given(st.text(string.printable, max_size=30))
def test_what_we_write_we_read(text: str) -> None:
    expected = read(write(COLUMNS, [{"agency": "Harrow", "number": "1", "hours": text}]), COLUMNS).rows[0]
    again = read(write(COLUMNS, [expected.values]), COLUMNS).rows[0]
    assert again.values == expected.values


def test_a_fault_in_one_cell_leaves_the_others_where_they_belong() -> None:
    [row] = read(b"Agency,Number\nHarrow Dispatch,\n", COLUMNS).rows
    assert (row.told_apart, row.refused("number"), row.refused("agency"), row.refused(None)) == (
        True, True, False, False,
    )  # fmt: skip
    row.note("Kept as it stood.", "agency")
    assert not row.refused("agency"), "a note stops nothing"
    row.refuse("This line could not be taken apart.")
    assert not row.told_apart
