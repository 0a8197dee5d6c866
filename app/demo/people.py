"""The invented people of the demo: seven colleagues, eleven clients, and whom the clients named.

Everybody is made up. Numbers are of the 555-01xx block, which rings nobody; counties and agencies do not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

PROGRAM_NAME = "Handrail Demo Program"
OUTWARD_NAME = "the office"
TIME_ZONE = "America/Los_Angeles"
CALLBACK_NUMBER = "+15035550100"
AFTER_HOURS_NUMBER = "+15035550199"


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    title: str
    email: str
    roles: tuple[str, ...]
    mobile: str


STAFF = (
    Colleague("Dana Whitlock", "Supervisor", "dana.whitlock@example.org", ("supervisor",), "+15035550104"),
    Colleague("Jon Bell", "Clinician", "jon.bell@example.org", ("clinician",), "+15035550107"),
    Colleague("Luis Romero", "Backup supervisor", "luis.romero@example.org", ("supervisor", "clinician"), "+15035550111"),
    Colleague("Maya Reyes", "Clinician", "maya.reyes@example.org", ("clinician",), "+15035550106"),
    Colleague("Priya Nair", "Clinician", "priya.nair@example.org", ("clinician",), "+15035550109"),
    Colleague("Sam Okafor", "Clinician", "sam.okafor@example.org", ("clinician",), "+15035550108"),
)  # fmt: skip
ADMINISTRATOR = Colleague(
    "Robin Ellery", "Administrator", "robin.ellery@example.org", ("administrator",), "+15035550112"
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """`began`: how long ago the group started when the demo starts."""

    group: str
    room: str
    lead: str
    cofacilitator: str
    began: timedelta
    lasts: timedelta
    dial_in: str


EVENING = Meeting(
    "Evening skills", "evening-skills", "Maya Reyes", "Jon Bell", timedelta(minutes=34), timedelta(hours=2),
    "503-555-0150",
)  # fmt: skip
TEENS = Meeting(
    "Teen evening", "teen-evening", "Sam Okafor", "Priya Nair", timedelta(minutes=19), timedelta(minutes=90),
    "503-555-0151",
)  # fmt: skip
MEETINGS = (EVENING, TEENS)
SUPERVISOR, BACKUP = "Dana Whitlock", "Luis Romero"

LINES: dict[str, dict[str, Any]] = {
    "larch": {
        "kind": "dispatch", "agency": "Larch County dispatch", "area": "Larch County, MT", "country": "US",
        "number": "+14065550110", "police_involved": True, "counties": ["Larch County, MT"],
        "towns": ["Larch Falls, MT"], "source": "invented for the demo", "verified": True,
    },
    "lake": {
        "kind": "dispatch", "agency": "Tall Lake sheriff's dispatch", "area": "Tall Lake County, MT", "country": "US",
        "number": "+14065550111", "police_involved": True, "counties": ["Tall Lake County, MT"],
        "towns": ["Tall Lake, MT"], "source": "invented for the demo", "verified": True,
    },
    "harbor": {
        "kind": "dispatch", "agency": "Harbor City communications centre", "area": "Harbor City, OR",
        "country": "US", "number": "+15035550120", "police_involved": True, "towns": ["Harbor City, OR"], "cit": True,
        "source": "invented for the demo",
        "verified": True,
    },
    "mobile": {
        "kind": "mobile_crisis", "agency": "Harbor mobile crisis team", "area": "Harbor City, OR", "country": "US",
        "number": "+15035550121", "hours": "8 AM to midnight", "towns": ["Harbor City, OR"],
        "source": "invented for the demo", "verified": False,
    },
}  # fmt: skip

Place = Literal["home", "told_privately", "nowhere"]


@dataclass(frozen=True, slots=True)
class Person:
    """A client as the record's forms would take them, and how they came into the group today.

    `agreement`: what the family agreed on (R16), read by both. `contacts`: what the form takes, with `release` (days from today: begin, end), `barred` (a reason) and `rights` (of a guardian) beside it.
    `place`: how their place today became known; anything but the three words is what they typed.
    """

    name: str
    meeting: Meeting
    word: str
    record: dict[str, Any]
    phones: tuple[dict[str, Any], ...]
    contacts: tuple[dict[str, Any], ...] = ()
    agreement: dict[str, Any] | None = None
    line: str = "harbor"
    place: str = "home"
    alone: Literal["yes", "no"] | None = "yes"
    here: bool = True
    hidden: bool = False
    joined_minutes_ago: float = 30
    born_years_ago: int = 30
    adult: Literal["home", "reachable", "nobody"] | None = None
    adult_who: str | None = None
    kit: Mapping[str, bool] = field(default_factory=dict)
    battery: int | None = None
    signed_card: bool = False


def _mobile(number: str, **other: Any) -> dict[str, Any]:
    given = {"number": number, "label": "Mobile", "voicemail_ok": True, "text_ok": True, "safe_to_ring": True}
    return given | other


def _home(street: str, town: str, state: str, code: str, unit: str = "") -> dict[str, str]:
    return {"street": street, "unit": unit, "town": town, "state": state, "code": code, "country": "US"}


ALL_THERE = dict.fromkeys(
    ("charged", "headphones", "background", "private_spot", "backup_device", "no_recording"), True
)

CLIENTS = (
    Person(
        "Marcus T.", EVENING, "",
        {
            "pronouns": "he/him", "safe_name": "Marcus", "legal_name": "Marcus Aaron Tull", "tier": "high",
            "home_label": "Home", "home_address": _home("14 Invented Lane", "Larch Falls", "MT", "59000", "Flat 2"),
            "entry_notes": "Door code 0000, second floor, left.", "household": "Lives alone.",
            "what_helps": "Speak slowly, use his first name. He likes to be told what happens next.",
            "ordinary_question": "What is on the shelf above the desk? A green radio.", "travel_minutes": 12,
            "responder_notes": "Knock, say his first name, wait. Left ear deaf: stand on his right.",
            "help_first": "The Larch clinic's walk-in nurse before anybody in uniform.",
            "danger_wish": "Ring Elena, then come. Do not leave a voicemail.",
            "contact_times": {"windows": [{"days": [0, 1, 2, 3, 4], "starts": "17:00", "ends": "21:30"}],
                              "note": "Never before noon: he works nights."},
        },
        (
            _mobile("+14065550142"),
            _mobile("+14065550177", label="Shared line", shared=True, voicemail_ok=False, text_ok=False),
        ),
        ({"name": "Elena Tull", "relation": "Sister", "kind": "family", "adult": True, "number": "+14065550158", "minutes_away": 15,
          "can_reach_home": True, "knows_of_treatment": True,
          "release": (-120, 245), "covers": ["contact_in_crisis", "share_plan", "caregiver_coaching"]},),
        line="larch", joined_minutes_ago=36, born_years_ago=37, kit=ALL_THERE | {"background": False}, battery=83,
        signed_card=True,
    ),
    Person(
        "Ana R.", EVENING, "",
        {
            "pronouns": "she/her", "safe_name": "Ana", "legal_name": "Ana Lucía Robledo", "tier": "moderate",
            "language": "es", "interpreter_needed": True, "home_label": "Casa",
            "home_address": _home("220 Sample Street", "Harbor City", "OR", "97000"),
            "household": "Lives with her mother, who works nights.",
            "what_helps": "Spanish. She speaks more easily when nobody hurries her.",
            "ordinary_question": "¿Cómo se llama la gata? Nube.", "travel_minutes": 8,
            "culture": "Address her mother first, and as usted. No calls on Sunday mornings.",
            "household_people": [{"name": "Lucía Robledo", "relation": "Mother", "may_overhear": "no"}],
            "pet_cards": [{"name": "Nube", "kind": "cat", "caretaker": "The neighbour on the left",
                           "soothes": "Brushing her, ten slow strokes"}],
        },
        (_mobile("+15035550131"), _mobile("+15035550132", label="Work", voicemail_ok=False, text_ok=False)),
        ({"name": "Lucía Robledo", "relation": "Mother", "kind": "family", "adult": True, "number": "+15035550133", "language": "es",
          "lives_with_client": True, "release": (-400, -35)},),
        joined_minutes_ago=31, born_years_ago=29, kit=ALL_THERE,
    ),
    Person(
        "Josephine W.", EVENING, "",
        {
            "pronouns": "she/her", "safe_name": "Jo", "legal_name": "Josephine Wexford", "tier": "low",
            "home_label": "Home", "home_address": _home("Mile 9, Example Creek Road", "Tall Lake", "MT", "59000"),
            "entry_notes": "Gate sticks: lift and push. No signal beyond the barn.", "household": "Lives alone.",
            "what_helps": "Plain words. She was a nurse.", "travel_minutes": 35,
            "help_first": "Walt with the key is 6 minutes away; the valley's volunteer ambulance next. Police last.",
            "accessibility": "Oxygen at home: the door takes her two minutes.",
        },
        (_mobile("+14065550134"), _mobile("+14065550135", label="House", text_ok=False)),
        ({"name": "Walt Hooper", "relation": "Neighbour", "kind": "neighbour", "adult": True, "number": "+14065550136", "minutes_away": 6,
          "release": (-30, 335)},),
        line="lake", joined_minutes_ago=35, born_years_ago=64, kit=ALL_THERE | {"backup_device": False}, battery=46,
    ),
    Person(
        "Tomasz K.", EVENING, "deaf",
        {
            "pronouns": "he/him", "safe_name": "Tomek", "legal_name": "Tomasz Kowal", "tier": "none",
            "first_outreach": "text_first", "relay": "video_relay", "interpreter_needed": True,
            "interpreter_language": "ase", "home_label": "Home",
            "accessibility": "Deaf. Captions on; face him when you speak.",
            "household_people": [{"name": "Piotr Kowal", "relation": "Brother, room-mate", "may_overhear": "yes"}],
            "living_together": {
                "with_whom": "Piotr, brother and room-mate",
                "coming_and_going": "Piotr flashes the hall light twice and waits.",
                "calm_place": "Tomek takes the balcony, Piotr the kitchen, ten minutes each.",
                "speaks_to_responders": "Piotr speaks, Tomek signs to him",
            },
            "home_address": _home("7 Placeholder Court", "Larch Falls", "MT", "59000"),
            "household": "Lives with his brother.", "what_helps": "Text. He reads lips when he sees your face.",
            "travel_minutes": 10,
        },
        (_mobile("+14065550188", voicemail_ok=False),),
        ({"name": "Piotr Kowal", "relation": "Brother", "kind": "family", "adult": True, "number": "+14065550189", "lives_with_client": True,
          "release": (-60, 300)},),
        line="larch", place="14 Mill Road, Larch Falls", alone="no", joined_minutes_ago=32, born_years_ago=41,
    ),
    Person(
        "Ruth A.", EVENING, "",
        {
            "pronouns": "she/her", "safe_name": "Ruth", "legal_name": "Ruth Abernathy", "tier": "low",
            "home_label": "Home", "home_address": _home("3 Pretend Avenue", "Harbor City", "OR", "97001"),
            "household": "Lives alone with two dogs.", "pets": "Two dogs, Biscuit and Plum. Biscuit barks at uniforms.",
            "pet_mark": "2 dogs", "what_helps": "Ask about the dogs first.", "travel_minutes": 9,
            "pet_cards": [
                {"name": "Biscuit", "kind": "dog", "before_responders": "Leash him and shut the kitchen door",
                 "caretaker": "Carol Finch, who has a key", "soothes": "A walk round the block"},
                {"name": "Plum", "kind": "dog", "caretaker": "Carol Finch", "soothes": "Feeding time, at six"},
            ],
        },
        (_mobile("+15035550141"), _mobile("+15035550143", label="House", text_ok=False)),
        ({"name": "Carol Finch", "relation": "Friend", "kind": "friend", "adult": True, "number": "+15035550144", "minutes_away": 20,
          "release": (-10, 355)},
         {"name": "Gordon Abernathy", "relation": "Former husband", "kind": "other", "adult": True, "number": "+15035550145",
          "known_objection": True, "barred": "She asked that he is never told anything."}),
        joined_minutes_ago=33, born_years_ago=58,
    ),
    Person(
        "Dev P.", EVENING, "",
        {
            "pronouns": "he/him", "safe_name": "Dev", "legal_name": "Devendra Pillai", "tier": "none",
            "home_label": "His sister’s", "home_address": _home("88 Specimen Drive", "Harbor City", "OR", "97002"),
            "household": "Stays with his sister this month.", "part2": True,
        },
        (_mobile("+15035550146"),),
        ({"name": "Asha Pillai", "relation": "Sister", "kind": "family", "adult": True, "number": "+15035550147", "lives_with_client": True},),
        place="told_privately", alone=None, joined_minutes_ago=29, born_years_ago=26,
    ),
    Person(
        "Skye M.", TEENS, "16",
        {
            "pronouns": "they/them", "safe_name": "Mia", "legal_name": "Mia Marlowe", "tier": "high",
            "first_outreach": "do_not_ring", "unsafe_home": True, "home_label": "Home",
            "home_address": _home("41 Fictional Road", "Harbor City", "OR", "97003"),
            "household": "Mother and stepfather. The stepfather reads their phone.",
            "danger_wish": "Talk about homework. Do not say who you are. Ring my aunt, not home.",
            "what_helps": "Text the safe number only. Ordinary talk.",
            "ordinary_question": "Which chapter are you on? Chapter nine.", "travel_minutes": 7,
        },
        (
            _mobile("+15035550161", label="Own, kept hidden", voicemail_ok=False),
            _mobile("+15035550162", label="House", voicemail_ok=False, text_ok=False, safe_to_ring=False, shared=True),
        ),
        ({"name": "Nora Marlowe", "relation": "Aunt", "kind": "family", "adult": True, "number": "+15035550163", "minutes_away": 12,
          "release": (-20, 160), "signed_by": "client_by_state_law"},
         {"name": "Paul Dent", "relation": "Stepfather", "kind": "family", "adult": True, "number": "+15035550164", "lives_with_client": True,
          "known_objection": True, "barred": "Part of the danger at home.",
          "rights": {"decides_on_care": False, "told_in_crisis": False, "gets_records": False}}),
        joined_minutes_ago=19, born_years_ago=16, adult="reachable", adult_who="Aunt Nora",
    ),
    Person(
        "Imani B.", TEENS, "16",
        {
            "pronouns": "she/her", "safe_name": "Imani", "legal_name": "Imani Blake", "tier": "moderate",
            "home_label": "Home", "home_address": _home("19 Mock Street", "Harbor City", "OR", "97004"),
            "household": "Mother is home tonight.", "travel_minutes": 6,
            "hidden_from_guardian": ["notes", "safety_plan"],
        },
        (_mobile("+15035550171"), _mobile("+15035550172", label="House", text_ok=False)),
        ({"name": "Grace Blake", "relation": "Mother", "kind": "family", "adult": True, "number": "+15035550173", "lives_with_client": True,
          "guardian": True, "authority_verified": True, "release": (-90, 275), "signed_by": "guardian",
          "rights": {"decides_on_care": True, "told_in_crisis": True, "gets_records": True, "seen": "Custody order 22-114",
                     "custody_note": "Sole legal custody since 2024."}},
         {"name": "Terrence Blake", "relation": "Father", "kind": "family", "adult": True, "number": "+15035550176", "minutes_away": 25,
          "rights": {"decides_on_care": False, "told_in_crisis": True, "gets_records": False, "seen": "Custody order 22-114",
                     "custody_note": "Every other weekend."}}),
        agreement={
            "low": {"told": "not_told"},
            "moderate": {"told": "young_person_first", "words": "That the evening is hard, and that we are in touch"},
            "high": {"told": "at_once", "words": "That we are worried, where she may be, and what to do"},
            "imminent": {"told": "at_once", "words": "That we are worried, where she may be, and what to do"},
            "steps_in": "When she says she cannot keep herself safe, or nobody reaches her for ten minutes.",
            "stays_private": "What she says about friends and school.",
        },
        alone="no", joined_minutes_ago=18, born_years_ago=16, adult="home", adult_who="Mum", kit=ALL_THERE, battery=71,
    ),
    Person(
        "Leo F.", TEENS, "15",
        {
            "pronouns": "he/him", "safe_name": "Leo", "legal_name": "Leonard Frost", "tier": "none", "part2": True,
            "home_label": "Home", "home_address": _home("5 Dummy Place", "Harbor City", "OR", "97005"),
            "household": "Father at work until nine.", "travel_minutes": 11,
        },
        (_mobile("+15035550174"),),
        ({"name": "Alan Frost", "relation": "Father", "kind": "family", "adult": True, "number": "+15035550175", "lives_with_client": True,
          "guardian": True, "authority_verified": True, "release": (-14, 351), "signed_by": "client_by_state_law"},),
        joined_minutes_ago=19, born_years_ago=15, adult="nobody",
    ),
    Person(
        "Ana B.", TEENS, "17",
        {
            "pronouns": "she/her", "safe_name": "Ana", "legal_name": "Ana Bright", "tier": "low",
            "home_label": "Home", "home_address": _home("60 Made-up Hill", "Harbor City", "OR", "97006"),
            "household": "Aunt is home tonight.", "travel_minutes": 14,
        },
        (_mobile("+15035550181"),),
        ({"name": "Helen Bright", "relation": "Aunt", "kind": "family", "adult": True, "number": "+15035550182", "lives_with_client": True,
          "guardian": True, "authority_verified": True, "release": (-45, 320), "signed_by": "guardian"},),
        place="Library, 2 Invented Square", alone="no", hidden=True, joined_minutes_ago=9, born_years_ago=17,
        adult="home", adult_who="Aunt Helen",
    ),
    Person(
        "Caleb N.", TEENS, "14",
        {
            "pronouns": "he/him", "safe_name": "Caleb", "legal_name": "Caleb North", "tier": "none",
            "home_label": "Home", "home_address": _home("9 Unreal Row", "Harbor City", "OR", "97007"),
        },
        (_mobile("+15035550184"),),
        ({"name": "Mark North", "relation": "Father", "kind": "family", "adult": True, "number": "+15035550185", "guardian": True,
          "authority_verified": True, "release": (-5, 360), "signed_by": "guardian"},),
        place="nowhere", alone=None, here=False, born_years_ago=14,
    ),
)  # fmt: skip

# About Marcus: what was told outside before tonight.
TOLD: tuple[dict[str, Any], ...] = (
    {
        "act": "handoff", "recipient": "Invented Primary Care", "affiliation": "Larch Falls",
        "content": "The plan of last month, and that he wants evening appointments.",
        "purpose": "Going on with his care", "basis": "treatment", "verified_how": "Rang back through their desk.",
    },
    {
        "act": "responders", "recipient": "Larch County dispatch", "content": "The place, and that nobody had reached him.",
        "purpose": "A check on his safety", "basis": "serious_threat",
        "grounds": "He had said goodbye to the group and rang off.", "verified_how": "Dialled by hand from the list.",
        "ticked": ["able_to_lessen_it"],
    },
)  # fmt: skip
