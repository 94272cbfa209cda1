import base64
import importlib
import subprocess
import sys
from html import escape
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renderer import render


class Shell:
    """What the extension needs of IPython's shell."""

    def __init__(self, *active: str) -> None:
        self.printers: dict[type, Any] = {}
        self.errors: list[BaseException | None] = []
        formatter = SimpleNamespace(for_type=self.printers.__setitem__, pop=self.printers.pop)
        self.display_formatter = SimpleNamespace(active_types=active, mimebundle_formatter=formatter)

    def showtraceback(self) -> None:
        self.errors.append(sys.exc_info()[1])


@pytest.fixture
def shell() -> Shell:
    shell = Shell("text/plain", "text/html", "image/png")
    importlib.import_module("renderer").load_ipython_extension(shell)
    return shell


def animation(figure: Figure | None = None) -> FuncAnimation:
    figure = figure or Figure(figsize=(1, 1))
    return FuncAnimation(figure, lambda index: figure.set_facecolor((index / 3, 0, 0)), 3)


def test_a_notebook_gets_the_clip_and_a_still(shell: Shell) -> None:
    clip = render(animation())
    shown = shell.printers[Animation](animation())
    assert shown.pop("image/png") == base64.b64encode(render(animation(), "png").data).decode()
    assert shown == clip._repr_mimebundle_()


def test_an_error_is_shown_once_and_stands_for_the_animation(shell: Shell) -> None:
    figure = Figure(figsize=(1, 1))
    broken = FuncAnimation(figure, lambda index: 1 / index, 3)
    shown = shell.printers[Animation](broken)
    assert list(map(type, shell.errors)) == [ZeroDivisionError]
    assert shown == {"text/plain": repr(broken), "text/html": f"<pre>{escape(repr(broken))}</pre>"}


def test_pyplot_forgets_the_figure_that_was_shown_and_no_other(shell: Shell) -> None:
    shown, other = plt.figure(), plt.figure()
    shell.printers[Animation](animation(shown))
    assert not plt.fignum_exists(shown.number)
    assert plt.fignum_exists(other.number)
    plt.close(other)


def test_a_figure_in_a_window_stays(shell: Shell) -> None:
    class Window(FigureCanvasAgg):
        pass

    figure = plt.figure()
    Window(figure)
    shell.printers[Animation](animation(figure))
    assert plt.fignum_exists(figure.number)
    plt.close(figure)


def test_pyplot_is_not_imported_for_it() -> None:
    program = """
import renderer, sys
from types import SimpleNamespace as Space
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.figure import Figure
printers = {}
formatter = Space(active_types=["text/html"], mimebundle_formatter=Space(for_type=printers.__setitem__))
renderer.load_ipython_extension(Space(display_formatter=formatter))
print(printers[Animation](FuncAnimation(Figure(), lambda index: None, 2))["text/plain"])
print("matplotlib.pyplot" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    clip, is_imported = done.stdout.splitlines()
    assert clip.startswith("<Clip gif")
    assert is_imported == "False"


def test_the_extension_leaves_nothing_behind(shell: Shell) -> None:
    assert list(shell.printers) == [Animation]
    for _ in range(2):
        importlib.import_module("renderer").unload_ipython_extension(shell)
        assert shell.printers == {}


def test_a_terminal_draws_nothing() -> None:
    terminal = Shell("text/plain")
    importlib.import_module("renderer").load_ipython_extension(terminal)
    drawn: list[int] = []
    undrawn = FuncAnimation(Figure(), drawn.append, 3)
    assert terminal.printers[Animation](undrawn) is None
    assert drawn == []
    render(undrawn)  # matplotlib warns of animations that were never drawn
