"""What is written down when a client has died, and shown."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.emergency.views import Body, View


class NewDeath(Body):
    """`name`: typed out, as it stands on the record. `learned_how`: from whom, and when."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    died_on: date | None = None
    learned_how: Annotated[str, Field(min_length=10, max_length=2000)]


class TakenBack(Body):
    why: Annotated[str, Field(min_length=10, max_length=2000)]


class DeathView(View):
    died_on: date | None
    learned_how: str
    recorded_by: str
    recorded_at: datetime
    legal_hold_since: datetime | None


class DeathNow(View):
    death: DeathView | None
