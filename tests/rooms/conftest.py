from tests.presence.conftest import meeting

__all__ = ["meeting"]
