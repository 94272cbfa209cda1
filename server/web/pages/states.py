"""What the address of an animation's page says: a format and parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from renderer import Format
from server.catalog.entries import Entry
from server.catalog.parameters import AS_JSON
from server.errors import InvalidParametersError
from server.rendering.service import Service
from server.web.pages.forms import Control, Pair


@dataclass(frozen=True)
class State:
    """A form with its values.

    Attributes
    ----------
    format : Format
        The format that is chosen.
    arguments, common : list of Control
        The function's parameters, and those that every animation has.
    pairs : tuple of (str, str)
        What of the form differs from the defaults, as a query of the picture says it.
    query : tuple of (str, str)
        The same as a query of the page says it, which has the format too.
    problems : list of str
        What is wrong with it, in sentences.
    """

    format: Format
    arguments: list[Control]
    common: list[Control]
    pairs: tuple[Pair, ...]
    query: tuple[Pair, ...]
    problems: list[str]

    @property
    def picture_query(self) -> str:
        """The query of the picture, with its question mark; empty if there is none."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    @property
    def page_query(self) -> str:
        """The query of the page, with its question mark; empty if there is none."""
        return f"?{urlencode(self.query)}" if self.query else ""


def state_of(service: Service, entry: Entry, written: Sequence[Pair]) -> State:
    """Read the query of a page.

    A browser without JavaScript sends all fields. What says no more than the default is left out, as is what the chosen
    format does not have.
    """
    default = next(iter(service.formats.values()))
    chosen = next((text for name, text in written if name == "format"), default.name)
    format_ = service.formats.get(chosen, default)
    said = _by_parameter([(name, text.replace("\r\n", "\n")) for name, text in written if name != "format"])
    known = {name: Control(parameter, said.pop(name, ())) for name, parameter in entry.parameters.items()}
    kind = "still" if format_.still else "animation"
    changed = [one for one in known.values() if one.sent != one.default and one.only in ("", kind)]
    pairs = (*(pair for one in changed for pair in one.sent), *(pair for rest in said.values() for pair in rest))
    problems = _problems(service, entry, format_, pairs) if pairs else []
    if chosen not in service.formats:
        problems.append({"field": "format", "message": f"must be one of {', '.join(service.formats)}"})
    for problem in problems:
        name = problem["field"].partition(".")[0]
        if name in known:
            known[name].problems = [*known[name].problems, sentence(problem)]
    arguments = [known[name] for name in entry.arguments]
    common = [control for name, control in known.items() if name not in entry.arguments]
    named = () if chosen == default.name else (("format", chosen),)
    return State(format_, arguments, common, pairs, (*pairs, *named), [sentence(problem) for problem in problems])


def sentence(problem: Mapping[str, str]) -> str:
    """Return a problem as a sentence. The page's script writes the same one."""
    name, *place = problem["field"].split(".")
    parts = [f"item {int(part) + 1}" if part.isdecimal() else part for part in place]
    return f"{', '.join([name.replace('_', ' '), *parts])} {problem['message']}"


def _by_parameter(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    said: dict[str, list[Pair]] = {}
    for name, text in pairs:
        said.setdefault(name.removesuffix(AS_JSON), []).append((name, text))
    return said


def _problems(service: Service, entry: Entry, format_: Format, pairs: tuple[Pair, ...]) -> list[Mapping[str, str]]:
    try:
        service.read(entry.name, format_.name, pairs)
    except InvalidParametersError as error:
        return list(error.problems)
    return []
