"""What consent says: the sentences of blocks and next steps, what may be said, and what is said aloud. Pure."""

from typing import Literal

Tick = Literal[
    "not_part_of_the_danger",
    "able_to_lessen_it",
    "young_person_told_first",
    "state_card_read",
    "police_first",
]

TICKS: dict[Tick, str] = {
    "not_part_of_the_danger": "I have reason to believe that this person is not part of the danger.",
    "able_to_lessen_it": "This person is able to lessen the danger.",
    "young_person_told_first": "The young person has been told, or cannot be reached to be told.",
    "state_card_read": "I have read the state card, and it calls for this.",
    "police_first": "Police were told first, or the state card says why not.",
}

DECIDE = "Decide on local responders"
KEEP_TRYING = "Keep trying the client's own numbers and page the supervisor"
WARN = (
    "A duty-to-protect warning is the only exception: by hand, with the supervisor and the state card, "
    "police first where lawful."
)
MINIMUM = (
    "Only that you are concerned for their safety right now, where they may be, and what you ask this person to do. "
    "Nothing about diagnosis, treatment or what was said in the group."
)
PLACE_AND_DANGER = (
    "The place, the danger, how they may be found and what helps. Not the program's name, not a diagnosis, "
    "not that anybody is in treatment."
)
TO_MEDICAL = (
    "What those who treat them need to know now: the danger, what was taken or done, medicines, what helps."
)
TO_CARE = "What the next clinician needs to go on safely: tier, plan, what happened, what was agreed."
GUARDIAN_COPY = "The parts that are not marked hidden from guardians."
WARNING = "Who is in danger and from whom, and what they can do to be safe. Nothing else."
REPORT = "What the state card asks for, and nothing about anybody else in the group."
NOT_OF_TREATMENT = (
    "They do not know about the treatment: name neither the program nor the reason you know the client."
)
NOT_NAMED = "The family did not name this person among those to call."
PAST_REVIEW = "The family agreement is past its review: ask whether it still holds."
AGREED_NOT_TOLD = "The family agreed that this guardian is not told at this tier."


def as_agreed(words: str) -> str:
    return f"What the family agreed for this tier: {words.rstrip('. ')}. Nothing more." if words else MINIMUM


_SCRIPTS = {
    # Without a release nobody may claim that the client asked for the call (R18).
    "release": {
        "en": "Hello {contact_name}, this is {staff_first_name}. {client_safe_name} gave me your number for when I "
        "cannot reach them. We lost touch a few minutes ago. Have you seen or heard from them today? "
        "Could you check on them and ring me back at {callback_number}?",
        "es": "Hola {contact_name}, soy {staff_first_name}. {client_safe_name} me dio su número para cuando no pueda "
        "comunicarme. Perdimos el contacto hace unos minutos. ¿Ha visto o sabido algo hoy? "
        "¿Podría ir a ver cómo está y llamarme al {callback_number}?",
    },
    "concern": {
        "en": "Hello {contact_name}, this is {staff_first_name}. I'm calling because I'm concerned for "
        "{client_safe_name}'s safety right now. Have you seen or heard from them today? "
        "Can you reach them? Please ring me back at {callback_number}.",
        "es": "Hola {contact_name}, soy {staff_first_name}. Llamo porque me preocupa la seguridad de "
        "{client_safe_name} en este momento. ¿Ha visto o sabido algo hoy? "
        "¿Puede comunicarse? Por favor, llámeme al {callback_number}.",
    },
}


def script(kind: Literal["release", "concern"]) -> str:
    return _SCRIPTS[kind]["en"]


def in_language(words: str, language: str) -> str:
    """The same script for a contact who speaks another language; English where there is no translation."""
    for texts in _SCRIPTS.values():
        if texts["en"] == words:
            return texts.get(language[:2], words)
    return words
