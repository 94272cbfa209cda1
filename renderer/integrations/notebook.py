"""An extension for IPython: an animation on the last line of a cell of a notebook shows itself."""

import base64
import sys
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from matplotlib.animation import Animation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renderer.clips.clip import Clip
from renderer.mpl.animations.stepping import figure_of


def load(render_many: Callable[[Animation, list[str]], Mapping[str, Clip]], ipython: Any) -> None:
    """Let IPython show animations as GIF. Its own formatter does that; no class of matplotlib's is changed.

    Parameters
    ----------
    render_many : callable
        As `renderer.render_many`.
    ipython : InteractiveShell
        The shell, as ``%load_ext`` passes it.
    """

    def bundle(animation: Animation) -> dict[str, str] | None:
        if "text/html" not in ipython.display_formatter.active_types:  # a terminal
            return None
        try:
            clips = render_many(animation, ["gif", "png"])
        except Exception:
            # shown here, as IPython would go on to the animation's _repr_html_, which runs the same functions again
            ipython.showtraceback()
            text = repr(animation)
            return {"text/plain": text, "text/html": f"<pre>{escape(text)}</pre>"}
        finally:
            _close(figure_of(animation))
        still = base64.b64encode(clips["png"].data).decode("ascii")  # for LaTeX and PDF
        return {"text/plain": repr(clips["gif"]), "text/html": clips["gif"].html(), "image/png": still}

    ipython.display_formatter.mimebundle_formatter.for_type(Animation, bundle)


def unload(ipython: Any) -> None:
    """Let IPython show animations as before.

    Parameters
    ----------
    ipython : InteractiveShell
        The shell, as ``%unload_ext`` passes it.
    """
    ipython.display_formatter.mimebundle_formatter.pop(Animation, None)


def _close(figure: Figure) -> None:
    """Keep pyplot from drawing and showing a figure at the end of the cell. One in a window or a widget stays."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and type(figure.canvas) is FigureCanvasAgg:
        pyplot.close(figure)
