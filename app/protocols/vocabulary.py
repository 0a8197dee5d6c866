"""The words that a protocol file may use: actions, roles, guards, bases, variants, ends. Closed lists."""

from typing import Literal

Tier = Literal["none", "low", "moderate", "high", "imminent"]
TIERS: tuple[Tier, ...] = ("low", "moderate", "high", "imminent")

Action = Literal[
    "alert.push",
    "incident.accept",
    "call.client",
    "call.leave_voicemail",
    "call.repeat",
    "text.client",
    "page.supervisor",
    "page.deciders",
    "person.contact",
    "person.decide",
    "person.dispatch",
    "person.check",
    "person.staff_decide",
    "person.verify",
    "person.do",
    "person.hold",
    "person.place",
    "person.safety_check",
    "person.breakout",
    "person.ground",
    "person.agree",
    "person.tier",
    "person.stand_down",
    "person.handoff",
    "person.plan",
    "person.report",
    "person.task",
    "page.caller",
]
OUTREACH: frozenset[Action] = frozenset({"call.client", "call.leave_voicemail", "call.repeat", "text.client"})
RINGS: frozenset[Action] = frozenset({"call.client", "call.repeat"})
PAGES: frozenset[Action] = frozenset({"page.supervisor", "page.deciders", "page.caller"})
# Pages that ring again and again until a person answers.
REPEATED_PAGES: frozenset[Action] = frozenset({"page.deciders", "page.caller"})
# Acts towards people other than the client and our own staff: only ever by a person's press (R1).
THIRD_PARTY: frozenset[Action] = frozenset({"person.contact", "person.dispatch"})
# Steps at which a person may be speaking with somebody who is neither the client nor one of us.
SPEAKS_OUTSIDE: frozenset[Action] = THIRD_PARTY | {"person.handoff", "person.report", "person.stand_down"}
# Steps that three losses within 10 s lock (R1).
LOCKABLE: frozenset[Action] = frozenset({"person.contact", "person.decide", "person.dispatch"})

Role = Literal["lead", "cofacilitator", "supervisor", "on_call", "system", "any_clinician"]
Guard = Literal[
    "no_recording",
    "neutral_caller_id",
    "voicemail_ok",
    "text_ok",
    "not_text_stopped",
    "safe_to_ring",
    "release_or_emergency_basis",
    "not_on_do_not_contact",
    "part2_gate",
    "not_household",
    "not_part_of_the_danger",
    "family_agreement",
    "verified_authority",
    "through_relay",
    "interpreter",
    "quiet_responders",
]
Basis = Literal[
    "release", "serious_threat", "family_involvement", "medical_emergency", "treatment", "required_by_law"
]
Which = Literal["primary", "backup", "primary_again"]
VariantName = Literal[
    "language",
    "part2",
    "adolescent",
    "pet_friendly",
    "couple_or_roommate",
    "rural",
    "text_first",
    "relay",
    "do_not_ring",
    "unsafe_home",
]
# The order in which variants are applied: a later one has the last word, so those that protect from danger stand last.
# Written here and not taken from the file, because a stored body does not keep the order of its keys.
VARIANT_ORDER: tuple[VariantName, ...] = (
    "language",
    "part2",
    "adolescent",
    "pet_friendly",
    "text_first",
    "relay",
    "do_not_ring",
    "rural",
    "couple_or_roommate",
    "unsafe_home",
)
# Words with which a protocol may end. The first two end a connection that was lost, and only there.
END_WORDS: tuple[str, ...] = (
    "verified",
    "brief_drop",
    "agreed",
    "at_hospital",
    "back_in_group",
    "cancelled",
    "declined",
    "done",
    "handed_over",
    "left_with_plan",
    "not_agreed",
    "not_needed",
    "not_reached",
    "passed_on",
    "rescheduled",
    "settled",
    "stays_with_us",
    "stood_down",
    "stopped",
    "treated_at_home",
)
# Where an answer to a step alongside may lead when nothing follows from it.
NOTHING = "nothing"
