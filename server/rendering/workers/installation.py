"""The version of everything but code that decides which bytes a render gives."""

import hashlib
import json
import platform
import zlib
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import ft2font
from matplotlib.font_manager import FontEntry, fontManager
from PIL import features

_PACKAGES = ("figreel", "matplotlib", "numpy", "pillow", "contourpy", "kiwisolver", "fonttools", "cycler")
"""Packages that draw, compute what is drawn, or encode it."""

_OPTIONAL = ("av", "isal", "pandas", "scipy")
"""More of them, which need not be there. Their distributions have the names of their modules."""

_LIBRARIES = ("zlib", "zlib_ng", "libjpeg_turbo", "webp", "avif", "freetype2", "raqm", "harfbuzz")
"""Libraries inside of Pillow."""


def environment_version() -> str:
    """Return a digest of the releases of libraries, the fonts, and matplotlib's settings."""
    facts = {
        "libraries": libraries(),
        "fonts": sorted(map(_font, fontManager.ttflist)),
        "settings": {name: value for name, value in sorted(mpl.rcParams.items()) if not name.startswith(_NO_MATTER)},
    }
    return hashlib.sha256(json.dumps(facts, default=_described).encode()).hexdigest()


@cache
def libraries() -> dict[str, Any]:
    """Return the releases of libraries at the first call in a process, or in the one from which it was forked."""
    return {
        "packages": {name: _release(name) for name in _PACKAGES},
        "optional": {name: _release(name) for name in _OPTIONAL if _is_importable(name)},
        "inside": {name: features.version(name) for name in _LIBRARIES},
        "freetype": ft2font.__freetype_version__,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "machine": platform.machine(),
        "python": platform.python_version(),
    }


def _described(value: Any) -> Any:
    """Return what an object among the settings is made of, without its address in memory."""
    text = repr(value)
    return [type(value).__qualname__, vars(value) if " at 0x" in text else text]


_NO_MATTER = (
    *("animation.", "backend", "docstring.", "figure.max_open_warning", "figure.raise_window", "interactive"),
    *("keymap.", "macosx.", "pdf.", "pgf.", "ps.", "savefig.directory", "svg.", "tk.", "toolbar", "webagg."),
)
"""Begins the names of settings that do not change a picture: those of windows, files and other backends than Agg."""


def _font(entry: FontEntry) -> str:
    """Return what a font is asked for by, and its file by name and size, since folders differ between machines."""
    size = 0
    with suppress(OSError):
        size = Path(entry.fname).stat().st_size
    file = Path(entry.fname).name
    facts = entry.name, entry.style, entry.variant, entry.weight, entry.stretch, entry.size, file, size
    return " ".join(map(str, facts))


def _is_importable(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # somebody has blocked it
        return False


def _release(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
