"""What the self-test found, for people and for machines."""

import json
from dataclasses import asdict, dataclass, field

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Step:
    """Both times count from the drop, in seconds. `took_s` None: it never happened."""

    run: str
    name: str
    due_s: float
    took_s: float | None

    @property
    def late(self) -> bool:
        """In whole seconds, as everywhere in Handrail: what is due at its limit starts some milliseconds after it."""
        return self.took_s is None or self.took_s - self.due_s >= 1


@dataclass
class Report:
    """`faults`: what went wrong beside lateness, one sentence each."""

    steps: list[Step] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    drop_to_dial_s: float | None = None
    own_engine: bool = False
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return bool(self.steps) and not self.faults and not any(step.late for step in self.steps)

    def as_json(self) -> str:
        found = {
            "ok": self.ok,
            "steps": [asdict(step) | {"late": step.late} for step in self.steps],
            "drop_to_dial_s": self.drop_to_dial_s,
            "faults": self.faults,
            "own_engine": self.own_engine,
            "seconds": self.seconds,
        }
        return json.dumps(found, ensure_ascii=False)

    def print(self, out: Console) -> None:
        run = None
        for step in self.steps:
            if step.run != run:
                run = step.run
                out.print(f"\n{run}")
            took = "never" if step.took_s is None else f"{step.took_s:7.1f} s"
            verdict = "LATE" if step.late else "in time"
            out.print(f"  {took:>9}  limit {step.due_s:5.1f} s  {verdict:8} {step.name}", markup=False)
        out.print()
        for fault in self.faults:
            out.print(f"  {fault}", markup=False)
        if self.own_engine:
            out.print(
                "No engine was running, so this test brought its own. Nobody would be called without one."
            )
        words = "The whole chain works, and in time." if self.ok else "The chain does NOT work as it must."
        out.print(f"{words} {self.seconds:.0f} s.")
