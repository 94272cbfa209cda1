"""Who may store an answer, and for how long."""

from aiohttp import web

from server.access import lifetime
from server.web.keys import ACCESS, SERVICE


def signed(request: web.Request) -> bool:
    """Whether the address of a picture carries a signature, where signatures count."""
    is_picture = "format" in request.match_info
    return request.app[ACCESS].signer is not None and is_picture and "signature" in request.query


def storable(request: web.Request) -> str:
    """Return the Cache-Control of a picture: private where access is needed, and no longer than its signature holds."""
    seconds = request.app[SERVICE].settings.max_age
    if not request.app[ACCESS].closed:
        return f"public, max-age={seconds}"
    if signed(request):
        seconds = max(0, min(seconds, int(lifetime(dict(request.query)))))
    return f"private, max-age={seconds}"


def revalidated(request: web.Request) -> str:
    """Return the Cache-Control of a page: it may be stored, and is asked for again each time."""
    return "private, no-cache" if request.app[ACCESS].closed else "no-cache"
