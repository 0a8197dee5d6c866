"""The dispatch card in writing (B7): to one named recipient, no more than their packet, through the one path of disclosure.

What was given is kept as it was. Paper and file are made from that, so that neither holds what was not told.
"""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app.clients.consent import Agency, Blocked, Verdict
from app.clients.disclose import Telling, disclose
from app.clients.known import standing_of
from app.clients.models import Disclosure
from app.clients.notices import notices
from app.clients.packet import Item, packet
from app.db import Db, conceal, new_id, now_of, reveal
from app.emergency.models import GivenCard
from app.emergency.pieces import Facts, known_of
from app.emergency.script import sentences
from app.emergency.views import CardGiven, InWriting, KeptFromThem, WrittenFor
from app.errors import NotFound
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.presence import about
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer
from app.staff.models import StaffMember

PURPOSE = "help for the client where they are now, in writing"
TO: tuple[WrittenFor, ...] = ("dispatch", "police")
# Each kind of fact: so long that all of them stay on one sheet at a size that can be read.
LONGEST = 400
MORE = "More by telephone."


class WrittenLine(BaseModel):
    item: Item
    label: str
    words: str


class Written(BaseModel):
    """`notice`: goes with what a release for a substance use record let out (42 CFR 2.32); to anybody else it would tell
    what they are treated for."""

    model_config = ConfigDict(extra="forbid")
    recipient: str
    call_back: str
    address: str
    lines: tuple[WrittenLine, ...]
    notice: str | None = None

    def of(self, item: Item) -> str:
        return next((line.words for line in self.lines if line.item == item), "")


async def offered(db: Db, viewer: Viewer, case: Case, facts: Facts, agency: str) -> list[InWriting]:
    """Both lists, before anybody is told anything (B5)."""
    verdict = await _verdict(db, viewer, case, agency)
    blocked = verdict if isinstance(verdict, Blocked) else None
    basis = None if isinstance(verdict, Blocked) else verdict.basis
    made = [
        (to, packet(to, known_of(facts), part2=case.reach.client.part2, signed=basis == "release"))
        for to in TO
    ]
    return [
        InWriting(
            to=to,
            holds=[line.label for line in found.lines],
            keeps_back=[KeptFromThem(label=one.label, why=one.why) for one in found.kept_back],
            may=blocked is None,
            basis=basis,
            block=blocked.sentence if blocked else None,
            lawful_instead=blocked.lawful_instead if blocked else None,
        )
        for to, found in made
    ]


async def _verdict(db: Db, viewer: Viewer, case: Case, recipient: str) -> Verdict:
    standing = await standing_of(db, case.reach.client, supervisor="supervisor" in viewer.roles)
    return standing.may(db, "responders", Agency(recipient), case.situation().tier)


async def written(
    db: Db, viewer: Viewer, case: Case, facts: Facts, to: WrittenFor, recipient: str, grounds: str
) -> tuple[GivenCard, list[NewEntry]]:
    """Consent is asked at this moment; a release to the named recipient comes before any other basis."""
    client = case.reach.client
    verdict = await _verdict(db, viewer, case, recipient)
    basis = verdict.basis if not isinstance(verdict, Blocked) else "serious_threat"
    found = packet(to, known_of(facts), part2=client.part2, signed=basis == "release")
    lines = tuple(WrittenLine(item=one.item, label=one.label, words=_short(one.words)) for one in found.lines)
    told = await disclose(
        db,
        viewer,
        client,
        Agency(recipient),
        Telling(
            act="responders",
            content="\n".join(f"{line.label}: {line.words}" for line in lines),
            purpose=PURPOSE,
            basis=basis,
            grounds=grounds,
            verified_how="Asked for by them; given in writing.",
            items=found.items,
            police=to == "police",
        ),
        tier=case.situation().tier,
        incident_id=case.incident.id,
    )
    disclosure_id = UUID(str(told.detail["disclosure_id"]))
    row = GivenCard(
        program_id=viewer.program_id,
        id=new_id(),
        incident_id=case.incident.id,
        client_id=client.id,
        recipient_kind=to,
        disclosure_id=disclosure_id,
        by_staff_id=viewer.staff_id,
        at=now_of(db),
    )
    body = Written(
        recipient=recipient,
        call_back=facts.callback,
        address=facts.address or facts.place_label or "Not known",
        lines=lines,
        notice=await _notice(db, viewer.program_id, disclosure_id),
    )
    conceal(db, row, "body", body.model_dump_json())
    db.add(row)
    await db.flush()
    entry = about(
        case.incident, Kind.card_given, viewer.actor, card=row.id, to=to, recipient=recipient, basis=basis
    )
    return row, [told, entry]


def _short(words: str) -> str:
    """Whole sentences, as many as fit; what is left out is said to be there."""
    if len(words) <= LONGEST:
        return words
    kept = ""
    for sentence in sentences(words):
        if len(longer := f"{kept} {sentence}".strip()) > LONGEST:
            break
        kept = longer
    return f"{kept or words[:LONGEST] + ' …'} {MORE}"


async def _notice(db: Db, program_id: UUID, disclosure_id: UUID) -> str | None:
    await db.flush()
    row = await db.get_one(Disclosure, (program_id, disclosure_id))
    return next((one.text for one in notices() if one.version == row.notice_version), None)


def body_of(db: Db, row: GivenCard) -> Written:
    return Written.model_validate_json(reveal(db, row, "body") or "{}")


async def given_one(db: Db, case: Case, card_id: UUID) -> tuple[GivenCard, Written]:
    row = await db.get(GivenCard, (case.incident.program_id, card_id))
    if row is None or row.incident_id != case.incident.id:
        raise NotFound("This card was not given to anybody. Look at the emergency again.")
    return row, body_of(db, row)


async def given_of(db: Db, incident: Incident) -> list[CardGiven]:
    found = await db.execute(
        select(GivenCard, StaffMember.name)
        .join(
            StaffMember,
            (StaffMember.program_id == GivenCard.program_id) & (StaffMember.id == GivenCard.by_staff_id),
        )
        .where(GivenCard.program_id == incident.program_id, GivenCard.incident_id == incident.id)
        .order_by(GivenCard.at.desc(), GivenCard.id)
    )
    made = []
    for row, by in found:
        body = body_of(db, row)
        to: WrittenFor = row.recipient_kind  # type: ignore[assignment]  # held by the table
        holds = [line.label for line in body.lines]
        made.append(CardGiven(id=row.id, to=to, recipient=body.recipient, by=by, at=row.at, holds=holds))
    return made
