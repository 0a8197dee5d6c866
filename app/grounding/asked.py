"""What the answers of a safety check say about ideation, intoxication and self-harm, as R23 asks. Pure.

An answer that was not given stays not asked, whatever else was answered; one that points to more than it says counts.
"""

from collections.abc import Mapping
from typing import Final

from app.grounding.steps import Asked, Known

# Answers that stand for the question beside them: nobody has a plan, intent or an open trigger without ideation.
_IDEATION: Final[dict[str, frozenset[str]]] = {
    "intent": frozenset({"ambivalent", "yes"}),
    "plan": frozenset({"vague", "specific"}),
    "danger": frozenset({"now"}),
    "screener": frozenset({"low", "moderate", "high"}),
}
_SELF_HARM: Final[dict[str, frozenset[str]]] = {
    "behaviour": frozenset({"past_3_months", "today", "in_progress"}),
    "danger": frozenset({"now"}),
}


def asked_of(answers: Mapping[str, str]) -> Asked:
    return Asked(
        ideation=_known(answers, "ideation", _IDEATION),
        intoxication=_known(answers, "intoxication", {}),
        self_harm=_known(answers, "selfharm_urge", _SELF_HARM),
    )


def _known(answers: Mapping[str, str], question: str, pointing: Mapping[str, frozenset[str]]) -> Known:
    given = answers.get(question, "unknown")
    if given not in ("none", "unknown") or any(
        answers.get(name) in found for name, found in pointing.items()
    ):
        return "present"
    return "absent" if given == "none" else "not_asked"
