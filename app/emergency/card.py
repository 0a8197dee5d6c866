"""The dispatch card: what a person reads to the right ten-digit line for where the client is now (R21, B7)."""

from dataclasses import dataclass

from app.clients.packet import allowed
from app.db import Db, now_of
from app.emergency import standing
from app.emergency.in_writing import given_of, offered
from app.emergency.known import facts_of, grounds_of, medical_of
from app.emergency.models import Emergency
from app.emergency.pieces import Facts
from app.emergency.script import Line, script
from app.emergency.views import DispatchCard, LineToDial, ReadLine
from app.incidents.at_home import at_home
from app.incidents.cases import Case
from app.incidents.page_views import PlaceToday
from app.incidents.person_panel import check_in_of, place_today
from app.numbers import readable
from app.places import regions
from app.places.covering import because, likely_words
from app.places.geography import Where
from app.places.queries import LineNow, directory
from app.staff.access import Viewer

# Who goes there, or sends somebody. Hotlines and hospitals stand on the quick reference.
SENDS = ("dispatch", "mobile_crisis", "cit")
# Whom staff can bring in themselves (M12): who treats, and who talks with them.
HELPERS = ("mobile_crisis", "urgent_care", "hospital")
WITHHELD = (
    "Say the place, the danger, how to find them and what helps. Not the program's name, not a diagnosis, not that "
    "anybody is in treatment."
)
PART2 = "Their record is under 42 CFR Part 2: police and dispatchers learn nothing that tells of treatment."


@dataclass(frozen=True, slots=True)
class Now:
    """Gathered once, for the words that are read, for paper and for a file: they cannot differ."""

    row: Emergency | None
    place: PlaceToday
    where: Where
    sent: list[LineNow]
    helpers: list[LineNow]
    facts: Facts


async def known_now(db: Db, viewer: Viewer, case: Case) -> Now:
    """Opens sealed fields: the caller has checked who asks, and journals the reveal."""
    row = await standing.of_incident(db, case.incident)
    place, check_in = await place_today(db, case), await check_in_of(db, case)
    known = await directory(db, case.incident.program_id)
    where = known.place_of(db, case.reach.client, check_in)
    found = known.covering(where, known.linked(case.reach.client, check_in), case.incident.tier)
    sent = [one for one in found if one.line.kind in SENDS]
    helpers = [one for one in found if one.line.kind in HELPERS]
    return Now(row, place, where, sent, helpers, await facts_of(db, viewer, case, row, place, check_in, sent))


async def card(db: Db, viewer: Viewer, case: Case) -> DispatchCard:
    """Opens sealed fields: the caller has checked who asks, and journals the reveal."""
    incident, client, program = case.incident, case.reach.client, case.program
    known = await known_now(db, viewer, case)
    row, place, where, sent, facts = known.row, known.place, known.where, known.sent, known.facts
    age = (now_of(db) - place.confirmed_at).total_seconds() if place.confirmed_at else None
    made = script(facts, allowed("dispatch", part2=client.part2))
    helpers = [to_dial(one) for one in known.helpers]
    now = await standing.now(db, viewer, incident, [one.line.id for one in sent], helpers, row)
    return DispatchCard(
        client_id=client.id,
        place=place,
        place_age_s=int(age) if age is not None else None,
        lines=[to_dial(one) for one in sent],
        order_because=because(sent, incident.tier),
        likely=likely_words(where),
        doubts=list(where.doubts),
        time_zone=where.time_zone,
        warning=_warning(place, where.country),
        follows_the_phone=regions.follows_the_phone(where.country),
        own_number=own_number(program.region),
        poison_line=_poison(where.country),
        script=[_read(line) for line in made.lines],
        more=[_read(line) for line in made.more],
        seconds=made.seconds,
        urgency=facts.urgency,
        asks=list(facts.asks),
        weapons=facts.weapons,
        happened=facts.happened,
        means=facts.means,
        others=facts.others,
        medical=medical_of(db, row),
        withheld=f"{WITHHELD} {PART2}" if client.part2 else WITHHELD,
        may_not_be_free_to_talk=facts.quiet,
        with_them=facts.beside != "nobody",
        part2=client.part2,
        callback_number=facts.callback,
        lost_at=incident.drop_at,
        legal_name=facts.legal_name,
        name_used=client.name_used,
        pronouns=client.pronouns,
        grounds=await grounds_of(db, case, facts, now.declared_by.name if now.declared_by else None),
        animals=list(facts.animals),
        caretakers=[] if facts.quiet else (await at_home(db, client)).caretakers,
        in_writing=await offered(db, viewer, case, facts, sent[0].line.agency if sent else ""),
        given=await given_of(db, incident),
        now=now,
    )


async def lines_now(db: Db, case: Case) -> tuple[list[LineNow], list[LineNow]]:
    """Whoever sends somebody to where the client is now, best first; and whom staff can bring in themselves."""
    check_in, client = await check_in_of(db, case), case.reach.client
    known = await directory(db, case.incident.program_id)
    where = known.place_of(db, client, check_in)
    found = known.covering(where, known.linked(client, check_in), case.incident.tier)
    return (
        [now for now in found if now.line.kind in SENDS],
        [now for now in found if now.line.kind in HELPERS],
    )


def to_dial(now: LineNow) -> LineToDial:
    line = now.line
    return LineToDial(
        id=line.id,
        agency=line.agency,
        kind=line.kind,
        area=line.area,
        number=readable(line.number),
        tel=line.number,
        hours=line.hours,
        open=now.open.now,
        open_until=now.open.until,
        police_involved=line.police_involved,
        cit=line.cit,
        contact=line.contact,
        arrives_minutes=line.arrives_minutes,
        verified_on=line.verified_on.isoformat() if line.verified_on else None,
        stale=now.stale,
        wrong=line.wrong_at is not None,
        why=now.match.why,
        likely=now.match.likely,
    )


def own_number(country: str) -> str:
    known = regions.region(country)
    return known.primary if known else "your own emergency number"


def _poison(country: str) -> str | None:
    known = regions.region(country)
    return next((row.number for row in known.of("poison")), None) if known else None


def _warning(place: PlaceToday, country: str) -> str:
    where = f" ({place.label})" if place.label else ""
    known = regions.region(country)
    short = known.primary if known else "the emergency number"
    return (
        f"Do not dial {short} from here. It reaches the dispatch centre of your own place, not of theirs"
        f"{where}. Dial the ten-digit line on this card."
    )


def _read(line: Line) -> ReadLine:
    return ReadLine(
        key=line.key, text=line.text, items=list(line.items), read_back=line.read_back, is_place=line.is_place
    )
