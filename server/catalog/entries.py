"""The animations that a server offers: names, functions, typed parameters."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar, get_type_hints, overload

import numpy as np
from pydantic import BaseModel, create_model

from renderer import ReferenceNotFoundError, refer
from server.catalog.bounds import Bounds
from server.catalog.defaults import Default, alike, checked
from server.catalog.escaping import Escaping
from server.catalog.models import RESERVED, Playback, Still
from server.catalog.parameters import Parameter, parameters_of
from server.catalog.reading import Pairs, Values, problem, refuse, validated, written_in_query
from server.catalog.schemas import Schemas
from server.catalog.sizing import resize
from server.errors import CatalogError

Factory = TypeVar("Factory", bound=Callable[..., Any])

_UNBOUNDED = Bounds(text=100_000, items=100_000)


class Entry:
    """One animation of a catalog.

    Parameters
    ----------
    function : callable
        Returns a source that `renderer.render` takes. Its parameters are annotated with types that pydantic validates.
    group : str, default: ""
        The heading under which the gallery shows it.
    tags : sequence of str, default: ()
        Words by which the gallery finds it.

    Attributes
    ----------
    playback, still : type of BaseModel
        Validate the parameters of an animation and of a still picture.
    arguments : tuple of str
        The parameters that are the function's.

    Raises
    ------
    CatalogError
        It is no plain function, or a parameter is not typed, has a reserved name or a type that requests cannot carry,
        or its default is not valid.
    """

    def __init__(self, function: Callable[..., Any], group: str = "", tags: Sequence[str] = ()) -> None:
        _check_function(function)
        self.function = function
        self.group = group
        self.tags = tuple(tags)
        self.name: str = function.__name__
        self.summary, _, rest = (inspect.getdoc(function) or "").partition("\n")
        self.description = rest.strip()
        fields = self._fields()
        self.arguments = tuple(name.removesuffix("_") for name in fields)
        self._defaults = dict(self._checked(fields))
        self.playback = create_model(self.name, __base__=Playback, **fields)
        self.still = create_model(f"{self.name}_still", __base__=Still, **fields)
        schemas = {model: model.model_json_schema(schema_generator=Schemas) for model in (self.playback, self.still)}
        self._definitions = schemas[self.playback].get("$defs", {})
        self._schemas = schemas[self.playback]["properties"]
        self.parameters: dict[str, Parameter] = {}
        for schema in schemas.values():
            self.parameters |= parameters_of(schema, self._definitions)

    def _fields(self) -> dict[str, Any]:
        parameters = inspect.signature(self.function).parameters
        hints = self._hints(parameters)
        fields = {}
        for name, parameter in parameters.items():
            if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                raise CatalogError(f"animation {self.name!r}: parameter {name!r} must be one that can be named")
            if name in RESERVED or name.startswith("_"):
                raise CatalogError(f"animation {self.name!r}: {name!r} cannot name a parameter; choose another")
            if name not in hints:
                raise CatalogError(f"animation {self.name!r}: parameter {name!r} needs a type, such as {name}: float")
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[f"{name}_"] = (hints[name], default.item() if isinstance(default, np.generic) else default)
        return fields

    def _hints(self, parameters: Mapping[str, inspect.Parameter]) -> dict[str, Any]:
        """Return the types of parameters. What the function returns may be a type that only type checkers import."""
        written = {name: one.annotation for name, one in parameters.items() if one.annotation is not one.empty}
        names = getattr(inspect.unwrap(self.function), "__globals__", {})
        try:
            return get_type_hints(SimpleNamespace(__annotations__=written), names, include_extras=True)
        except Exception as error:
            raise CatalogError(f"animation {self.name!r}: a type cannot be read: {error}") from error

    def _checked(self, fields: Mapping[str, Any]) -> Iterator[tuple[str, Default]]:
        """Check every parameter; yield those that have a default."""
        for name, field in fields.items():
            plain = name.removesuffix("_")
            try:
                default = checked(plain, *field)
            except CatalogError as error:
                raise CatalogError(f"animation {self.name!r}: {error}") from error
            if default is not None:
                yield plain, default

    @cached_property
    def reference(self) -> str:
        """Where a worker process finds the function."""
        try:
            return refer(self.function)
        except ReferenceNotFoundError as error:
            raise CatalogError(f"animation {self.name!r} cannot be imported by a worker process: {error}") from error

    def model(self, *, still: bool) -> type[BaseModel]:
        """Return the model of an animation or of a still picture."""
        return self.still if still else self.playback

    def read(self, pairs: Pairs, bounds: Bounds, *, still: bool) -> Values:
        """Read a query, as in `server.catalog.reading.written_in_query` and `values`."""
        return self.values(written_in_query(self.parameters, pairs), bounds, still=still)

    def values(self, written: Mapping[str, Any], bounds: Bounds = _UNBOUNDED, *, still: bool = False) -> Values:
        """Validate what a client wrote.

        Parameters
        ----------
        written : mapping
            Parameters by name, as JSON.
        bounds : Bounds
            How much may be written.
        still : bool, default: False
            Whether they are those of a still picture.

        Returns
        -------
        Values
            The same in every process for the same *written*.

        Raises
        ------
        InvalidParametersError
            A parameter is unknown, too long or not valid.
        """
        defaults = {name: default.written for name, default in self._defaults.items()}
        model = validated(self.model(still=still), written, defaults, bounds)
        escaping = Escaping(self._definitions, bounds, dollars="$" in json.dumps(written))
        arguments = {}
        for name in self.arguments:
            value = getattr(model, f"{name}_")
            if name in written or not alike(value, self._defaults[name].value):
                value = escaping.value(value, written.get(name), [self._schemas[name]], (name,))
            arguments[name] = value
        refuse([problem(*item) for item in escaping.problems])
        common = {name for name in type(model).model_fields if name.removesuffix("_") not in self.arguments}
        return Values(written, arguments, model.model_dump(include=common, exclude_none=True))

    def call(self, values: Values) -> tuple[Any, dict[str, Any]]:
        """Call the function.

        Parameters
        ----------
        values : Values
            What `read` or `values` returned.

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
        source = self.function(**values.arguments)
        options = dict(values.options)
        width, height = options.pop("width", None), options.pop("height", None)
        if width or height:
            resize(source, width, height, options.get("dpi"))
        return source, options

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


def _check_function(function: Callable[..., Any]) -> None:
    if not hasattr(function, "__name__") or inspect.ismethod(function) or inspect.isclass(function):
        raise CatalogError(f"{function!r} is no function; write one that calls it")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise CatalogError(f"animation {function.__name__!r} is asynchronous; write it without async")


class Catalog:
    """Names and the animations they stand for.

    Parameters
    ----------
    version : str, default: ""
        Change it when the animations change in a way that their files do not show, such as with the data they
        read. Stored answers of another version are not used.
    title : str, default: "figreel"
        The name that pages show at their top.
    description : str, default: ""
        What the gallery says about the animations. Empty lines divide it into paragraphs.

    Examples
    --------
    >>> catalog = Catalog()
    >>> @catalog.animation
    ... def growth(rate: float = 1.5) -> Animation:
    ...     '''Something that grows.'''
    """

    def __init__(self, version: str = "", *, title: str = "figreel", description: str = "") -> None:
        self.version = version
        self.title = title
        self.description = inspect.cleandoc(description)
        self._entries: dict[str, Entry] = {}

    @overload
    def animation(self, function: Factory) -> Factory: ...

    @overload
    def animation(self, *, group: str = "", tags: Sequence[str] = ()) -> Callable[[Factory], Factory]: ...

    def animation(
        self, function: Factory | None = None, *, group: str = "", tags: Sequence[str] = ()
    ) -> Factory | Callable[[Factory], Factory]:
        """Add a function that returns an animation, under its name; return the function.

        The first line of its docstring is shown in the gallery. Dollar signs in a client's texts are escaped, so that
        no client can have matplotlib parse mathematics; defaults and choices stay as they are. The function's
        attribute ``__figreel_entry__`` is its `Entry`, by which ``figreel render`` knows its parameters.

        Parameters
        ----------
        function : callable, optional
            The function; left out in ``@catalog.animation(group="Lines")``.
        group : str, default: ""
            The heading under which the gallery shows it.
        tags : sequence of str, default: ()
            Words by which the gallery finds it.

        Raises
        ------
        CatalogError
            There is an animation of that name already, or `Entry` cannot be made.
        """
        if isinstance(tags, str):
            raise CatalogError(f"tags must be several texts, such as [{tags!r}]")
        if function is None:
            return lambda function: self._add(function, group, tags)
        return self._add(function, group, tags)

    def _add(self, function: Factory, group: str, tags: Sequence[str]) -> Factory:
        entry = Entry(function, group, tags)
        if entry.name in self._entries:
            raise CatalogError(f"there are two animations of the name {entry.name!r}; rename one")
        self._entries[entry.name] = function.__figreel_entry__ = entry  # type: ignore[attr-defined]
        return function

    @property
    def groups(self) -> dict[str, list[Entry]]:
        """The animations by their groups, in the order in which these were named."""
        groups: dict[str, list[Entry]] = {}
        for entry in self:
            groups.setdefault(entry.group, []).append(entry)
        return groups

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
