"""The evening so far: yesterday is put away, and two groups have been under way for half an hour.

Told with a clock that is set back, through the actions that staff, clients and the video platform use, so that
everything on the board has the history it would have in life.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.client_pages import actions as page_actions
from app.client_pages import card_answers, links, standing
from app.client_pages.forms import CheckIn, Kit, Place
from app.client_pages.tokens import Device
from app.client_pages.words import words_in
from app.clock import MovableClock, SystemClock
from app.db import ENGINE_ROLE, Database, Db, now_of
from app.demo import afterwards, old_evening, practised
from app.demo.people import BACKUP, CLIENTS, MEETINGS, SUPERVISOR, Meeting, Person
from app.demo.seed import client_named, viewer_named
from app.grounding import actions as grounding
from app.group_sessions import actions as group_actions
from app.group_sessions import meetings, scheduling
from app.group_sessions.models import Group
from app.incidents import taps
from app.lanes import private_rooms
from app.lanes.models import Breakout
from app.rooms import intake
from app.rooms.deliveries import Delivery
from app.rooms.models import PlatformConnection
from app.seal import Seal
from app.staff.access import Viewer
from app.staff.demo import DEMO_PROGRAM_ID

# Rosters and links are made before the first person comes.
BEFORE = timedelta(minutes=42)

Scene = Callable[[], Awaitable[None]]


async def begin(url: str, seal: Seal) -> None:
    """Two databases: one that ends the old evening now, one whose clock stands where the new one began.

    The journal of a demo that is begun anew within the hour therefore tells two evenings at once; its chain holds.
    """
    now = SystemClock().now()
    today = Database(url, role=ENGINE_ROLE, clock=SystemClock(), seal=seal, pool_size=1)
    try:
        await old_evening.put_away(today)
    finally:
        await today.close()
    clock = MovableClock(now - BEFORE)
    told = Database(url, role=ENGINE_ROLE, clock=clock, seal=seal, pool_size=1)
    try:
        await practised.tell(told, clock, now)
        await afterwards.tell(told, clock, now)
        clock.move((now - BEFORE - clock.now()).total_seconds())
        await _Evening(told, clock, now).tell()
    finally:
        await told.close()


@dataclass
class _Evening:
    database: Database
    clock: MovableClock
    now: datetime
    meeting_ids: dict[str, UUID] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    scenes: list[tuple[float, Scene]] = field(default_factory=list)

    async def tell(self) -> None:
        await self._schedule()
        for meeting in MEETINGS:
            self._at(meeting.began.total_seconds() / 60, self._opens(meeting))
        for person in CLIENTS:
            self._person(person)
        self._at(28, self._told_privately("Dev P.", "Jon Bell"))
        self._at(6.4, self._by_staff("Skye M.", "Sam Okafor", private_rooms.open_room))
        self._at(6.2, self._in_the_room("Skye M.", "Sam Okafor", private_rooms.join))
        self._at(1.2, self._in_the_room("Skye M.", "Sam Okafor", private_rooms.answer))
        self._at(5, self._breathes("Skye M.", "Sam Okafor"))
        self._at(2.5, self._breathed("Skye M.", "Sam Okafor"))
        self._at(6, self._recognised("Imani B.", "Priya Nair"))
        self._at(1, self._back_in_five("Ruth A."))
        for minutes_ago, scene in sorted(self.scenes, key=lambda told: -told[0]):
            self._set(minutes_ago)
            await scene()

    def _at(self, minutes_ago: float, scene: Scene) -> None:
        self.scenes.append((minutes_ago, scene))

    def _set(self, minutes_ago: float) -> None:
        wanted = self.now - timedelta(minutes=minutes_ago)
        self.clock.move((wanted - self.clock.now()).total_seconds())

    async def _schedule(self) -> None:
        async with self.database.transaction(DEMO_PROGRAM_ID) as db:
            supervisor, backup = await viewer_named(db, SUPERVISOR), await viewer_named(db, BACKUP)
            platform = (
                await db.scalars(
                    select(PlatformConnection.id).where(PlatformConnection.program_id == DEMO_PROGRAM_ID)
                )
            ).one()
            for meeting in MEETINGS:
                starts_at = (self.now - meeting.began).replace(second=0, microsecond=0)
                made = await scheduling.schedule(
                    db,
                    supervisor,
                    group_id=await self._group(db, meeting),
                    starts_at=starts_at,
                    ends_at=starts_at + meeting.lasts,
                    lead_id=(await viewer_named(db, meeting.lead)).staff_id,
                    cofacilitator_id=(await viewer_named(db, meeting.cofacilitator)).staff_id,
                    supervisor_id=supervisor.staff_id,
                    backup_id=backup.staff_id,
                    platform="generic",
                    platform_connection_id=platform,
                    platform_ref=meeting.room,
                )
                await db.flush()
                self.meeting_ids[meeting.group] = made.id
            for person in CLIENTS:
                client = await client_named(db, person)
                await meetings.add_to_roster(
                    db, supervisor, self.meeting_ids[person.meeting.group], client.id
                )
                await db.flush()

    async def _group(self, db: Db, meeting: Meeting) -> UUID:
        found = await db.scalars(
            select(Group.id).where(Group.program_id == DEMO_PROGRAM_ID, Group.name == meeting.group)
        )
        return found.one()

    def _opens(self, meeting: Meeting) -> Scene:
        async def scene() -> None:
            async with self.database.transaction(DEMO_PROGRAM_ID) as db:
                lead = await viewer_named(db, meeting.lead)
                await meetings.open_meeting(db, lead, self.meeting_ids[meeting.group], None)

        return scene

    def _person(self, person: Person) -> None:
        if not person.here:
            return
        began = person.meeting.began.total_seconds() / 60
        self._at(began + 4, self._checks_in(person))
        self._at(min(person.joined_minutes_ago, began + 3), self._joins(person))

    def _checks_in(self, person: Person) -> Scene:
        async def scene() -> None:
            meeting_id = self.meeting_ids[person.meeting.group]
            async with self.database.transaction(DEMO_PROGRAM_ID) as db:
                lead = await viewer_named(db, person.meeting.lead)
                client = await client_named(db, person)
                address = await links.make_link(db, lead, meeting_id, client.id, base_url="")
            pressed = await links.press(self.database, address.rsplit("/", 1)[-1], None)
            if pressed.device is None:
                raise RuntimeError(f"{person.name} could not open their page")
            self.devices[person.name] = pressed.device
            async with self.database.transaction(DEMO_PROGRAM_ID) as db:
                found = await standing.of_device(db, pressed.device)
                if found is None:
                    raise RuntimeError(f"{person.name} has no page")
                plan = (await standing.now_on_page(db, found)).plan
                told = CheckIn(
                    _place(person), person.alone, "same", adult=person.adult, adult_who=person.adult_who
                )
                await page_actions.check_in(db, found, told, uuid4().hex, plan=plan)
                if person.kit:
                    await page_actions.equipment(db, found, Kit(person.kit, person.battery), uuid4().hex)
                if person.signed_card:
                    await card_answers.answer(
                        db, found, words_in(found.language), "agreed", None, uuid4().hex
                    )

        return scene

    def _joins(self, person: Person) -> Scene:
        async def scene() -> None:
            async with self.database.transaction(DEMO_PROGRAM_ID) as db:
                connection = (
                    await db.scalars(
                        select(PlatformConnection).where(PlatformConnection.program_id == DEMO_PROGRAM_ID)
                    )
                ).one()
                client = await client_named(db, person)
                delivery = Delivery(
                    delivery_id=uuid4().hex,
                    room=person.meeting.room,
                    person=f"person:{client.id}",
                    connection=f"{client.id}:{uuid4().hex[:8]}",
                    kind="joined",
                    occurred_at=now_of(db),
                    shown_as=person.name,
                )
                await intake.take(db, connection, [delivery])

        return scene

    def _told_privately(self, name: str, staff: str) -> Scene:
        return self._by_staff(name, staff, group_actions.tell_place)

    def _in_the_room(self, name: str, staff: str, act: Callable[..., Awaitable[Any]]) -> Scene:
        async def press(db: Db, viewer: Viewer, meeting_id: UUID, client_id: UUID) -> None:
            room = await db.scalars(
                select(Breakout.id).where(
                    Breakout.program_id == DEMO_PROGRAM_ID,
                    Breakout.group_session_id == meeting_id,
                    Breakout.client_id == client_id,
                    Breakout.ended_at.is_(None),
                )
            )
            await act(db, viewer, room.one())

        return self._by_staff(name, staff, press)

    def _recognised(self, name: str, staff: str) -> Scene:
        async def recognised(db: Db, viewer: Viewer, meeting_id: UUID, client_id: UUID) -> None:
            await taps.recognised(db, viewer, meeting_id, client_id, "video")

        return self._by_staff(name, staff, recognised)

    def _breathes(self, name: str, staff: str) -> Scene:
        async def started(db: Db, viewer: Viewer, meeting_id: UUID, client_id: UUID) -> None:
            await grounding.begin(db, viewer, meeting_id, client_id, "exhale", "start", 7)

        return self._by_staff(name, staff, started)

    def _breathed(self, name: str, staff: str) -> Scene:
        async def done(db: Db, viewer: Viewer, meeting_id: UUID, client_id: UUID) -> None:
            told = grounding.Told(after=4, words="Slower. My hands are warm again.")
            await grounding.end(db, viewer, meeting_id, client_id, "done", told)

        return self._by_staff(name, staff, done)

    def _by_staff(self, name: str, staff: str, act: Callable[..., Awaitable[Any]]) -> Scene:
        async def scene() -> None:
            async with self.database.transaction(DEMO_PROGRAM_ID) as db:
                person = next(person for person in CLIENTS if person.name == name)
                viewer, client = await viewer_named(db, staff), await client_named(db, person)
                await act(db, viewer, self.meeting_ids[person.meeting.group], client.id)

        return scene

    def _back_in_five(self, name: str) -> Scene:
        async def scene() -> None:
            async with self.database.transaction(DEMO_PROGRAM_ID) as db:
                page = await standing.of_device(db, self.devices[name])
                if page is None:
                    raise RuntimeError(f"{name} has no page")
                await page_actions.away(db, page, None, uuid4().hex)

        return scene


def _place(person: Person) -> Place | None:
    match person.place:
        case "home":
            return Place(same=True)
        case "told_privately" | "nowhere":
            return None
        case street:
            return Place(same=False, street=street)
