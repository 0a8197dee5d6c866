"""What a phone hears, as TwiML documents made with the provider's library. Pure: words in, XML out.

R6 and R11 live here: nobody who is frightened meets a menu, music, a beep or a robot's question, and nothing
said to a caller tells what the line is for. Nothing records or transcribes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from twilio.twiml.voice_response import Conference, Dial, Gather, Number, VoiceResponse

Language = str

# Voices of the provider by language; a missing one falls back to English, which a person then repairs by speaking.
VOICES: Final[dict[str, str]] = {"en": "en-US", "es": "es-US"}

STAY: Final[dict[str, str]] = {
    "en": "Please stay on, {staff_first_name} is joining.",
    "es": "Por favor, no cuelgue, {staff_first_name} se une enseguida.",
}
STAY_UNNAMED: Final[dict[str, str]] = {
    "en": "Please stay on, somebody is joining.",
    "es": "Por favor, no cuelgue, alguien se une enseguida.",
}
RING_BACK: Final[dict[str, str]] = {
    "en": "We'll ring straight back.",
    "es": "Le llamamos de nuevo enseguida.",
}

STAFF_MENU: Final = (
    "Handrail. Somebody in your group lost connection. Press 1 to speak with them. "
    "To take it as yours, enter your PIN, then the number sign."
)
# A page without anybody on the other end: it asks a person to look at the board and decide (R1).
PAGE_MENU: Final = (
    "Handrail. Somebody in a group you answer for needs a decision. Please open Handrail now. "
    "Press 1 to say that you have heard this. To take it as yours, enter your PIN, then the number sign."
)
# A quiet signal that nobody has answered yet: never that anything was said, nor by whom (R13).
LOOK: Final = "Handrail. Something waits for an answer. Please open your board now."
RINGING_THEM: Final = "Ringing them now. Stay on the line."
HEARD: Final = "Thank you. Please open Handrail now."
YOURS: Final = "It is yours now."
WRONG_PIN: Final = "That is not your PIN."
CALL_OVER: Final = "That call has just ended. Handrail is ringing again. Please look at Handrail."
NO_ANSWER: Final = "That call has ended. Please look at Handrail for what comes next."
NEXT_NUMBER: Final = "That call has ended. Handrail is ringing again. Stay on the line."
NOTHING_TO_DO: Final = "This is settled already. Thank you."

HOLD_FOR_OFFICE: Final = "Hello, please hold for the office."
OFFICE_AWAY: Final = "Nobody can take the call right now. We will ring you back."
AFTER_HOURS: Final = (
    "Hello. If anybody is in danger right now, hang up and dial {emergency_number}. "
    "You can call or text 9 8 8 at any hour. Please stay on, you are being connected."
)
AFTER_HOURS_ELSEWHERE: Final = (
    "Hello. If anybody is in danger right now, hang up and dial {emergency_number}. "
    "Please stay on, you are being connected."
)
SCREEN_STAFF: Final = "Handrail. A caller is holding for the office. Press 1 to speak with them."

# R6: nobody speaks within 2 s: one neutral line. Nobody within 20 s: we ring straight back.
BEFORE_STAY_SECONDS: Final = 2
SILENT_SECONDS: Final = 20
# After a 1 the provider waits this long for more digits, because a PIN may begin with 1.
KEY_SECONDS: Final = 3
# Time to find the phone and open its keypad.
MENU_TIMES: Final = 3
PIN_DIGITS: Final = 12
DIAL_STAFF_SECONDS: Final = 20


def voice(language: Language) -> str:
    return VOICES.get(language, VOICES["en"])


def _in(words: dict[str, str], language: Language) -> str:
    return words.get(language, words["en"])


def nothing() -> str:
    """For a call that is no longer current: it hears nothing and is hung up."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def empty() -> str:
    return str(VoiceResponse())


def meet(room: UUID, wait_url: str, before: str | None = None) -> str:
    """Joins the room named by the client leg's attempt. Neither leg ends it; no beep, no music.

    The client's side never carries `before`: words for staff are heard on the staff leg alone.
    """
    response = VoiceResponse()
    if before is not None:
        response.say(before, language=VOICES["en"])
    dial = Dial()
    dial.append(
        Conference(
            str(room),
            beep="false",
            startConferenceOnEnter=True,
            endConferenceOnExit=False,
            waitUrl=wait_url,
            waitMethod="POST",
            maxParticipants=4,
        )
    )
    response.append(dial)
    return str(response)


def wait_for_staff(staff_first_name: str, language: Language, then_url: str) -> str:
    """The only machine voice a client ever hears while waiting: one line, once."""
    line = (
        _in(STAY, language).format(staff_first_name=staff_first_name)
        if staff_first_name
        else _in(STAY_UNNAMED, language)
    )
    response = VoiceResponse()
    response.pause(length=BEFORE_STAY_SECONDS)
    response.say(line, language=voice(language))
    # Saying the line takes about two of the twenty seconds.
    response.pause(length=SILENT_SECONDS - BEFORE_STAY_SECONDS - 2)
    response.redirect(then_url, method="POST")
    return str(response)


def wait_on(then_url: str) -> str:
    response = VoiceResponse()
    response.pause(length=5)
    response.redirect(then_url, method="POST")
    return str(response)


def wait_quietly() -> str:
    """Silence for a staff leg that was first. The provider asks again when it ends."""
    response = VoiceResponse()
    response.pause(length=30)
    return str(response)


def ring_back(language: Language) -> str:
    response = VoiceResponse()
    response.say(_in(RING_BACK, language), language=voice(language))
    response.hangup()
    return str(response)


def voicemail(words: str, language: Language) -> str:
    """The message starts after the provider heard the beep; a second of silence keeps its first word."""
    response = VoiceResponse()
    response.pause(length=1)
    response.say(words, language=voice(language))
    response.hangup()
    return str(response)


def staff_menu(key_url: str, *, page_only: bool, before: str | None = None) -> str:
    """Never a name. No key within the time, or a voicemail: the leg ends without having joined."""
    response = VoiceResponse()
    if before is not None:
        response.say(before, language=VOICES["en"])
    for _ in range(MENU_TIMES):
        gather = Gather(
            input="dtmf",
            action=key_url,
            method="POST",
            timeout=KEY_SECONDS,
            finishOnKey="#",
            numDigits=PIN_DIGITS,
        )
        gather.say(PAGE_MENU if page_only else STAFF_MENU, language=VOICES["en"])
        response.append(gather)
    response.hangup()
    return str(response)


def say_and_hang_up(words: str) -> str:
    response = VoiceResponse()
    response.say(words, language=VOICES["en"])
    response.hangup()
    return str(response)


@dataclass(frozen=True, slots=True)
class Ring:
    """A staff phone that an inbound caller is put through to, after that person pressed a key."""

    number: str
    screen_url: str


def put_through(before: str | None, rings: Sequence[Ring], shows: str, next_url: str) -> str:
    """Rings the staff phones together; a screened press decides, so a voicemail never takes the caller."""
    response = VoiceResponse()
    if before is not None:
        response.say(before, language=VOICES["en"])
    if not rings:
        response.redirect(next_url, method="POST")
        return str(response)
    dial = Dial(
        answerOnBridge=True, timeout=DIAL_STAFF_SECONDS, callerId=shows, action=next_url, method="POST"
    )
    for ring in rings:
        dial.append(Number(ring.number, url=ring.screen_url, method="POST"))
    response.append(dial)
    return str(response)


def screen(key_url: str) -> str:
    response = VoiceResponse()
    gather = Gather(input="dtmf", action=key_url, method="POST", timeout=8, numDigits=1)
    gather.say(SCREEN_STAFF, language=VOICES["en"])
    response.append(gather)
    response.hangup()
    return str(response)


def no_reply() -> str:
    """Answers an inbound text with nothing: the provider itself confirms STOP and START."""
    return '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
