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
from pathlib import Path
from typing import Any

import renderer
from renderer.options import RenderOptions

PATH = Path(renderer.__file__).with_suffix(".pyi")

HEAD = '''"""The types of the library's face. Made by ``python -m tests.stub``; do not edit."""

from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Mapping, Sequence
from typing import Any, Literal, ParamSpec, overload

from matplotlib.animation import Animation
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
    for node in ast.parse(PATH.with_suffix(".py").read_text()).body:
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
        default = "" if place < required else f" = {ast.unparse(node.args.defaults[place - required])}"
        annotation = next(item.annotation for item in node.args.args if item.arg == name)
        parts.append(f"{name}: {NARROWER.get(name) or ast.unparse(annotation)}{default}")
    lines = "".join(f"\n    {part}," for part in [*parts, "*", *_options()])
    return f"{lines}\n"


@cache
def _options() -> tuple[str, ...]:
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
    )


def _function(node: Any, indent: str = "") -> str:
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    parameters = _parameters(node).replace("\n", f"\n{indent}")
    return f"{indent}{word} {node.name}({parameters}) -> {ast.unparse(node.returns)}: ..."


def _class(node: ast.ClassDef) -> str:
    lines = [f"class {node.name}:"]
    for item in node.body:
        if _takes_options(item):
            lines.append(_function(item, "    "))
        elif isinstance(item, ast.FunctionDef) and (item.name == "__iter__" or item.name[0] != "_"):
            lines += [f"    @{ast.unparse(decorator)}" for decorator in item.decorator_list]
            lines.append(f"    def {item.name}(self) -> {ast.unparse(item.returns)}: ..." if item.returns else "")
    return "\n".join(lines)


if __name__ == "__main__":
    PATH.write_text(stub(), encoding="utf-8")
