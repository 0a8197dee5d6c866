"""One small step to pick (E8): the client's own first, then ours, and none that leads towards harm (R23). Pure.

What a line of somebody's own plan leads towards can only be read from its words. The reading is generous on purpose: a
harmless line that is left out costs a look into the plan, a harmful one that is offered may cost a life.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Toward = Literal["heights", "driving", "water", "medicines"]
Known = Literal["present", "absent", "not_asked"]
Need = Literal["connection", "body", "other"]
Ours = Literal[
    "text_somebody",
    "call_somebody",
    "sit_with_somebody",
    "drink",
    "hold_cold",
    "eat",
    "blanket",
    "music",
    "light",
    "with_animal",
    "fresh_air",
    "warm_shower",
    "medicine",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the newest safety check says. Nobody asked: that is not "no"."""

    ideation: Known = "not_asked"
    intoxication: Known = "not_asked"
    self_harm: Known = "not_asked"

    @property
    def all_absent(self) -> bool:
        return self.ideation == self.intoxication == self.self_harm == "absent"


NOTHING_ASKED: Final = Asked()


@dataclass(frozen=True, slots=True)
class OurStep:
    key: Ours
    need: Need
    toward: frozenset[Toward] = frozenset()
    animal: bool = False


OURS: Final = (
    OurStep("text_somebody", "connection"),
    OurStep("call_somebody", "connection"),
    OurStep("sit_with_somebody", "connection"),
    OurStep("drink", "body"),
    OurStep("hold_cold", "body"),
    OurStep("eat", "body"),
    OurStep("blanket", "body"),
    OurStep("music", "other"),
    OurStep("light", "other"),
    OurStep("with_animal", "other", animal=True),
    OurStep("fresh_air", "body", frozenset({"heights"})),
    OurStep("warm_shower", "body", frozenset({"water"})),
    OurStep("medicine", "other", frozenset({"medicines"})),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """`own`: indexes into the client's lines. `hidden`: what the lines that were left out lead towards."""

    own: tuple[int, ...]
    ours: tuple[OurStep, ...]
    hidden: tuple[Toward, ...]
    hidden_count: int


def offered(own: Sequence[str], asked: Asked, *, animal: bool) -> Offered:
    """`animal`: there is one at home. Without a clear "no" to all three questions nothing towards harm is offered."""
    towards = [toward(line) for line in own]
    fitting = [step for step in OURS if animal or not step.animal]
    if asked.all_absent:
        return Offered(tuple(range(len(own))), tuple(fitting), (), 0)
    left_out = [found for found in towards if found] + [step.toward for step in fitting if step.toward]
    return Offered(
        own=tuple(index for index, found in enumerate(towards) if not found),
        ours=tuple(step for step in fitting if not step.toward),
        hidden=_ordered(left_out),
        hidden_count=len(left_out),
    )


def toward(line: str) -> frozenset[Toward]:
    """What this line may lead towards, by its words, in English and Spanish."""
    plain = _plain(line)
    found: set[Toward] = {of for of, words in _WORDS.items() if words.search(plain)}
    if _WATER.search(plain) and not _TO_DRINK.search(plain):
        found.add("water")
    return frozenset(found)


ORDER: Final[tuple[Toward, ...]] = ("heights", "driving", "water", "medicines")


def _ordered(found: Iterable[frozenset[Toward]]) -> tuple[Toward, ...]:
    union = frozenset[Toward]().union(*found)
    return tuple(one for one in ORDER if one in union)


def _plain(line: str) -> str:
    """Lower case, without accents: "Balcón" and "balcon" are one word."""
    bare = unicodedata.normalize("NFKD", line)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).lower()


def _any(*starts: str) -> re.Pattern[str]:
    """A word that begins so; with a trailing dot, that word alone."""
    parts = [re.escape(start[:-1]) + r"\b" if start.endswith(".") else re.escape(start) for start in starts]
    return re.compile(r"\b(?:" + "|".join(parts) + ")")


_WORDS: Final[dict[Toward, re.Pattern[str]]] = {
    "heights": _any(
        "balcon", "roof", "window", "bridge", "overpass", "stair", "upstairs", "ledge", "cliff", "tower", "climb",
        "hike", "hiking", "ladder", "terrace", "lookout", "overlook", "mountain", "fire escape", "parking garage",
        "azotea", "techo", "tejado", "ventana", "puente", "escal", "acantilado", "torre.", "terraza", "mirador",
        "montana", "cerro", "barranc",
    ),
    "driving": _any(
        "drive", "driving", "car.", "cars.", "truck", "van.", "motor", "scooter", "ride", "riding", "road.", "highway",
        "freeway", "garage", "wheel.", "conduc", "manej", "carro", "coche", "auto.", "moto", "camioneta", "camion.",
        "carretera", "autopista", "garaje",
    ),
    "water": _any(
        "bath", "shower", "tub.", "swim", "pool.", "lake", "river", "beach", "sea.", "ocean", "pond", "creek", "surf",
        "boat", "dock.", "pier.", "kayak", "bano.", "banos.", "banar", "banera", "duch", "tina.", "nadar", "alberca", "piscina", "lago", "rio.",
        "playa", "mar.", "oceano", "estanque", "muelle", "barco",
    ),
    "medicines": _any(
        "pill.", "pills.", "pillbox", "tablet", "medic", "med.", "meds.", "dose", "prescri", "inhaler", "insulin",
        "ibuprofen", "tylenol", "aspirin", "pharmac", "supplement", "vitamin", "pastilla", "pildora", "dosis", "receta",
        "inhalador", "farmacia", "jarabe", "tableta", "capsul",
    ),
}  # fmt: skip
_WATER: Final = _any("water.", "agua.")
# A glass of it, or some on the hands, is a step of its own that helps many.
_TO_DRINK: Final = re.compile(
    r"\b(?:drink|sip|glass|cup|bottle|plants?|tomar|tomo|beb|vaso|regar)"
    r"|\bwater (?:on|over) (?:my|your|the) (?:hands?|wrists?|face|neck)\b"
    r"|\bagua (?:fria )?en (?:mis?|las?) (?:manos?|munecas?|cara)\b"
)
