"""The invented directory of the demo: help beside the dispatch lines, cards nobody may take for law, licences.

Towns and agencies do not exist; numbers are of the 555-01xx block.
"""

from datetime import timedelta
from typing import Any

from app.clients.people import local_today
from app.db import Db, new_id, now_of
from app.places import actions, state_cards
from app.places.views import NewLine
from app.staff.access import Viewer
from app.staff.licences import LicenceBody, add_licence

INVENTED = "invented for the demo"

HELP: tuple[dict[str, Any], ...] = (
    {
        "kind": "mobile_crisis", "agency": "Larch Falls mobile team", "area": "Larch County, MT", "country": "US",
        "number": "+14065550112", "hours": "8 AM to 2 AM", "time_zone": "America/Denver", "police_involved": False,
        "towns": ["Larch Falls, MT"], "counties": ["Larch County, MT"], "arrives_minutes": 25, "verified": True,
    },
    {
        "kind": "hospital", "agency": "Larch Falls General, emergency department", "area": "Larch County, MT",
        "country": "US", "number": "+14065550113", "towns": ["Larch Falls, MT"], "address": "1 Invented Hospital Way",
        "verified": True,
    },
    {
        "kind": "cit", "agency": "Harbor City CIT program", "area": "Harbor City, OR", "country": "US",
        "number": "+15035550122", "hours": "Mon to Fri 8 AM to 6 PM", "contact": "the CIT coordinator",
        "towns": ["Harbor City, OR"], "police_involved": True, "verified": True,
    },
    {
        "kind": "partner", "agency": "Harbor peer support", "area": "Harbor City, OR", "country": "US",
        "number": "+15035550123", "hours": "Every day noon to 8 PM", "towns": ["Harbor City, OR"],
        "police_involved": False, "agreement_from": "2026-01-01", "agreement_until": "2027-12-31", "verified": True,
    },
    {
        "kind": "urgent_care", "agency": "Harbor urgent care", "area": "Harbor City, OR", "country": "US",
        "number": "+15035550124", "hours": "Mon to Fri 7 AM to 9 PM; Sat, Sun 9 AM to 5 PM",
        "towns": ["Harbor City, OR"], "address": "5 Sample Street",
    },
    {
        "kind": "hotline", "agency": "Invented night line", "area": "everywhere", "country": "US",
        "number": "+15035550125", "whole_country": True, "text_how": "Text HELLO to the same number", "verified": True,
    },
)  # fmt: skip

CARDS: tuple[dict[str, Any], ...] = (
    {
        "kind": "duty_to_protect", "region": "US-MT", "title": "Invented card: duty to protect",
        "body": {
            "summary": "This card is made up, so that the screen is not empty. It says nothing about any law.",
            "what_to_do": "1. Ask the supervisor.\n2. Ask counsel.\n3. Write down what was decided, and why.",
            "must_warn": "it_depends", "may_warn": "yes", "police_first": "yes",
        },
    },
    {
        "kind": "minors_consent", "region": "US-OR", "title": "Invented card: minors' consent",
        "body": {
            "summary": "This card is made up. Ages and answers here are of no state.",
            "consents_from_age": 15, "of_age_at": 18, "guardian_is_told": "it_depends",
            "part2_own_consent": "not_known",
        },
    },
    {
        "kind": "mandated_report", "region": "US-OR", "title": "Invented card: mandated report",
        "body": {
            "summary": "This card is made up. The agency does not exist.", "agency": "Invented Child Line",
            "report_number": "503-555-0126", "report_within_hours": 24, "written_within_hours": 48,
        },
    },
)  # fmt: skip


async def add_help(db: Db, by: Viewer) -> None:
    for given in HELP:
        line = NewLine.model_validate(given | {"source": INVENTED})
        await actions.add_line(db, by.program_id, by.staff_id, line, new_id())


async def add_cards(db: Db, by: Viewer) -> None:
    today = await local_today(db, by.program_id, now_of(db))
    for months, given in enumerate(CARDS, start=1):
        # One of them is old enough to warn.
        reviewed_on = today - timedelta(days=170 * months)
        card = state_cards.NewCard.model_validate(
            given | {"source": INVENTED, "reviewed_by": "Ines Invented, counsel", "reviewed_on": reviewed_on}
        )
        await state_cards.put_card(db, by, card, new_id(), invented=True)


async def add_licences(db: Db, by: Viewer, people: tuple[Viewer, ...]) -> None:
    """Both lead groups in Oregon; who is in Montana raises the question."""
    today = await local_today(db, by.program_id, now_of(db))
    for person in people:
        licence = LicenceBody(region="US-OR", title="LCSW", expires_on=today + timedelta(days=200))
        await add_licence(db, by, person.staff_id, licence)
