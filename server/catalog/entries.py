"""The animations that a server offers: names, functions, typed parameters."""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ValidationError, create_model
from pydantic.errors import PydanticInvalidForJsonSchema

from renderer import ReferenceNotFoundError, refer
from server.catalog.bounds import Bounds
from server.catalog.models import RESERVED, Playback, Still
from server.catalog.parameters import Pairs, Parameter, Untitled, parameters_of, read_pairs
from server.catalog.sizing import resize
from server.errors import CatalogError

Factory = TypeVar("Factory", bound=Callable[..., Any])

_OPTIONS = ("fps", "loop", "frame", "dpi")
"""Parameters of every picture that are options of a render as they are."""

_UNBOUNDED = Bounds(text=100_000, items=100_000)


class Entry:
    """One animation of a catalog.

    Parameters
    ----------
    function : callable
        Returns a source that `renderer.render` takes. Its parameters are annotated with types that pydantic validates.

    Attributes
    ----------
    playback, still : type of BaseModel
        Validate the parameters of an animation and of a still picture.
    arguments : tuple of str
        The parameters that are the function's.

    Raises
    ------
    CatalogError
        A parameter is not typed, has a reserved name, or its default is not valid.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name: str = function.__name__
        self.summary, _, rest = (inspect.getdoc(function) or "").partition("\n")
        self.description = rest.strip()
        fields = self._fields()
        self.arguments = tuple(name.removesuffix("_") for name in fields)
        self.playback = create_model(self.name, __base__=Playback, **fields)
        self.still = create_model(f"{self.name}_still", __base__=Still, **fields)
        self._check_defaults()

    def _fields(self) -> dict[str, Any]:
        hints = get_type_hints(self.function, include_extras=True)
        fields = {}
        for name, parameter in inspect.signature(self.function).parameters.items():
            if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                raise CatalogError(f"animation {self.name!r}: parameter {name!r} must be one that can be named")
            if name in RESERVED or name.startswith("_"):
                raise CatalogError(f"animation {self.name!r}: {name!r} cannot name a parameter; choose another")
            if name not in hints:
                raise CatalogError(f"animation {self.name!r}: parameter {name!r} needs a type, such as {name}: float")
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[f"{name}_"] = (hints[name], default)
        return fields

    def _check_defaults(self) -> None:
        try:
            self.playback()
        except ValidationError as error:
            for item in error.errors(include_url=False):
                name = str(item["loc"][0]).removesuffix("_")
                if item["type"] != "missing":
                    raise CatalogError(
                        f"animation {self.name!r}: the default of {name!r} is not valid: {item['msg']}"
                    ) from None

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters of an animation and of a still picture, by name."""
        try:
            schemas = [model.model_json_schema(schema_generator=Untitled) for model in (self.playback, self.still)]
        except PydanticInvalidForJsonSchema as error:
            raise CatalogError(f"animation {self.name!r}: a parameter's type has no JSON Schema: {error}") from error
        playback, still = (parameters_of(schema, schema.get("$defs", {})) for schema in schemas)
        return playback | still

    @cached_property
    def reference(self) -> str:
        """Where a worker process finds the function."""
        try:
            return refer(self.function)
        except ReferenceNotFoundError as error:
            raise CatalogError(f"animation {self.name!r} cannot be imported by a worker process: {error}") from error

    @cached_property
    def code_version(self) -> str:
        """A digest of the file in which the function is written."""
        path = Path(inspect.getsourcefile(self.function) or inspect.getfile(self.function))
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def model(self, *, still: bool) -> type[BaseModel]:
        """Return the model of an animation or of a still picture."""
        return self.still if still else self.playback

    def read(self, pairs: Pairs, bounds: Bounds, *, still: bool) -> BaseModel:
        """Validate a query, as in `server.catalog.parameters.read_pairs`."""
        return read_pairs(self.model(still=still), self.parameters, pairs, bounds)

    def call(self, values: BaseModel) -> tuple[Any, dict[str, Any]]:
        """Call the function.

        Parameters
        ----------
        values : BaseModel
            An instance of `playback` or `still`.

        Returns
        -------
        source : object
            What the function returned, its figure in the size that *values* name.
        options : dict
            The options to render it with.

        Raises
        ------
        ParameterError
            *values* name a size, and the source has no figure on which all frames are drawn.
        """
        source = self.function(**{name: _escaped(getattr(values, f"{name}_")) for name in self.arguments})
        common = values.model_dump(include={*_OPTIONS, "width", "height"}, exclude_none=True)
        if "width" in common or "height" in common:
            resize(source, common.get("width"), common.get("height"), common.get("dpi"))
        return source, {name: common[name] for name in _OPTIONS if name in common}

    def described(self) -> list[tuple[str, str]]:
        """Return the names of all parameters, each with what it takes in words; the function's own come first."""
        names = [*self.arguments, *(name for name in self.parameters if name not in self.arguments)]
        return [(name, self.parameters[name].in_words) for name in names]

    def prepare(self, pairs: Pairs, still: bool = False) -> tuple[Any, dict[str, Any]]:
        """Call the function with the texts of a command line.

        Parameters
        ----------
        pairs : Pairs
            Parameters and their texts, as in a query.
        still : bool, default: False
            Whether they are those of a still picture.

        Returns
        -------
        source, options
            As from `call`.

        Raises
        ------
        InvalidParametersError
            A parameter is unknown or not valid.
        ParameterError
            As for `call`, or raised by the function.
        """
        return self.call(self.read(pairs, _UNBOUNDED, still=still))


class Catalog:
    """Names and the animations they stand for.

    Parameters
    ----------
    version : str, default: ""
        Change it when the animations change in a way that their files do not show, such as with the data they
        read. Stored answers of another version are not used.

    Examples
    --------
    >>> catalog = Catalog()
    >>> @catalog.animation
    ... def growth(rate: float = 1.5) -> Animation:
    ...     '''Something that grows.'''
    """

    def __init__(self, version: str = "") -> None:
        self.version = version
        self._entries: dict[str, Entry] = {}

    def animation(self, function: Factory) -> Factory:
        """Add a function that returns an animation, under its name; return the function.

        The first line of its docstring is shown in the gallery. Dollar signs in its texts are escaped, so that no
        client can have matplotlib parse mathematics. The function's attribute ``__figreel_entry__`` is its `Entry`,
        by which ``figreel render`` knows its parameters.

        Raises
        ------
        CatalogError
            There is an animation of that name already, or `Entry` cannot be made.
        """
        entry = Entry(function)
        if entry.name in self._entries:
            raise CatalogError(f"there are two animations of the name {entry.name!r}; rename one")
        self._entries[entry.name] = function.__figreel_entry__ = entry  # type: ignore[attr-defined]
        return function

    @property
    def __figreel_names__(self) -> tuple[str, ...]:
        """The names of the animations, by which the command knows a catalog."""
        return tuple(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: str) -> Entry | None:
        """Return the animation of that name, or None."""
        return self._entries.get(name)


def _escaped(value: Any) -> Any:
    """Escape the dollar signs of texts: matplotlib draws a text between two of them as mathematics."""
    if type(value) is str:
        return value.replace("$", r"\$")
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_escaped(item) for item in value)
    if type(value) is dict:
        return {key: _escaped(item) for key, item in value.items()}
    return value
