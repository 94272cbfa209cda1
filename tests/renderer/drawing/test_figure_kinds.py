"""Every kind of figure is drawn as Animation.save draws it, bit for bit."""

from itertools import pairwise
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.figures.kinds import KINDS, Kind, tagged
from tests.support import assert_as_saved, some_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_frames_are_those_of_save(kind: Kind) -> None:
    shown = assert_as_saved(kind.animation, verify="never", dpi="figure")
    if "floor" in kind.tags:
        assert all((before != after).any() for before, after in pairwise(shown)), "nothing moves"


@pytest.mark.parametrize("name", ["line", "dashboard", "image", "constrained_layout", "subfigures", "polar"])
def test_frames_are_those_of_save_at_another_resolution(name: str) -> None:
    assert_as_saved(KINDS[name].animation, {"dpi": 70}, verify="never", dpi=70)


@some_of("name, dpi", tagged("clip", "polar"), ["figure", 70], one_in=3)
def test_masks_are_those_of_the_own_canvas(name: str, dpi: Any) -> None:
    """It keeps its renderer with the masks, unless frames have another resolution."""
    save = {} if dpi == "figure" else {"dpi": dpi}
    assert_as_saved(lambda: KINDS[name].animation(FigureCanvasAgg), save, verify="never", dpi=dpi)
