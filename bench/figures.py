"""One measured figure beside its floor and its bar."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

LATEST = Path(__file__).resolve().parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """`floor`: the least that the machine does for the bare work, measured in the same run."""

    name: str
    value: float
    unit: str
    floor: float
    bar: float
    holds: bool


def write(figures: Sequence[Figure]) -> None:
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")


def show(figures: Sequence[Figure]) -> None:
    table = Table("figure", "value", "floor", "bar", "holds")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:.3f} {figure.unit}",
            f"{figure.floor:.3f}",
            f"{figure.bar:.3f}",
            "yes" if figure.holds else "NO",
        )
    Console().print(table)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
