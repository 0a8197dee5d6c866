"""From rows and journal to incidents without names: the last ones of a program that ran a protocol."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import Db
from app.incidents import cases
from app.incidents.cases import Case
from app.incidents.models import ContactAttempt, EscalationStep, Incident, ProtocolRun
from app.incidents.situation import CallOutcome
from app.journal import read
from app.protocols import queries as protocols
from app.protocols.models import ProtocolVersion
from app.protocols.schema import Protocol
from app.replays.recorded import KINDS, Recorded, Told, WasDone, heard, hurried, said
from app.replays.stage import Answer

RESULTS: dict[str, CallOutcome] = {
    "no_answer": "no_answer",
    "busy": "busy",
    "failed": "failed",
    "voicemail": "voicemail",
}
OVER = ("done", "cancelled", "skipped")


@dataclass(frozen=True, slots=True)
class Chain:
    """One protocol in one incident. `run_id` None: the one that the incident began with."""

    incident: Incident
    run_id: UUID | None
    version_id: UUID
    zero: datetime
    learned: datetime
    over: datetime


async def last(db: Db, program_id: UUID, protocol: str, most: int) -> list[tuple[Recorded, Protocol]]:
    """Newest first, each with the version that it ran."""
    chains = sorted(
        [*await _own(db, program_id, protocol, most), *await _runs(db, program_id, protocol, most)],
        key=lambda chain: chain.zero,
        reverse=True,
    )[:most]
    versions = await protocols.by_ids(db, {chain.version_id for chain in chains})
    known = await cases.load(db, list({chain.incident.id: chain.incident for chain in chains}.values()))
    return [
        (await _recorded(db, chain, known[chain.incident.id]), versions[chain.version_id]) for chain in chains
    ]


async def _own(db: Db, program_id: UUID, protocol: str, most: int) -> list[Chain]:
    rows = await db.scalars(
        select(Incident)
        .join(
            ProtocolVersion,
            (ProtocolVersion.program_id == Incident.program_id)
            & (ProtocolVersion.id == Incident.protocol_version_id),
        )
        .where(
            Incident.program_id == program_id,
            Incident.state == "closed",
            ProtocolVersion.protocol == protocol,
        )
        .order_by(Incident.drop_at.desc(), Incident.id)
        .limit(most)
    )
    return [
        Chain(row, None, row.protocol_version_id, row.drop_at, row.learned_at, row.closed_at)
        for row in rows
        if row.protocol_version_id and row.closed_at
    ]


async def _runs(db: Db, program_id: UUID, protocol: str, most: int) -> list[Chain]:
    rows = await db.execute(
        select(ProtocolRun, Incident)
        .join(
            Incident,
            (Incident.program_id == ProtocolRun.program_id) & (Incident.id == ProtocolRun.incident_id),
        )
        .where(
            ProtocolRun.program_id == program_id,
            ProtocolRun.protocol == protocol,
            ProtocolRun.state == "ended",
        )
        .order_by(ProtocolRun.zero_at.desc(), ProtocolRun.id)
        .limit(most)
    )
    return [
        Chain(incident, run.id, run.protocol_version_id, run.zero_at, run.zero_at, run.ended_at)
        for run, incident in rows
        if run.protocol_version_id and run.ended_at
    ]


async def _recorded(db: Db, chain: Chain, case: Case) -> Recorded:
    steps = await _steps(db, chain)
    told = [one for one in await _told(db, chain) if one.at_s >= 0]
    signals = tuple(one for one in map(heard, told) if one)
    done = tuple(_done(chain, steps))
    return Recorded(
        protocol=case.protocol.id,
        month=chain.zero.strftime("%B %Y"),
        tier=steps[0].tier if steps else chain.incident.tier,  # type: ignore[arg-type]  # checked by the table
        learned_s=_after(chain, chain.learned),
        facts=case.facts,
        brief_possible=chain.incident.reason != "not_responding",
        said=(*said(done, signals), *(one for one in map(hurried, told) if one)),
        heard=signals,
        calls=await _calls(db, chain),
        done=done,
        ends_s=_after(chain, chain.over),
    )


async def _steps(db: Db, chain: Chain) -> Sequence[EscalationStep]:
    found = await db.scalars(
        select(EscalationStep)
        .where(
            EscalationStep.program_id == chain.incident.program_id,
            EscalationStep.incident_id == chain.incident.id,
            EscalationStep.run_id.is_(None)
            if chain.run_id is None
            else EscalationStep.run_id == chain.run_id,
        )
        .order_by(EscalationStep.ordinal)
    )
    return found.all()


def _done(chain: Chain, steps: Sequence[EscalationStep]) -> Iterable[WasDone]:
    for step in steps:
        if step.status in OVER and step.done_at is not None:
            yield WasDone(
                step.key,
                step.visit,
                _after(chain, step.done_at),
                step.status,
                step.outcome or "",
                step.done_by is not None,
            )


async def _told(db: Db, chain: Chain) -> list[Told]:
    """Only the kinds that the rules hear; presses on the steps of other chains are left out."""
    found = await read.of_incident(db, chain.incident.program_id, chain.incident.id, KINDS)
    mine = str(chain.run_id) if chain.run_id else None
    return [
        Told(_after(chain, one.recorded_at), one.kind, one.detail or {})
        for one in found
        if not (one.detail or {}).get("by_person") or (one.detail or {}).get("run") == mine
    ]


async def _calls(db: Db, chain: Chain) -> dict[UUID, tuple[Answer, ...]]:
    rows = await db.scalars(
        select(ContactAttempt)
        .where(
            ContactAttempt.program_id == chain.incident.program_id,
            ContactAttempt.incident_id == chain.incident.id,
            ContactAttempt.who == "client",
            ContactAttempt.channel == "call",
            ContactAttempt.dialing_at.is_not(None),
        )
        .order_by(ContactAttempt.dialing_at, ContactAttempt.id)
    )
    calls: dict[UUID, list[Answer]] = defaultdict(list)
    for row in rows:
        if row.phone_id is not None:
            calls[row.phone_id].append(_answer(row))
    return {number: tuple(found) for number, found in calls.items()}


def _answer(row: ContactAttempt) -> Answer:
    begun = row.dialing_at or row.planned_at
    waits = (begun - row.planned_at).total_seconds()
    machine = row.result == "voicemail" or row.answered_by == "machine"
    if row.answered_at is not None and not machine:
        talks = (row.ended_at - row.joined_at).total_seconds() if row.joined_at and row.ended_at else 0.0
        return Answer("answered", (row.answered_at - begun).total_seconds(), max(talks, 0.0), waits)
    ended = row.answered_at or row.ended_at
    after = (ended - begun).total_seconds() if ended else float(row.ring_s)
    return Answer("voicemail" if machine else RESULTS.get(row.result or "", "no_answer"), after, 0.0, waits)


def _after(chain: Chain, moment: datetime) -> float:
    return round((moment - chain.zero).total_seconds(), 3)
