"""Kinds of figures by family, each with the way in which it is usually animated."""

from tests.figures.kinds import (  # noqa: F401 -- they enter
    axes,
    clip_paths,
    colors,
    lines,
    projections,
    shapes,
    space,
    subfigures,
    texts,
)
from tests.figures.kinds.registry import FILLS, KINDS, Kind

__all__ = ["FILLS", "KINDS", "Kind", "tagged"]


def tagged(*tags: str) -> dict[str, Kind]:
    """Return the kinds that have any of these tags, by name."""
    return {name: kind for name, kind in KINDS.items() if kind.tags & set(tags)}
