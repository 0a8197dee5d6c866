"""The parser of requests, with an end to what is not their body: httptools takes heads of any length, h11 16 kB."""

import asyncio

MOST_BYTES = 16 * 1024
# The lengths between the pieces of a body that comes in pieces, and what may follow the last one.
MOST_BESIDE = 1024 * 1024

# For uvicorn: its own word for the slower parser, where there is no httptools.
PARSER: str | type[asyncio.Protocol] = "h11"

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # no wheel for this platform; see the marker in pyproject.toml
    pass
else:

    class BoundedHeads(HttpToolsProtocol):
        """Answers 400 and closes. A head may come in many pieces, or whole in one that is read at once."""

        _beside = 0
        _in_head = True

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._beside, self._in_head = 0, True

        def on_headers_complete(self) -> None:
            self._in_head = False
            if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_BYTES:
                # What a callback raises is to the parser a request that cannot be read.
                raise ValueError
            super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            self._beside -= len(body)
            super().on_body(body)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._beside += len(data)
            too_much = self._beside > (MOST_BYTES if self._in_head else MOST_BESIDE)
            if too_much and not self.transport.is_closing():
                self.send_400_response("Invalid HTTP request received.")

    PARSER = BoundedHeads
