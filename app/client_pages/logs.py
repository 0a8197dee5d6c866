"""Keeps link tokens out of the server's access log, which writes down whole addresses, and whoever opens a socket out
of its other one.
"""

import logging
import re

ACCESS_LOG = "uvicorn.access"
SERVER_LOG = "uvicorn.error"
# Anything below /c/ that is not one of our own short words.
_SECRET = re.compile(r"/c/[^\s?#\"']{12,}(\?[^\s\"']*)?")


def hide(text: str) -> str:
    return _SECRET.sub("/c/…", text)


class HideTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(hide(arg) if isinstance(arg, str) else arg for arg in record.args)
        if isinstance(record.msg, str):
            record.msg = hide(record.msg)
        return True


def hide_tokens(name: str = ACCESS_LOG) -> None:
    """Once is enough; more often does no harm."""
    logger = logging.getLogger(name)
    if not any(isinstance(known, HideTokens) for known in logger.filters):
        logger.addFilter(HideTokens())


class HideSockets(logging.Filter):
    """Each socket is a line with the network address of a client or a colleague. Faults stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        of_a_socket = '"WebSocket ' in str(record.msg) or record.msg in (
            "connection open",
            "connection closed",
        )
        return record.levelno > logging.INFO or not of_a_socket


def hide_sockets(name: str = SERVER_LOG) -> None:
    logger = logging.getLogger(name)
    if not any(isinstance(known, HideSockets) for known in logger.filters):
        logger.addFilter(HideSockets())
