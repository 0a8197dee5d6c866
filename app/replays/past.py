"""What an edited version would have done in incidents that are over, before anybody publishes it (B12)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from app.db import Db
from app.protocols.schema import Protocol
from app.protocols.views import VersionView
from app.replays import gathering
from app.replays.comparing import ReplayedIncident, compare
from app.replays.recorded import Recorded

MOST = 50


class ReplayView(BaseModel):
    """`changed`: in how many of them anything would have been different."""

    version: VersionView
    incidents: list[ReplayedIncident]
    changed: int
    summary: list[str]


async def replayed(
    db: Db, program_id: UUID, protocol: Protocol, version: VersionView, most: int
) -> ReplayView:
    """Nothing of it names or counts a person: what leaves this function is steps, times and kinds."""
    found = await gathering.last(db, program_id, protocol.id, most)
    # A minute of processor time must not hold up anybody's alert.
    incidents = await asyncio.to_thread(compared, found, protocol)
    return ReplayView(
        version=version,
        incidents=incidents,
        changed=sum(one.changed for one in incidents),
        summary=summary(incidents),
    )


def compared(found: Sequence[tuple[Recorded, Protocol]], now: Protocol) -> list[ReplayedIncident]:
    return [compare(number, recorded, then, now) for number, (recorded, then) in enumerate(found, start=1)]


def summary(incidents: Sequence[ReplayedIncident]) -> list[str]:
    """A few sentences over all of them."""
    if not incidents:
        return [
            "No incident of this program has run this protocol to its end yet, so there is nothing to replay."
        ]
    changed = sum(one.changed for one in incidents)
    said = [f"In {changed} of {len(incidents)} something would have been different."]
    for label in dict.fromkeys(measure.label for one in incidents for measure in one.measures):
        sentence = _over_all(label, incidents)
        if sentence:
            said.append(sentence)
    return said


def _over_all(label: str, incidents: Sequence[ReplayedIncident]) -> str | None:
    measures = [measure for one in incidents for measure in one.measures if measure.label == label]
    found: Counter[str] = Counter()
    for measure in measures:
        if measure.then is None or measure.now is None:
            if measure.then != measure.now:
                found["asked where it was not" if measure.then is None else "not at all any more"] += 1
        elif measure.now != measure.then:
            less = measure.now < measure.then
            found[("sooner" if less else "later") if measure.seconds else ("fewer" if less else "more")] += 1
    told = ", ".join(f"{count} {word}" for word, count in found.items())
    return f"{label}: {told}." if told else None
