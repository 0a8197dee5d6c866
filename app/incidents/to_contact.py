"""What a contact or a guardian is told from the record when somebody rings them, and what is kept back (B5)."""

from zoneinfo import ZoneInfo

from app.clients.models import EmergencyContact
from app.clients.packet import Item, Packet, packet
from app.db import Db, reveal
from app.incidents.at_home import AgreementNow
from app.incidents.cases import Case
from app.incidents.page_views import PlaceToday
from app.numbers import readable

ASK = "Whether they have seen or heard from them; to check on them if they safely can, and to ring back."


def to_contact(
    db: Db, case: Case, to: EmergencyContact, basis: str, place: PlaceToday, agreed: AgreementNow | None
) -> Packet:
    """`basis`: the one it would rest on; a release for substance use records says itself what may be told."""
    incident, program, client = case.incident, case.program, case.reach.client
    since = incident.drop_at.astimezone(ZoneInfo(program.time_zone))
    known: dict[Item, str] = {
        "callback": f"Your first name, and {readable(program.callback_number)}",
        "safe_name": reveal(db, client, "safe_name") or client.name_used,
        "lost_touch": f"We lost touch at {since:%H:%M}",
        "place": place.label or place.address or "",
        "family_words": agreed.told_words if agreed and agreed.standing != "not_read_by_both" else "",
        "ask": ASK,
    }
    return packet(
        "guardian" if to.guardian else "contact", known, part2=client.part2, signed=basis == "release"
    )
