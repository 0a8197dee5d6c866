"""The card on one sheet of paper, for whoever takes the person over."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Db, reveal
from app.handoffs.models import Handoff
from app.handoffs.queries import notice_of
from app.handoffs.views import HandoffCard
from app.incidents.cases import Case

LETTER = ("US", "CA")
HEADINGS = {
    "situation": "Situation",
    "background": "Background",
    "assessment": "Assessment",
    "recommendation": "What we ask",
}


def data(db: Db, case: Case, row: Handoff, content: HandoffCard, by: str) -> dict[str, object]:
    """For the template `handoff`. Part 2: the notice stands on the sheet itself, so that it cannot part from it."""
    program, zone = case.program, ZoneInfo(case.program.time_zone)
    given: datetime = row.given_at or row.made_at
    know = content.know if content.know_standing == "approved" else ""
    return {
        "title": "Handover",
        "language": "en",
        "paper": "us-letter" if program.region in LETTER else "a4",
        "footer": "Confidential. For the receiver named above.",
        "name": reveal(db, case.reach.client, "legal_name") or case.reach.client.name_used,
        "lines": [
            f"To {content.receiver}, {content.affiliation}.",
            f"From {by}, {given.astimezone(zone):%d %b %Y, %H:%M}. Call back: {content.call_back}.",
        ],
        "parts": [
            {"heading": heading, "words": getattr(content, name)}
            for name, heading in HEADINGS.items()
            if getattr(content, name)
        ],
        "know_heading": "What they want you to know, in their words",
        "know": know,
        "plan": "A copy of their safety plan goes with this sheet." if content.plan_copy else "",
        "read_back": "Please read this back before you hang up, and say who calls whom next.",
        "notice": notice_of(case) or "",
    }
