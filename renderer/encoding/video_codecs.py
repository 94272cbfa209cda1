"""Containers, codecs and colors of videos, as data for FFmpeg's libraries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from renderer.encoding import timing
from renderer.encoding.timing import TimeScale

DEFAULT_QUALITY = 75


@dataclass(frozen=True, kw_only=True, slots=True)
class Color:
    """How pixels are stored: FFmpeg's name, and the code points of ITU-T H.273."""

    pixel_format: str
    matrix: int
    range: int
    transfer: int
    primaries: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Codec:
    """An encoder of FFmpeg, and its options."""

    name: str
    color: Color
    options: Mapping[str, str]
    block: int = 1
    """Width and height must be multiples of this."""
    rate_factors: tuple[float, float] | None = None
    """Constant rate factors at quality 0 and at the default quality; None if it is lossless."""

    def settings(self, quality: int | None) -> dict[str, str]:
        """Return the encoder's options for a quality from 0 to 100."""
        if self.rate_factors is None:
            return dict(self.options)
        worst, default = self.rate_factors
        share = (DEFAULT_QUALITY if quality is None else quality) / DEFAULT_QUALITY
        return {**self.options, "crf": str(round(worst + (default - worst) * share))}


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """A kind of file, with a lossy and a lossless codec for it."""

    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    scale: TimeScale
    lossy: Codec
    exact: Codec
    live: bool = False
    """Whether bytes leave before the end. Players of such a file do not learn how long the last frame is shown, so it
    is written once more at its end."""
    texts: frozenset[str] | None = None
    """Names of the texts that have a place which all programs know, in small letters; None if all have."""

    def settings(self, names: Iterable[str]) -> dict[str, str]:
        """Return the options of the container, for texts of these names."""
        options = {"fflags": "+bitexact", **self.options}
        if self.texts is not None and not self.texts.issuperset(map(str.lower, names)):
            options["movflags"] = f"{options.get('movflags', '')}+use_metadata_tags"  # which fewer programs read
        return options


_YUV = Color(pixel_format="yuv420p", matrix=1, range=1, transfer=1)
"""BT.709, limited range, half the color resolution: every player plays it."""

_RGB = {"matrix": 0, "range": 2, "transfer": 13}

# Without B-frames packets come in the order of their times, so that the last one's duration is the last frame's.
# Without independence of the processor, some files whose sides are no multiples of 16 differ by a byte from run to run.
_X264 = {"preset": "veryfast", "bf": "0", "x264-params": "cpu-independent=1"}

_VPX = {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0", "b": "0"}

MP4 = Container(
    name="mp4",
    texts=frozenset({"title", "artist", "album", "composer", "date", "comment", "genre", "copyright", "description"}),
    scale=timing.MP4,
    lossy=Codec(name="libx264", color=_YUV, options=_X264, block=2, rate_factors=(51, 18)),
    exact=Codec(name="libx264rgb", color=Color(pixel_format="bgr0", **_RGB), options={**_X264, "qp": "0"}),
)
FRAGMENTED_MP4 = replace(
    MP4, options={"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}, live=True
)
WEBM = Container(
    name="webm",
    scale=timing.WEBM,
    lossy=Codec(name="libvpx-vp9", color=_YUV, options=_VPX, block=2, rate_factors=(63, 20)),
    exact=Codec(name="libvpx-vp9", color=Color(pixel_format="gbrp", **_RGB), options={**_VPX, "lossless": "1"}),
)
LIVE_WEBM = replace(WEBM, live=True)
