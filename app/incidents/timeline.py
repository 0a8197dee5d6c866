"""An incident's entries as sentences: who did what, when, late or not. The same lines make the summary for the record."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.incidents.cases import Case
from app.incidents.incident_lines import SAYS, Speaker
from app.incidents.refusals import folded
from app.incidents.words import headline
from app.journal.kinds import Kind
from app.journal.read import Told


class Line(BaseModel):
    """`by`: person, rule, client, platform or provider. `after_s` counts from the drop."""

    model_config = ConfigDict(extra="forbid")
    seq: int
    at: datetime
    recorded_at: datetime
    after_s: float
    by: str
    who: str | None
    text: str
    note: str | None = None
    late_s: int = 0
    kind: str


def lines(
    case: Case, entries: Sequence[Told], names: dict[UUID, str], runs: Sequence[Case] = ()
) -> list[Line]:
    """Newest last. Entries that only wake boards have no line. `runs`: the protocols beside the first, ended ones too."""
    made = []
    chains = {str(run.run.id): run for run in runs if run.run}
    for told in folded(sorted(entries, key=lambda t: (t.occurred_at, t.seq))):
        line = _line(chains.get(str((told.detail or {}).get("run")), case), told, names)
        if line is not None:
            made.append(line)
    return made


def _line(case: Case, told: Told, names: dict[UUID, str]) -> Line | None:
    detail = told.detail
    who = names.get(told.actor_id) if told.actor_kind == "person" and told.actor_id else None
    if detail is None:
        text: str | None = "The words of this line were removed when their time was over."
        detail = {}
    else:
        say = SAYS.get(Kind(told.kind))
        text = say(Speaker(case, detail, who, names)) if say else None
    if text is None:
        return None
    return Line(
        seq=told.seq,
        at=told.occurred_at,
        recorded_at=told.recorded_at,
        after_s=round((told.occurred_at - case.incident.drop_at).total_seconds(), 1),
        by=told.actor_kind,
        who=who,
        text=text,
        note=_note(detail),
        late_s=int(detail.get("late_s") or 0),
        kind=told.kind,
    )


def _note(detail: dict[str, Any]) -> str | None:
    for key in ("reason", "note", "grounds"):
        value = detail.get(key)
        if not isinstance(value, str):
            continue
        if (
            (value and key != "reason")
            or (value and detail.get("by_person"))
            or (value and "decision" in detail)
        ):
            return str(value)
    return None


def summary(
    case: Case, made: Sequence[Line], group_name: str, time_zone: str, local: Callable[[datetime], str]
) -> str:
    """Plain text to copy into the clinical record: times as the program's clock shows them, no other member's name."""
    incident = case.incident
    head = [
        f"{headline(incident, case.reach.client.name_used)}, {group_name}, {local(incident.drop_at)} ({time_zone}).",
        f"Tier at close: {incident.tier}." if incident.state == "closed" else f"Tier now: {incident.tier}.",
    ]
    outreach = incident.first_outreach_at
    # A line that is still being asked may refuse, and then nothing rang.
    asked = [a for a in case.attempts if a.status == "dialing" and a.provider_id is None]
    if outreach and all(a.who != "client" or a.dialing_at != outreach for a in asked):
        head.append(f"First outreach {(outreach - incident.drop_at).total_seconds():.0f} s after the drop.")
    body = []
    for line in made:
        late = f" ({line.late_s} s late)" if line.late_s else ""
        note = f" – {line.note}" if line.note else ""
        body.append(f"{local(line.at)}  {line.text}{late}{note}")
    if incident.practice:
        head.insert(0, f"PRACTICE ({incident.practice}): invented people, simulated telephones.")
    return "\n".join([*head, "", *body])
