"""An axis that updates its ticks once where it would do so three times.

``Axis.draw`` and ``Axis.get_tightbbox`` of matplotlib 3.10 and 3.11 update the ticks (``_update_ticks``) for
themselves, for the place of the label and for the length of the spine, and measure the tick labels
(``_get_ticklabel_bboxes``) twice. Nothing changes in between, unless a locator or a formatter of the program's own
gives something else each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.axis import Axis, XAxis, XTick, YAxis, YTick
from matplotlib.backends.backend_agg import RendererAgg

from renderer.hooks import hooked
from renderer.values import NoValueError, value_of

__all__ = ["ticks_updated_once"]


@contextmanager
def ticks_updated_once(axis: Axis) -> Iterator[None]:
    """Let *axis* update its ticks and measure their labels once inside the with block, if that makes no difference."""
    if not _are_repeatable(axis):
        yield
        return
    known: dict[str, Any] = {}

    def update(former: Callable[[], Any], axis: Axis) -> Any:
        if "ticks" not in known:
            known["ticks"] = former()
        return known["ticks"]

    def measure(former: Callable[..., Any], axis: Axis, ticks: list[Any], renderer: RendererAgg) -> Any:
        if ticks is not known.get("ticks"):
            return former(ticks, renderer)
        if "boxes" not in known:
            known["boxes"] = former(ticks, renderer)
        return known["boxes"]

    with hooked([axis], "_update_ticks", update), hooked([axis], "_get_ticklabel_bboxes", measure):
        yield


def _are_repeatable(axis: Axis) -> bool:
    """Tell whether ticks come out the same when they are asked for again."""
    names = {id(axis): "axis"}
    try:
        value_of(axis.major, names)
        value_of(axis.minor, names)
    except NoValueError:
        return False
    made = (*vars(axis).get("majorTicks", ()), *vars(axis).get("minorTicks", ()))
    return (
        type(axis) in (XAxis, YAxis)
        and all(hasattr(axis, name) for name in ("_update_ticks", "_get_ticklabel_bboxes"))
        and all(type(tick) in (XTick, YTick) for tick in made)
    )
