"""Headings of the plan for paper and for pages that clients and families read, in our own words."""

from typing import Final

from app.plans.parts import MeansClass, MeansStatus, MeansStep, Part

LANGUAGES: Final = ("en", "es")

PARTS: Final[dict[str, dict[Part, str]]] = {
    "en": {
        Part.helps_first: "What helps me most when it is bad",
        Part.signs: "How I notice that it is getting harder",
        Part.alone: "What I can do by myself",
        Part.around: "People and places that take my mind off it",
        Part.people: "People I can ask for help",
        Part.professionals: "Professionals and services I can call",
        Part.safer: "How we keep the place safer",
        Part.soothes: "What soothes me",
        Part.animals: "My animals",
        Part.reasons: "What I want to stay for",
        Part.place: "Where I usually am for the group",
        Part.numbers: "Local numbers",
        Part.mobile: "A team that can come to me",
    },
    "es": {
        Part.helps_first: "Lo que más me ayuda cuando estoy mal",
        Part.signs: "Cómo noto que se está poniendo más difícil",
        Part.alone: "Lo que puedo hacer por mi cuenta",
        Part.around: "Personas y lugares que me distraen",
        Part.people: "Personas a quienes puedo pedir ayuda",
        Part.professionals: "Profesionales y servicios a los que puedo llamar",
        Part.safer: "Cómo hacemos más seguro el lugar",
        Part.soothes: "Lo que me calma",
        Part.animals: "Mis animales",
        Part.reasons: "Por lo que quiero quedarme",
        Part.place: "Dónde suelo estar durante el grupo",
        Part.numbers: "Números locales",
        Part.mobile: "Un equipo que puede venir a verme",
    },
}

MEANS: Final[dict[str, dict[MeansClass, str]]] = {
    "en": {
        MeansClass.firearms: "Firearms",
        MeansClass.medicines: "Medicines",
        MeansClass.sharps: "Sharp things",
        MeansClass.vehicle: "Vehicle",
        MeansClass.other: "Something else",
    },
    "es": {
        MeansClass.firearms: "Armas de fuego",
        MeansClass.medicines: "Medicinas",
        MeansClass.sharps: "Objetos filosos",
        MeansClass.vehicle: "Vehículo",
        MeansClass.other: "Otra cosa",
    },
}

STATUS: Final[dict[str, dict[MeansStatus, str]]] = {
    "en": {
        "none_here": "none here",
        "not_secured": "not secured yet",
        "secured": "secured",
        "rather_not_say": "rather not say",
    },
    "es": {
        "none_here": "no hay aquí",
        "not_secured": "todavía sin asegurar",
        "secured": "asegurado",
        "rather_not_say": "prefiero no decir",
    },
}

STEPS: Final[dict[str, dict[MeansStep, str]]] = {
    "en": {
        "off_site": "kept somewhere else",
        "locked": "locked away",
        "limited_supply": "only a small supply at home",
        "held_by_someone": "somebody keeps it",
    },
    "es": {
        "off_site": "guardado en otro lugar",
        "locked": "bajo llave",
        "limited_supply": "solo una cantidad pequeña en casa",
        "held_by_someone": "lo guarda otra persona",
    },
}

PAPER: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "My plan",
        "agreed": "Agreed together on {day}. Version {number}.",
        "draft": "A draft: not agreed yet.",
        "review": "We read it together again by {day}.",
        "means_heading": "What we did about things that could hurt",
        "now": "If I am in danger now",
        "now_words": "I call {emergency}.",
        "crisis_line": "I can call or text {line} at any time, day or night. It follows my own phone, wherever I am.",
        "crisis_line_plain": "I can call {line} at any time, day or night.",
        "office": "Our office: {number}.",
        "footer": "Private",
    },
    "es": {
        "title": "Mi plan",
        "agreed": "Acordado en conjunto el {day}. Versión {number}.",
        "draft": "Un borrador: todavía no está acordado.",
        "review": "Lo volvemos a leer en conjunto antes del {day}.",
        "means_heading": "Lo que hicimos con las cosas que pueden hacer daño",
        "now": "Si estoy en peligro ahora",
        "now_words": "Llamo al {emergency}.",
        "crisis_line": "Puedo llamar o escribir al {line} a cualquier hora. Sigue a mi propio teléfono, esté donde esté.",
        "crisis_line_plain": "Puedo llamar al {line} a cualquier hora.",
        "office": "Nuestra oficina: {number}.",
        "footer": "Privado",
    },
}


def language_of(wished: str) -> str:
    """English where there are no headings in the wished language: visible, and never machine text."""
    code = wished[:2].lower()
    return code if code in LANGUAGES else "en"
