"""The answer to "whom do we ring for this place?": lines in order, with reasons, doubts and the warning about 911."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Db, now_of
from app.places import geography, regions
from app.places.coverage import non_police_first
from app.places.geography import Where
from app.places.queries import LineNow, directory, view
from app.places.views import Covering, CoveringLine, LikelyView, TypedPlace
from app.staff.queries import names

DISPATCH_FIRST = "Dispatch comes first: at imminent it has to be whoever arrives within minutes."
GENTLE_FIRST = "A team without police comes first where one answers now. Dispatch comes first when somebody may die before it arrives."
NO_GENTLE = "No team without police is known to answer for this place now."


def likely_view(code: str, country: str) -> LikelyView:
    found = geography.likely(code) if country == "US" else None
    if found is None:
        return LikelyView(sentence=None, town=None, county=None, state=None, time_zone=None, boxes_only=False)
    return LikelyView(
        sentence=found.sentence,
        town=found.town or None,
        county=found.county or None,
        state=found.state or None,
        time_zone=found.time_zone or None,
        boxes_only=found.boxes_only,
    )


async def of_typed(db: Db, program_id: UUID, typed: TypedPlace, tier: str = "none") -> Covering:
    known = await directory(db, program_id)
    place = geography.where(typed.model_dump(), typed.country)
    return await answer(db, program_id, place, known.covering(place, None, tier), tier)


async def answer(db: Db, program_id: UUID, place: Where, found: Sequence[LineNow], tier: str) -> Covering:
    people = {p for now in found for p in (now.line.verified_by, now.line.wrong_by) if p}
    known = await names(db, program_id, people) if people else {}
    return Covering(
        lines=[
            CoveringLine(line=view(now.line, now_of(db), known), why=now.match.why, likely=now.match.likely)
            for now in found
        ],
        order_because=because(found, tier),
        doubts=list(place.doubts),
        likely=likely_words(place),
        warning=regions.dialling_warning(place.country),
        follows_the_phone=regions.follows_the_phone(place.country),
    )


def because(found: Sequence[LineNow], tier: str) -> str:
    if not non_police_first(tier):
        return DISPATCH_FIRST
    gentle = found and found[0].line.kind == "mobile_crisis" and found[0].line.police_involved is False
    return GENTLE_FIRST if gentle else NO_GENTLE


def likely_words(place: Where) -> str | None:
    """Only what nobody said: the county and the state that the ZIP code makes likely."""
    parts = [
        *([place.county] if place.county_likely and place.county else []),
        *([place.state] if place.state_likely and place.state else []),
    ]
    return f"Likely {', '.join(parts)}, by the ZIP code." if parts else None
