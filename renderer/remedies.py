"""What to write instead: the last words of an error about a call that is nearly right."""

import os
from collections.abc import AsyncIterable, Awaitable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Real
from pathlib import PurePath
from types import ModuleType
from typing import Any

_ENCODER = "it is not needed: use quality=, lossless= or colors="
_FILE = "use render(ani, 'gif').save('out.gif')"
_FORMAT = "it is given once, as the second argument: render(ani, 'gif')"
_FRAMES = "the animation says it: FuncAnimation(figure, update, frames=...)"
_LIMITS = ("max_frames", "max_pixels", "max_seconds", "max_total_pixels")
_SIZE = "the figure has its size: figure.set_size_inches(...); dpi= scales it"

OPTIONS: Mapping[str, str] = {
    "append_images": "it is not needed: the source has all frames",
    "bitrate": "use quality=, from 0 to 100, or max_bytes=",
    "blit": "it is not needed: only what changed is drawn again",
    "codec": "it is not needed: the format says it, as in render(ani, 'mp4') or render(ani, 'webm')",
    "crf": "use quality=, from 0 to 100",
    "default_mode": "use loop=, the number of plays: 0 is forever, 1 plays once",
    "delay": "use interval=, in milliseconds, or durations=, in seconds",
    "disposal": "it is not needed: each frame is stored as what changed",
    "duration": "use interval=, in milliseconds a frame, or durations=, in seconds for each frame",
    "edgecolor": "the figure has it: figure.set(edgecolor=..., linewidth=...)",
    "embed_frames": "it is not needed: a player is one file",
    "embed_limit": "use max_bytes=",
    "figsize": "the figure has its size: Figure(figsize=...) or figure.set_size_inches(...)",
    "frame_format": "it is not needed: no frames are stored in between",
    "framerate": "use fps=",
    "interval_ms": "use interval=, in milliseconds",
    "kwargs": "write the options as keywords",
    "macro_block_size": "it is not needed: odd sizes of films are padded",
    "num_plays": "use loop=, the number of plays",
    "optimize": "it is not needed: files are optimized as they are written",
    "pad_inches": "use bbox_inches=Bbox(...), in inches",
    "progress_callback": "use progress=, a function of (done, total), or progress=True for a bar",
    "repeat": "use loop=, the number of plays: 0 is forever, 1 plays once, 'animation' takes what the animation says",
    "repeat_delay": "use final_pause=, in seconds, or loop='animation', which takes what the animation says",
    "save_all": "it is not needed: the file has all frames",
    "save_count": "the animation says it: FuncAnimation(figure, update, save_count=...)",
    "savefig_kwargs": "use dpi=, facecolor=, transparent= and bbox_inches= themselves",
    "speed": "use fps=, or interval=, in milliseconds",
    "subrectangles": "it is not needed: each frame is stored as what changed",
    "timeout": "use limits=Limits(max_seconds=...)",
    "verbose": "use progress=True for a bar",
    "writer": "it is not needed: the format says it, as in render(ani, 'gif')",
    **{name: f"use limits=Limits({name}=...)" for name in _LIMITS},
    **{name: f"use metadata={{{name!r}: ...}}" for name in ("artist", "author", "comment", "copyright", "title")},
    **dict.fromkeys(("background", "bgcolor"), "use facecolor="),
    **dict.fromkeys(("crop", "tight_layout"), "use bbox_inches='tight'"),
    **dict.fromkeys(("ext", "extension", "fmt", "format"), _FORMAT),
    **dict.fromkeys(("extra_args", "ffmpeg_params", "output_params", "pil_kwargs", "pixelformat", "preset"), _ENCODER),
    **dict.fromkeys(("file", "filename", "fname", "name", "out", "outfile", "output", "path"), _FILE),
    **dict.fromkeys(("frame_count", "frames", "n_frames", "num_frames"), _FRAMES),
    **dict.fromkeys(("height", "resolution", "scale", "size", "width"), _SIZE),
    **dict.fromkeys(("n_colors", "palette", "palettesize", "quantizer"), "use colors=, the number of colors"),
}
"""Names of matplotlib's and of other libraries, and what takes their place."""

OF_SAVE: Mapping[str, str] = {
    "bbox_inches": "Animation.save draws the whole figure; use render(ani, 'gif', bbox_inches='tight')",
    "dpi": "use ani.save(..., dpi=)",
    "extra_anim": "use ani.save(..., extra_anim=)",
    "facecolor": "use ani.save(..., savefig_kwargs={'facecolor': ...})",
    "interval": "use fps=",
    "progress": "use ani.save(..., progress_callback=)",
    "transparent": "use ani.save(..., savefig_kwargs={'transparent': True})",
}
"""Options of a render that a writer does not take, and where they go instead."""

OF_ENCODERS: Mapping[str, str] = {
    "codec": "the suffix of the file says it, or format=: 'mp4' has H.264, 'webm' has VP9",
    "bitrate": "use quality=, from 0 to 100",
    "extra_args": "use quality=, lossless= or colors=",
}
"""Arguments of writers that start an encoder of their own, and what takes their place."""

_FORMATS: Mapping[str, str] = {
    "agif": "gif",
    **dict.fromkeys(("avi", "h264", "m4v", "mov", "mpeg", "mpg"), "mp4"),
    **dict.fromkeys(("jpeg", "jpg"), "png"),
    **dict.fromkeys(("mkv", "vp9"), "webm"),
}
"""Formats that are not written, and the nearest that is."""

_SOURCES = "an Animation, a Scene, an iterable of figures or arrays, or a function without arguments that returns one"


def unknown_option(name: str, known: Iterable[str]) -> str:
    """Return the message about an option that does not exist."""
    if name in OPTIONS:
        return f"no such option; {OPTIONS[name]}"
    close = get_close_matches(name.lower(), known, n=1)
    remedy = f"did you mean {close[0]}=?" if close else f"the options are {', '.join(sorted(known))}"
    return f"no such option; {remedy}"


def unknown_format(name: object, known: Iterable[str]) -> str:
    """Return the message about a format that does not exist: a name, or anything else that was passed as one."""
    names = list(known)
    choice = f"choose from {', '.join(names)}"
    if hasattr(name, "write"):
        return "the format comes before the file: use stream_to(ani, file, 'gif'), or render(ani, 'gif').save(file)"
    if hasattr(name, "new_frame_seq") or hasattr(name, "savefig"):
        return "the animation comes before the format: use render(ani, 'gif')"
    if not isinstance(name, str | os.PathLike):
        return f"the format must be a string such as 'gif', not {_kind(name)}; {choice}"
    text = os.fsdecode(name)
    kind, slash, subtype = text.lower().partition("/")
    if slash and kind in ("image", "text", "video") and subtype in names:
        return f"unknown format {text!r}: use the name alone, {subtype!r}"
    suffix = PurePath(text).suffix.lower().removeprefix(".")
    near = suffix if suffix in names else _FORMATS.get(suffix)
    if near in names and text.lower() != f".{suffix}":
        path = text if near == suffix else str(PurePath(text).with_suffix(f".{near}"))
        return f"unknown format {text!r}: the format comes first, use render(ani, {near!r}).save({path!r})"
    key = text.lower().removeprefix(".")
    close = [_FORMATS[key]] if _FORMATS.get(key) in names else get_close_matches(key, names, n=1)
    still = ", a still picture" if close == ["png"] else ""
    return f"unknown format {text!r}; " + (f"did you mean {close[0]!r}{still}? " if close else "") + choice


def no_source(source: object, *, factory: bool = False) -> str:
    """Return the message about an object that cannot be animated.

    Parameters
    ----------
    source : object
        The object.
    factory : bool, default: False
        Whether a function returned it.
    """
    subject = "the function returned" if factory else "cannot animate"
    return f"{subject} {_kind(source)}; {_source_remedy(source)}"


def no_image(image: object) -> str | None:
    """Return the message about an item of an iterable that is no figure and no array; None if it may be an array."""
    if isinstance(image, str | os.PathLike):
        return f"{image!r:.60} is the name of a file, not a picture; read it first, for example with imageio.v3.imread"
    if isinstance(image, bytes):
        return "expected a figure or an array of pixels, not bytes; decode them, for example with imageio.v3.imread"
    if hasattr(image, "data_uri"):
        return "expected a figure or an array of pixels, not Clip; a clip is finished: give frames(ani) instead"
    remedy = _parts_remedy(image) if isinstance(image, list | tuple) else _figure_remedy(image)
    return None if remedy is None else f"expected a figure or an array of pixels, not {_kind(image)}; {remedy}"


def _source_remedy(source: Any) -> str:
    if isinstance(source, ModuleType):
        return f"give {_SOURCES}"
    if hasattr(source, "write") or hasattr(source, "read"):
        return "the source comes first, as in stream_to(ani, file)"
    if isinstance(source, str | bytes | os.PathLike):
        return "files are not read: give the animation itself, or arrays, for example of imageio.v3.imiter(path)"
    if isinstance(source, Awaitable):
        return "await it first, and give what it returns"
    if hasattr(source, "data_uri"):
        return "a clip is finished: clip.save(path) writes it, and render_many(ani, ['gif', 'mp4']) makes several files"
    if callable(getattr(source, "animate", None)):
        return "give the animation that it makes: source.animate()"
    remedy = _figure_remedy(source)
    if remedy is not None:
        return f"{remedy}; an iterable of figures is animated, one figure alone is [figure]"
    return f"give {_list_remedy(source) or _SOURCES}"


def _list_remedy(source: Any) -> str | None:
    """Say how to get a list of pictures from something that is one, or holds some."""
    if isinstance(source, AsyncIterable):
        return "its items: [item async for item in source]"
    if isinstance(source, Mapping):
        return "its values: list(source.values())"
    if hasattr(source, "pixels") or hasattr(source, "__array_interface__"):
        return "a list; one picture alone is [picture]"
    return None


def _parts_remedy(parts: Sequence[Any]) -> str | None:
    """Say how to give artists, or a picture with its time."""
    if parts and all(hasattr(part, "get_figure") for part in parts):
        return "make an animation of lists of artists: ArtistAnimation(figure, lists)"
    if len(parts) == 2 and hasattr(parts[0], "shape") and isinstance(parts[1], Real):
        return "give the seconds apart, as durations=[...]"
    return None


def _figure_remedy(item: Any) -> str | None:
    """Say how to get a figure from something that has or makes one."""
    if hasattr(item, "savefig") and hasattr(item, "canvas"):
        return "give the animation made of this figure, or a Scene"
    if hasattr(item, "new_frame_seq"):
        return "render each animation by itself, or those of one figure together with extra_anim="
    if hasattr(item, "figure"):
        return f"give its figure: {type(item).__name__.lower()}.figure"
    if callable(getattr(item, "draw", None)) and not hasattr(item, "shape"):
        return f"give the figure that it draws: {type(item).__name__.lower()}.draw()"
    return None


def _kind(item: object) -> str:
    return f"the module {item.__name__}" if isinstance(item, ModuleType) else type(item).__name__
