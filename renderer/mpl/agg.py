"""The C++ object that all Agg drawing ends in (matplotlib 3.10 and 3.11: ``RendererAgg._renderer``).

There is no fallback: both versions have it, and without it nothing is known of what artists draw.
"""

from typing import Any

from matplotlib.backends.backend_agg import RendererAgg


def target(renderer: RendererAgg) -> Any:
    """Return the object that *renderer* draws on; during an ``agg_filter`` that is another one."""
    return renderer._renderer


def put_target(renderer: RendererAgg, target: Any) -> None:
    """Let *renderer* draw on *target*, whose methods it calls as its own (``_update_methods``)."""
    renderer._renderer = target
    renderer._update_methods()
