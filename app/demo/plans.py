"""Invented safety plans of the demo's clients. Some are agreed, one is overdue, one is a draft; others have none yet."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client, EmergencyContact
from app.db import Db, new_id, now_of, reveal
from app.plans import actions, views
from app.plans.models import SafetyPlanVersion
from app.plans.parts import Content, Item, Means, MeansClass, MeansStatus, MeansStep, Part
from app.staff.access import Viewer


@dataclass(frozen=True, slots=True)
class Secured:
    of: MeansClass
    status: MeansStatus
    step: MeansStep | None = None
    by: str = ""
    days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`agreed_days_ago` none: a draft. A line that ends with @ and a name is linked to that contact."""

    parts: dict[Part, tuple[str, ...]]
    agreed_days_ago: int | None
    means: tuple[Secured, ...] = ()


PLANS: dict[str, Plan] = {
    "Marcus T.": Plan(
        {
            Part.helps_first: (
                "Use my first name and speak slowly",
                "Tell me what happens next, one thing at a time",
            ),
            Part.signs: ("I stop answering Elena", "I put the phone face down", "I say I am fine, twice"),
            Part.alone: ("Walk to the mill and back", "The green radio, any station"),
            Part.around: ("The hardware shop on Saturdays",),
            Part.people: ("Elena, she knows@Elena Tull", "Walt from the shop"),
            Part.professionals: ("The office, any time", "988, it follows my own phone"),
            Part.safer: ("Elena keeps the key of the cabinet",),
            Part.soothes: ("Cold water on my hands", "Somebody counting with me"),
            Part.reasons: ("Elena’s boys",),
            Part.place: ("The desk in the back room",),
            Part.numbers: ("Larch County dispatch, 406-555-0110",),
            Part.mobile: ("None near Larch Falls. We agreed: Elena first",),
        },
        agreed_days_ago=12,
        means=(
            Secured(MeansClass.firearms, "secured", "off_site", "Elena", 40),
            Secured(MeansClass.medicines, "not_secured"),
        ),
    ),
    "Ana R.": Plan(
        {
            Part.helps_first: ("Que nadie me apure", "Hablar en español"),
            Part.signs: ("Dejo de contestar a mi mamá", "No duermo dos noches seguidas"),
            Part.alone: ("Cocinar algo largo", "Escuchar la radio de mi pueblo"),
            Part.people: ("Mi mamá, cuando no trabaja@Lucía Robledo",),
            Part.professionals: ("La oficina",),
            Part.safer: ("Mi mamá guarda las medicinas en su cuarto",),
            Part.animals: ("Nube, la gata, se sienta conmigo",),
        },
        agreed_days_ago=38,
        means=(Secured(MeansClass.medicines, "secured", "held_by_someone", "mi mamá", 38),),
    ),
    "Ruth A.": Plan(
        {
            Part.helps_first: ("Ask about the dogs first", "Sit down with me, do not stand"),
            Part.signs: ("I skip the evening walk",),
            Part.alone: ("Walk Biscuit and Plum round the block",),
            Part.people: ("Carol, day or night@Carol Finch",),
            Part.professionals: ("The office", "Harbor mobile crisis team, until midnight"),
            Part.safer: ("Carol holds the spare pills, I keep three days",),
            Part.animals: ("Biscuit barks at uniforms: leash her before anybody comes in",),
            Part.mobile: ("Harbor mobile crisis team, 503-555-0121",),
        },
        agreed_days_ago=5,
        means=(Secured(MeansClass.medicines, "secured", "limited_supply", "Carol", 5),),
    ),
    "Josephine W.": Plan(
        {
            Part.helps_first: ("Plain words, no fuss",),
            Part.signs: ("I leave the kettle on",),
        },
        agreed_days_ago=None,
    ),
}


async def add_plans(db: Db, by: Viewer) -> None:
    clients = await db.scalars(
        select(Client).where(Client.program_id == by.program_id, Client.name_used.in_(list(PLANS)))
    )
    for client in clients:
        await _add(db, by, client, PLANS[client.name_used])


async def _add(db: Db, by: Viewer, client: Client, plan: Plan) -> None:
    contacts = await _contacts(db, client)
    parts = {part: tuple(_item(line, contacts) for line in lines) for part, lines in plan.parts.items()}
    draft = views.DraftBody(version=0, content=Content(parts=parts))
    await actions.save_draft(db, by, client.id, draft)
    for one in plan.means:
        on = None if one.days_ago is None else (now_of(db) - timedelta(days=one.days_ago)).date()
        means = Means(of=one.of, status=one.status, step=one.step, by=one.by, on=on)
        await actions.note_means(db, by, client.id, means)
    if plan.agreed_days_ago is None:
        return
    await actions.agree(db, by, client.id, views.AgreeBody(version=1, with_client=True, how="video"))
    await _back_then(db, client, plan.agreed_days_ago)


async def _back_then(db: Db, client: Client, days: int) -> None:
    """The demo begins today; its plans do not."""
    row = (
        await db.scalars(
            select(SafetyPlanVersion).where(
                SafetyPlanVersion.program_id == client.program_id, SafetyPlanVersion.client_id == client.id
            )
        )
    ).one()
    ago: dict[str, Any] = {
        name: getattr(row, name) - timedelta(days=days)
        for name in ("made_at", "changed_at", "agreed_at", "reviewed_at", "review_due")
    }
    for name, value in ago.items():
        setattr(row, name, value)


async def _contacts(db: Db, client: Client) -> dict[str, UUID]:
    rows = await db.scalars(
        select(EmergencyContact).where(
            EmergencyContact.program_id == client.program_id, EmergencyContact.client_id == client.id
        )
    )
    return {reveal(db, row, "name") or "": row.id for row in rows}


def _item(line: str, contacts: dict[str, UUID]) -> Item:
    words, _, name = line.partition("@")
    return Item(id=new_id(), words=words, contact_id=contacts[name] if name else None)
