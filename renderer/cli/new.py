"""``figreel new``: a file with an animation to begin with."""

from importlib.util import find_spec
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
    if path.suffix != ".py" or not path.stem.isidentifier():
        raise click.UsageError(f"{str(path)!r} is no name of a Python module; take one such as scenes.py")
    serves = all(map(find_spec, _SERVER))
    try:
        with path.open("x") as file:
            file.write(_SCENE + (_CATALOG if serves else ""))
    except FileExistsError:
        raise click.ClickException(f"{str(path)!r} is there already; give another name") from None
    click.echo(f"{path} has an animation. Try:\n\n  figreel render {path}:wave -o wave.gif -p frequency=2")
    if serves:
        click.echo(f"  figreel serve {path}:catalog")
    else:
        click.echo("  pip install 'figreel[server]', to serve it over HTTP")
