"""What a protocol may depend on about one client: plain values, so that variants and rules stay pure."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

FirstOutreach = Literal["ring", "text_first", "relay", "do_not_ring"]


@dataclass(frozen=True, slots=True)
class Number:
    """A client's telephone, without the number itself. Rank 1 is tried first."""

    id: UUID
    rank: int
    last2: str
    safe_to_ring: bool = False
    shared: bool = False
    voicemail_ok: bool = False
    text_ok: bool = False
    text_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """`danger_used`: the danger word was used and no live check has ended it (R2). `shares_home`: a partner or
    room-mates may overhear."""

    first_outreach: FirstOutreach = "ring"
    unsafe_home: bool = False
    danger_used: bool = False
    part2: bool = False
    minor: bool = False
    language: str = "en"
    travel_minutes: int | None = None
    numbers: tuple[Number, ...] = ()
    has_contacts: bool = False
    shares_home: bool = False
    pets: bool = False

    @property
    def guarded(self) -> bool:
        """R2: only numbers marked safe to ring may be rung or texted by us."""
        return self.unsafe_home or self.danger_used

    def callable(self) -> tuple[Number, ...]:
        """The numbers that may be rung without a person's choice, in rank order."""
        return tuple(sorted((n for n in self.numbers if n.safe_to_ring or not self.guarded), key=_order))

    def textable(self) -> tuple[Number, ...]:
        return tuple(n for n in self.callable() if n.text_ok and not n.text_stopped)


def _order(number: Number) -> tuple[int, str]:
    return number.rank, str(number.id)
