"""A header, however many lines it has."""

from aiohttp import web


def header(request: web.Request, name: str) -> str:
    """Return a header that is a list, its lines joined."""
    return ", ".join(request.headers.getall(name, ()))
