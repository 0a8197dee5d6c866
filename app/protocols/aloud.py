"""A protocol read aloud: one page of plain lines, for two colleagues and for the command line. Pure."""

from app.protocols import plain
from app.protocols.reading import left_alone
from app.protocols.schema import PAGES, Protocol, Step, Tier


def aloud(applied: Protocol, tier: Tier) -> str:
    """What happens when, at one tier and as its variants made it, if nobody presses anything; then what else may."""
    zero = "the drop" if applied.of_presence else "the start"
    lines = [
        f"{applied.title}, version {applied.version}, at {tier} tier. Times count from {zero}.",
        applied.purpose,
        "",
        "If nobody presses anything:",
    ]
    said: set[str] = set()
    for step in left_alone(applied):
        said.update((step.id, *step.starts))
        lines.append(f"  {plain.limit(step, tier)}: {plain.title(step)}.{_waiting(step)}")
        lines += [
            f"    from then on, {plain.limit(applied.step(key), tier)}: {plain.title(applied.step(key))}."
            for key in step.starts
        ]
    lines += ["  Nothing else happens by itself.", "", "When something is heard or a person chooses:"]
    for step in applied.steps:
        if step.id not in said:
            lines.append(f"  {plain.title(step)}; {plain.limit(step, tier)}.{_waiting(step)}")
    lines += ["", *(f"Remember: {sentence}" for sentence in applied.reminders)]
    return "\n".join(lines).rstrip() + "\n"


def _waiting(step: Step) -> str:
    if step.waits_for_person:
        return " (a person does this)"
    return " (staff are rung)" if step.action in PAGES else ""
