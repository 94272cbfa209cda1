"""HTML elements that show a file, and need no other file."""

import base64
import re
from html import escape, unescape

from renderer.types import Size

PLAYER = "text/html"
"""The media type of a page that plays an animation."""

SHEET = "text/x-frames"
"""The type of the script elements that hold the frames of such a page, the first frame first and alone."""

_FIRST_SHEET = re.compile(f'<script type="{SHEET}"[^>]*>([^<]*)'.encode())
_TITLE = re.compile(rb"<title>([^<]*)</title>")
_LEAST_WIDTH = 300  # pixels
_CONTROLS = "clamp(80px,(430px - 100%)*999,120px)"
"""Height of the controls below the picture: player.css puts them into another row below this width."""


def data_uri(data: bytes, media_type: str) -> str:
    """Return a file as a ``data:`` URI."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def title_of(page: bytes) -> str:
    """Return the title of a page that plays an animation."""
    found = _TITLE.search(page)
    return unescape(found[1].decode()) if found else ""


def element(data: bytes, media_type: str, size: Size, text: str, *, loop: bool) -> str:
    """Return the element that shows a file: an ``<img>``, a ``<video>``, or a player in an ``<iframe>``.

    Parameters
    ----------
    data : bytes
        The file.
    media_type : str
        Its media type.
    size : Size
        Width and height of the picture, in pixels.
    text : str
        What it shows, for those who do not see it.
    loop : bool
        Whether a video is played again and again. The other files say it themselves.
    """
    if media_type == PLAYER:
        return _player(data, size, escape(text))
    source = f'src="{escape(data_uri(data, media_type))}" width="{size.width}" height="{size.height}"'
    if media_type.startswith("video/"):
        manner = "controls autoplay loop muted" if loop else "controls autoplay muted"
        return f'<video {source} aria-label="{escape(text)}" {manner} playsinline></video>'
    return f'<img {source} alt="{escape(text)}">'


def _player(page: bytes, size: Size, text: str) -> str:
    """Return a page in a frame of its own, over a picture of its first frame.

    The picture is what notebooks show that are not trusted: they leave frames out. It gives the frame its height, the
    controls apart. The page may run its script, and has no access to what is around it.
    """
    first = _FIRST_SHEET.search(page)
    poster = first[1].decode("ascii") if first else ""
    source = escape(page.decode())
    place = "position:absolute;left:0;top:0;width:100%;height:100%;border:0"
    return (
        f'<div style="position:relative;width:{max(size.width, _LEAST_WIDTH)}px;max-width:100%">'
        f'<img src="data:image/webp;base64,{poster}" width="{size.width}" height="{size.height}" alt="{text}" '
        f'style="display:block;max-width:100%;height:auto;margin:0">'
        f'<div style="padding-top:{_CONTROLS}"></div>'
        f'<iframe srcdoc="{source}" sandbox="allow-scripts" title="{text}" style="{place}"></iframe></div>'
    )
