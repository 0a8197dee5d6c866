"""Tables as people keep them: reading a CSV file that nobody prepared for us, and writing one that is safe to open.

Pure, and slow for a large file: call it in a thread. Nothing is thrown away. Each line of the file becomes a `Row`
with its line number, its cells as they stood, and a sentence for whatever is wrong with it.
"""

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.letters import NotText, decode

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000

# A quotation mark that is never closed must not swallow the rest of the file.
LONGEST_RECORD = 50
# Titles and dates that a spreadsheet puts above its headings.
LINES_ABOVE = 10

DELIMITERS = ",;\t|"
# A spreadsheet takes a cell that begins so for a formula and runs it; the wide forms count too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

PROBLEM, LINE = "What is wrong", "Line of the file"


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` is what we write; `also` are other headings that people use for the same thing."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    required: bool = False
    longest: int = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` is None when it concerns the whole file. A note loses nothing and stops nothing."""

    line: int | None
    sentence: str
    column: str | None = None
    note: bool = False


@dataclass(slots=True)
class Row:
    """`values`: by column key, trimmed, "" where the file has nothing. `cells`: as they stood in the file."""

    line: int
    values: dict[str, str]
    cells: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return all(problem.note for problem in self.problems)

    @property
    def told_apart(self) -> bool:
        """Its cells stand where they belong, whatever is wrong in one of them."""
        return all(problem.note or problem.column for problem in self.problems)

    def refused(self, column: str | None) -> bool:
        return column is not None and any(p.column == column and not p.note for p in self.problems)

    def refuse(self, sentence: str, column: str | None = None) -> None:
        self.problems.append(Problem(self.line, sentence, column))

    def note(self, sentence: str, column: str | None = None) -> None:
        self.problems.append(Problem(self.line, sentence, column, note=True))


@dataclass(slots=True)
class Sheet:
    """`about`: what concerns the whole file. Without rows and with an `about` that is no note, nothing could be read."""

    rows: list[Row] = field(default_factory=list)
    about: list[Problem] = field(default_factory=list)
    headings: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        return [*self.about, *(problem for row in self.rows for problem in row.problems)]

    @property
    def readable(self) -> bool:
        return all(problem.note for problem in self.about)

    def refuse(self, sentence: str) -> "Sheet":
        self.about.append(Problem(None, sentence))
        return self

    def note(self, sentence: str) -> None:
        self.about.append(Problem(None, sentence, note=True))


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: tuple[str, ...]
    wrong: str | None = None


def read(data: bytes, columns: Sequence[Column]) -> Sheet:
    sheet = Sheet()
    if len(data) > MAX_BYTES:
        return sheet.refuse("This file is larger than 10 MB. Divide it into smaller ones.")
    try:
        text, notes = decode(data)
    except NotText as refused:
        return sheet.refuse(str(refused))
    sheet.about = [Problem(None, sentence, note=True) for sentence in notes]
    delimiter, lines, first = _delimited(text, columns)
    records = [r for r in _records(lines, delimiter, first) if r.wrong or any(c.strip() for c in r.cells)]
    at = _heading_at(records, columns)
    if at is None:
        known = ", ".join(column.heading for column in columns)
        return sheet.refuse(f"The first line names no column that Handrail knows. It knows: {known}.")
    if at:
        sheet.note(f"The headings were found on line {records[at].line}. The lines above it were not read.")
    sheet.headings = records[at].cells
    where = _places(sheet, columns)
    if not sheet.readable:
        return sheet
    if len(records) - at - 1 > MAX_ROWS:
        return sheet.refuse(f"This file has more than {MAX_ROWS:,} lines. Divide it into smaller ones.")
    sheet.rows = [_row(record, where, columns, len(sheet.headings)) for record in records[at + 1 :]]
    return sheet if sheet.rows else sheet.refuse("This file has headings and no lines below them.")


def write(columns: Sequence[Column], rows: Iterable[Mapping[str, str]]) -> bytes:
    """With a mark that tells spreadsheets it is UTF-8, and with no cell that one of them would run."""
    keys = [column.key for column in columns]
    return write_cells(
        [column.heading for column in columns], ([row.get(key, "") for key in keys] for row in rows)
    )


def write_rest(sheet: Sheet, rows: Iterable[Row]) -> bytes:
    """The lines that were not taken, as they stood, each with its line number and what is wrong with it: to mend and
    to give back as it is."""
    kept = [n for n, heading in enumerate(sheet.headings) if heading.strip() not in (LINE, PROBLEM)]

    def cells() -> Iterator[list[str]]:
        for row in rows:
            wrong = " ".join(problem.sentence for problem in row.problems if not problem.note)
            beyond = row.cells[len(sheet.headings) :]
            own = [row.cells[n] if n < len(row.cells) else "" for n in kept]
            yield [str(row.line), wrong, *own, *beyond]

    return write_cells([LINE, PROBLEM, *(sheet.headings[n] for n in kept)], cells())


def write_cells(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file that nobody gives back, such as a log; marked and harmless as in `write`."""
    out = io.StringIO(newline="")
    # Every cell is quoted: a spreadsheet that divides at semicolons must not find a formula behind one.
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_harmless(heading) for heading in headings])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _delimited(text: str, columns: Sequence[Column]) -> tuple[str, list[str], int]:
    """The delimiter under which most headings are known; a line `sep=;`, as spreadsheets write it, decides alone."""
    lines = list(io.StringIO(text, newline=""))
    told = re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE)
    if told:
        return told[1], lines, 1

    def known(delimiter: str) -> tuple[int, int]:
        top = list(_records(lines[: LINES_ABOVE * 2], delimiter, 0))[:LINES_ABOVE]
        best = max(top, key=lambda r: _matches(r.cells, columns), default=_Record(1, ()))
        return _matches(best.cells, columns), len(best.cells)

    return max(DELIMITERS, key=known), lines, 0


def _records(lines: Sequence[str], delimiter: str, first: int) -> Iterator[_Record]:
    at = first
    while at < len(lines):
        reader = csv.reader(lines[at : at + LONGEST_RECORD], delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            loose = tuple(next(csv.reader([lines[at].rstrip("\r\n")], delimiter=delimiter), ()))
            closed = "end of data" not in str(error)
            mark = "has a quotation mark in the middle of a cell" if closed else "opens a quotation mark"
            wrong = f"This line {mark} and does not close it. Put the whole cell in quotation marks, or none."
            yield _Record(at + 1, loose, wrong)
            at += 1
        else:
            yield _Record(at + 1, tuple(cells))
            at += max(reader.line_num, 1)


def _plain(heading: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", heading) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]", "", bare.casefold())


def _names(column: Column) -> set[str]:
    return {_plain(name) for name in (column.key, column.heading, *column.also)}


def _matches(cells: Sequence[str], columns: Sequence[Column]) -> int:
    found = {_plain(cell) for cell in cells}
    return sum(1 for column in columns if _names(column) & found)


def _heading_at(records: Sequence[_Record], columns: Sequence[Column]) -> int | None:
    scores = [_matches(record.cells, columns) for record in records[:LINES_ABOVE]]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def _places(sheet: Sheet, columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands; says which headings are not known, twice there, or missing."""
    where: dict[str, int] = {}
    unknown = []
    owner = {name: column for column in columns for name in _names(column)}
    for at, heading in enumerate(sheet.headings):
        column = owner.get(_plain(heading))
        if column is None:
            if heading.strip() and heading.strip() not in (LINE, PROBLEM):
                unknown.append(heading.strip())
        elif column.key in where:
            first = sheet.headings[where[column.key]].strip()
            sheet.note(
                f'"{heading.strip()}" (column {at + 1}) was not read: "{first}" before it says the same.'
            )
        else:
            where[column.key] = at
    for column in columns:
        if column.required and column.key not in where:
            like = difflib.get_close_matches(column.heading, unknown, n=1, cutoff=0.7)
            hint = f' Rename "{like[0]}" if that is it.' if like else " Add it, and give the file again."
            sheet.refuse(f'There is no column "{column.heading}".{hint}')
    if unknown:
        sheet.note(f"Not used: {', '.join(unknown)}.")
    return where


def _row(record: _Record, where: Mapping[str, int], columns: Sequence[Column], width: int) -> Row:
    cells = record.cells
    values = {
        c.key: _value(cells[where[c.key]]) if where.get(c.key, len(cells)) < len(cells) else ""
        for c in columns
    }
    row = Row(record.line, values, cells)
    if record.wrong:
        row.refuse(record.wrong)
        return row
    if any(cell.strip() for cell in cells[width:]):
        row.refuse(
            f"This line has {len(cells)} cells and there are {width} headings. Put cells that hold the separator "
            "in quotation marks."
        )
    elif len(cells) < width:
        row.note(
            f"This line has {len(cells)} cells and there are {width} headings. The rest was read as empty."
        )
    for column in columns:
        if column.required and not values[column.key]:
            row.refuse(f'"{column.heading}" is empty.', column.key)
        elif len(values[column.key]) > column.longest:
            row.refuse(f'"{column.heading}" is longer than {column.longest} characters.', column.key)
    return row


def _value(cell: str) -> str:
    """As meant: without the marks that keep a spreadsheet from reading a number or a formula into it."""
    value = cell.strip()
    if len(value) > 3 and value.startswith('="') and value.endswith('"'):
        value = value[2:-1]
    elif value.startswith("'") and value[1:].startswith(FORMULA):
        value = value[1:]
    return value.strip()
