"""GIF, in stages: shots, changes, indices, pictures, blocks."""

from collections.abc import Iterator
from dataclasses import replace

from renderer.encoding import timing
from renderer.encoding.difference import packed
from renderer.encoding.gif.blocks import TRAILER, Picture, comment, header, loop, picture_blocks
from renderer.encoding.gif.changes import Screen, binary_alpha
from renderer.encoding.gif.indices import GROUP, Indexer
from renderer.encoding.gif.pictures import NOTHING, smallest_picture, table_of
from renderer.encoding.timeline import Shot, Timeline
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Size


class GifEncoder:
    """Writes a GIF as the frames come, one frame behind.

    Colors are exact while 255 are enough. If not, none is off by more than 16 levels on any channel. If no table holds
    a frame that well, as with noise or a grainy photograph, none is off by more than 21. (A bound of 16 on colors that
    fill the cube needs 512 of them, thus two or three tables and pictures a frame. The file would grow by a quarter to
    a half, and the pictures of a frame would be seen one after the other.)

    A pixel is either opaque or transparent: it turns transparent if its alpha is below 128, and is laid on white
    otherwise.

    Equal neighbors are joined. A frame that would be shown for less than 0.02 seconds is left out, unless it is the
    last one.

    Parameters
    ----------
    options : RenderOptions
        Options of the render.
    size : Size
        Width and height of every frame.
    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self.size = size
        self._extensions = loop(options.plays) + comment(options.metadata)
        self._timeline = Timeline(timing.GIF, group=GROUP)
        self._screen = Screen()
        self._indexer = Indexer(size, min(options.colors or 255, 255), dither=options.dither)
        self._begun = False

    def add(self, frame: Frame) -> bytes:
        """Add a frame; return the picture before it if that is over."""
        pixels, opaque = binary_alpha(frame.pixels)
        head = b""
        if not self._begun:
            self._begun = True
            colors = self._indexer.learn(packed(pixels), opaque=opaque)
            head = header(self.size, table_of(colors)) + self._extensions
        return head + self._drawn(self._timeline.add(replace(frame, pixels=pixels), opaque=opaque))

    @property
    def left_out(self) -> int:
        """Frames so far that the file does not show."""
        return self._timeline.left_out

    def finish(self) -> bytes:
        """Return the last picture and the end of the file."""
        if not self._begun:
            raise FormatError("a GIF needs a frame; the animation has none")
        return self._drawn(self._timeline.finish()) + TRAILER

    def _drawn(self, shots: tuple[Shot, ...]) -> bytes:
        blocks: list[bytes] = []
        for shot in shots:
            change = self._screen.add(shot)
            indexed = self._indexer.add(change)
            picture = NOTHING
            if indexed is not None:
                # Pillow and FFmpeg clear a picture only if it has a transparent index, and Pillow only if the first
                # picture has one, too.
                picture = smallest_picture(indexed, transparency=change.first or change.clears)
            blocks += _shown(picture, shot.ticks, clears=change.clears)
        return b"".join(blocks)


def _shown(picture: Picture, ticks: int, *, clears: bool) -> Iterator[bytes]:
    """Draw a picture; others that change nothing follow while its time is longer than that of one can be."""
    *parts, last = timing.GIF.parts(ticks)
    following = picture if clears else NOTHING
    for part in parts:
        yield picture_blocks(picture, part, clears=False)
        picture = following
    yield picture_blocks(picture, last, clears=clears)
