"""The headers of RFC 9110 by which a client asks for less than the whole or for a form of it, each read by its grammar.

These functions take the texts of headers, and know nothing of requests. The lines of a repeated header are joined by
commas, as the RFC says.
"""

import re
from collections.abc import Mapping

_TAG = re.compile(r'\s*(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\U0010ffff]*")\s*(?:,|\Z)')
_GAP = re.compile(r"\s*(?:,|\Z)")
_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]*)-(?P<last>[0-9]*)[ \t]*", re.IGNORECASE | re.ASCII)
_QUALITY = re.compile(r"[ \t]*q=(?P<q>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*", re.IGNORECASE | re.ASCII)

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
    """Whether Accept names HTML, as browsers do that show a page, and likes it better than JSON."""
    qualities = _qualities(header)
    return qualities.get("text/html", 0.0) > max(qualities.get(name, 0.0) for name in _JSON)


def _qualities(header: str) -> Mapping[str, float]:
    """Return the quality of each coding or type; one that is malformed counts as refused."""
    result = {}
    for part in header.split(","):
        coding, semicolon, weight = part.partition(";")
        match = _QUALITY.fullmatch(weight)
        result[coding.strip().lower()] = (float(match["q"]) if match else 0.0) if semicolon else 1.0
    return result
