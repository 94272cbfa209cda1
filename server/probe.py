"""The smallest animation there is, rendered to see whether rendering works."""

from matplotlib.figure import Figure

from renderer import Scene

__all__ = ["probe"]


def probe() -> Scene:
    """One empty frame."""
    return Scene(figure=Figure(figsize=(0.5, 0.5), dpi=32), update=lambda index: None, frames=1)
