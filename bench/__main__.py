"""`python -m bench [word ...]`: all measurements, or those whose name holds a word. Exit code 1 when a bar does not hold."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from bench import boards, client_page, drops, emergency, engine, figures, readiness, record, sizes, triage
from bench.figures import Figure
from bench.ground import Ground, ground


def _on_a_ground(
    measure: Callable[[Ground], Awaitable[list[Figure]]],
) -> Callable[[], Awaitable[list[Figure]]]:
    async def run() -> list[Figure]:
        async with ground() as made:
            return await measure(made)

    return run


MEASURES = {
    "lateness": engine.lateness,
    "silence": engine.silence,
    "beats": _on_a_ground(engine.beats),
    "drops": _on_a_ground(drops.run),
    "boards": boards.run,
    "emergency press": emergency.run,
    "sizes": sizes.run,
    "readiness": _on_a_ground(readiness.run),
    "record": _on_a_ground(record.run),
    "client page": client_page.run,
    "tier rules": triage.run,
}


async def main(words: list[str]) -> int:
    found: list[Figure] = []
    for name, run in MEASURES.items():
        if words and not any(word in name for word in words):
            continue
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        found += await run()
    figures.show(found)
    if not words:
        figures.write(found)
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
