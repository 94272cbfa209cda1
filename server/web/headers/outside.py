"""The one notion of how a request looks from outside: whose it is, and under which address the server is seen.

It comes from the settings `root_path` and `public_url`, else from what trusted proxies write. Host is not trusted.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from server.web.headers.forwarding import Hop, address_of, outermost
from server.web.keys import SERVICE

_IPV6_NETWORK = 64
"""Bits of an IPv6 address that one client has the rest of."""

_HOST = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{0,5}))?")
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True, slots=True)
class Outside:
    """How a request looks from outside.

    Attributes
    ----------
    client : str
        Address of the client; empty if it is not known.
    origin : str
        Scheme and host under which the server is seen; empty if nobody trusted says.
    prefix : str
        Path under which the server is seen, without a slash at its end.
    """

    client: str
    origin: str
    prefix: str

    @property
    def network(self) -> str:
        """What limits count as one client: an IPv4 address, or an IPv6 network of 64 bits."""
        return network_of(self.client)


def outside(request: web.Request) -> Outside:
    """Return how a request looks from outside."""
    settings = request.app[SERVICE].settings
    hop = outermost(request.headers, settings.trusted_proxies) or Hop()
    client = address_of(hop.client) or request.remote or ""
    if settings.public_url is not None:
        public = urlsplit(settings.public_url)
        return Outside(client, f"{public.scheme}://{public.netloc}", settings.prefix)
    scheme = hop.scheme.lower() or "http"
    origin = f"{scheme}://{hop.host}" if scheme in ("http", "https") and is_host(hop.host) else ""
    prefix = hop.prefix.rstrip("/") if _PREFIX.fullmatch(hop.prefix) else ""
    return Outside(client, origin, settings.prefix or prefix)


def network_of(client: str) -> str:
    """Return what limits count as one client."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))


def is_host(text: str) -> bool:
    """Whether a text is a host, perhaps with a port, as the Host header has it."""
    match = _HOST.fullmatch(text)
    return match is not None and int(match["port"] or 0) <= 65535
