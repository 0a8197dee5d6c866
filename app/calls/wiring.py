"""The lines of one process: simulated ones always, the outside one where the provider's account is set up."""

from app.calls.lines import Lines
from app.calls.simulated import SimulatedLine
from app.calls.twilio_line import TwilioLine
from app.clock import Clock
from app.db import Database
from app.settings import Settings


def make_lines(settings: Settings, database: Database, _clock: Clock) -> Lines:
    """Inside a running loop. A demo never gets an outside line, whatever its surroundings say."""
    outside = TwilioLine(settings) if settings.has_outside_line and settings.environment != "demo" else None
    return Lines(simulated=SimulatedLine(database), outside=outside)
