"""Telling an office, or warning a person in danger: asked first, told by a person, written down here."""

from uuid import UUID

from app.clients.consent import Agency, Blocked
from app.clients.disclose import Telling, disclose
from app.clients.disclosure_views import AskOffice, NewTelling, OfficeItem, OfficeVerdict
from app.clients.known import standing_of
from app.clients.packet import LABELS, allowed, recipient, withheld
from app.clients.queries import client_of
from app.clients.telling import tier_of
from app.db import Db
from app.journal.write import write
from app.staff.access import Viewer


async def may_tell_office(db: Db, viewer: Viewer, client_id: UUID, asked: AskOffice) -> OfficeVerdict:
    client = await client_of(db, viewer.program_id, client_id)
    standing = await standing_of(db, client, supervisor="supervisor" in viewer.roles)
    verdict = standing.may(db, asked.act, Agency(asked.recipient), tier_of(client))
    if isinstance(verdict, Blocked):
        return OfficeVerdict(may=False, block=verdict.sentence, lawful_instead=verdict.lawful_instead)
    to = recipient(asked.act, police=asked.police)
    part2, signed = client.part2, verdict.basis == "release"
    given = allowed(to, part2=part2, signed=signed) if to else ()
    kept = withheld(to, part2=part2, signed=signed) if to else ()
    return OfficeVerdict(
        may=True,
        bases=verdict.bases,
        ticks=verdict.ticks,
        what_may_be_said=verdict.what_may_be_said,
        cautions=verdict.cautions,
        given=tuple(OfficeItem(item=item, label=LABELS[item]) for item in given),
        kept_back=tuple(OfficeItem(item=one.item, label=one.label, why=one.why) for one in kept),
    )


async def tell(db: Db, viewer: Viewer, client_id: UUID, given: NewTelling) -> None:
    client = await client_of(db, viewer.program_id, client_id)
    told = Telling(**given.model_dump(exclude={"recipient", "already_told"}))
    entry = await disclose(
        db,
        viewer,
        client,
        Agency(given.recipient),
        told,
        tier=tier_of(client),
        # A warning is never written down as given unless it may be: it takes the supervisor and the card first.
        already_told=given.already_told and given.act != "warning",
    )
    await write(db, viewer.program_id, [entry])
