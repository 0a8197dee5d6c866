"""Plain words for what a protocol file says in terms: roles, actions, conditions, answers, ends. Pure."""

from collections.abc import Mapping

from app.protocols.schema import NOTHING, TIERS, Protocol, Seconds, Step, Tier, Trigger, When
from app.protocols.vocabulary import PAGES, Action, Basis, Guard, Role, VariantName

ROLES: Mapping[Role, str] = {
    "lead": "Lead",
    "cofacilitator": "Co-facilitator",
    "supervisor": "Supervisor",
    "on_call": "On-call clinician",
    "system": "Handrail",
    "any_clinician": "Any clinician",
}
ACTIONS: Mapping[Action, str] = {
    "alert.push": "The alert is on every board",
    "incident.accept": "Waits for somebody to take it",
    "call.client": "A staff phone rings first, then the client's",
    "call.leave_voicemail": "Leaves the neutral message",
    "call.repeat": "Rings the client again and again",
    "text.client": "Sends the neutral text",
    "page.supervisor": "Rings supervisor, backup, on-call, and waits",
    "page.deciders": "Rings our own people until a person decides",
    "page.caller": "Rings supervisor, then backup, until one of them calls",
    "person.contact": "A person presses, and a person speaks",
    "person.decide": "A person decides",
    "person.dispatch": "A person dials, and reads the card",
    "person.check": "Staff say what they heard or saw",
    "person.staff_decide": "Staff decide",
    "person.verify": "Staff recognise the client, live",
    "person.do": "Say it or do it, then answer",
    "person.hold": "Stay with it until somebody takes over",
    "person.place": "Read back the place",
    "person.safety_check": "Opens the safety check",
    "person.breakout": "Opens the private room",
    "person.ground": "Opens grounding",
    "person.agree": "An agreement with a clock",
    "person.tier": "A person chooses the tier",
    "person.stand_down": "Two people call it off",
    "person.handoff": "A handoff, read back",
    "person.plan": "Opens the safety plan",
    "person.report": "Opens the state card",
    "person.task": "A task with an owner and a time",
}
GUARDS: Mapping[Guard, str] = {
    "no_recording": "nothing is recorded",
    "neutral_caller_id": "the neutral number is shown",
    "voicemail_ok": "only where the client allows voicemail",
    "text_ok": "only where the client allows texts",
    "not_text_stopped": "not after they asked texts to stop",
    "safe_to_ring": "only a number marked safe to ring",
    "release_or_emergency_basis": "only with a release that stands, or a stated basis",
    "not_on_do_not_contact": "never somebody on the do-not-contact list",
    "part2_gate": "nothing that names a substance use program",
    "not_household": "nobody who lives with the client",
    "not_part_of_the_danger": "only once ticked: not part of the danger",
    "family_agreement": "as the family agreement says",
    "verified_authority": "only a guardian whose authority is verified",
    "through_relay": "through the client's relay service",
    "interpreter": "with the interpreter",
    "quiet_responders": "they hear: may not be free to talk, no siren",
}
BASES: Mapping[Basis, str] = {
    "release": "a release that stands",
    "serious_threat": "a serious threat, with written grounds",
    "family_involvement": "family involvement, no objection known",
    "medical_emergency": "a medical emergency",
    "treatment": "treatment",
    "required_by_law": "required by law",
}
VARIANTS: Mapping[VariantName, tuple[str, str]] = {
    "language": ("Another language", "the client speaks another language than English"),
    "part2": ("Substance use records", "the client's records fall under 42 CFR part 2"),
    "adolescent": ("Under 18", "the client is under 18"),
    "pet_friendly": ("Animals at home", "there are animals at home"),
    "text_first": ("Text first", "the client is reached by text first"),
    "relay": ("Relay", "the client is reached through a relay service"),
    "do_not_ring": ("Do not ring", "the client asked us not to ring"),
    "rural": ("Far from help", "responders need longer than {minutes} minutes"),
    "couple_or_roommate": ("Shared home", "a partner or room-mates may overhear"),
    "unsafe_home": ("Unsafe home", "home is not safe, or the danger word was used"),
}
TIER_WORDS: Mapping[Tier, str] = {
    "none": "No flag",
    "low": "Low",
    "moderate": "Moderate",
    "high": "High",
    "imminent": "Imminent",
}
# What has happened when a step's `next` names it; anything else is read as it is written.
OUTCOMES = {
    "timeout": "nobody does anything",
    "sent": "it was sent",
    "left": "the message was left",
    "no_answer": "nobody answers",
    "busy": "the line is busy",
    "failed": "it could not be placed",
    "voicemail": "voicemail answers",
    "no_number": "there is no number we may use",
    "answered": "somebody answers",
    "skipped": "somebody skips it, with a reason",
    "accepted": "somebody accepts it",
    "client": "it is the client",
    "no_basis": "there is no basis to tell them",
    "no_contact": "there is nobody to ring",
}
ENDS = {
    "verified": "Over: recognised live",
    "brief_drop": "Over: a brief drop, seen again",
    "back_in_group": "Over: back in the group",
    "left_with_plan": "Over: left, with a plan",
    "stays_with_us": "Over: stays with us",
    "treated_at_home": "Over: treated at home",
    "at_hospital": "Over: at a hospital",
}
BUTTONS = {
    "lost": "I lost them",
    "distress": "Distress",
    "conflict": "Conflict",
    "observed": "Something seen or said",
    "urges": "Urges",
    "breakout": "Private room",
    "check": "Safety check",
    "agreement": "Agreement",
    "pause": "Pause word",
    "danger": "Danger word",
    "emergency": "Emergency",
    "medical": "Medical",
    "secure_group": "Look after the group",
    "threat": "Threat to somebody",
    "handoff": "Handoff",
    "after_hours": "Call outside hours",
    "coming_back": "Coming back",
    "debrief": "Talk it over",
    "huddle": "Huddle",
    "caregiver": "Call a caregiver",
    "means": "Making home safer",
    "drill": "Drill",
}
CHANNELS = {
    "phone": "on the phone",
    "voicemail": "voicemail",
    "text": "text",
    "spoken": "spoken",
    "dispatch": "read to dispatch",
}
AUDIENCES = {
    "client": "to the client",
    "household": "to whoever answers",
    "contact": "to a contact",
    "responder": "to responders",
    "group": "to the group",
    "staff": "among staff",
}


def sentence(words: str) -> str:
    """The first letter large; nothing else is touched."""
    return words[:1].upper() + words[1:]


def word(term: str) -> str:
    """`tier_after` as people say it."""
    return term.replace("_", " ")


def answer(outcome: str) -> str:
    return sentence(OUTCOMES.get(outcome) or word(outcome))


def title(step: Step) -> str:
    """A title without a particular client."""
    plain = step.title.replace("{client}'s other number, {number}", "the client's other number")
    return sentence(plain.replace(", {number}", "").replace("{client}", "the client").rstrip("."))


def target(protocol: Protocol, step: Step, goal: str) -> str:
    """Where an answer leads, in words."""
    kind, colon, name = goal.partition(":")
    if kind == "end" and colon:
        return ENDS.get(name) or f"Over: {word(name)}"
    if colon:
        return f"Another protocol: {name.replace('-', ' ')}"
    if goal == NOTHING:
        return "Nothing follows"
    if goal == step.id:
        return "It stays open, and late" if step.waits_for_person else "Once more"
    return title(protocol.step(goal))


def gaps(text: str) -> str:
    """Words with the fields that a screen fills in shown as gaps: [address]."""
    return text.replace("{", "[").replace("}", "]").replace("_", " ")


def trigger(one: Trigger) -> str:
    button = BUTTONS.get(one.name or "") or sentence(word(one.name or ""))
    match one.event:
        case "presence.lost":
            return "A client's connection is lost"
        case "presence.not_responding":
            return "A client does not respond"
        case "staff.button":
            return f"Somebody presses “{button}”"
        case "tier.chosen":
            return f"Somebody chooses the tier {one.name}"
        case "protocol":
            return "A person's answer in another protocol leads here"
        case _:
            return "Offered when it is due; a person begins it"


def when_of(name: VariantName, when: When) -> str:
    return VARIANTS[name][1].format(minutes=when.travel_minutes_over)


def clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    spoken = [f"{minutes} min"] if minutes else []
    return " ".join(spoken + ([f"{rest} s"] if rest or not minutes else []))


def limit(step: Step, tier: Tier) -> str:
    """By when, at this tier."""
    if step.every_s is not None:
        return f"every {clock(step.every_s.of(tier))}"
    if step.counts_from == "step":
        return f"within {clock(step.due_s.of(tier))} of being asked"
    return f"by {clock(step.due_s.of(tier))}"


def seconds(value: Seconds) -> str:
    """One time, or one per tier."""
    times = [value.of(tier) for tier in TIERS]
    if len(set(times)) == 1:
        return clock(times[0])
    return ", ".join(f"{TIER_WORDS[tier].lower()} {clock(value.of(tier))}" for tier in TIERS)


def waiting(step: Step) -> str:
    """Who moves it on."""
    if step.waits_for_person:
        return "a person does this"
    return "staff are rung" if step.action in PAGES else "by itself"
