"""The one path by which anything about a client is told to somebody outside (PRIV-2).

Consent is asked at this very moment, whatever a screen showed. What was told is kept: to whom, what, why, on which
basis, by whom, when, and how we knew who they were.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.clients.consent import Act, Agency, Known, May, Tier, Verdict, holds, refusal
from app.clients.consent_values import NO_BASIS
from app.clients.known import standing_of
from app.clients.models import Client, Disclosure, EmergencyContact
from app.clients.packet import LABELS, OUTSIDE_CARE, Item, To, allowed, gives_away, recipient
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import NotAllowed, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer
from app.staff.models import Program

# B5, a default: a second person looks at what was told outside the ordinary rules.
SECOND_LOOK = timedelta(hours=24)
OWN_NUMBER = "Rung on the number that stands on the client's record."
SEALED = ("recipient", "content", "grounds", "affiliation", "nature", "verified_how")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told and why. `affiliation` and `nature`: of a medical emergency (42 CFR 2.51).

    `items`: which kinds of facts, as `packet.packet` gave them. `police`: who is told of the responders.
    """

    act: Act
    content: str
    purpose: str
    basis: str
    grounds: str = ""
    ticked: Collection[str] = ()
    verified_how: str = ""
    affiliation: str = ""
    nature: str = ""
    items: Collection[Item] = ()
    police: bool = False


async def disclose(
    db: Db,
    viewer: Viewer,
    client: Client,
    to: EmergencyContact | Agency,
    told: Telling,
    *,
    tier: Tier,
    incident_id: UUID | None = None,
    already_told: bool = False,
) -> NewEntry:
    """Refuses unless consent allows this basis now. Returns the entry; the caller writes it last, with its own.

    `already_told`: a person has spoken and now writes it down. That is never refused: what the rules would have
    stopped is kept with a second look that a supervisor owes, and a basis that did not hold is not kept as one (R18).
    """
    if isinstance(to, EmergencyContact) and (to.retired_at is not None or to.client_id != client.id):
        raise NotFound("This person is no longer a contact of the client. Choose another contact.")
    _whole(to, told)
    standing = await standing_of(db, client, supervisor="supervisor" in viewer.roles)
    verdict = standing.may(db, told.act, to, tier)
    sentence = refusal(verdict, told.basis, told.grounds, told.ticked)
    if sentence and not already_told:
        raise NotAllowed(sentence, code="contact_blocked")
    if (
        sentence is None
        and (sentence := await _too_much(db, client, standing.known, to, told))
        and not already_told
    ):
        raise NotAllowed(sentence, code="more_than_necessary")
    second_look = bool(sentence) or told.basis == "duty_to_protect"
    basis = told.basis if holds(verdict, told.basis) else NO_BASIS
    row = _row(db, viewer, client, to, told, basis, incident_id)
    row.part2 = standing.known.client.part2
    row.release_id, row.notice_version = _paper(verdict, told, standing.known)
    row.second_look_due_at = now_of(db) + SECOND_LOOK if second_look else None
    db.add(row)
    detail = {
        "disclosure_id": row.id,
        "act": told.act,
        "recipient": reveal(db, row, "recipient"),
        "content": told.content,
        "items": list(told.items),
        "purpose": told.purpose,
        "basis": basis,
        "grounds": told.grounds.strip(),
        "second_look": second_look,
    }
    return NewEntry(Kind.disclosed, viewer.actor, incident_id=incident_id, client_id=client.id, detail=detail)


def _whole(to: EmergencyContact | Agency, told: Telling) -> None:
    if isinstance(to, Agency):
        if not to.name.strip():
            raise NotValid("Write down whom you told: the office, and the person's name if they gave it.")
        if told.act in ("responders", "report") and not told.grounds.strip():
            raise NotValid("Write down why it was needed. One sentence is enough.")
    if told.basis == "part2_medical_emergency":
        asked = {"affiliation": told.affiliation, "nature": told.nature}
        missing = {
            name: "Needed for a medical emergency." for name, words in asked.items() if not words.strip()
        }
        if missing:
            raise NotValid(
                "A medical emergency is written down with who was told, where they work, and what the emergency is "
                "(42 CFR 2.51).",
                fields=missing,
            )


async def _too_much(
    db: Db, client: Client, known: Known, to: EmergencyContact | Agency, told: Telling
) -> str | None:
    """Why this is more than this recipient may be given, as a sentence; None when it is not (B5, P2-3)."""
    whom = _packet_of(to, told)
    if whom is None:
        return None
    # A release for substance use records says itself what may be told.
    part2, signed = known.client.part2, told.basis == "release"
    if beyond := [
        LABELS[item] for item in told.items if item not in allowed(whom, part2=part2, signed=signed)
    ]:
        return f"This recipient is not given: {', '.join(beyond).lower()}. Leave it out."
    if not part2 or signed or whom not in OUTSIDE_CARE:
        return None
    program = await db.get_one(Program, client.program_id)
    if found := gives_away(f"{told.content} {told.purpose}", program.name):
        return (
            f"“{found}” tells that they are in treatment, which nobody outside their care learns from a substance use "
            "record (42 CFR Part 2). Say the place and the danger, and leave it out."
        )
    return None


def _packet_of(to: EmergencyContact | Agency, told: Telling) -> To | None:
    guardian = isinstance(to, EmergencyContact) and to.guardian
    return recipient(told.act, guardian=guardian, police=told.police)


def _row(
    db: Db,
    viewer: Viewer,
    client: Client,
    to: EmergencyContact | Agency,
    told: Telling,
    basis: str,
    incident_id: UUID | None,
) -> Disclosure:
    office = isinstance(to, Agency)
    row = Disclosure(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client.id,
        incident_id=incident_id,
        contact_id=None if isinstance(to, Agency) else to.id,
        act=told.act,
        recipient_kind=told.act if office else "contact",
        items=list(told.items),
        purpose=told.purpose,
        basis=basis,
        by_staff_id=viewer.staff_id,
        at=now_of(db),
    )
    words = {
        "recipient": to.name.strip()
        if isinstance(to, Agency)
        else f"{reveal(db, to, 'name')} ({to.relation})",
        "content": told.content,
        "grounds": told.grounds.strip(),
        "affiliation": told.affiliation.strip(),
        "nature": told.nature.strip(),
        "verified_how": told.verified_how.strip() or ("" if office else OWN_NUMBER),
    }
    for name in SEALED:
        conceal(db, row, name, words[name] or None if name not in ("recipient", "content") else words[name])
    return row


def _paper(verdict: Verdict, told: Telling, known: Known) -> tuple[UUID | None, str | None]:
    """The release this rests on, and the notice that goes with a substance use record (42 CFR 2.32)."""
    if not isinstance(verdict, May) or told.basis != "release" or verdict.release_id is None:
        return None, None
    signed = next(terms for terms in known.releases if terms.id == verdict.release_id)
    return verdict.release_id, signed.notice_version if signed.part2 else None
