"""The errors that rendering raises.

::

    RenderError
    ├── OptionError             an option is unknown, of a wrong type or out of range
    ├── SourceError             the source cannot be animated, or its frames do not fit together
    ├── FormatError             the format is unknown, or cannot hold these frames
    │   └── MissingExtraError   the format's library is not installed
    ├── LimitError              a limit of the render was passed
    └── ReferenceNotFoundError  MODULE_OR_FILE:NAME names nothing that can be imported

Warnings are a `BudgetWarning`, an `OptionWarning`, a `TimingWarning` or a `VerificationWarning`.

An exception that the user's own update function raises is passed on as itself, with the number of the frame
added as a note.
"""

__all__ = [
    "BudgetWarning",
    "FormatError",
    "LimitError",
    "MissingExtraError",
    "OptionError",
    "OptionWarning",
    "ReferenceNotFoundError",
    "RenderError",
    "SourceError",
    "TimingWarning",
    "VerificationWarning",
]


class RenderError(Exception):
    """Base of every error that figreel raises itself."""


class OptionError(RenderError, ValueError):
    """An option is unknown, of a wrong type or out of range.

    Attributes
    ----------
    option : str
        Name of the option.
    """

    def __init__(self, option: str, message: str) -> None:
        super().__init__(option, message)
        self.option = option

    def __str__(self) -> str:
        return "option {!r}: {}".format(*self.args)


class SourceError(RenderError, ValueError):
    """The source cannot be animated, or its frames do not fit together."""


class FormatError(RenderError, ValueError):
    """The format is unknown, or cannot hold these frames."""


class MissingExtraError(FormatError, ImportError):
    """The library that a format needs is not installed; the message names the extra that brings it."""


class LimitError(RenderError):
    """A limit of the render was passed.

    Attributes
    ----------
    limit : str
        Name of the field of `renderer.options.Limits`.
    """

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(limit, message)
        self.limit = limit

    def __str__(self) -> str:
        return "limit {!r}: {}".format(*self.args)


class ReferenceNotFoundError(RenderError):
    """A reference names no module, file or attribute; the message names the part that is missing."""


class OptionWarning(UserWarning):
    """Something was asked for that has no effect; the message says what takes its place."""


class BudgetWarning(UserWarning):
    """Frames were left out, or the picture was made smaller, so that a file fits into *max_bytes*."""


class TimingWarning(UserWarning):
    """Frames come faster than viewers of the format show them."""


class VerificationWarning(UserWarning):
    """A frame was not what ``Animation.save`` draws.

    The frame that was delivered is the right one, and so are those after it. It is a defect of figreel; earlier frames
    that were not verified may have been wrong.
    """
