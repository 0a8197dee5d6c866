"""The whole chain on the configured database, in real time, with telephones that only exist there."""

from app.selftest.running import run

__all__ = ["run"]
