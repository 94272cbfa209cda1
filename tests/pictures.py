"""The pictures of the documents, made by the code above them: ``python -m tests.pictures``."""

import contextlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from renderer import Clip

ROOT = Path(__file__).parents[1]


def made(document: Path) -> Iterator[tuple[Path, Clip]]:
    """Run the blocks of a document as one program, and yield ``clip`` where a picture of docs/pictures follows."""
    namespace: dict[str, Any] = {"__name__": "document"}
    for code, picture in re.findall(
        r"^```python\n(.*?)^```$|^!\[.*?\]\((pictures/.*?)\)$", document.read_text(), re.M | re.S
    ):
        if picture:
            yield document.parent / picture, namespace["clip"]
        else:
            exec(compile(code, document.name, "exec"), namespace)


def main() -> None:
    """Make them all anew."""
    documents = [*ROOT.glob("docs/*.md")]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for document in documents:
            for path, clip in made(document):
                clip.save(path)


if __name__ == "__main__":
    main()
