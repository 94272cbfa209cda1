"""How a figure was drawn, counted where it is decided."""

from typing import Any

import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.retained import figure as retained_figure
from renderer.drawing.retained.figure import RetainedFigure
from renderer.drawing.retained.nodes import ArtistNode, AxesNode


class CountedFigure(RetainedFigure):
    """Counts artists drawn (axes by the artists in them) and replayed, and frames that only matplotlib can draw."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self.redrawn = self.replayed = self.fallbacks = 0

    def _has_obstacle(self) -> bool:
        obstacle = super()._has_obstacle()
        self.fallbacks += obstacle
        return obstacle

    def _paint(self, renderer: CachingRenderer, artists: list[Artist]) -> None:
        draw_artist, draw_axes, find_replayable = ArtistNode.draw, AxesNode.draw, retained_figure._replayable

        def draw(node: ArtistNode, renderer: CachingRenderer) -> None:
            self.redrawn += 1
            draw_artist(node, renderer)

        def draw_all(node: AxesNode, renderer: CachingRenderer) -> None:
            self.redrawn += 0 if node.backoff.due() else len(node.artist.get_children())
            draw_axes(node, renderer)

        def count_replayable(queue: Any) -> Any:
            run, stale = find_replayable(queue)
            self.replayed += len(run)
            return run, stale

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ArtistNode, "draw", draw)
            patch.setattr(AxesNode, "draw", draw_all)
            patch.setattr(retained_figure, "_replayable", count_replayable)
            super()._paint(renderer, artists)
