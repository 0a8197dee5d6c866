"""What is done on the screen of an emergency answers the steps that ask for it, in whichever protocol they stand."""

from collections.abc import Mapping, Sequence

from app.db import Db, now_of
from app.incidents import cases, rules
from app.incidents.beginning import begin, runs_already
from app.incidents.cases import Case
from app.incidents.situation import PersonOutcome
from app.incidents.work import Work
from app.protocols.queries import CONNECTION_LOST
from app.staff.access import Viewer

Answers = Mapping[str, Sequence[str]]


async def answered(db: Db, viewer: Viewer, own: Case, answers: Answers) -> list[Work]:
    """By action, the words that would answer it, best first: of these the first that the step takes now. A step that
    knows none of them stays open for a person."""
    made = []
    for chain in [own, *await cases.load_runs(db, [own])]:
        if not chain.running:
            continue
        for step in list(chain.active):
            if (word := _word(chain, step.key, answers.get(step.action, ()))) is None:
                continue
            move = rules.advance(chain.protocol, chain.situation(), PersonOutcome(step.id, word), now_of(db))
            made.append(Work(chain, move, viewer.actor))
            if (
                move.protocol
                and move.protocol != CONNECTION_LOST
                and not await runs_already(db, own, move.protocol)
            ):
                made.append(await begin(db, own, move.protocol, viewer.actor, "answer"))
            break
    return made


def _word(chain: Case, key: str, words: Sequence[str]) -> str | None:
    offered = rules.outcomes(chain.protocol, chain.situation(), key)
    return next((word for word in words if word in offered), None)
