"""Tables in Markdown, and results in JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from statistics import geometric_mean
from typing import Any

import matplotlib.ft2font

from benchmarks.measure import Measurement, Settings, ratio, ratio_range
from benchmarks.reference import Quality

__all__ = [
    "describe",
    "digits",
    "environment",
    "fidelity",
    "markdown_table",
    "provenance",
    "replace_between_markers",
    "write_json",
]

_DISTRIBUTIONS = ("figreel", "matplotlib", "numpy", "pillow", "isal", "av")


def environment() -> dict[str, Any]:
    """Return the versions and the machine, on which the numbers depend."""
    return {
        "python": platform.python_version(),
        "freetype": matplotlib.ft2font.__freetype_version__,
        **{name: version for name in _DISTRIBUTIONS if (version := _version(name))},
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def describe(measurements: Mapping[str, Measurement], compare: tuple[str, str]) -> dict[str, Any]:
    """Return one workload's measurements with every sample, and the ratio of the two that are compared."""
    described: dict[str, Any] = {
        "contenders": {
            label: {**asdict(measurement), "milliseconds": measurement.milliseconds}
            for label, measurement in measurements.items()
        }
    }
    if measurements.keys() >= set(compare):
        pair = [measurements[label] for label in compare]
        described |= {"compare": compare, "ratio": ratio(*pair), "ratio_range": ratio_range(*pair)}
    return described


def write_json(path: Path, settings: Settings, workloads: Mapping[str, Any]) -> None:
    """Write the environment, the settings, and the description of each workload."""
    document: dict[str, Any] = {
        "environment": environment(),
        "settings": asdict(settings),
        "workloads": workloads,
    }
    ratios = [workload["ratio"] for workload in workloads.values() if "ratio" in workload]
    if ratios:
        document["geometric_mean"] = geometric_mean(ratios)
    path.write_text(json.dumps(document, indent=2) + "\n")


def provenance(module: str, settings: Settings) -> str:
    """Return a sentence on how the numbers were measured."""
    found = environment()
    resolution = "" if settings.dpi is None else f" at {settings.dpi:g} dpi"
    return (
        f"Medians of {settings.rounds} rounds ({settings.clock} time){resolution}, in turn, on one core of "
        f"{found['processor']}; "
        f"Python {found['python']}, matplotlib {found['matplotlib']}, Pillow {found['pillow']}. "
        f"Made by `python -m {module}`."
    )


def digits(number: float) -> str:
    """Write a number with about three digits."""
    return f"{number:.{2 if number < 10 else 1 if number < 100 else 0}f}"


def fidelity(quality: Quality | None) -> str:
    """Write how near an output came to the reference."""
    if quality is None:
        return "wrong"
    return "exact" if quality.psnr is None else f"{quality.psnr:.0f} dB, {quality.max_error}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table whose first column is text and whose others are figures."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *others]) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(header), line(rule), *map(line, rows)])


def replace_between_markers(path: Path, text: str, marker: str) -> None:
    """Replace the text between the two markers of a name in a file.

    Raises
    ------
    ValueError
        The markers are missing or in the wrong order.
    """
    first, last = f"<!-- {marker}:start -->", f"<!-- {marker}:end -->"
    before, start, rest = path.read_text().partition(first)
    _, end, after = rest.partition(last)
    if not start or not end:
        raise ValueError(f"{path} has no {first} followed by {last}")
    path.write_text(f"{before}{first}\n{text}\n{last}{after}")
