"""A text that is typed."""

import textwrap
from typing import Annotated

from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.catalog.types import Color

BLINKS = 12


def text(
    words: Annotated[str, Field(min_length=1, max_length=120)] = "Any text will do: it is typed letter by letter.",
    color: Color = "#e8e6df",
    background: Color = "#1e2430",
) -> Scene:
    """Text that is typed letter by letter, with a cursor that blinks."""
    # The server has escaped dollar signs, which are one letter each when they are typed.
    plain = words.replace(r"\$", "$")
    # Lines are broken before the first letter, so that no word jumps to the next line while it is typed.
    lines = textwrap.wrap(plain, 22, max_lines=7, placeholder="…") or [""]
    letters = "\n".join(lines)
    figure = Figure(facecolor=background)
    for place, light in enumerate(["#ff5f57", "#febc2e", "#28c840"]):
        figure.text(0.05 + 0.04 * place, 0.92, "\N{BLACK CIRCLE}", size=16, color=light, va="center")
    top = 0.44 + 0.055 * len(lines)
    rows = [
        figure.text(0.06, top - 0.11 * place, "", family="monospace", color=color, va="baseline")
        for place in range(len(lines))
    ]

    def update(index: int) -> None:
        cursor = " " if index > len(letters) and index % 4 < 2 else "\N{LEFT HALF BLOCK}"
        typed = (letters[:index] + cursor).replace("$", r"\$")
        for row, content in zip(rows, typed.split("\n") + [""] * len(rows), strict=False):
            row.set(text=content, size=4.4 * figure.get_figwidth())  # the server may have changed the width by now

    return Scene(figure, update, len(letters) + 1 + BLINKS, interval=80)
