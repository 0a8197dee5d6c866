"""The few steps that run where a program has approved no file: care never waits for one (R8). They say so. Pure.

Never a substitute: no clock of a tier, no script, nothing that a director has signed.
"""

from app.protocols.schema import Protocol

EVERY = {"low": 300, "moderate": 300, "high": 60, "imminent": 60}

FALLBACK = Protocol.model_validate(
    {
        "schema": "handrail.protocol/1",
        "id": "no-approved-protocol",
        "version": "1.0.0",
        "title": "No approved protocol yet",
        "purpose": "Your program has not approved this protocol. These are the barest steps: act as you were taught.",
        "trigger": [{"event": "protocol"}],
        "tiers": ["none", "low", "moderate", "high", "imminent"],
        "roles": ["lead", "cofacilitator", "supervisor"],
        "steps": [
            {
                "id": "stay",
                "title": "Stay with {client}. Ask directly how it is only where nobody else can hear",
                "role": "any_clinician",
                "action": "person.do",
                "from": "start",
                "due_s": {"low": 300, "moderate": 180, "high": 120, "imminent": 60},
                "next": {"steadier": "agree", "worried": "supervisor", "timeout": "supervisor"},
            },
            {
                "id": "supervisor",
                "title": "Ring supervisor, backup and on-call until one of them is with you",
                "role": "supervisor",
                "action": "page.deciders",
                "from": "step",
                "due_s": EVERY,
                "every_s": EVERY,
                "next": {"with_us": "together", "steadier": "agree", "timeout": "supervisor"},
            },
            {
                "id": "together",
                "title": "Decide together with the supervisor what {client} needs now",
                "role": "supervisor",
                "action": "person.do",
                "from": "step",
                "due_s": {"low": 600, "moderate": 600, "high": 300, "imminent": 120},
                "next": {"decided": "agree", "timeout": "supervisor"},
            },
            {
                "id": "agree",
                "title": "Agree with {client} when you speak next, and note it",
                "role": "any_clinician",
                "action": "person.do",
                "from": "step",
                "due_s": 600,
                "next": {"agreed": "end:agreed", "declined": "end:declined", "timeout": "supervisor"},
            },
        ],
        "scripts": {},
        "sources": ["Handrail: what stands in until a file is approved"],
        "review": {"owner": "clinical_director", "due": "2027-05-22"},
    }
)

# Every protocol that there is a place for, and what it is called while no file says so.
TITLES = {
    "deescalate-group": "De-escalation in the group",
    "breakout-1to1": "Private room",
    "safety-check": "Collaborative safety check",
    "harm-reduction": "Agreement for the next hour",
    "code-word": "Code word",
    "connection-lost": "Connection lost",
    "imminent-risk": "Imminent risk and emergency",
    "medical-emergency": "Medical emergency",
    "secure-group": "Look after everyone else",
    "duty-to-protect": "Serious threat to another person",
    "warm-handoff": "Warm handoff",
    "after-hours": "Evenings and weekends",
    "first-session-back": "First session back",
    "client-debrief": "Client debrief",
    "team-huddle": "Team huddle",
    "caregiver-call": "Caregiver call",
    "secure-means": "Making home safer",
    "drill": "Drill",
}
