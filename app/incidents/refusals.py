"""A provider that refuses for now is asked again and again; the journal keeps each try, the timeline has one line."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from app.journal.kinds import Kind
from app.journal.read import Told

# Tries that lie further apart are two stories.
ONE_STORY = timedelta(seconds=60)


@dataclass
class _Story:
    """One stretch of refusals: where its line stands, and what it says."""

    place: int
    first: Told
    last: Told
    tries: int = 1
    phones: dict[Any, dict[str, Any]] = field(default_factory=dict)

    def told(self) -> Told:
        over = (self.last.occurred_at - self.first.occurred_at).total_seconds()
        detail = (self.first.detail or {}) | {
            "tries": self.tries,
            "over_s": round(over),
            "phones": list(self.phones.values()),
        }
        return replace(self.first, detail=detail)


def folded(entries: Sequence[Told]) -> list[Told]:
    """In order of time. Each start that was refused is told by the refusal; a purged entry stays as it is."""
    made: list[Told | None] = list(entries)
    dialing: dict[Any, int] = {}
    stories: list[_Story] = []
    for place, told in enumerate(entries):
        attempt = (told.detail or {}).get("attempt_id")
        if attempt is None:
            continue
        if told.kind == Kind.attempt_dialing:
            dialing[attempt] = place
        elif told.kind == Kind.attempt_refused:
            if attempt in dialing:
                made[dialing.pop(attempt)] = None
            made[place] = None
            _add(stories, place, told, attempt)
    for story in stories:
        made[story.place] = story.told()
    return [told for told in made if told is not None]


def _add(stories: list[_Story], place: int, told: Told, attempt: object) -> None:
    if stories and told.occurred_at - stories[-1].last.occurred_at <= ONE_STORY:
        stories[-1].last = told
        stories[-1].tries += 1
    else:
        stories.append(_Story(place, told, told))
    stories[-1].phones.setdefault(attempt, told.detail or {})
