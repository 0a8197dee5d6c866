"""What of practice stands and what is due again. A hint to the person and their supervisor, never a bar to a shift. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

# (d) Said so long before it is due.
SOON = timedelta(days=30)
# (d) A protocol that nobody walked for a month is unfamiliar on the night it is needed.
PROTOCOLS_WITHIN = timedelta(days=31)
# (d) As the module of words.
SCENES_MONTHS = 12

Standing = Literal["never", "valid", "soon", "due"]


@dataclass(frozen=True, slots=True)
class Stands:
    standing: Standing
    until: datetime | None


def after_months(moment: datetime, months: int) -> datetime:
    """The same day so many months on; the last of a shorter month."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def of_months(last: datetime | None, months: int, now: datetime) -> Stands:
    if last is None:
        return Stands("never", None)
    return _until(after_months(last, months), now, SOON)


def of_protocols(last: datetime | None, now: datetime) -> Stands:
    if last is None:
        return Stands("never", None)
    return _until(last + PROTOCOLS_WITHIN, now, timedelta())


def _until(until: datetime, now: datetime, soon: timedelta) -> Stands:
    if now >= until:
        return Stands("due", until)
    return Stands("soon" if now >= until - soon else "valid", until)
