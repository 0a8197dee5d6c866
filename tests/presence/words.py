"""A vocabulary for presence tests: times in seconds after eight in the evening, facts in a line each."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.group_sessions.presence import Beats, Context, Fact, Fused, fuse

EIGHT = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return EIGHT + timedelta(seconds=seconds)


def says(source: Any, kind: str, seconds: float, *, received: float | None = None, until: float | None = None,
         **more: Any) -> Fact:  # fmt: skip
    return Fact(
        source,
        kind,
        at(seconds),
        at(seconds if received is None else received),
        until=None if until is None else at(until),
        delivery_id=more.pop("delivery_id", f"{source}:{kind}:{seconds}:{until}:{sorted(more.items())}"),
        **more,
    )


def staff(kind: str, seconds: float, **more: Any) -> Fact:
    return says("staff", kind, seconds, **more)


def client(kind: str, seconds: float, **more: Any) -> Fact:
    return says("client", kind, seconds, **more)


def joined(seconds: float, connection: str = "c1", **more: Any) -> Fact:
    return says("platform", "joined", seconds, connection=connection, **more)


def gone(seconds: float, cause: str | None = "lost", connection: str = "c1", **more: Any) -> Fact:
    return says("platform", "left", seconds, connection=connection, cause=cause, **more)


def page(
    last: float | None, visible: bool | None = True, *, changed: float | None = 0.0, bye: float | None = None
) -> Beats:
    return Beats(
        None if last is None else at(last),
        visible,
        None if changed is None else at(changed),
        None if bye is None else at(bye),
    )


def meeting(tier: str = "low", **more: Any) -> Context:
    values: dict[str, Any] = {
        "group_opened_at": at(0),
        "starts_at": at(0),
        "group_state": "open",
        "hearing_until": at(10**7),
    }
    return Context(tier, **(values | more))


def state(
    facts: Sequence[Fact], seconds: float, *, beats: Beats | None = None, tier: str = "low", **context: Any
) -> Fused:
    return fuse(facts, beats or Beats(), meeting(tier, **context), at(seconds))
