"""The loop that turns due steps into attempts and attempts into rings."""

from app.engine.process import run

__all__ = ["run"]
