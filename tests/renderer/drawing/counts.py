"""How a figure was drawn, counted where it is decided."""

from collections import Counter
from typing import Any

import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.retained.figure import RetainedFigure
from renderer.drawing.retained.nodes import ArtistNode, AxesNode
from renderer.drawing.retained.verification import Verify


class CountedFigure(RetainedFigure):
    """Counts artists drawn (axes by the artists in them) and replayed, frames verified, and fallbacks by reason."""

    def __init__(self, figure: Figure, verify: Verify) -> None:
        super().__init__(figure, verify)
        self.redrawn = self.replayed = self.verified = 0
        self.fallbacks: Counter[str] = Counter()

    def _obstacle(self) -> str | None:
        obstacle = super()._obstacle()
        if obstacle is not None:
            self.fallbacks[obstacle] += 1
        return obstacle

    def _paint(self, renderer: CachingRenderer, artists: list[Artist]) -> list[ArtistNode]:
        draw_artist, draw_axes = ArtistNode.draw, AxesNode.draw

        def draw(node: ArtistNode, renderer: CachingRenderer) -> None:
            self.redrawn += 1
            draw_artist(node, renderer)

        def draw_all(node: AxesNode, renderer: CachingRenderer) -> None:
            self.redrawn += 0 if node.backoff.due() else len(node.artist.get_children())
            draw_axes(node, renderer)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ArtistNode, "draw", draw)
            patch.setattr(AxesNode, "draw", draw_all)
            replayed = super()._paint(renderer, artists)
        self.replayed += len(replayed)
        return replayed

    def _verify(self, *args: Any) -> None:
        self.verified += 1
        super()._verify(*args)
