"""The types of the library's face. Made by ``python -m tests.stub``; do not edit."""

from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, ParamSpec, overload

from imageio.core.v3_plugin_api import PluginV3
from matplotlib.animation import AbstractMovieWriter, Animation
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox


from renderer.api import Source as Source
from renderer.clips.clip import Clip as Clip
from renderer.encoding.formats import Format as Format
from renderer.encoding.formats import formats as formats
from renderer.encoding.html.page import PLAYER_POLICY as PLAYER_POLICY
from renderer.errors import BudgetWarning as BudgetWarning
from renderer.errors import FormatError as FormatError
from renderer.errors import LimitError as LimitError
from renderer.errors import MissingExtraError as MissingExtraError
from renderer.errors import OptionError as OptionError
from renderer.errors import OptionWarning as OptionWarning
from renderer.errors import ReferenceNotFoundError as ReferenceNotFoundError
from renderer.errors import RenderError as RenderError
from renderer.errors import SourceError as SourceError
from renderer.errors import TimingWarning as TimingWarning
from renderer.errors import VerificationWarning as VerificationWarning
from renderer.integrations.drop_in import Saved as Saved
from renderer.integrations.drop_in import drop_in as drop_in
from renderer.options import Limits as Limits
from renderer.options import RenderOptions as RenderOptions
from renderer.references import refer as refer
from renderer.references import resolve as resolve
from renderer.sources.scene import Scene as Scene
from renderer.streams import AsyncSink as AsyncSink
from renderer.tracebacks import user_traceback as user_traceback
from renderer.types import FormatName as FormatName
from renderer.types import Frame as Frame
from renderer.types import Pixels as Pixels
from renderer.types import Sink as Sink
from renderer.types import Size as Size

__version__: str

__all__ = [
    "PLAYER_POLICY",
    "AsyncSink",
    "BudgetWarning",
    "Clip",
    "Format",
    "FormatError",
    "FormatName",
    "Frame",
    "ImageioPlugin",
    "Job",
    "LimitError",
    "Limits",
    "MissingExtraError",
    "OptionError",
    "OptionWarning",
    "Pixels",
    "ReferenceNotFoundError",
    "RenderError",
    "RenderOptions",
    "Saved",
    "Scene",
    "Sink",
    "Size",
    "Source",
    "SourceError",
    "TimingWarning",
    "VerificationWarning",
    "Writer",
    "__version__",
    "astream",
    "astream_to",
    "drop_in",
    "formats",
    "frames",
    "refer",
    "render",
    "render_many",
    "rendered",
    "resolve",
    "stream",
    "stream_to",
    "user_traceback",
]

def frames(
    source: Source,
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> Generator[Frame, None, None]: ...
def render(
    source: Source,
    format: FormatName = 'gif',
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> Clip: ...
def render_many(
    source: Source,
    formats: Iterable[FormatName],
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> dict[str, Clip]: ...

_P = ParamSpec("_P")

@overload
def rendered(format: Callable[_P, Source], /) -> Callable[_P, Clip]: ...
@overload
def rendered(
    format: FormatName = 'gif',
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> Callable[[Callable[_P, Source]], Callable[_P, Clip]]: ...

class Writer(AbstractMovieWriter):
    clip: Clip | None
    def __init__(
        self,
        fps: float = 5,
        codec: str | None = None,
        bitrate: int | None = None,
        extra_args: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        format: FormatName | None = None,
        *,
        durations: Sequence[float] | Callable[[int], float] | None = None,
        final_pause: float = 0.0,
        loop: int | Literal['animation'] = 0,
        verify: Literal['sampled', 'always', 'never'] = 'sampled',
        limits: Limits = ...,
        frame: int | Literal['last'] | None = None,
        quality: int | None = None,
        lossless: bool | None = None,
        colors: int | None = None,
        dither: bool = False,
        max_bytes: int | None = None,
    ) -> None: ...
    @classmethod
    def isAvailable(cls) -> bool: ...
    @contextmanager
    def saving(self, fig: Figure, outfile: Any, dpi: float | None=None, *args: Any, **kwargs: Any) -> Iterator['Writer']: ...
    def setup(self, fig: Figure, outfile: Any, dpi: float | None=None) -> None: ...
    def grab_frame(self, **savefig_kwargs: Any) -> None: ...
    def finish(self) -> None: ...
class Job:
    def __init__(
        self,
        source: Source,
        format: FormatName = 'gif',
        *,
        fps: float | None = None,
        interval: float | None = None,
        durations: Sequence[float] | Callable[[int], float] | None = None,
        final_pause: float = 0.0,
        loop: int | Literal['animation'] = 0,
        dpi: float | Literal['figure'] | None = None,
        facecolor: Any = None,
        transparent: bool | None = None,
        bbox_inches: Literal['tight'] | Bbox | None = None,
        extra_anim: Sequence[Animation] = ...,
        metadata: Mapping[str, str] = ...,
        progress: bool | Callable[[int, int | None], object] = False,
        verify: Literal['sampled', 'always', 'never'] = 'sampled',
        limits: Limits = ...,
        frame: int | Literal['last'] | None = None,
        quality: int | None = None,
        lossless: bool | None = None,
        colors: int | None = None,
        dither: bool = False,
        max_bytes: int | None = None,
    ) -> None: ...
    @property
    def figure(self) -> Figure | None: ...
    @property
    def drawing(self) -> float: ...
    @property
    def encoding(self) -> float: ...
    def __iter__(self) -> Generator[bytes, None, None]: ...
    def give_up(self) -> None: ...
    def steps(self) -> Generator[bytes, None, None]: ...
def astream(
    source: Source,
    format: FormatName = 'gif',
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> AsyncGenerator[bytes, None]: ...
async def astream_to(
    source: Source,
    sink: AsyncSink,
    format: FormatName = 'gif',
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> int: ...
def stream(
    source: Source,
    format: FormatName = 'gif',
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> Generator[bytes, None, None]: ...
def stream_to(
    source: Source,
    sink: Sink,
    format: FormatName = 'gif',
    *,
    fps: float | None = None,
    interval: float | None = None,
    durations: Sequence[float] | Callable[[int], float] | None = None,
    final_pause: float = 0.0,
    loop: int | Literal['animation'] = 0,
    dpi: float | Literal['figure'] | None = None,
    facecolor: Any = None,
    transparent: bool | None = None,
    bbox_inches: Literal['tight'] | Bbox | None = None,
    extra_anim: Sequence[Animation] = ...,
    metadata: Mapping[str, str] = ...,
    progress: bool | Callable[[int, int | None], object] = False,
    verify: Literal['sampled', 'always', 'never'] = 'sampled',
    limits: Limits = ...,
    frame: int | Literal['last'] | None = None,
    quality: int | None = None,
    lossless: bool | None = None,
    colors: int | None = None,
    dither: bool = False,
    max_bytes: int | None = None,
) -> int: ...
class ImageioPlugin(PluginV3):
    def write(
        self,
        ndimage: Any,
        *,
        fps: float | None = None,
        interval: float | None = None,
        durations: Sequence[float] | Callable[[int], float] | None = None,
        final_pause: float = 0.0,
        loop: int | Literal['animation'] = 0,
        dpi: float | Literal['figure'] | None = None,
        facecolor: Any = None,
        transparent: bool | None = None,
        bbox_inches: Literal['tight'] | Bbox | None = None,
        extra_anim: Sequence[Animation] = ...,
        metadata: Mapping[str, str] = ...,
        progress: bool | Callable[[int, int | None], object] = False,
        verify: Literal['sampled', 'always', 'never'] = 'sampled',
        limits: Limits = ...,
        frame: int | Literal['last'] | None = None,
        quality: int | None = None,
        lossless: bool | None = None,
        colors: int | None = None,
        dither: bool = False,
        max_bytes: int | None = None,
    ) -> bytes | None: ...
    def close(self) -> None: ...