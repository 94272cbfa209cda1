"""What the code of a function reads by name, and whether it changes anything that outlives the call."""

import datetime as dt
import dis
import inspect
from dataclasses import dataclass, field
from types import CodeType
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg

HARMLESS_ATTRIBUTES = frozenset(
    name
    for name in (
        *(name for kind in (str, float, int, complex, tuple, dt.datetime) for name in dir(kind)),
        *("astype", "copy", "dtype", "get", "item", "items", "keys", "shape", "size", "tolist", "values"),
    )
    if not (name.startswith("_") or hasattr(Axes, name) or hasattr(RendererAgg, name))
) - {"now", "today", "utcnow"}
"""Attributes that may be read of anything: they change nothing, and neither axes nor renderers have them."""

_CHANGING_METHODS = frozenset({"add", "append", "extend", "insert", "pop", "remove", "sort", "update"})
"""Methods that change a list, set or dict: harmless where a function has none but those that it makes."""

_CHANGING_STEPS = frozenset({"DELETE_SUBSCR", "STORE_SLICE", "STORE_SUBSCR"})

_STEPS_BY_NAME = ("ATTR", "BUILD_CLASS", "DEREF", "GLOBAL", "IMPORT", "METHOD", "NAME")
"""Parts of the names of steps that read or set something by its name."""

Chain = tuple[int, str, tuple[str, ...]]
"""The number of a closure's cell, or -1; the name of the variable or global; the attributes that are read of it."""


@dataclass
class Reads:
    """What a code, with the functions in it, reads by name, and what it does.

    Attributes
    ----------
    chains : dict of Chain to None
        What it reads of closures and globals.
    attributes : set of str
        What it reads of anything else.
    changes : bool
        Whether it may change an array, list, set or dict that it has not made.
    pure : bool
        Whether each of its steps is known, and none sets what outlives the call.
    """

    chains: dict[Chain, None] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    changes: bool = False
    pure: bool = True


_READS: WeakKeyDictionary[CodeType, Reads] = WeakKeyDictionary()


def reads_of(code: CodeType) -> Reads:
    """Return what a code reads and does."""
    reads = _READS.get(code)
    if reads is None:
        waits = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
        reads = Reads(pure=not code.co_flags & waits)
        _collect(code, {name: number for number, name in enumerate(code.co_freevars)}, reads)
        reads.changes |= not reads.attributes.isdisjoint(_CHANGING_METHODS)
        reads.pure &= reads.attributes <= HARMLESS_ATTRIBUTES | _CHANGING_METHODS
        _READS[code] = reads
    return reads


def _collect(code: CodeType, cells: dict[str, int], reads: Reads) -> None:
    chain: Chain | None = None
    for step in dis.get_instructions(code):
        if step.opname == "EXTENDED_ARG":
            continue
        if step.opname not in ("LOAD_ATTR", "LOAD_METHOD"):
            if chain is not None:
                reads.chains[chain] = None
            chain = _begun_chain(step, cells)
            _note_effect(step, cells, reads)
        elif chain is None:
            reads.attributes.add(step.argval)
        else:
            chain = (*chain[:2], (*chain[2], step.argval))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _collect(constant, cells, reads)


def _begun_chain(step: dis.Instruction, cells: dict[str, int]) -> Chain | None:
    if step.opname == "LOAD_GLOBAL":
        return -1, step.argval, ()
    if step.opname == "LOAD_DEREF" and step.argval in cells:
        return cells[step.argval], step.argval, ()
    return None


def _note_effect(step: dis.Instruction, cells: dict[str, int], reads: Reads) -> None:
    name = step.opname
    if name in ("LOAD_GLOBAL", "LOAD_DEREF"):
        return
    if name in ("STORE_DEREF", "DELETE_DEREF"):
        reads.pure &= step.argval not in cells
    elif name in _CHANGING_STEPS or (name == "BINARY_OP" and step.argrepr.endswith("=")):
        reads.changes = True
    elif any(part in name for part in _STEPS_BY_NAME):
        reads.pure = False
