from tests.rooms.conftest import clinic

__all__ = ["clinic"]
