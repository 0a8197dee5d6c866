"""The person on the incident page: names, place today, telephones, and whom we may call on which basis."""

import json
from typing import Any

from sqlalchemy import select

from app.clients import family, family_queries
from app.clients.consent import Blocked, in_language, ticks_for
from app.clients.known import contact_options
from app.clients.law import is_minor
from app.clients.packet import withheld
from app.clients.people import age_on, birth_date, local_today
from app.db import Db, now_of, reveal
from app.group_sessions.models import LocationCheckIn
from app.group_sessions.told import reach_today
from app.incidents.at_home import agreement_now, at_home
from app.incidents.cases import Case
from app.incidents.models import ContactAttempt
from app.incidents.page_views import ContactLine, FactLine, Person, PhoneLine, PlaceToday, PlanFirst
from app.incidents.to_contact import to_contact
from app.numbers import readable
from app.plans import paper
from app.plans import queries as plans
from app.plans.parts import Part
from app.staff.models import StaffMember

REVEALED = ("danger_wish", "household", "pets", "what_helps", "ordinary_question")


async def person_of(db: Db, case: Case) -> Person:
    client = case.reach.client
    today = await local_today(db, case.incident.program_id, now_of(db))
    born = birth_date(db, client)
    opened = {name: reveal(db, client, name) for name in REVEALED}
    return Person(
        client_id=client.id,
        name=client.name_used,
        initials="".join(part[0] for part in client.name_used.split(" ") if part)[:2].upper(),
        pronouns=client.pronouns,
        safe_name=reveal(db, client, "safe_name") or "",
        legal_name=reveal(db, client, "legal_name") or "",
        age=age_on(born, today) if born else None,
        minor=await is_minor(db, client, today),
        language=client.language,
        interpreter_needed=client.interpreter_needed,
        unsafe_home=client.unsafe_home,
        danger_word_used=client.danger_word_used_at is not None,
        part2=client.part2,
        first_outreach=client.first_outreach,
        travel_minutes=client.travel_minutes,
        plan=await _plan(db, case),
        place=await place_today(db, case),
        phones=await _phones(db, case),
        contacts=await contacts(db, case),
        said_today=await _said_today(db, case),
        relay=client.relay,
        interpreter_language=client.interpreter_language,
        home=await at_home(db, client),
        agreement=await agreement_now(db, client, case.situation().tier),
        **opened,
    )


async def _plan(db: Db, case: Case) -> PlanFirst | None:
    """Preferred interventions come first (P12): what the client and staff agreed on when it was calm."""
    program_id, client_id = case.incident.program_id, case.incident.client_id
    found = (await plans.agreed(db, program_id, [client_id])).get(client_id)
    if found is None:
        return None
    means = await plans.standing_means(db, program_id, client_id)

    def words(part: Part) -> list[str]:
        return [item.words for item in found.of(part)]

    return PlanFirst(
        number=found.version,
        agreed_at=found.agreed_at,
        overdue=found.overdue,
        helps_first=words(Part.helps_first),
        signs=words(Part.signs),
        soothes=words(Part.soothes) + words(Part.animals),
        means=[paper.means_line(one, "en") for one in means],
    )


async def _said_today(db: Db, case: Case) -> list[str]:
    """What their own check-in said about reaching them, beside the place (R8, R16)."""
    incident = case.incident
    told = await reach_today(db, incident.program_id, incident.group_session_id, incident.client_id)
    if told is None:
        return []
    said = ["No telephone with them, they said at check-in."] if told.phone == "none" else []
    who = told.adult_who or "an adult"
    match told.adult:
        case "home":
            said.append(f"Adult today: {who}, at home.")
        case "reachable":
            said.append(f"Adult today: {who}, reachable, not at home.")
        case "nobody":
            said.append("Adult today: nobody at home or reachable.")
    return said


async def check_in_of(db: Db, case: Case) -> LocationCheckIn | None:
    """The newest word of where the client is, of this meeting."""
    found: LocationCheckIn | None = await db.scalar(
        select(LocationCheckIn)
        .where(
            LocationCheckIn.program_id == case.incident.program_id,
            LocationCheckIn.group_session_id == case.incident.group_session_id,
            LocationCheckIn.client_id == case.incident.client_id,
        )
        .order_by(LocationCheckIn.confirmed_at.desc())
        .limit(1)
    )
    return found


async def place_today(db: Db, case: Case) -> PlaceToday:
    """The newest word of this meeting; the usual place, marked as such, when there is none."""
    incident, client = case.incident, case.reach.client
    check_in = await check_in_of(db, case)
    usual = address_line(reveal(db, client, "home_address"))
    if check_in is None:
        return PlaceToday(
            label=client.home_label,
            address=usual,
            entry_notes=reveal(db, client, "entry_notes"),
            source="usual",
            confirmed_at=None,
            confirmed_by=None,
            alone="unknown",
        )
    by = None
    if check_in.confirmed_by:
        staff = await db.get(StaffMember, (incident.program_id, check_in.confirmed_by))
        by = staff.name if staff else None
    here = check_in.same_place
    return PlaceToday(
        label=client.home_label if here else reveal(db, check_in, "label"),
        address=usual
        if here
        else address_line(reveal(db, check_in, "address")) or reveal(db, check_in, "label"),
        entry_notes=reveal(db, client, "entry_notes") if here else None,
        source=check_in.source,
        confirmed_at=check_in.confirmed_at,
        confirmed_by=by,
        alone=check_in.alone,
    )


def address_line(stored: str | None) -> str | None:
    """One line to read aloud from the stored parts; free text stays as it is."""
    if not stored:
        return None
    try:
        parts: Any = json.loads(stored)
    except ValueError:
        return stored
    if not isinstance(parts, dict):
        return stored
    order = ("street", "unit", "room", "town", "city", "state", "code", "postal_code", "country")
    return ", ".join(str(parts[name]) for name in order if parts.get(name)) or None


async def _phones(db: Db, case: Case) -> list[PhoneLine]:
    rows = await db.execute(
        select(ContactAttempt.phone_id).where(
            ContactAttempt.program_id == case.incident.program_id,
            ContactAttempt.incident_id == case.incident.id,
            ContactAttempt.dialing_at.is_not(None),
            ContactAttempt.channel == "call",
        )
    )
    tried = list(rows.scalars())
    may = {number.id for number in case.facts.callable()}
    return [
        PhoneLine(
            id=phone.id,
            number=readable(reveal(db, phone, "number") or ""),
            label=phone.label,
            rank=rank,
            safe_to_ring=phone.safe_to_ring,
            voicemail_ok=phone.voicemail_ok,
            text_ok=phone.text_ok,
            text_stopped=phone.text_stopped_at is not None,
            shared=phone.shared,
            today_only=phone.today_only_for is not None,
            may_ring=phone.id in may,
            tried=tried.count(phone.id),
        )
        for rank, phone in enumerate(case.reach.phones, start=1)
    ]


async def contacts(db: Db, case: Case) -> list[ContactLine]:
    client, tier = case.reach.client, case.situation().tier
    options = await contact_options(db, client, tier)
    agreed = await family_queries.agreed(db, client)
    now, place = await agreement_now(db, client, tier), await place_today(db, case)
    made = []
    for option in options:
        row, verdict = option.contact, option.verdict
        plain = {
            "id": row.id,
            "name": option.name,
            "relation": row.relation,
            "minutes_away": row.minutes_away,
            "lives_with_client": row.lives_with_client,
            "guardian": row.guardian,
            "agreement": family.about(agreed, row.id, option.name, row.guardian, tier),
        }
        if isinstance(verdict, Blocked):
            made.append(
                ContactLine(
                    **plain,
                    number=None,
                    may=False,
                    block=verdict.sentence,
                    lawful_instead=verdict.lawful_instead,
                )
            )
            continue
        told = to_contact(db, case, row, verdict.basis, place, now)
        kept = withheld(told.to, part2=client.part2, signed=verdict.basis == "release")
        made.append(
            ContactLine(
                **plain,
                number=readable(reveal(db, row, "number") or ""),
                may=True,
                bases=list(verdict.bases),
                ticks={basis: list(ticks_for(verdict, basis)) for basis in verdict.bases},
                what_may_be_said=verdict.what_may_be_said,
                script=in_language(verdict.script, row.language),
                cautions=list(verdict.cautions),
                tell=[FactLine(item=one.item, label=one.label, words=one.words) for one in told.lines],
                kept_back=[FactLine(item=one.item, label=one.label, words=one.why) for one in kept],
            )
        )
    return made
