"""Which protocols a person may begin in an incident now (D5): those that fit what was pressed or the tier come first."""

from collections.abc import Sequence

from app.db import Db
from app.incidents.beginning import published
from app.incidents.cases import CONNECTION_LOST, Case
from app.incidents.fallback import TITLES
from app.incidents.page_views import OfferLine
from app.protocols.schema import Protocol

# Begun by time or in practice, never in the middle of an incident; and by presence.
NEVER_HERE = frozenset({"drill", "team-huddle", "connection-lost"})


async def offers(db: Db, case: Case, runs: Sequence[Case]) -> list[OfferLine]:
    if case.incident.state != "open":
        return []
    under_way = {run.run.protocol for run in runs if run.run and run.run.state == "running"}
    if case.active:
        under_way.add(case.protocol_id)
    approved = await published(db, case.incident.program_id)
    names = {key: approved[key].title if key in approved else title for key, title in TITLES.items()}
    names |= {key: protocol.title for key, protocol in approved.items()}
    made = [
        OfferLine(
            protocol=key,
            title=title,
            approved=key in approved,
            fits=key in approved and fits(case, approved[key]),
        )
        for key, title in names.items()
        if key not in under_way | NEVER_HERE
    ]
    return sorted(made, key=lambda offer: (not offer.fits, offer.title))


def fits(case: Case, protocol: Protocol) -> bool:
    incident = case.incident
    pressed = None if incident.kind == CONNECTION_LOST else incident.reason
    for trigger in protocol.trigger:
        if trigger.event == "tier.chosen" and trigger.name == incident.tier:
            return True
        if trigger.event == "staff.button" and pressed is not None and trigger.name == pressed:
            return True
    return False
