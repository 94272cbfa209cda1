"""What an application carries for its handlers."""

from aiohttp import web

from server.access import Access
from server.rendering.service import Service

ACCESS: web.AppKey[Access] = web.AppKey("access", Access)
SERVICE: web.AppKey[Service] = web.AppKey("service", Service)
