"""A protocol that people start: two staff and a client in distress. Tests break it, and run it."""

import copy
from typing import Any

from app.protocols.schema import Protocol

BODY: dict[str, Any] = {
    "schema": "handrail.protocol/1",
    "id": "calm-together",
    "version": "1.0.0",
    "title": "Calm together",
    "purpose": "Slow down with somebody in distress while the group is looked after.",
    "trigger": [{"event": "staff.button", "name": "distress"}, {"event": "tier.chosen", "name": "moderate"}],
    "tiers": ["low", "moderate", "high", "imminent"],
    "roles": ["lead", "cofacilitator", "supervisor"],
    "steps": [
        {
            "id": "breathe", "title": "One slow breath, then speak softly", "role": "lead", "action": "person.do",
            "from": "start", "due_s": 60, "starts": ["eyes-on", "group"], "say": ["softly"],
            "next": {"done": "offer", "timeout": "offer"},
        },
        {
            "id": "offer", "title": "Offer {client} a choice", "role": "lead", "action": "person.do", "from": "start",
            "due_s": {"low": 240, "moderate": 180, "high": 120, "imminent": 120},
            "next": {"stays": "again", "private_room": "check", "timeout": "ask-supervisor"},
        },
        {
            "id": "again", "title": "Ask how it is now", "role": "lead", "action": "person.do", "from": "step",
            "due_s": 120, "next": {"better": "end:settled", "not_yet": "offer", "timeout": "again"},
        },
        {
            "id": "check", "title": "Do the safety check", "role": "lead", "action": "person.safety_check",
            "from": "step", "due_s": 600,
            "next": {"risk": "protocol:safety-check", "none": "end:settled", "worried": "contact", "timeout": "ask-supervisor"},
        },
        {
            "id": "contact", "title": "Ring somebody {client} named", "role": "cofacilitator", "action": "person.contact",
            "from": "step", "due_s": 300, "say": ["named"], "guard": ["release_or_emergency_basis"],
            "basis": ["release"], "next": {"told": "end:left_with_plan", "no_contact": "end:left_with_plan", "timeout": "ask-supervisor"},
        },
        {
            "id": "ask-supervisor", "title": "Ring the supervisor", "role": "supervisor", "action": "page.supervisor",
            "from": "step", "due_s": 60, "wait_s": 60, "next": {"joined": "check", "timeout": "decide"},
        },
        {
            "id": "decide", "title": "Ring until somebody decides", "role": "supervisor", "action": "page.deciders",
            "from": "step", "due_s": 60, "every_s": 60, "next": {"go_on": "check", "timeout": "decide"},
        },
        {
            "id": "eyes-on", "title": "Stay with {client}", "role": "lead", "action": "person.hold", "from": "start",
            "alongside": True, "due_s": 30,
            "next": {"relieved": "nothing", "lost": "protocol:connection-lost", "timeout": "eyes-on"},
        },
        {
            "id": "group", "title": "Somebody has the group", "role": "cofacilitator", "action": "person.do",
            "from": "start", "alongside": True, "due_s": 60, "say": ["to-group"],
            "next": {"holding": "eyes-on", "timeout": "group"},
        },
    ],
    "scripts": {
        "softly": {"channel": "spoken", "audience": "client", "discloses": "clinical", "text": {"en": "{client_name}, I'm here."}},
        "to-group": {"channel": "spoken", "audience": "group", "discloses": "nothing", "text": {"en": "Let us breathe out slowly, as a group."}},
        "named": {"channel": "phone", "audience": "contact", "discloses": "minimum", "text": {"en": "Hello {contact_name}, this is {staff_first_name}."}},
    },
    "variants": {
        "couple_or_roommate": {"when": {"shares_home": True}, "change": {"offer": {"title": "Offer {client} a choice, with headphones"}}},
        "pet_friendly": {"when": {"pets": True}, "remind": ["The animal may help."]},
        "unsafe_home": {
            "when": {"unsafe_home_or_danger": True},
            "change": {"contact": {"guard": ["not_household", "not_part_of_the_danger"]}},
        },
    },
    "sources": ["Program handbook"],
    "review": {"owner": "clinical_director", "due": "2027-05-22"},
}  # fmt: skip


def body() -> dict[str, Any]:
    return copy.deepcopy(BODY)


PROTOCOL = Protocol.model_validate(BODY)
