"""A group of two staff and a few clients, with code words chosen on the staff's own screens."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.db import Database
from tests.house import Browser, House
from tests.rooms.conftest import Clinic, Met, clinic

__all__ = ["clinic"]


@dataclass
class Ward:
    """Maya leads, Jon is the co-facilitator, Sam the supervisor, Bea the backup; all have met Ana and Ben."""

    clinic: Clinic
    met: Met
    maya: Browser
    jon: Browser
    sam: Browser
    bea: Browser

    @property
    def house(self) -> House:
        return self.clinic.house

    @property
    def web(self) -> Database:
        return self.house.database

    def words_of(self, name: str) -> str:
        return f"/api/clients/{self.met.clients[name]}/code-words"

    async def chooses(
        self, who: Browser, name: str, phrase: str, kind: str = "danger", form: str = "words"
    ) -> httpx.Response:
        body = {"phrase": phrase, "form": form}
        return await who.sends("PUT", f"{self.words_of(name)}/{kind}", body)

    async def chose(self, name: str, phrase: str, kind: str = "danger", form: str = "words") -> None:
        assert (await self.chooses(self.maya, name, phrase, kind, form)).status_code == 200

    async def line(self, name: str, who: Browser | None = None) -> dict[str, Any]:
        """What Prepare says of one client."""
        told = await self.told(who)
        return next(line for line in told["clients"] if line["name"] == name)

    async def told(self, who: Browser | None = None) -> dict[str, Any]:
        answer = await (who or self.maya).get(f"{self.met.path}/code-words")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def shows(self, who: Browser) -> httpx.Response:
        return await who.post(f"{self.met.path}/code-words/show")


@pytest.fixture
async def ward(clinic: Clinic) -> Ward:
    met = await clinic.meets("Ana T", "Ben T", opens=False)
    browsers = {
        place: await clinic.house.signed_in(person)
        for place, person in clinic.people.items()
        if place != "supervisor"
    }
    return Ward(clinic, met, browsers["lead"], browsers["cofacilitator"], clinic.sam, browsers["backup"])
