"""The app behind a real server on a free port, in the test's own loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """Yields the base address, which becomes the app's own. The same port can be served again later."""
    listening = socket.create_server(("127.0.0.1", port))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app.state.settings = app.state.settings.model_copy(update={"public_base_url": base})
    config = uvicorn.Config(
        app, log_level="warning", lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:  # noqa: ASYNC110  uvicorn offers no event to wait for
            await asyncio.sleep(0.01)
        yield base
    finally:
        server.should_exit = True
        await running
        listening.close()
