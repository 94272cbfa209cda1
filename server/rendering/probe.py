"""A small animation, rendered to see whether rendering works."""

from matplotlib.figure import Figure

from renderer import Scene

__all__ = ["probe"]


def probe() -> Scene:
    """One frame of everything that most animations have: axes, numbers, texts, mathematics."""
    figure = Figure(figsize=(1, 1), dpi=32)
    axes = figure.subplots()
    axes.plot([0, 1])
    axes.set_title(r"figreel $\bf{x}$")
    return Scene(figure=figure, update=lambda index: None, frames=1)
