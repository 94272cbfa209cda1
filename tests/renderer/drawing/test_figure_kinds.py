"""Every kind of figure is drawn as Animation.save draws it, bit for bit."""

import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.renderer.figure_kinds import KINDS
from tests.support import assert_as_saved

FRAMES = 7


def animation_of(name, canvas=FigureCanvasBase):
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    canvas(figure)
    update = KINDS[name](figure)
    return FuncAnimation(figure, update, frames=FRAMES, init_func=list)


@pytest.mark.parametrize("name", KINDS)
def test_frames_are_those_of_save(name):
    assert_as_saved(lambda: animation_of(name), verify="never", dpi="figure")


@pytest.mark.parametrize("name", ["line", "dashboard", "image", "constrained_layout", "subfigures", "polar"])
def test_frames_are_those_of_save_at_another_resolution(name):
    assert_as_saved(lambda: animation_of(name), {"dpi": 70}, verify="never", dpi=70)


@pytest.mark.parametrize("dpi", ["figure", 70])
@pytest.mark.parametrize("name", [name for name in KINDS if name.startswith(("clip", "polar"))])
def test_masks_are_those_of_the_own_canvas(name, dpi):
    """It keeps its renderer with the masks, unless frames have another resolution."""
    save = {} if dpi == "figure" else {"dpi": dpi}
    assert_as_saved(lambda: animation_of(name, FigureCanvasAgg), save, verify="never", dpi=dpi)
