"""The headers of RFC 9110 by which a client asks for less than the whole or for a form of it, each read by its grammar.

These functions take the texts of headers, and know nothing of requests. The lines of a repeated header are joined by
commas, as the RFC says.
"""

import re
from collections.abc import Mapping

_TAG = re.compile(r'\s*(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\U0010ffff]*")\s*(?:,|\Z)')
_GAP = re.compile(r"\s*(?:,|\Z)")
_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]*)-(?P<last>[0-9]*)[ \t]*", re.IGNORECASE | re.ASCII)
_QUALITY = re.compile(r"q=(?P<q>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')

_DIGITS = 18
"""Digits of a number that is read; a longer one is beyond any file."""

LONG = 10**_DIGITS
"""A length beyond that of any file."""

_JSON = ("application/problem+json", "application/json")


def lists(header: str, etag: str, *, weak: bool) -> bool:
    """Whether If-Match or If-None-Match lists a strong entity tag, or is ``*``.

    Parameters
    ----------
    header : str
        The header. One that is malformed lists nothing.
    etag : str
        The entity tag, in quotes.
    weak : bool
        Whether weak tags count, as they do for If-None-Match.
    """
    if header.strip() == "*":
        return True
    place, found = 0, False
    while place < len(header):
        match = _TAG.match(header, place)
        gap = match or _GAP.match(header, place)
        if gap is None:
            return False
        found = found or (match is not None and match["tag"] == etag and (weak or not match["weak"]))
        place = gap.end()
    return found


def byte_range(header: str, size: int) -> slice | None:
    """Return the one range of bytes that Range names.

    Parameters
    ----------
    header : str
        The header.
    size : int
        Length of the representation.

    Returns
    -------
    slice or None
        None if the header names no range, several ranges or another unit, or is malformed: all of these are answered
        with the whole. An empty slice if no byte is in the range.
    """
    match = _RANGE.fullmatch(header)
    if match is None:
        return None
    first, last = (_number(text) for text in match.group("first", "last"))
    if first is None and last is None:
        return None
    if first is None:
        return slice(max(size - (last or 0), 0), size)
    if last is not None and last < first:
        return None
    stop = size if last is None else min(last + 1, size)
    return slice(min(first, size), stop)


def _number(text: str) -> int | None:
    return None if not text else int(text) if len(text) <= _DIGITS else LONG


def accepts_gzip(header: str | None) -> bool:
    """Whether Accept-Encoding prefers gzip to the plain bytes, or likes both."""
    if header is None:
        return False
    qualities = _qualities(header)
    other = qualities.get("*", 0.0)
    gzip = max(qualities.get("gzip", other), qualities.get("x-gzip", 0.0))
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


def prefers_html(header: str) -> bool:
    """Whether Accept likes HTML better than JSON, or as much and names it more precisely, as browsers do."""
    qualities = _qualities(header)
    html = _liking(qualities, "text/html")
    return html > max(_liking(qualities, name) for name in _JSON)


def _liking(qualities: Mapping[str, float], media_type: str) -> tuple[float, int]:
    """Return the quality of a media type, by the most precise range that it is in, and how precise that is."""
    ranges = ("*/*", f"{media_type.partition('/')[0]}/*", media_type)
    precision = max((place for place, name in enumerate(ranges) if name in qualities), default=0)
    quality = qualities.get(ranges[precision], 0.0)
    return (quality, precision) if quality else (0.0, 0)


def _qualities(header: str) -> Mapping[str, float]:
    """Return the quality of each coding or type, whatever its other parameters; a malformed quality refuses it."""
    result: dict[str, float] = {}
    for part in _QUOTED.sub("", header).lower().split(","):
        name, *parameters = (text.strip() for text in part.split(";"))
        weight = next((text for text in parameters if text.partition("=")[0].rstrip() == "q"), "q=1")
        match = _QUALITY.fullmatch(weight)
        result[name] = max(result.get(name, 0.0), float(match["q"]) if match else 0.0)
    return result
