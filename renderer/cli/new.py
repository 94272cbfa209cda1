"""``figreel new``: a file with an animation to begin with."""

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path

import click

_SCENE = '''"""Animations for figreel."""

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure


def wave(frequency: float = 1, color: str = "#0b6e99") -> FuncAnimation:
    """Wave that travels to the right."""
    figure = Figure(figsize=(5, 3))
    x = np.linspace(0, 4 * np.pi, 400)
    (line,) = figure.subplots().plot(x, np.sin(frequency * x), color=color)

    def update(frame: int) -> None:
        line.set_ydata(np.sin(frequency * x - 2 * np.pi * frame / 40))

    return FuncAnimation(figure, update, frames=40, interval=50)
'''

_CATALOG = """
from server import Catalog

catalog = Catalog()
catalog.animation(wave)
"""

_SERVER = ("aiohttp", "jinja2", "pydantic", "structlog")
"""Libraries of the server extra without which a catalog cannot be made."""


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default="scenes.py")
def new(path: Path) -> None:
    """Write a file with an animation to begin with, scenes.py if no other name is given."""
    if path.suffix != ".py" or not path.stem.isidentifier() or iskeyword(path.stem):
        raise click.UsageError(f"{str(path)!r} is no name of a Python module; take one such as scenes.py")
    if _is_taken(path.stem) and not path.exists():
        raise click.UsageError(f"{str(path)!r} would hide the module {path.stem!r}; take a name such as scenes.py")
    serves = all(map(find_spec, _SERVER))
    try:
        with path.open("x") as file:
            file.write(_SCENE + (_CATALOG if serves else ""))
    except FileNotFoundError:
        raise click.ClickException(f"there is no folder {str(path.parent)!r}; make it first") from None
    except FileExistsError:
        raise click.ClickException(f"{str(path)!r} is there already; give another name") from None
    click.echo(f"{path} has an animation. Try:\n\n  figreel render {path}:wave -o wave.gif -p frequency=2")
    if serves:
        click.echo(f"  figreel serve {path}:catalog")
    else:
        click.echo("  pip install 'figreel[server]', to serve it over HTTP")


def _is_taken(name: str) -> bool:
    """Whether Python or a library has a module of this name."""
    found = PathFinder.find_spec(name)
    return name in sys.stdlib_module_names or (found is not None and found.origin is not None)
