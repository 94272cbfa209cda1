"""The trace of which a request is part, as the W3C's recommendation "Trace Context" says it."""

import re

from aiohttp import web

from server.web.headers.fields import header

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[^,]*)?")
_FIRST_VERSION = "00-"


def trace_id(request: web.Request) -> dict[str, str]:
    """Return the id of the trace by its name in the log; nothing if the request has no valid traceparent.

    Parameters
    ----------
    request : Request
        The request.
    """
    sent = header(request, "traceparent")
    match = _TRACEPARENT.fullmatch(sent)
    if match is None or (match[2] and sent.startswith(_FIRST_VERSION)):
        return {}
    return {"trace_id": match[1]}
