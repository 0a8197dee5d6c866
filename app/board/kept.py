"""What a feed showed last, so that a change of presence alone is told without building anybody anew.

Nearly everything that happens in an evening is somebody coming, leaving or stepping away. A tile built from the record
takes a dozen queries; what changes in it then lies in one row of presence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.board.cards import Card, GroupCard, TileCard
from app.board.glance import PRESENCE_ALONE, Seen
from app.board.people import HERE, presence_view
from app.group_sessions.ready import Place
from app.journal.kinds import Kind
from app.journal.read import Touched

# A tile also tells what time alone changes, such as a release that ended at midnight.
KEEP_FOR = timedelta(seconds=60)
# What somebody lacks is changed by what is written down, which forgets it, and by days that pass.
KEEP_GAPS_FOR = timedelta(minutes=10)
# Entries of these nouns change the tile of the client whom they name, and nobody else's.
OF_ONE_CLIENT = ("presence", "incident", "step", "attempt", "outage", "lane", "breakout")

# A live check ends a danger word, and with it what may be rung to test.
ENDS_DANGER = frozenset({Kind.verified.value})
# Entries of these nouns name the one client whose record they change.
OF_ONE_RECORD = ("client", "plan", "copy")


@dataclass
class Kept:
    """Tiles by meeting and client, what is lacking of each, cards of groups by meeting, each with the time at which it
    was built."""

    tiles: dict[Place, tuple[datetime, TileCard]] = field(default_factory=dict)
    groups: dict[UUID, tuple[datetime, GroupCard]] = field(default_factory=dict)
    gaps: dict[Place, tuple[datetime, list[str]]] = field(default_factory=dict)

    def forget(self, touched: Touched) -> None:
        """Whatever these entries may have made untrue."""
        if touched.kinds <= PRESENCE_ALONE:
            return
        self._forget_gaps(touched)
        if all(kind.partition(".")[0] in OF_ONE_CLIENT for kind in touched.kinds):
            for place in [place for place in self.tiles if place[1] in touched.clients]:
                del self.tiles[place]
        else:
            self.tiles.clear()
            self.groups.clear()

    def _forget_gaps(self, touched: Touched) -> None:
        nouns = {kind.partition(".")[0] for kind in touched.kinds}
        if nouns <= set(OF_ONE_CLIENT) and not touched.kinds & ENDS_DANGER:
            return
        if touched.clients and nouns <= {*OF_ONE_CLIENT, *OF_ONE_RECORD}:
            for place in [place for place in self.gaps if place[1] in touched.clients]:
                del self.gaps[place]
        else:
            self.gaps.clear()

    def known_gaps(self, now: datetime) -> dict[Place, list[str]]:
        since = now - KEEP_GAPS_FOR
        for place in [place for place, (counted_at, _) in self.gaps.items() if counted_at <= since]:
            del self.gaps[place]
        return {place: gaps for place, (_, gaps) in self.gaps.items()}

    def remember(self, cards: Iterable[Card], now: datetime) -> None:
        for card in cards:
            if isinstance(card, TileCard):
                place = (card.group_session_id, card.client_id)
                self.tiles[place] = (now, card)
                # With the age of when it was counted.
                self.gaps.setdefault(place, (now, card.gaps))
            elif isinstance(card, GroupCard):
                self.groups[card.group_session_id] = (now, card)


def presence_alone(seen: Seen, kept: Kept, now: datetime) -> list[TileCard | GroupCard] | None:
    """The cards after entries that only tell of presence. None: something else happened, or is not known well enough."""
    touched = seen.touched
    if not touched.kinds <= PRESENCE_ALONE or not touched.group_sessions:
        return None
    rows: dict[UUID, list[Any]] = {meeting: [] for meeting in touched.group_sessions}
    for row in seen.rows:
        rows[row.meeting].append(row)
    since = now - KEEP_FOR
    made: list[TileCard | GroupCard] = []
    for meeting, here in rows.items():
        cards = _cards(meeting, here, touched.clients, kept, since)
        if cards is None:
            return None
        made += cards
    _keep(kept, made)
    return made


def _cards(
    meeting: UUID, rows: list[Any], clients: frozenset[UUID], kept: Kept, since: datetime
) -> list[TileCard | GroupCard] | None:
    """None when something of it was built before `since`, or never, or the roster is another one."""
    built_at, group = kept.groups.get(meeting, (since, None))
    if group is None or built_at <= since or len(rows) != group.expected:
        return None
    made: list[TileCard | GroupCard] = []
    for row in rows:
        if row.client_id in clients:
            built_at, tile = kept.tiles.get((meeting, row.client_id), (since, None))
            if tile is None or built_at <= since:
                return None
            made.append(_tile(tile, row))
    return [*made, _group(group, rows)]


def _keep(kept: Kept, made: Iterable[TileCard | GroupCard]) -> None:
    """With the age of what they were made of."""
    for card in made:
        if isinstance(card, TileCard):
            place = (card.group_session_id, card.client_id)
            kept.tiles[place] = (kept.tiles[place][0], card)
        else:
            kept.groups[card.group_session_id] = (kept.groups[card.group_session_id][0], card)


def _group(group: GroupCard, rows: list[Any]) -> GroupCard:
    states = {row.client_id: row.state for row in rows}
    return group.model_copy(
        update={
            "here": sum(1 for state in states.values() if state in HERE),
            "not_here_yet": [c for c in group.client_ids if states.get(c) == "not_here_yet"],
            "seen_all_until": rows[0].seen_all_until,
        }
    )


def _tile(tile: TileCard, row: Any) -> TileCard:
    return tile.model_copy(update={"presence": presence_view(row), "incident_id": row.incident_id})
