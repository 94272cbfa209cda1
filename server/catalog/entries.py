"""The animations that a server offers: names, factories, typed parameters."""

import enum
import hashlib
import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from multidict import MultiDict
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from renderer import ReferenceNotFoundError, refer

__all__ = ["Catalog", "CatalogError", "Drawing", "Entry", "Parameter", "ParameterError", "Playback", "Still"]

Factory = TypeVar("Factory", bound=Callable[..., Any])


class CatalogError(Exception):
    """An animation cannot be put into a catalog; the message says what to change."""


class ParameterError(ValueError):
    """Raised by an animation's function to refuse values that are valid one by one but not together.

    Parameters
    ----------
    parameter : str
        Name of the parameter to blame.
    message : str
        What is wrong with it, for the client to read.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(parameter, message)
        self.parameter = parameter
        self.message = message


class Drawing(BaseModel):
    """What a client may ask of any picture. Sizes are in pixels."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        validate_default=True,
        protected_namespaces=(),
        # A parameter may have any name; its field carries an underscore so that none hides a method of the model.
        alias_generator=lambda name: name.removesuffix("_"),
    )

    dpi: float | None = Field(default=None, ge=10, le=600, description="Dots per inch: how large text and lines are.")
    width: int | None = Field(default=None, ge=16, le=8192, description="Width in pixels.")
    height: int | None = Field(default=None, ge=16, le=8192, description="Height in pixels.")


class Playback(Drawing):
    """What a client may ask of an animation."""

    fps: float | None = Field(default=None, ge=0.01, le=240, description="Frames a second.")
    loop: int = Field(default=0, ge=0, le=65535, description="How many times it plays; 0 is for ever.")


class Still(Drawing):
    """What a client may ask of one frame."""

    frame: int = Field(default=0, ge=0, le=1_000_000, description="Number of the frame, from 0.")


RESERVED = frozenset({*Playback.model_fields, *Still.model_fields, "expires", "key", "signature"})
"""Names that a parameter cannot have, because they mean something in every query."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """How one parameter is written in a query and shown in a form.

    Attributes
    ----------
    name : str
        The function's name for it.
    many : bool
        Whether it takes a list: the key is repeated in a query.
    optional : bool
        Whether it, or an item of its list, may be empty, which the function sees as None.
    choices : mapping of str to object
        The values it may take, by their text; empty if it is not a choice.
    """

    name: str
    many: bool = False
    optional: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, annotation: Any) -> "Parameter":
        """Read an annotation."""
        item = _bare(annotation)
        many = get_origin(item) in (list, tuple, set, frozenset, Sequence)
        if many:
            item = _bare(get_args(item)[0])
        optional = get_origin(item) in (Union, types.UnionType) and type(None) in get_args(item)
        if optional:
            rest = [option for option in get_args(item) if option is not type(None)]
            item = _bare(rest[0]) if len(rest) == 1 else item
        return cls(name, many, optional, _choices(item))

    def read(self, texts: Sequence[str]) -> Any:
        """Give what the texts of a query stand for, still to be validated."""
        items = [self._item(text) for text in texts]
        return items if self.many else items[0]

    def _item(self, text: str) -> Any:
        if self.optional and text == "":
            return None
        return self.choices.get(text, text)


class Entry:
    """One animation of a catalog.

    Parameters
    ----------
    function : callable
        Gives a source that `renderer.render` takes. Its parameters are annotated with types that pydantic validates.

    Raises
    ------
    CatalogError
        A parameter is not typed, has a reserved name, or its default is not valid.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name: str = function.__name__
        lines = inspect.getdoc(function) or ""
        self.summary, _, rest = lines.partition("\n")
        self.description = rest.strip()
        fields = self._fields()
        self.playback = create_model(self.name, __base__=Playback, **fields)
        self.still = create_model(f"{self.name}_still", __base__=Still, **fields)
        self.parameters = {
            name.removesuffix("_"): Parameter.of(name.removesuffix("_"), info.annotation)
            for name, info in (self.playback.model_fields | self.still.model_fields).items()
        }
        self.own = tuple(name.removesuffix("_") for name in fields)
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
    def reference(self) -> str:
        """Where a worker process finds the function."""
        try:
            return refer(self.function)
        except ReferenceNotFoundError as error:
            raise CatalogError(f"animation {self.name!r} cannot be imported by a worker process: {error}") from error

    @cached_property
    def code_version(self) -> str:
        """A digest of the file that the function stands in."""
        path = Path(inspect.getsourcefile(self.function) or inspect.getfile(self.function))
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def prepare(self, pairs: Iterable[tuple[str, str]], *, still: bool = False) -> tuple[Any, dict[str, Any]]:
        """Call the function with parameters read from texts, and return its source and the options of the render.

        Parameters
        ----------
        pairs : iterable of (str, str)
            Names and texts, as in a query.
        still : bool, default: False
            Whether one frame is wanted.

        Raises
        ------
        ValueError
            A parameter is unknown or not valid.
        """
        from server.catalog.parameters import Bounds, InvalidParametersError, read_query
        from server.catalog.sizing import prepare

        bounds = Bounds(text=100_000, items=100_000)
        try:
            values = read_query(self, self.still if still else self.playback, MultiDict(pairs), bounds)
        except InvalidParametersError as error:
            raise ValueError("\n  ".join(f"{item['field']}: {item['message']}" for item in error.problems)) from error
        return prepare(self, values)

    def source(self, values: BaseModel) -> Any:
        """Call the function.

        Parameters
        ----------
        values : BaseModel
            An instance of `playback` or `still`.
        """
        return self.function(**{name: _plain(getattr(values, f"{name}_")) for name in self.own})


class Catalog:
    """Names and the animations they stand for.

    Parameters
    ----------
    version : str, default: ""
        Change it when the animations change in a way that their own files do not show, such as with the data they
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
        """Add a function that gives an animation, under its own name; give it back unchanged.

        The first line of its docstring is shown in the gallery. Texts reach it with their dollar signs escaped, so
        that no client can have matplotlib parse mathematics.

        Raises
        ------
        CatalogError
            The name is taken, or `Entry` cannot be made.
        """
        entry = Entry(function)
        if entry.name in self._entries:
            raise CatalogError(f"there are two animations of the name {entry.name!r}; rename one")
        self._entries[entry.name] = entry
        function.__figreel_entry__ = entry  # type: ignore[attr-defined]
        return function

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: str) -> Entry | None:
        """Give the animation of that name, or None."""
        return self._entries.get(name)


def _bare(annotation: Any) -> Any:
    """Take off ``Annotated``."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _choices(annotation: Any) -> dict[str, Any]:
    if get_origin(annotation) is Literal:
        return {str(value): value for value in get_args(annotation)}
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return {str(member.value): member.value for member in annotation}
    if annotation is bool:
        return {"true": True, "false": False}
    return {}


def _plain(value: Any) -> Any:
    """Escape the dollar signs of a client's text: Text draws what stands between two of them as mathematics."""
    if type(value) is str:
        return value.replace("$", r"\$")
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_plain(item) for item in value)
    if type(value) is dict:
        return {key: _plain(item) for key, item in value.items()}
    return value
