"""The progress of a render, reported to a function or shown as a bar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from renderer.errors import OptionError

Report = Callable[[int, int | None], object]
"""Called with the frames done and, where it is known, their number."""


@contextmanager
def reporting(progress: bool | Report) -> Iterator[Report]:
    """Yield the function to call after each frame; a bar is closed at the end.

    Parameters
    ----------
    progress : bool or callable
        The option of this name.

    Raises
    ------
    OptionError
        A bar is asked for and tqdm is not installed.
    """
    if callable(progress) or not progress:
        yield progress or (lambda done, total: None)
        return
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise OptionError("progress", "a bar needs tqdm; install it with: pip install 'figreel[progress]'") from error

    with tqdm(unit=" frames") as bar:

        def report(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report
