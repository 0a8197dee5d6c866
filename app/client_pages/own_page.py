"""For staff, on the client's record: what the client told on their own page."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.client_pages import card_answers, pins
from app.clients.queries import client_of
from app.db import Db
from app.errors import NotFound
from app.group_sessions import told
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, require_client


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EquipmentView(View):
    """None is a question that was skipped. `due`: a week has passed, so the page asks again."""

    at: datetime
    due: bool
    battery: int | None
    charged: bool | None
    headphones: bool | None
    background: bool | None
    private_spot: bool | None
    backup_device: bool | None
    no_recording: bool | None


class PinView(View):
    """Whether there is one, and how it came about. `window_until`: the client may choose one on their page now."""

    set_at: datetime | None
    how: Literal["client", "with_staff"] | None
    window_until: datetime | None


class CardAnswerView(View):
    """`asks`: to change something, and nobody has talked it over yet."""

    id: UUID
    at: datetime
    answer: Literal["agreed", "change"]
    asks: bool
    handled_at: datetime | None


class CardReadView(View):
    """The card as the client read it, and what they ask to change. Reading it is written down."""

    lines: list[str]
    wishes: str | None


class OwnPageView(View):
    equipment: EquipmentView | None
    pin: PinView
    card: CardAnswerView | None


async def own_page(db: Db, viewer: Viewer, client_id: UUID) -> OwnPageView:
    await require_client(db, viewer, client_id)
    await client_of(db, viewer.program_id, client_id)
    known = (await told.equipment(db, viewer.program_id, [client_id])).get(client_id)
    pin = await pins.now_of_client(db, viewer.program_id, client_id)
    answer = await card_answers.last_answer(db, viewer.program_id, client_id)
    return OwnPageView(
        equipment=None
        if known is None
        else EquipmentView(at=known.at, due=known.due, battery=known.battery, **known.answers),
        pin=PinView.model_validate(asdict(pin)),
        card=_answer(answer) if answer else None,
    )


def _answer(given: card_answers.Answer) -> CardAnswerView:
    return CardAnswerView.model_validate(
        {
            "id": given.id,
            "at": given.at,
            "answer": given.answer,
            "asks": given.answer == "change" and given.handled_at is None,
            "handled_at": given.handled_at,
        }
    )


async def read_card(db: Db, viewer: Viewer, client_id: UUID) -> CardReadView:
    await require_client(db, viewer, client_id)
    answer = await card_answers.last_answer(db, viewer.program_id, client_id)
    if answer is None:
        raise NotFound("This client has not answered yet.")
    entry = NewEntry(
        Kind.client_revealed,
        viewer.actor,
        client_id=client_id,
        detail={"what": "answer to the card of what happens if they drop"},
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])
    return CardReadView(lines=answer.card, wishes=answer.words)
