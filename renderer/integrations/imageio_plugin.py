"""A plugin of imageio's that writes with figreel's encoders (imageio 2.37, its interface v3)."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from imageio.core.request import RETURN_BYTES, InitializationError, IOMode, Request
from imageio.core.v3_plugin_api import PluginV3

from renderer.clips.saving import formats_of, write_to
from renderer.encoding.formats import find_format
from renderer.errors import MissingExtraError, RenderError
from renderer.job import clips
from renderer.pixels import is_picture
from renderer.plan import checked_options


class ImageioPlugin(PluginV3):
    """Writes frames in the format that the file's suffix, or *extension*, names.

    ``iio.imwrite("<bytes>", frames, extension=".gif", plugin=ImageioPlugin, fps=20)``. It reads nothing.

    A file opened with ``iio.imopen`` takes several writes. All their frames are written when it is closed; after an
    error nothing is. ``"<bytes>"`` takes one write.

    Parameters
    ----------
    request : imageio.core.Request
        What to write to.

    Raises
    ------
    InitializationError
        The file is to be read, its suffix is that of no format, or the library that the format needs is not installed.
        imageio makes an OSError of it.
    """

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._writes: list[Iterable[Any]] = []
        self._options: dict[str, Any] = {}
        if request.mode.io_mode is not IOMode.write:
            raise InitializationError("figreel writes files and reads none; leave plugin= out to read")
        suffix = str(request.extension or "").lower().removeprefix(".")
        names = formats_of(suffix)
        if not names:
            raise InitializationError(f"no format of figreel's has the suffix {suffix!r}; give extension='.gif', say")
        try:
            self._format = find_format(names[0])
        except MissingExtraError as error:  # an ImportError, for which imageio has a message of its own plugins
            raise InitializationError(str(error)) from error
        self._is_finished = False

    def write(self, ndimage: Any, *, is_batch: bool | None = None, **options: Any) -> bytes | None:
        """Add frames to the file.

        Parameters
        ----------
        ndimage : array-like, or iterable of array-like
            Frames of shape (h, w), (h, w, 3) or (h, w, 4), as a list or any other iterable, or stacked along a first
            axis.
        is_batch : bool, optional
            Whether an array is a stack of frames. By default one of four axes is, and one of three axes whose last does
            not have 3 or 4 channels.
        **options
            Those of `renderer.RenderOptions`, for the whole file.

        Returns
        -------
        bytes or None
            The file, if it was to be written to ``"<bytes>"``.

        Raises
        ------
        RenderError
            An option or a frame is wrong, or the file is finished. Nothing is written then.
        """
        if self._is_finished:
            raise RenderError("the file is finished; give all frames to one write, as a list")
        checked_options([self._format], self._options | options)
        self._options |= options
        self._writes.append(_frames(ndimage, is_batch))
        return self._finish() if self.request.raw_uri == RETURN_BYTES else None

    def close(self) -> None:
        """Write the file, and close it."""
        try:
            if self._writes:
                self._finish()
        finally:
            super().close()

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None:
            self._writes.clear()
        self.close()

    def _finish(self) -> bytes:
        """Write the file, and return its bytes."""
        writes, self._writes, self._is_finished = self._writes, [], True
        source = writes[0] if len(writes) == 1 else chain.from_iterable(writes)
        (clip,) = clips(source, [self._format.name], self._options)
        write_to(self.request.get_file(), clip.data)
        return clip.data


def _frames(images: Any, is_batch: bool | None) -> Iterable[Any]:
    if not isinstance(images, np.ndarray):
        return images  # type: ignore[no-any-return]
    if is_batch is None:
        is_batch = not is_picture(images)
    copy = images.copy()  # the program may change its own before the file is closed
    return list(copy) if is_batch else [copy]
