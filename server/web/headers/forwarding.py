"""What proxies write about a request: the X-Forwarded headers, and Forwarded of RFC 7239."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from multidict import CIMultiDictProxy

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PAIR = re.compile(rf'\s*(?P<name>{_NAME})=(?:(?P<token>[^\s;,"]*)|"(?P<quoted>(?:[^"\\]|\\.)*)")\s*(?P<end>[;,]|\Z)')
_EMPTY = re.compile(r"\s*(?P<end>[;,]|\Z)")


@dataclass(frozen=True, slots=True)
class Hop:
    """What one proxy says of the request that it received; empty where it says nothing.

    Attributes
    ----------
    client : str
        The node that sent the request: an address, perhaps with a port, ``unknown`` or an obfuscated identifier.
    scheme, host, prefix : str
        The scheme and the host of its address, and the path under which the proxy has the server.
    """

    client: str = ""
    scheme: str = ""
    host: str = ""
    prefix: str = ""


def outermost(headers: CIMultiDictProxy[str], proxies: int) -> Hop | None:
    """Return what the outermost of so many trusted proxies says; None if fewer have written.

    X-Forwarded headers count before Forwarded, which is read where there is no X-Forwarded-For.
    """
    if proxies < 1:
        return None
    clients = _listed(headers, "X-Forwarded-For")
    if clients:
        values = (_listed(headers, f"X-Forwarded-{name}") for name in ("Proto", "Host", "Prefix"))
        # A proxy may replace one of these, so that there is a single one whatever the number of proxies.
        return (
            Hop(clients[-proxies], *(v[-min(proxies, len(v))] if v else "" for v in values))
            if (proxies <= len(clients))
            else None
        )
    elements = read_forwarded(", ".join(headers.getall("Forwarded", ())))
    if proxies > len(elements):
        return None
    element = elements[-proxies]
    return Hop(element.get("for", ""), element.get("proto", ""), element.get("host", ""))


def _listed(headers: CIMultiDictProxy[str], name: str) -> list[str]:
    return [part.strip() for text in headers.getall(name, ()) for part in text.split(",") if part.strip()]


def read_forwarded(text: str) -> list[Mapping[str, str]]:
    """Read a Forwarded header: the pairs of each element, by their names in lower case; nothing if it is malformed."""
    try:
        return [element for element in _elements(text) if element]
    except ValueError:
        return []


def _elements(text: str) -> Iterator[dict[str, str]]:
    element: dict[str, str] = {}
    place = 0
    while place < len(text):
        pair = _PAIR.match(text, place)
        match = pair or _EMPTY.match(text, place)
        if match is None or (pair is not None and pair["name"].lower() in element):
            raise ValueError("not a Forwarded header")
        if pair is not None:
            quoted = pair["quoted"]
            value = pair["token"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            element[pair["name"].lower()] = value
        if match["end"] != ";":
            yield element
            element = {}
        place = match.end()
    yield element


_NODE = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[^:\[\]]+))(?::[\w.-]+)?")


def address_of(node: str) -> str | None:
    """Return the IP address of a node, without its port; None for ``unknown`` and identifiers that hide it."""
    match = _NODE.fullmatch(node)
    text = (match["six"] or match["four"]) if match else node
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
