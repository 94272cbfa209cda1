"""Words of a command line: how each kind of value is written."""

import re
from collections.abc import Callable
from typing import Any

import click
from matplotlib.transforms import Bbox

_FACTORS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}


class Word(click.ParamType[Any]):
    """A kind of value.

    Parameters
    ----------
    name : str
        What the help calls it: ``"NUMBER"``.
    read : callable
        Returns the value of a text; raises ValueError for a text that has none.
    wanted : str
        What to write, with an example: ``"a number, such as 12.5"``.
    """

    def __init__(self, name: str, read: Callable[[str], Any], wanted: str) -> None:
        self.name = name
        self._read = read
        self._wanted = wanted

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of a text.

        Raises
        ------
        click.BadParameter
            It has none.
        """
        try:
            return self._read(value)
        except ValueError:
            self.fail(f"{value!r} is not {self._wanted}", param, ctx)


def _or_word(read: Callable[[str], Any], word: str) -> Callable[[str], Any]:
    return lambda text: text if text == word else read(text)


def _size(text: str) -> int:
    match = re.fullmatch(r"(\d+|\d*\.\d+) ?([kmg]i?|)b?", text.lower())
    if match is None:
        raise ValueError(text)
    number, unit = match.groups()
    return round(float(number) * _FACTORS[unit])


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def _box(text: str) -> Bbox:
    left, bottom, right, top = _numbers(text)
    if not (left < right and bottom < top):
        raise ValueError(text)
    return Bbox.from_extents(left, bottom, right, top)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise ValueError(text)
    return name, value


NUMBER = Word("NUMBER", float, "a number, such as 12.5")
COUNT = Word("COUNT", int, "a whole number, such as 16")
SIZE = Word("SIZE", _size, "a size, such as 100000, 100kB, 1.5MB or 64KiB")
SECONDS = Word("SECONDS,...", _numbers, "seconds with commas between them, such as 0.1,0.1,2")
PLAYS = Word("COUNT|animation", _or_word(int, "animation"), "a whole number, such as 3, or animation")
DPI = Word("NUMBER|figure", _or_word(float, "figure"), "a number, such as 150, or figure")
FRAME = Word("COUNT|last", _or_word(int, "last"), "a whole number, such as 3 or -1, or last")
BOX = Word("tight|X0,Y0,X1,Y1", _or_word(_box, "tight"), "tight, or a box in inches, such as 0,0,4.5,3")
COLOR = Word("COLOR", str, "a color")
PAIR = Word("NAME=VALUE", _pair, "of the form NAME=VALUE")
