"""`python -m bench [word ...]`: all measurements, or those whose name holds a word. Exit code 1 when a bar does not hold."""

import asyncio
import sys

from bench import drops, figures
from bench.figures import Figure
from bench.ground import ground

MEASURES = {"drops": drops.run}


async def main(words: list[str]) -> int:
    found: list[Figure] = []
    for name, run in MEASURES.items():
        if words and not any(word in name for word in words):
            continue
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        async with ground() as made:
            found += await run(made)
    figures.show(found)
    if not words:
        figures.write(found)
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
