"""Whoever presses Emergency is still being written down when their boards' process begins to read what to show of them.

Reading it after the commit took a millisecond of the eight between the press and the other screens.
"""

import asyncio
import contextlib
from uuid import UUID

from app.board import ahead
from app.board.cards import IncidentCard
from app.board.glance import Glance
from app.emergency.saying import Said

# Presses at one time of which something is kept; of more, the card is read when they are there.
MOST = 8

_Whose = tuple[UUID, UUID, UUID]


class Expected:
    """One per web process."""

    def __init__(self, glance: Glance) -> None:
        self._glance = glance
        self._reading: dict[_Whose, asyncio.Task[ahead.Person | None]] = {}

    def begin(self, program_id: UUID, meeting_id: UUID, client_id: UUID) -> None:
        whose = (program_id, meeting_id, client_id)
        # Of a press that was refused, nobody asks again.
        for oldest in list(self._reading)[: max(0, len(self._reading) + 1 - MOST)]:
            self._reading.pop(oldest).cancel()
        self._forget(whose)
        self._reading[whose] = asyncio.create_task(self._glance.person(*whose), name="emergency expected")

    async def card(self, said: Said) -> IncidentCard | None:
        """None: nothing was read of them, or something else stands about them."""
        incident = said.incident
        reading = self._reading.pop(
            (incident.program_id, incident.group_session_id, incident.client_id), None
        )
        found = await reading if reading is not None else None
        return ahead.card_of(said, found) if found is not None else None

    def _forget(self, whose: _Whose) -> None:
        earlier = self._reading.pop(whose, None)
        if earlier is not None:
            earlier.cancel()

    async def stop(self) -> None:
        for reading in self._reading.values():
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading
        self._reading.clear()
