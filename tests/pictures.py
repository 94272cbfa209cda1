"""The documents as programs, the pictures of what they make, the files they show: ``python -m tests.pictures``."""

import contextlib
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from renderer import Clip, render

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "charts" / "times_faster.png"


def run(document: Path) -> tuple[dict[str, Any], dict[Path, Clip]]:
    """Run the blocks of a document as one program.

    Returns
    -------
    namespace : dict
        The names that the program has at its end.
    shown : dict of Path to Clip
        What ``clip`` was where a picture of docs/pictures follows.
    """
    namespace: dict[str, Any] = {"__name__": "document"}
    shown: dict[Path, Clip] = {}
    parts = re.findall(r"^```python\n(.*?)^```$|^!\[.*?\]\((pictures/.*?)\)$", document.read_text(), re.M | re.S)
    for code, picture in parts:
        if picture:
            shown[document.parent / picture] = namespace["clip"]
        else:
            exec(compile(code, document.name, "exec"), namespace)
    return namespace, shown


def with_sources(text: str) -> str:
    """Return the text of a document, each block below the name of a file replaced by that file."""
    block = r"(<summary>(\S+\.py)</summary>\n\n```python\n).*?(?=^```$)"
    return re.sub(block, lambda found: found[1] + (ROOT / found[2]).read_text(), text, flags=re.M | re.S)


def times_faster(document: str) -> dict[str, float]:
    """Return how many times faster each animation is, as the first table of a document says."""
    table, _, _ = document.partition("Geometric mean")
    return {name: float(ratio) for name, ratio in re.findall(r"^\| ([^|]+?) +\|.*\*\*([\d.]+)\*\*", table, re.M)}


def chart(ratios: Mapping[str, float]) -> Clip:
    """Draw a bar for each ratio. The file says the ratios as a text, too."""
    names = [name.replace("`", "") for name in ratios]
    figure = Figure(figsize=(8, 0.42 * len(ratios) + 0.5), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(names, list(ratios.values()), height=0.7, color="#2a9d8f")
    axes.bar_label(bars, fmt=" {:.3g} times", color="0.2")
    axes.axvline(1, color="#d1495b", linewidth=2)
    axes.text(1.15, -0.75, "ani.save", color="#d1495b", va="center")
    axes.set(xlim=(0, 1.15 * max(ratios.values())), ylim=(len(ratios) - 0.5, -1.1), xticks=[])
    axes.spines[:].set_visible(False)
    axes.tick_params(left=False)
    return render([figure], "png", dpi=110, metadata={"Description": repr(dict(ratios))})


def main() -> None:
    """Make the pictures anew, and copy the files that documents show."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for document in ROOT.glob("docs/*.md"):
            document.write_text(with_sources(document.read_text()))
            for path, clip in run(document)[1].items():
                clip.save(path)
    chart(times_faster(MEASURED.read_text())).save(CHART)


if __name__ == "__main__":
    main()
