"""The pages for people: the gallery, and a form for each animation."""

import json
from collections.abc import Callable, Hashable
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from aiohttp import web

from server.errors import NotFoundError
from server.web.answers import unchanged
from server.web.caching import revalidated
from server.web.conditions import accepts_gzip
from server.web.forms import controls
from server.web.keys import ACCESS, DOCUMENTS, SERVICE
from server.web.openapi import document
from server.web.outside import outside

_ASSETS = {"style.css": "text/css", "form.js": "text/javascript"}


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("server.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def gallery(request: web.Request) -> web.Response:
    """Show all animations."""
    url = _url_maker(request)
    entries = list(request.app[SERVICE].catalog)
    return await _page(request, ("gallery", url("gallery")), "gallery.html", lambda: {"url": url, "entries": entries})


async def page(request: web.Request) -> web.Response:
    """Show one animation, and a form that drives it."""
    service = request.app[SERVICE]
    entry = service.entry(request.match_info["name"])
    url = _url_maker(request)

    def values() -> dict[str, Any]:
        arguments, common = controls(entry)
        formats = service.formats.values()
        return {"url": url, "entry": entry, "arguments": arguments, "common": common, "formats": formats}

    return await _page(request, ("page", entry.name, url("gallery")), "animation.html", values)


async def openapi(request: web.Request) -> web.Response:
    """Describe the interface for programs."""
    prefix = _url_maker(request)("gallery")

    def text() -> str:
        return json.dumps(document(request.app[SERVICE], prefix, request.app[ACCESS]))

    return await _document(request, ("openapi", prefix), "application/json", text)


async def reference(request: web.Request) -> web.Response:
    """Describe the interface for people."""
    service, access = request.app[SERVICE], request.app[ACCESS]
    url, origin = _url_maker(request), outside(request).origin

    def values() -> dict[str, Any]:
        described = [(entry, *controls(entry)) for entry in service.catalog]
        more = {"formats": service.formats, "closed": access.closed, "origin": origin}
        return {"url": url, "described": described, **more}

    return await _page(request, ("docs", url("gallery"), origin), "docs.html", values)


async def asset(request: web.Request) -> web.Response:
    """Answer with a file that the pages need."""
    name = request.match_info["asset"]
    if name not in _ASSETS:
        raise NotFoundError("there is no such file")
    return await _document(
        request, ("asset", name), _ASSETS[name], lambda: (files("server.web") / "assets" / name).read_text("utf-8")
    )


async def _page(
    request: web.Request, key: Hashable, template: str, values: Callable[[], dict[str, Any]]
) -> web.Response:
    return await _document(request, key, "text/html", lambda: _environment().get_template(template).render(**values()))


async def _document(request: web.Request, key: Hashable, content_type: str, text: Callable[[], str]) -> web.Response:
    """Answer with a text that is made once for a key, in the coding that the client likes."""
    made = await request.app[DOCUMENTS].get(key, text)
    shown = made.compressed if accepts_gzip(request.headers.get("Accept-Encoding")) else made.plain
    headers = {"ETag": shown.etag, "Cache-Control": revalidated(request), "Vary": "Accept-Encoding"}
    if unchanged(request, shown.etag):
        return web.Response(status=304, headers=headers)
    if shown.coding:
        headers["Content-Encoding"] = shown.coding
    return web.Response(body=shown.body, content_type=content_type, charset="utf-8", headers=headers)


def _url_maker(request: web.Request) -> Callable[..., str]:
    """Return a function from a route's name to the path of its address, as it is seen from outside."""
    router, prefix = request.app.router, outside(request).prefix
    return lambda route, **parts: f"{prefix}{router[route].url_for(**parts)}"
