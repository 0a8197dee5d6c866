"""Cards of everybody else of a group, while anything of it is still to be done: in the group, and after it has closed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.board.care_views import CareAnswer, CareCard, CareMember, CarePerson, CareRun, CareStep
from app.board.people import initials
from app.db import Db
from app.incidents import cases, rules
from app.incidents.beginning import SECURE_GROUP
from app.incidents.cases import Case
from app.incidents.fallback import TITLES
from app.incidents.models import EscalationStep, Incident, ProtocolRun
from app.incidents.words import run_title, step_title
from app.prepared import Prepared
from app.protocols import variants
from app.protocols.schema import Protocol

# After entries of these nouns somebody's card of the others may be another one.
NOUNS = frozenset({"others", "task", "run", "step", "incident", "lane", "group_session", "client"})

# Where a step leads that nobody did.
NOT_DONE = ("timeout", "skipped", "saw_harm", "somebody_red", "somebody_gone")
STATUS = {"done": "done", "skipped": "skipped", "cancelled": "stopped"}
OPEN_STEP = ("pending", "claimed", "dialing", "unknown")


@dataclass
class Care:
    """With who may see them, though their meeting may be over: its four people."""

    cards: list[tuple[CareCard, frozenset[UUID]]]
    gone: list[tuple[str, UUID, frozenset[UUID]]]


# Something is still to be done: a call, or what is read to the group.
_ROUNDS = Prepared(
    """
    select r.id, r.group_session_id, r.begun_at, r.begun_by, m.state, m.starts_at, g.name,
           array_remove(array[m.lead_id, m.cofacilitator_id, m.supervisor_id, m.backup_id], null) as four,
           exists (select 1 from others_check c join task t on t.program_id = c.program_id and t.id = c.task_id
                   where c.program_id = r.program_id and c.round_id = r.id and c.left_at is null
                     and t.done_at is null)
           or exists (select 1 from protocol_run p join incident i on i.program_id = p.program_id and i.id = p.incident_id
                      where p.program_id = r.program_id and i.group_session_id = r.group_session_id
                        and p.protocol = 'secure-group' and p.state = 'running') as stands
    from others_round r
    join group_session m on m.program_id = r.program_id and m.id = r.group_session_id
    join "group" g on g.program_id = m.program_id and g.id = m.group_id
    where r.program_id = :program
      and (cast(:meetings as uuid[]) is null or r.group_session_id = any(cast(:meetings as uuid[])))
    order by r.begun_at desc, r.id
    """
)

_PEOPLE = Prepared(
    """
    select c.id, c.round_id, c.client_id, c.state, c.said_at, c.said_by, k.name_used, k.pronouns, k.language,
           t.id as task_id, t.due_at, t.done_at, t.done_by, t.version,
           case when o.disabled_at is null then o.id end as owner_id,
           (select i.id from incident i
            where i.program_id = c.program_id and i.client_id = c.client_id and i.state = 'open'
            order by i.drop_at desc limit 1) as alert
    from others_check c
    join client k on k.program_id = c.program_id and k.id = c.client_id
    join task t on t.program_id = c.program_id and t.id = c.task_id
    left join staff_member o on o.program_id = t.program_id and o.id = t.owner_id
    where c.program_id = :program and c.round_id = any(cast(:rounds as uuid[])) and c.left_at is null
    order by k.name_used, c.client_id
    """
)

_OWNERS = Prepared(
    """
    select i.group_session_id, l.owner_id, l.state
    from lane l
    join incident i on i.program_id = l.program_id and i.id = l.incident_id
    where l.program_id = :program and l.lane = 'group' and l.needed_since is not null and i.state = 'open'
      and i.group_session_id = any(cast(:meetings as uuid[]))
    order by l.owner_id is null, l.since
    """
)


async def care_cards(
    db: Db, program_id: UUID, names: dict[UUID, str], meetings: Collection[UUID] | None = None
) -> Care:
    """Of these meetings, or of all. Of two lists of one meeting each is a card; what is read aloud stands on the newest."""
    if meetings is not None and not meetings:
        return Care([], [])
    wanted = None if meetings is None else list(meetings)
    rows = await _ROUNDS.rows(db, program=program_id, meetings=wanted)
    standing = [row for row in rows if row.stands]
    gone = [(f"care:{row.id}", row.group_session_id, frozenset(row.four)) for row in rows if not row.stands]
    if not standing:
        return Care([], gone)
    places = [row.group_session_id for row in standing]
    people: dict[UUID, list[Any]] = {}
    for row in await _PEOPLE.rows(db, program=program_id, rounds=[row.id for row in standing]):
        people.setdefault(row.round_id, []).append(row)
    owners: dict[UUID, Any] = {}
    for row in await _OWNERS.rows(db, program=program_id, meetings=places):
        owners.setdefault(row.group_session_id, row)
    runs = await _runs(db, program_id, places)
    steps = await _steps(db, program_id, [run.run.id for run in runs.values() if run.run])
    made, seen = [], set()
    for row in standing:
        run = None if row.group_session_id in seen else runs.get(row.group_session_id)
        seen.add(row.group_session_id)
        card = _card(row, people.get(row.id, []), owners.get(row.group_session_id), run, steps, names)
        made.append((card, frozenset(row.four)))
    return Care(made, gone)


async def _runs(db: Db, program_id: UUID, meetings: Collection[UUID]) -> dict[UUID, Case]:
    """By meeting: the newest; one that runs before one that is over."""
    found = await db.scalars(
        select(Incident)
        .join(
            ProtocolRun,
            (ProtocolRun.program_id == Incident.program_id) & (ProtocolRun.incident_id == Incident.id),
        )
        .where(
            Incident.program_id == program_id,
            Incident.group_session_id.in_(list(meetings)),
            ProtocolRun.protocol == SECURE_GROUP,
        )
        .distinct()
    )
    loaded = await cases.load(db, list(found))
    chosen: dict[UUID, Case] = {}
    for run in await cases.load_runs(db, loaded.values(), ended=True):
        if run.run is None or run.run.protocol != SECURE_GROUP:
            continue
        before = chosen.get(run.meeting.id)
        if before is None or before.run is None or _newness(run.run) > _newness(before.run):
            chosen[run.meeting.id] = run
    return chosen


def _newness(run: ProtocolRun) -> tuple[bool, Any]:
    return run.state == "running", run.zero_at


async def _steps(db: Db, program_id: UUID, runs: Collection[UUID]) -> dict[UUID, list[EscalationStep]]:
    found: dict[UUID, list[EscalationStep]] = {}
    rows = await db.scalars(
        select(EscalationStep)
        .where(EscalationStep.program_id == program_id, EscalationStep.run_id.in_(list(runs)))
        .order_by(EscalationStep.ordinal)
    )
    for row in rows:
        if row.run_id is not None:
            found.setdefault(row.run_id, []).append(row)
    return found


def _card(
    row: Any,
    people: Sequence[Any],
    owner: Any,
    run: Case | None,
    steps: dict[UUID, list[EscalationStep]],
    names: dict[UUID, str],
) -> CareCard:
    return CareCard(
        id=f"care:{row.id}",
        round_id=row.id,
        group_session_id=row.group_session_id,
        group_name=row.name,
        group_state=row.state,
        starts_at=row.starts_at,
        begun_at=row.begun_at,
        begun_by=_person(row.begun_by, names),
        owner=_person(owner.owner_id, names) if owner else None,
        owned=owner.state if owner else "nobody",
        given=[CarePerson(id=one, name=names.get(one, "A colleague")) for one in dict.fromkeys(row.four)],
        run=_run(run, steps, names, {one.language for one in people}) if run else None,
        people=[_member(one, names) for one in people],
    )


def _member(row: Any, names: dict[UUID, str]) -> CareMember:
    return CareMember(
        check_id=row.id,
        client_id=row.client_id,
        name=row.name_used,
        initials=initials(row.name_used),
        pronouns=row.pronouns,
        said=row.state,
        said_at=row.said_at,
        said_by=_person(row.said_by, names),
        task_id=row.task_id,
        owner=_person(row.owner_id, names),
        due_at=row.due_at,
        done_at=row.done_at,
        done_by=_person(row.done_by, names),
        version=row.version,
        alert=row.alert,
    )


def _person(staff_id: UUID | None, names: dict[UUID, str]) -> CarePerson | None:
    return CarePerson(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None


def _run(
    case: Case, steps: dict[UUID, list[EscalationStep]], names: dict[UUID, str], languages: set[str]
) -> CareRun | None:
    run = case.run
    if run is None:
        return None
    # Read to everybody: in the language they share, else in that of the program.
    language = next(iter(languages)) if len(languages) == 1 else "en"
    rows = steps.get(run.id, [])
    in_force = variants.apply(case.protocol, case.facts)
    made = [_step(case, in_force, row, names, language) for row in rows]
    running = run.state == "running" and case.incident.state == "open"
    if running:
        been = {row.key for row in rows}
        made += [
            CareStep(id=None, key=key, title=step_title(case, key), status="later", beside=False)
            for key in main_line(in_force)
            if key not in been
        ]
    return CareRun(
        incident_id=case.incident.id,
        title=run_title(case),
        begun_at=run.zero_at,
        begun_by=_person(run.started_by, names),
        state="running" if running else "ended",
        ended_at=run.ended_at,
        language=language,
        steps=made,
    )


def _step(
    case: Case, in_force: Protocol, row: EscalationStep, names: dict[UUID, str], language: str
) -> CareStep:
    step = in_force.find(row.key) or case.protocol.find(row.key)
    live = row.status in OPEN_STEP and case.running and case.incident.state == "open"
    outcomes = rules.outcomes(case.protocol, case.situation(), row.key) if live else ()
    said = [in_force.scripts[key] for key in step.say if key in in_force.scripts] if step and live else []
    return CareStep(
        id=row.id,
        key=row.key,
        title=step_title(case, row.key),
        status="open" if row.status in OPEN_STEP else STATUS.get(row.status, "stopped"),
        beside=step.alongside if step else False,
        limit_at=row.limit_at,
        done_at=row.done_at,
        done_by=_person(row.done_by, names),
        outcome=row.outcome,
        words=[script.words(language)[1] for script in said],
        # Skipping says why: it has a press of its own.
        answers=[
            CareAnswer(word=word, starts=_starts(in_force, row.key, word))
            for word in outcomes
            if word != "skipped"
        ],
    )


def _starts(protocol: Protocol, key: str, word: str) -> str | None:
    step = protocol.find(key)
    kind, colon, goal = step.next.get(word, "").partition(":") if step else ("", "", "")
    return TITLES.get(goal, goal) if colon and kind == "protocol" else None


def main_line(protocol: Protocol) -> list[str]:
    """The steps that come one after the other when each is done; the alert is there already."""
    keys: list[str] = []
    key = protocol.entry.id
    while (step := protocol.find(key)) is not None and key not in keys:
        keys.append(key)
        key = next((goal for word, goal in step.next.items() if word not in NOT_DONE), "")
    return [key for key in keys if protocol.step(key).action != "alert.push"]


def concerned(kinds: Iterable[str]) -> bool:
    return any(kind.partition(".")[0] in NOUNS for kind in kinds)
