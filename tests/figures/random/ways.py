"""Ways to animate a figure: its canvas, size and resolution, the look of its frames, and the settings of the run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from hypothesis import strategies as st
from matplotlib import style
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox


class Window(FigureCanvasAgg):
    """Draws later, as the canvases of windows do."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        pass


CANVASES: dict[str, Callable[[Figure], FigureCanvasBase]] = {
    "base": FigureCanvasBase,
    "agg": FigureCanvasAgg,
    "svg": FigureCanvasSVG,
    "window": Window,
}
"""Animation.save draws each frame once on the first, and twice on the second."""

LAYOUTS = [None] * 6 + ["constrained", "tight", "compressed"]

SETTINGS: list[dict[str, Any]] = [
    {"savefig.bbox": "tight"},
    {"savefig.facecolor": "#ff000080"},
    {"savefig.transparent": True},
    {"savefig.dpi": 61.7},
    {"axes.grid": True, "axes.axisbelow": "line"},
    {"axes.spines.top": False, "xtick.top": True, "xtick.direction": "in"},
    {"font.family": "serif", "font.size": 7.5},
    {"mathtext.default": "regular", "axes.formatter.use_mathtext": True},
    {"path.sketch": (1, 60, 2)},
    {"text.hinting": "no_autohint"},
    {"lines.antialiased": False, "patch.antialiased": False},
    {"axes.xmargin": 0, "axes.autolimit_mode": "round_numbers"},
    {"polaraxes.grid": False},
    {"xtick.minor.visible": True, "ytick.minor.visible": True},
    {"ytick.alignment": "bottom", "xtick.alignment": "right"},
    {"axes.titlelocation": "right", "axes.titley": 0.9},
    {"figure.autolayout": True},
    {"lines.linestyle": "--", "lines.scale_dashes": False, "lines.marker": "x"},
]
STYLES = ["bmh", "classic", "dark_background", "fivethirtyeight", "ggplot", "grayscale", "seaborn-v0_8-whitegrid"]


@dataclass(frozen=True)
class Way:
    """How a figure is made, saved and drawn.

    Attributes
    ----------
    canvas : str
        One of `CANVASES`.
    layout : str, optional
        The layout engine.
    size : pair of float
        Inches.
    dpi : float
        The figure's resolution.
    look : tuple of pairs
        Options of a render that ``savefig`` has, too: *dpi*, *facecolor*, *transparent* and *bbox_inches*.
    settings : tuple of pairs
        rcParams.
    style : str, optional
        Name of a style sheet.
    verify : str
        Which frames are compared while they are drawn.
    thread : bool
        Whether frames are drawn in a thread of their own.
    """

    canvas: str
    layout: Any
    size: tuple[float, float]
    dpi: float
    look: tuple[tuple[str, Any], ...]
    settings: tuple[tuple[str, Any], ...]
    style: str | None
    verify: Any
    thread: bool

    def figure(self) -> Figure:
        """Return a new figure on its canvas."""
        figure = Figure(figsize=self.size, dpi=self.dpi, layout=self.layout)
        CANVASES[self.canvas](figure)
        return figure

    def use_settings(self) -> None:
        """Set the rcParams."""
        if self.style is not None:
            style.use(self.style)
        settings: Any = dict(self.settings)
        mpl.rcParams.update(settings)

    def of_save(self) -> dict[str, Any]:
        """Return the look as arguments of ``Animation.save``, and of our writer, which can crop."""
        look = dict(self.look)
        others = {name: look.pop(name) for name in ("dpi", "bbox_inches") if name in look}
        return others | {"savefig_kwargs": look}


_LOOKS: dict[str, list[Any]] = {
    "dpi": [60, 33.3, 71.7],
    "facecolor": ["y", (0, 0, 1, 0.4), "auto"],
    "transparent": [True, False],
    "bbox_inches": ["tight", Bbox([[0.3, 0.2], [2.2, 1.7]]), Bbox([[-0.113, 0.217], [1.971, 2.333]])],
}


def _usual(usual: Any, others: list[Any], weight: int = 3) -> st.SearchStrategy[Any]:
    return st.sampled_from([usual] * weight * len(others) + others)


ways = st.builds(
    Way,
    canvas=st.sampled_from(["agg", "agg", "agg", "base", "base", "svg", "window"]),
    layout=st.sampled_from(LAYOUTS),
    size=_usual((2.6, 2), [(2.613, 2.017), (3.333, 2.417), (2.001, 2.999)], weight=1),
    dpi=_usual(50, [47.3, 72.5], weight=1),
    look=st.dictionaries(st.sampled_from(sorted(_LOOKS)), st.integers(0, 5), max_size=2).map(
        lambda numbers: tuple((name, _LOOKS[name][number % len(_LOOKS[name])]) for name, number in numbers.items())
    ),
    settings=_usual({}, SETTINGS, weight=1).map(lambda chosen: tuple(chosen.items())),
    style=_usual(None, STYLES, weight=4),
    verify=_usual("never", ["always"], weight=2),
    thread=_usual(False, [True], weight=3),
)
