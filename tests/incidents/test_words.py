"""One wording: the timeline, the summary and the closing form say the same of how an incident ended."""

import re
from pathlib import Path
from typing import get_args

from app.incidents.bodies import Close
from app.incidents.words import OUTCOMES, outcome_word

ON_SCREEN = Path(__file__).parents[2] / "frontend" / "src" / "words" / "outcomes.ts"


def test_timeline_and_screens_say_the_same_of_how_it_ended() -> None:
    table = re.search(
        r"const outcomes: Record<string, string> = \{(.*?)\};", ON_SCREEN.read_text(), re.DOTALL
    )
    assert table is not None
    assert dict(re.findall(r'(\w+): "([^"]+)"', table[1])) == OUTCOMES


def test_every_outcome_that_a_person_can_choose_has_words() -> None:
    choices = get_args(Close.model_fields["outcome"].annotation)
    assert choices
    assert set(choices) <= set(OUTCOMES)


def test_an_outcome_of_an_older_record_is_still_readable() -> None:
    assert outcome_word("seen_by_partner") == "Seen by partner"
