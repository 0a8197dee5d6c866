"""How long ago something was, as a person reads and hears it."""

import pytest

from app.clock import ago


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-0.2, "just now"),
        (0, "just now"),
        (1.9, "just now"),
        (2, "2 seconds ago"),
        (59.9, "59 seconds ago"),
        (60, "1 minute ago"),
        (119, "1 minute ago"),
        (120, "2 minutes ago"),
        (3600, "1 hour ago"),
        (7 * 3600, "7 hours ago"),
        (86400, "1 day ago"),
        (3 * 86400, "3 days ago"),
    ],
)
def test_how_long_ago_reads_as_a_person_says_it(seconds: float, words: str) -> None:
    assert ago(seconds) == words
