"""What an application carries for its handlers."""

from aiohttp import web

from server.access import Access
from server.rendering.service import Service
from server.web.documents import Documents
from server.web.places import Places

ACCESS: web.AppKey[Access] = web.AppKey("access", Access)
SERVICE: web.AppKey[Service] = web.AppKey("service", Service)
DOCUMENTS: web.AppKey[Documents] = web.AppKey("documents", Documents)
IN_PROGRESS: web.AppKey[Places] = web.AppKey("in_progress", Places)
"""The requests in progress by client, where connections do not show whose they are."""
