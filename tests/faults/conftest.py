from tests.stories.conftest import world

__all__ = ["world"]
