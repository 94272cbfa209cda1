"""What is put back of a figure, and what goes on."""

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox, TransformedBbox

from renderer.mpl.figure_state import FigureState
from tests.figures.random.recipes import Recipe
from tests.figures.random.ways import Way
from tests.renderer.drawing.test_differential import check


def test_what_is_made_after_the_state_was_kept_still_follows_the_axes() -> None:
    axes = Figure().subplots()
    state = FigureState(axes.figure)
    follower = TransformedBbox(Bbox.unit(), axes.transAxes)
    follower.get_points()
    state.restore()
    axes.set_position((0.2, 0.2, 0.1, 0.1))
    assert follower.bounds == axes.bbox.bounds


def test_the_clip_of_axes_that_are_cleared_is_theirs_after_a_frame_was_compared() -> None:
    """The patch of the axes makes its transform once, in the update; the layout moves the axes after that."""
    way = Way(
        canvas="agg", layout="constrained", size=(2.6, 2), dpi=72.5,
        look=(("transparent", True), ("bbox_inches", Bbox([[-0.113, 0.217], [1.971, 2.333]]))),
        settings=(("axes.grid", True), ("axes.axisbelow", "line")), style=None, verify="always", thread=False,
    )  # fmt: skip
    steps = ((), (("clearing", 1987), ("clearing", 16666)), ())
    artists = (("patches", 304099), ("patches", 6987), ("patches", 6987))
    check(Recipe(way, axes=(("aligned", 105423), ("three_dimensional", 74736)), artists=artists, steps=steps))
