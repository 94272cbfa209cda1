"""The parts of a page that plays an animation: its head with the player, a script element for each sheet, its end.

The frames are data in script elements that browsers do not run. The player reads them while the page loads. Its script
and its style are constant texts, so that a Content-Security-Policy can name them by their hashes.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template

from renderer.clips.elements import SHEET
from renderer.types import Size

_ASSETS = files(__package__)
_SCRIPT, _STYLE, _CONTROLS = ((_ASSETS / f"player.{kind}").read_text("utf-8") for kind in ("js", "css", "html"))


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


PLAYER_POLICY = f"script-src {_hash_of(_SCRIPT)}; style-src {_hash_of(_STYLE)}"
"""The directives of a Content-Security-Policy that the player needs.

A player inside an ``<iframe srcdoc>`` has the policy of the page around it, which has to allow these.
"""


def head(size: Size, plays: int, metadata: Mapping[str, str]) -> bytes:
    """Return the begin of a page, up to the player.

    Parameters
    ----------
    size : Size
        Width and height of the frames.
    plays : int
        How many times the animation plays; 0 for forever.
    metadata : mapping of str to str
        The text of ``Title`` is the title of the page, the others are ``<meta>`` elements.
    """
    title = next((text for name, text in metadata.items() if name.lower() == "title"), "Animation")
    others = {name: text for name, text in metadata.items() if name.lower() != "title"}
    metas = [f'<meta name="{escape(name)}" content="{escape(text)}">\n' for name, text in others.items()]
    controls = Template(_CONTROLS).substitute(width=size.width, height=size.height, title=escape(title), plays=plays)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; {PLAYER_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{''.join(metas)}<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{controls}<script>{_SCRIPT}</script>\n"
    ).encode()


def sheet_element(webp: bytes, pixels: int, frames: str) -> bytes:
    """Return the element of a sheet.

    Parameters
    ----------
    webp : bytes
        The sheet; empty if none of its frames has a picture.
    pixels : int
        Its width times its height.
    frames : str
        Its frames, separated by semicolons: milliseconds, and, if anything changed, left, top, width and height of the
        change, its row in the sheet, and 1 if it replaces what is there, 0 if it is drawn over it.
    """
    text = base64.b64encode(webp).decode("ascii")
    attributes = f'data-frames="{frames}" data-pixels="{pixels}" data-length="{len(text)}"'
    return f'<script type="{SHEET}" {attributes}>{text}</script>\n'.encode()


def end(frame_count: int) -> bytes:
    """Return the end of a page with this number of frames."""
    return f'<script type="text/x-end" data-frames="{frame_count}"></script>\n</body>\n</html>\n'.encode()
