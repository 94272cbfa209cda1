"""The pages for people: the gallery, a form for each animation, and what went wrong."""

import json
from collections.abc import Callable, Hashable
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from aiohttp import web

from server.catalog.entries import Entry
from server.errors import NotFoundError
from server.web.answers import unchanged
from server.web.headers.caching import revalidated
from server.web.headers.conditions import accepts_gzip
from server.web.headers.outside import outside
from server.web.keys import ACCESS, DOCUMENTS, SERVICE
from server.web.openapi import document, statuses
from server.web.pages.forms import COLORS
from server.web.pages.states import sentence, state_of
from server.web.problems import Problem

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ICON = "favicon.svg"
_FOLDER = files("server.web") / "assets"
_SEARCHED = 100
"""Characters of a search that count."""


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
    """Show all animations, or those that a search finds."""
    catalog = request.app[SERVICE].catalog
    wanted = " ".join(request.query.get("q", "").lower().split())[:_SEARCHED]

    def values() -> dict[str, Any]:
        found = {entry.name for entry in catalog if all(word in _searched(entry) for word in wanted.split())}
        return {"groups": catalog.groups, "found": found, "wanted": wanted, "searched": _searched}

    return await _page(request, ("gallery", wanted), "gallery.html", values)


async def entrance(request: web.Request) -> web.Response:
    """Lead to the gallery from the path under which clients see the server, written without a slash at its end."""
    raise web.HTTPSeeOther(_url_maker(request)("gallery"))


async def page(request: web.Request) -> web.Response:
    """Show one animation, and a form that drives it. The query of the page is the state of the form."""
    service = request.app[SERVICE]
    entry = service.entry(request.match_info["name"])
    written = tuple(request.query.items())
    state = state_of(service, entry, written) if written else None
    if state is not None and len(state.query) < len(written):
        raise web.HTTPSeeOther(_url_maker(request)("page", name=entry.name) + state.page_query)

    def values() -> dict[str, Any]:
        shown = state or state_of(service, entry, ())
        more = {"colors": COLORS, "formats": service.formats.values(), "closed": request.app[ACCESS].closed}
        return {"entry": entry, "state": shown, **more}

    return await _page(request, ("page", entry.name, written), "animation.html", values)


async def openapi(request: web.Request) -> web.Response:
    """Describe the interface for programs."""
    prefix = _url_maker(request)("gallery")

    def text() -> str:
        return json.dumps(document(request.app[SERVICE], prefix, request.app[ACCESS]))

    return await _document(request, ("openapi", prefix), "application/json", text)


async def reference(request: web.Request) -> web.Response:
    """Describe the interface for people."""
    service, access = request.app[SERVICE], request.app[ACCESS]
    origin = outside(request).origin

    def values() -> dict[str, Any]:
        described = [(entry, state_of(service, entry, ())) for entry in service.catalog]
        more = {"formats": service.formats, "closed": access.closed, "origin": origin, "statuses": statuses(access)}
        return {"described": described, **more}

    return await _page(request, ("docs", origin), "docs.html", values)


def problem_page(request: web.Request, problem: Problem, request_id: str) -> web.Response:
    """Return an answer that says a problem to people."""
    values = {"url": _url_maker(request), "catalog": request.app[SERVICE].catalog, "sentence": sentence}
    text = _environment().get_template("problem.html").render(problem=problem, request_id=request_id, **values)
    return problem.page(text)


async def asset(request: web.Request) -> web.Response:
    """Answer with a file that the pages need."""
    name = request.match_info["asset"]
    if name not in _assets():
        raise NotFoundError("there is no such file")
    return await _file(request, name)


async def favicon(request: web.Request) -> web.Response:
    """Answer with the icon, for which browsers ask when they show a picture alone."""
    return await _file(request, _ICON)


@cache
def _assets() -> frozenset[str]:
    return frozenset(file.name for file in _FOLDER.iterdir())


async def _file(request: web.Request, name: str) -> web.Response:
    content_type = _TYPES[name[name.rindex(".") :]]
    return await _document(request, ("asset", name), content_type, lambda: (_FOLDER / name).read_text("utf-8"))


def _searched(entry: Entry) -> str:
    """Return the text in which a search looks for words."""
    return " ".join([entry.name, entry.summary, entry.description, entry.group, *entry.tags]).lower()


async def _page(
    request: web.Request, key: tuple[Hashable, ...], template: str, values: Callable[[], dict[str, Any]]
) -> web.Response:
    url, catalog = _url_maker(request), request.app[SERVICE].catalog

    def text() -> str:
        return _environment().get_template(template).render(url=url, catalog=catalog, **values())

    return await _document(request, (*key, url("gallery")), "text/html", text)


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
