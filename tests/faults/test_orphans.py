"""An engine that `serve` started ends with it, even when `serve` was killed while the engine was still starting."""

import asyncio
import os

import pytest
from fastapi import FastAPI

from app.engine import child, loop
from app.main import listen, server_of
from app.settings import Settings


async def test_an_engine_whose_parent_was_gone_before_it_looked_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(child.CHILD, "1" if os.getppid() != 1 else "2")
    stop = asyncio.Event()
    await asyncio.wait_for(loop._stop_when_orphaned(stop), 5)
    assert stop.is_set()


async def test_an_engine_stays_while_its_parent_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(child.CHILD, str(os.getppid()))
    stop = asyncio.Event()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(loop._stop_when_orphaned(stop), 0.05)
    assert not stop.is_set()


async def test_an_engine_of_its_own_asks_for_no_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(child.CHILD, raising=False)
    stop = asyncio.Event()
    await asyncio.wait_for(loop._stop_when_orphaned(stop), 5)
    assert not stop.is_set()


def test_an_engine_beside_holds_no_port_of_a_web_process_that_was_killed() -> None:
    listening = listen(server_of(Settings(environment="test", port=0), FastAPI()))
    try:
        assert not listening.get_inheritable()
    finally:
        listening.close()
