"""Every kind of figure is drawn as Animation.save draws it, bit for bit."""

from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.figures.kinds import KINDS, Kind, tagged
from tests.support import assert_as_saved, some_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_frames_are_those_of_save(kind: Kind) -> None:
    assert_as_saved(kind.animation, verify="never", dpi="figure")


@pytest.mark.parametrize("name", ["line", "dashboard", "image", "constrained_layout", "subfigures", "polar"])
def test_frames_are_those_of_save_at_another_resolution(name: str) -> None:
    assert_as_saved(KINDS[name].animation, {"dpi": 70}, verify="never", dpi=70)


@some_of("kind, dpi", tagged("clip", "polar").values(), ["figure", 70], one_in=3)
def test_masks_are_those_of_the_own_canvas(kind: Kind, dpi: Any) -> None:
    """It keeps its renderer with the masks, unless frames have another resolution."""
    save = {} if dpi == "figure" else {"dpi": dpi}
    assert_as_saved(lambda: kind.animation(FigureCanvasAgg), save, verify="never", dpi=dpi)
