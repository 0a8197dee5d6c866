"""Code words of the invented people: most have one, two are due to be chosen anew, three have none yet."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.clients.models import Client
from app.code_words import actions
from app.code_words.choosing import Form, Kind
from app.code_words.models import CodeWord
from app.db import Db, now_of, reveal
from app.demo.people import EVENING, TEENS
from app.errors import Conflict
from app.staff.access import Viewer

WORDS: tuple[tuple[str, Kind, str, Form], ...] = (
    ("Marcus T.", "danger", "marble staircase", "words"),
    ("Marcus T.", "all_clear", "fishing boat", "words"),
    ("Ana R.", "danger", "silla amarilla", "words"),
    ("Josephine W.", "danger", "rusty tractor", "words"),
    ("Tomasz K.", "danger", "turns the mug around twice", "hand_sign"),
    ("Ruth A.", "danger", "copper whistle", "words"),
    ("Skye M.", "danger", "paper lanterns", "words"),
    ("Skye M.", "all_clear", "geometry homework", "words"),
    ("Imani B.", "danger", "peanut brittle", "words"),
    ("Ana B.", "danger", "winter boots", "words"),
)
PAUSES: tuple[tuple[str, str, Form], ...] = (
    (EVENING.group, "holds a pen upright", "hand_sign"),
    (TEENS.group, "lemon biscuits", "words"),
)
OLD = "Ruth A."
USED = "Ana R."


async def words_in_a_text(db: Db, client_id: UUID, *, danger: bool) -> str:
    """What somebody of the cast might type. Raises Conflict for those who have no danger word to type."""
    if not danger:
        return "Is the handout from Monday still needed?"
    word = await db.scalar(
        select(CodeWord).where(
            CodeWord.client_id == client_id,
            CodeWord.kind == "danger",
            CodeWord.form == "words",
            CodeWord.ended_at.is_(None),
        )
    )
    if word is None:
        raise Conflict("They have no danger word that can be typed. Marcus has one.", code="none_set")
    return f"did you see the {reveal(db, word, 'phrase')} there"


async def fresh_again(db: Db, program_id: UUID) -> None:
    """Words that visitors used: a new evening begins with the one that was used before it."""
    used = select(Client.id).where(Client.program_id == program_id, Client.name_used != USED)
    await db.execute(
        update(CodeWord)
        .where(CodeWord.program_id == program_id, CodeWord.client_id.in_(used), CodeWord.ended_at.is_(None))
        .values(used_at=None)
    )


async def add_words(db: Db, by: Viewer, groups: dict[str, UUID]) -> None:
    rows = await db.execute(select(Client.name_used, Client.id).where(Client.program_id == by.program_id))
    clients = {row.name_used: row.id for row in rows}
    for name, kind, phrase, form in WORDS:
        await actions.set_word(db, by, clients[name], kind, phrase, form)
    for group, phrase, form in PAUSES:
        await actions.set_group_pause(db, by, groups[group], phrase, form)
    await actions.spend(db, by, clients[USED], "danger", "used")
    await db.execute(
        update(CodeWord)
        .where(CodeWord.program_id == by.program_id, CodeWord.client_id == clients[OLD])
        .values(set_at=now_of(db) - timedelta(days=104))
    )
