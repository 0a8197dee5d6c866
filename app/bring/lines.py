"""What every sheet shares: a line that was judged, and how people write days, numbers and yes. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from app import numbers
from app.form_words import in_words
from app.tabular import Column, Row

What = Literal["new", "same", "wrong"]

# Nobody older is in care, and a birth date of tomorrow is a slip of the keyboard.
OLDEST = 120
YES = frozenset({"yes", "y", "true", "1", "x", "ja", "sí", "si", "oui"})
NO = frozenset({"no", "n", "false", "0", "", "nein", "non"})
# Where the month comes first when a day is written with strokes.
MONTH_FIRST = frozenset({"US"})


@dataclass(slots=True)
class Line:
    """One line of a file. `given`: what it would make, when nothing is wrong with it. `e164`: its numbers, by column."""

    row: Row
    given: dict[str, Any] = field(default_factory=dict)
    e164: dict[str, str] = field(default_factory=dict)
    same: bool = False

    @property
    def what(self) -> What:
        if not self.row.accepted:
            return "wrong"
        return "same" if self.same else "new"

    def text(self, key: str) -> str:
        return self.row.values.get(key, "")

    def day(self, key: str, region: str, today: date) -> date | None:
        """A birth date. Explains a day that cannot be, instead of guessing another."""
        written = self.text(key)
        if not written:
            return None
        found = _day(written, region)
        if found is None:
            self.row.refuse(
                f'"{written}" is not a day in the calendar. Write it as year-month-day, such as 1990-04-30.',
                key,
            )
        elif found > today:
            self.row.refuse(f"{found:%d %B %Y} has not come yet. Check the year.", key)
        elif today.year - found.year > OLDEST:
            self.row.refuse(f"{found:%d %B %Y} is more than {OLDEST} years ago. Check the year.", key)
        else:
            return found
        return None

    def number(self, key: str, region: str) -> None:
        """E.164, or the sentence that says why nobody can be rung there."""
        written = self.text(key)
        if not written:
            return
        found = numbers.parse(written, region)
        if isinstance(found, numbers.Refused):
            self.row.refuse(found.sentence, key)
            return
        self.e164[key] = found.e164
        if found.warning:
            self.row.note(found.warning, key)

    def yes(self, key: str) -> bool:
        written = self.text(key).casefold()
        if written not in YES | NO:
            self.row.refuse("Write yes or no, or leave it empty for no.", key)
        return written in YES

    def one_of(self, key: str, words: dict[str, str], standard: str) -> str:
        written = self.text(key).casefold()
        if not written:
            return standard
        if written not in words:
            self.row.refuse(f"Handrail does not know this. Write one of: {', '.join(words)}.", key)
        return words.get(written, standard)

    def checked(self, model: type[BaseModel], values: dict[str, Any], columns: dict[str, str]) -> None:
        """By the very rules of the form. `columns`: which column a field of the form came from."""
        try:
            made = model.model_validate(values)
        except ValidationError as error:
            for wrong in error.errors():
                names = [str(part) for part in wrong["loc"]]
                key = next((columns[name] for name in reversed(names) if name in columns), None)
                # What was said of a cell already is not said again in other words.
                if not self.row.refused(key):
                    self.row.refuse(in_words(wrong).rstrip(".") + ".", key)
            return
        self.given["form"] = made


def refuse_twice(lines: Iterable[Line], key: str, sentence: str) -> None:
    """`key` in `given`: what makes two lines of one file the same. The first stands."""
    first: dict[Hashable, int] = {}
    for line in lines:
        of = line.given.get(key)
        if of is None or not line.row.accepted:
            continue
        if of in first:
            line.row.refuse(sentence.format(line=first[of]))
        else:
            first[of] = line.row.line


def column(key: str, heading: str, *also: str, required: bool = False, longest: int = 200) -> Column:
    return Column(key, heading, also, required, longest)


def _day(written: str, region: str) -> date | None:
    strokes: Sequence[str] = ("%m/%d/%Y", "%m-%d-%Y") if region in MONTH_FIRST else ("%d/%m/%Y", "%d-%m-%Y")
    for form in ("%Y-%m-%d", "%Y/%m/%d", *strokes, "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None
