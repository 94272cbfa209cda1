"""Arrays of any usual kind as RGBA pixels, and pixels with alpha laid on white."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.errors import SourceError
from renderer.remedies import no_image
from renderer.types import Pixels, Size


def as_rgba(image: object) -> Pixels:
    """Return an image as RGBA.

    Parameters
    ----------
    image : array-like of shape (h, w), (h, w, 3) or (h, w, 4), or PIL.Image.Image
        Gray, RGB or RGBA with straight alpha: uint8, bool, or floats from 0 to 1. A picture of Pillow's may have any
        mode of 8 bits a channel.

    Returns
    -------
    ndarray of uint8, shape (h, w, 4)
        A new array.

    Raises
    ------
    SourceError
        The shape, the mode or the type of the values is none of these, or some of them are masked.
    """
    message = no_image(image)
    if message is not None:
        raise SourceError(message)
    if np.ma.is_masked(image):
        raise SourceError("some pixels are masked; say what they show, for example image.filled(0)")
    if isinstance(image, Image.Image):
        image = _in_colors(image)
    try:
        values = np.asarray(image)
    except ValueError as error:
        raise SourceError(f"not an image: {error}") from error
    channels = 1 if values.ndim == 2 else values.shape[-1] if values.ndim == 3 else 0
    if channels not in (1, 3, 4) or 0 in values.shape:
        if values.dtype == object:
            raise SourceError(f"expected a figure or an array of pixels, not {type(image).__name__}")
        channels_first = values.ndim == 3 and len(values) in (3, 4)
        remedy = "; np.moveaxis(image, 0, -1) puts the channels last" if channels_first else ""
        raise SourceError(f"an image has shape (h, w), (h, w, 3) or (h, w, 4), not {values.shape}{remedy}")
    rgba = np.full((*values.shape[:2], 4), 255, np.uint8)
    rgba[..., : max(channels, 3)] = _as_bytes(values.reshape(*values.shape[:2], channels))
    return rgba


def is_picture(array: NDArray[Any]) -> bool:
    """Whether an array is one picture by its shape: (h, w), (h, w, 3) or (h, w, 4)."""
    return array.ndim == 2 or (array.ndim == 3 and array.shape[-1] in (3, 4))


def size_of(image: object) -> Size:
    """Return the size that an image will have as RGBA; 0 x 0 for what is no image."""
    if isinstance(image, Image.Image):
        return Size(*image.size)
    try:
        shape = np.shape(image)  # type: ignore[call-overload]
    except ValueError:
        shape = ()
    height, width = (*shape, 0, 0)[:2]
    return Size(width, height)


def on_white(pixels: Pixels) -> Pixels:
    """Composite RGBA pixels on white, so that alpha can be dropped."""
    if pixels[..., 3].min() == 255:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    flat = np.full_like(pixels, 255)
    flat[..., :3] = (pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return flat


def _in_colors(picture: Image.Image) -> Image.Image:
    """Return a picture of Pillow's whose channels are gray, RGB or RGBA."""
    if picture.mode in ("1", "L", "RGB", "RGBA"):
        return picture
    if picture.mode.startswith(("I", "F")):
        remedy = "divide by the value of white: np.asarray(image) / white"
        raise SourceError(f"a picture of mode {picture.mode!r} does not say which of its values is white; {remedy}")
    try:
        straight = picture.convert("LA") if picture.mode == "La" else picture  # the one way that Pillow knows from La
        return straight.convert("RGBA")
    except ValueError as error:
        raise SourceError(f"Pillow cannot convert this picture: {error}; give it in mode 'RGBA'") from error


def _as_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values.view(np.uint8)
    if values.dtype == bool:
        return np.where(values, np.uint8(255), np.uint8(0))
    if not np.issubdtype(values.dtype, np.floating):
        remedy = "image / 65535" if values.dtype == np.uint16 else "image.astype(np.uint8), if they are from 0 to 255"
        raise SourceError(f"pixels are uint8, bool or floats from 0 to 1, not {values.dtype}; give {remedy}")
    floats = values.astype(np.float64)
    low, high = floats.min(), floats.max()
    if not (low >= 0 and high <= 1):
        remedy = "fill the gaps, as with np.nan_to_num(image)" if np.isnan(low) else "scale them, as with image / 255"
        raise SourceError(f"floats must be from 0 to 1, these are from {low:g} to {high:g}; {remedy}")
    return np.rint(floats * 255).astype(np.uint8)
