"""The pages for people: the gallery, and a form for each animation."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from aiohttp import web

from server.errors import NotFoundError
from server.web.forms import controls
from server.web.keys import ACCESS, SERVICE
from server.web.openapi import document

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
    return _html(request, "gallery.html", entries=list(request.app[SERVICE].catalog))


async def page(request: web.Request) -> web.Response:
    """Show one animation, and a form that drives it."""
    service = request.app[SERVICE]
    entry = service.entry(request.match_info["name"])
    arguments, common = controls(entry)
    return _html(
        request, "animation.html", entry=entry, arguments=arguments, common=common, formats=service.formats.values()
    )


async def openapi(request: web.Request) -> web.Response:
    """Describe the interface for programs."""
    prefix = _url_maker(request)("gallery")
    return web.json_response(document(request.app[SERVICE], prefix, closed=request.app[ACCESS].closed))


async def reference(request: web.Request) -> web.Response:
    """Describe the interface for people."""
    service = request.app[SERVICE]
    described = [(entry, *controls(entry)) for entry in service.catalog]
    return _html(
        request,
        "docs.html",
        described=described,
        formats=service.formats,
        closed=request.app[ACCESS].closed,
        origin=str(request.url.origin()),
    )


async def asset(request: web.Request) -> web.Response:
    """Answer with a file that the pages need."""
    name = request.match_info["asset"]
    if name not in _ASSETS:
        raise NotFoundError("there is no such file")
    return web.Response(
        text=_asset_text(name), content_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=300"}
    )


@cache
def _asset_text(name: str) -> str:
    return (files("server.web") / "assets" / name).read_text(encoding="utf-8")


def _html(request: web.Request, template: str, **values: Any) -> web.Response:
    text = _environment().get_template(template).render(url=_url_maker(request), **values)
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-cache"})


def _url_maker(request: web.Request) -> Callable[..., str]:
    """Return a function from a route's name to its path, which depends on where the application is mounted."""
    router = request.app.router
    return lambda route, **parts: str(router[route].url_for(**parts))
