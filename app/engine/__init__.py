"""The loop that turns due steps into attempts and attempts into rings."""

from app.engine.loop import run

__all__ = ["run"]
