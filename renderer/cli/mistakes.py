"""How the commands end after an error: with one line, or with the traceback of the user's code, and an exit code."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from renderer import LimitError, OptionError, ReferenceNotFoundError, RenderError, user_traceback
from renderer.cli.options import LIMITS, flag_of


class Refusal(click.ClickException):
    """The command line asks for something that cannot be: one line, and the exit code of a wrong command line."""

    exit_code = click.UsageError.exit_code


@contextmanager
def refusing() -> Iterator[None]:
    """Turn errors of figreel's, inside the with block, into refusals. Nothing has been drawn there yet."""
    try:
        yield
    except RenderError as error:
        raise Refusal(message_of(error)) from error


@contextmanager
def explained(*, debug: bool) -> Iterator[None]:
    """End the command with what the user needs to know about an exception that is raised inside the with block.

    Parameters
    ----------
    debug : bool
        Whether to raise exceptions as they are.
    """
    try:
        yield
    except (click.exceptions.Exit, click.exceptions.Abort, BrokenPipeError):
        raise  # click ends in silence when nobody reads on, as `head` does not
    except click.ClickException as error:
        if debug and error.__cause__ is not None:
            raise error.__cause__ from None
        raise
    except Exception as error:
        if debug:
            raise
        raise _explanation(error) from error


def message_of(error: Exception) -> str:
    """Return the message of an error, with options named as the command line names them."""
    if isinstance(error, OptionError | LimitError):
        name, message = error.args
        flag = LIMITS[name].flag if isinstance(error, LimitError) else flag_of(name)
        return f"{flag}: {as_flags(message)}" if flag else str(error)
    return as_flags(str(error))


def as_flags(text: str) -> str:
    """Return a text in which options such as ``max_bytes=64`` are named as the command line names them."""
    return re.sub(r"\b([a-z_]+)=(?=(\S?))", _as_flag, text)


def _as_flag(option: re.Match[str]) -> str:
    flag = flag_of(option[1])
    if flag is None:
        return option[0]
    return f"{flag} " if re.match(r"[\w'\"(]", option[2]) else flag


def _explanation(error: Exception) -> click.ClickException:
    if isinstance(error, RenderError):
        wrong_line = isinstance(error, OptionError | ReferenceNotFoundError)
        return (Refusal if wrong_line else click.ClickException)(message_of(error))
    text = user_traceback(error)
    return _Traceback(text) if "\n" in text else click.ClickException(text)


class _Traceback(click.ClickException):
    """Shown without the word that begins a line about an error."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)
