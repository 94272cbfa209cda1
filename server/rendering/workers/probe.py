"""A small animation that shows whether rendering works."""

from matplotlib.figure import Figure

from renderer import Scene


def probe() -> Scene:
    """Return one frame with axes, numbers, texts and mathematics, as most animations have."""
    figure = Figure(figsize=(1, 1), dpi=32)
    axes = figure.subplots()
    axes.plot([0, 1])
    axes.set_title(r"figreel $\bf{x}$")
    return Scene(figure=figure, update=lambda index: None, frames=1)
