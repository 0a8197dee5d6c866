"""Where a request comes from: another site's page must start no write and no socket here."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from app.errors import NotAllowed
from app.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ForeignOrigin(NotAllowed):
    code = "foreign_origin"


def check_origin(connection: HTTPConnection) -> None:
    """Refuses a write or a socket that another site's page started. SameSite=Strict is the first wall, this the second.

    A browser says `Origin: null` for a form on a page without referrer; then Sec-Fetch-Site decides. Neither
    header: not a browser of today, and no reason to trust it.
    """
    settings: Settings = connection.app.state.settings
    origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise ForeignOrigin("This request came from another site. Open Handrail itself and try again.")
    if origin not in (None, "null"):
        if origin in own_origins(settings.public_base_url):
            return
        raise ForeignOrigin(
            "This request came from another address than the one Handrail is set up for. "
            "Open Handrail at its own address and try again."
        )
    if site is None:
        raise ForeignOrigin(
            "The browser did not say where this request came from. Reload the page and try again."
        )


def own_origins(public_base_url: str) -> frozenset[str]:
    """The one origin; on loopback all its names, because people type either."""
    parts = urlsplit(public_base_url)
    own = {f"{parts.scheme}://{parts.netloc}"}
    if parts.hostname in LOOPBACK:
        port = f":{parts.port}" if parts.port else ""
        own |= {f"{parts.scheme}://{name}{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset(own)
