"""A page that plays an animation, read without a browser: its elements, and its frames composed by Pillow."""

import base64
from html.parser import HTMLParser
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image


class PlayedFrame(NamedTuple):
    """A frame of a page."""

    pixels: np.ndarray
    milliseconds: int


class Page(HTMLParser):
    """Reads a page.

    Attributes
    ----------
    elements : list of tuple of str, dict
        All elements, with their attributes.
    texts : dict of str to list of str
        The texts in elements, by the name of the element.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._sheets: list[tuple[dict[str, str], str]] = []
        self._open = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        self._open = tag
        if attributes.get("type") == "text/x-frames":
            self._sheets.append((attributes, ""))

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open, []).append(data)
        if self._open == "script" and self._sheets and self.elements[-1][1].get("type") == "text/x-frames":
            attributes, text = self._sheets.pop()
            self._sheets.append((attributes, text + data))

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def attributes_of(self, element: str, /, **wanted: str) -> dict[str, str]:
        """Return the attributes of the only element of this name that has the wanted ones."""
        (found,) = (attrs for tag, attrs in self.elements if tag == element and wanted.items() <= attrs.items())
        return found

    def frames(self) -> list[PlayedFrame]:
        """Compose the frames."""
        canvas = self.attributes_of("canvas")
        screen = np.zeros((int(canvas["height"]), int(canvas["width"]), 4), np.uint8)
        frames = []
        for attributes, text in self._sheets:
            assert len(text) == int(attributes["data-length"])
            sheet = np.zeros((0, 0, 4), np.uint8)
            if text:
                with Image.open(BytesIO(base64.b64decode(text, validate=True))) as image:
                    assert image.format == "WEBP"
                    sheet = np.asarray(image.convert("RGBA"))
            assert sheet.shape[0] * sheet.shape[1] == int(attributes["data-pixels"])
            for entry in attributes["data-frames"].split(";"):
                milliseconds, *box = map(int, entry.split())
                if box:
                    left, top, width, height, row, replaces = box
                    picture = sheet[row : row + height, :width]
                    part = screen[top : top + height, left : left + width]
                    assert replaces or set(np.unique(picture[..., 3])) <= {0, 255}
                    part[...] = np.where(replaces | (picture[..., 3:] == 255), picture, part)
                frames.append(PlayedFrame(screen.copy(), milliseconds))
        assert int(self.attributes_of("script", type="text/x-end")["data-frames"]) == len(frames)
        return frames
