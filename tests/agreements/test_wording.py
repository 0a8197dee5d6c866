"""A promise not to die is refused with the reason; ordinary steps pass."""

import pytest

from app.agreements.wording import reads_as_promise


@pytest.mark.parametrize(
    "words",
    [
        "I promise not to kill myself",
        "I won’t kill myself",
        "I will not hurt myself tonight",
        "She promises that she won't do anything",
        "I swear I will never cut again",
        "a no-suicide contract until Monday",
        "Contract for safety",
        "I’m not going to act on it",
        "stay alive until Monday",
        "Prometo no hacerme daño",
        "No me voy a matar",
        "Juro que no lo haré",
        "no se va a lastimar",
        "Nunca más me voy a cortar",
        "Pacto de no suicidio",
        "seguir con vida hasta mañana",
    ],
)
def test_a_promise_is_recognised(words: str) -> None:
    assert reads_as_promise(words)


@pytest.mark.parametrize(
    "words",
    [
        "The tablets go to Lee until Friday",
        "Stay on video for the next 20 minutes",
        "Text Lee at eight, and again at nine",
        "Not alone at home: Walt comes over",
        "No knives in the room, they go to the neighbour",
        "Promise to text Elena at eight",
        "Lee keeps the key of the cabinet",
        "A glass of water and something small to eat",
        "Leash Biscuit and walk round the block with Carol",
        "Las pastillas se quedan con mi mamá",
        "No quedarme a solas: viene mi tía",
        "Seguir en video y tomar agua",
    ],
)
def test_ordinary_steps_pass(words: str) -> None:
    assert not reads_as_promise(words)
