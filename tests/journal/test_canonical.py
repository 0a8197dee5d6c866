"""The written form that is hashed: JSON, sorted, without spaces. It may never change (docs/decisions)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.journal.canonical import VERSION, Line, canonical
from app.journal.kinds import Kind

ids = st.uuids()
times = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - the strategy takes naive bounds and adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-8))]),
)
lines = st.builds(
    Line,
    program_id=ids,
    seq=st.integers(1, 2**62),
    kind=st.sampled_from([kind.value for kind in Kind]),
    occurred_at=times,
    recorded_at=times,
    actor_kind=st.sampled_from(["person", "client", "rule", "platform", "provider"]),
    actor_id=st.none() | ids,
    incident_id=st.none() | ids,
    client_id=st.none() | ids,
    group_session_id=st.none() | ids,
    detail_hash=st.none() | st.binary(min_size=32, max_size=32),
)


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


@given(lines)
def test_the_form_written_by_hand_is_the_json_it_stands_for(line: Line) -> None:
    fields = {name: _plain(getattr(line, name)) for name in Line.__slots__}
    spelled = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    assert canonical(line) == VERSION + spelled.encode()
