"""The stub of the library's face, made from the code: ``python -m tests.stub`` writes ``renderer/__init__.pyi``.

Functions take their options as ``**options``, which neither type checkers nor completion can follow. The stub has each
option as a keyword, with the type and the default of its field in `RenderOptions`.
"""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import renderer
from renderer.options import RenderOptions
from renderer.remedies import OF_SAVE

PATH = Path(renderer.__file__).with_suffix(".pyi")

HEAD = '''"""The types of the library's face. Made by ``python -m tests.stub``; do not edit."""

from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, ParamSpec, overload

from imageio.core.v3_plugin_api import PluginV3
from matplotlib.animation import AbstractMovieWriter, Animation
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

'''

NARROWER = {
    "source": "Source",
    "format": "FormatName",
    "formats": "Iterable[FormatName]",
}
"""Types of parameters where the code takes anything, and refuses it with a message."""

RENDERED = """
_P = ParamSpec("_P")

@overload
def rendered(format: Callable[_P, Source], /) -> Callable[_P, Clip]: ...
@overload
def rendered({parameters}) -> Callable[[Callable[_P, Source]], Callable[_P, Clip]]: ...
"""


def stub() -> str:
    """Return the text of the stub."""
    imports, definitions = [], []
    for module, name in _imported():
        node = _definition(module, name)
        if name == "rendered":
            definitions.append(RENDERED.format(parameters=_parameters(node)))
        elif isinstance(node, ast.ClassDef) and any(map(_takes_options, node.body)):
            definitions.append(_class(node))
        elif _takes_options(node):
            definitions.append(_function(node))
        else:
            imports.append(f"from {module} import {name} as {name}")
    names = "".join(f'    "{name}",\n' for name in renderer.__all__)
    return "\n".join([HEAD, *imports, "", "__version__: str", "", f"__all__ = [\n{names}]", "", *definitions])


def _imported() -> Iterator[tuple[str, str]]:
    """Yield what the package imports for its face: modules and names."""
    for node in ast.walk(ast.parse(PATH.with_suffix(".py").read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("renderer."):
            for alias in node.names:
                yield node.module, alias.name


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def _definition(module: str, name: str) -> Any:
    """Return the node that defines a class or a function; None for anything else."""
    return next((node for node in _tree(module).body if getattr(node, "name", None) == name), None)


def _takes_options(node: Any) -> bool:
    keywords = getattr(getattr(node, "args", None), "kwarg", None)
    return keywords is not None and keywords.arg == "options"


def _parameters(node: Any) -> str:
    names = [argument.arg for argument in node.args.args if argument.arg != "self"]
    required = len(names) - len(node.args.defaults)
    parts = ["self"] if len(names) < len(node.args.args) else []
    for place, name in enumerate(names):
        default = None if place < required else ast.unparse(node.args.defaults[place - required])
        annotation = ast.unparse(next(item.annotation for item in node.args.args if item.arg == name))
        if name in NARROWER:
            annotation = f"{NARROWER[name]} | None" if default == "None" else NARROWER[name]
        parts.append(f"{name}: {annotation}" if default is None else f"{name}: {annotation} = {default}")
    lines = "".join(f"\n    {part}," for part in [*parts, "*", *_options(*names, *_left_out(node))])
    return f"{lines}\n"


def _left_out(node: Any) -> tuple[str, ...]:
    """Return the options that a function does not take, by its decorator."""
    arguments = [word.value for item in node.decorator_list if isinstance(item, ast.Call) for word in item.keywords]
    return tuple(chain.from_iterable(OF_SAVE for value in arguments if ast.unparse(value) == "OF_SAVE"))


@cache
def _options(*left_out: str) -> tuple[str, ...]:
    attributes = {
        node.target.id: ast.unparse(node.annotation)
        for node in _definition("renderer.options", "RenderOptions").body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    plain = RenderOptions()
    simple = (bool, int, float, str, type(None))
    defaults = {item.name: getattr(plain, item.name) for item in fields(RenderOptions)}
    return tuple(
        f"{name}: {attributes[name]} = {value!r}" if isinstance(value, simple) else f"{name}: {attributes[name]} = ..."
        for name, value in defaults.items()
        if name not in left_out
    )


def _function(node: Any, indent: str = "") -> str:
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    parameters = _parameters(node).replace("\n", f"\n{indent}")
    return f"{indent}{word} {node.name}({parameters}) -> {ast.unparse(node.returns)}: ..."


def _class(node: ast.ClassDef) -> str:
    bases = ", ".join(map(ast.unparse, node.bases))
    lines = [f"class {node.name}({bases}):" if bases else f"class {node.name}:"]
    for item in node.body:
        if isinstance(item, ast.AnnAssign):
            lines.append(f"    {ast.unparse(item.target)}: {ast.unparse(item.annotation)}")
        if _takes_options(item):
            lines.append(_function(item, "    "))
        elif isinstance(item, ast.FunctionDef) and (item.name == "__iter__" or item.name[0] != "_"):
            lines += [f"    @{ast.unparse(decorator)}" for decorator in item.decorator_list]
            returned = ast.unparse(item.returns) if item.returns else "None"
            lines.append(f"    def {item.name}({ast.unparse(item.args)}) -> {returned}: ...")
    return "\n".join(lines)


if __name__ == "__main__":
    PATH.write_text(stub(), encoding="utf-8")
