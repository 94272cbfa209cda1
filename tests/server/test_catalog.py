"""Putting animations into a catalog, and finding them again."""

from pathlib import Path
from typing import Any

import pytest

from renderer import ReferenceNotFoundError, refer, resolve
from server import Catalog, CatalogError
from server.demo import catalog as demo


def refused(function: Any) -> str:
    with pytest.raises(CatalogError) as caught:
        Catalog().animation(function)
    return str(caught.value)


def test_name_and_summary_are_those_of_the_function() -> None:
    entry = demo.get("bars")
    assert entry is not None
    assert entry.summary == "Bar that changes from year to year, over a reference bar."
    assert entry.description.startswith("A year without a value")
    assert entry.arguments == ("values", "first_year", "reference", "color")


def test_what_cannot_be_a_parameter() -> None:
    def untyped(a, b: int = 1) -> None: ...  # type: ignore[no-untyped-def]
    def wrong_default(a: int = "x") -> None: ...  # type: ignore[assignment]
    def reserved(fps: int = 1) -> None: ...
    def variadic(*values: int) -> None: ...

    assert "'a' needs a type" in refused(untyped)
    assert "default of 'a'" in refused(wrong_default)
    assert "'fps'" in refused(reserved)
    assert "'values'" in refused(variadic)


def test_two_of_a_name() -> None:
    catalog = Catalog()

    @catalog.animation
    def twice() -> None: ...

    with pytest.raises(CatalogError, match="two animations"):
        catalog.animation(twice)


def test_a_function_that_no_worker_could_import() -> None:
    catalog = Catalog()

    @catalog.animation
    def local() -> None: ...

    with pytest.raises(CatalogError, match="cannot be imported"):
        _ = next(iter(catalog)).reference


@pytest.mark.parametrize(
    ("reference", "missing"),
    [
        ("nothing", "form"),
        (":x", "form"),
        ("no_such_module:x", "no module 'no_such_module'"),
        ("server.nothing:x", "no module"),
        ("server:nothing", "no 'nothing'"),
        ("no/such/file.py:x", "no file"),
        (".:x", "neither a module nor a file"),
        ("scenes..two:x", "neither a module nor a file"),
    ],
)
def test_references_that_lead_nowhere(reference: str, missing: str) -> None:
    with pytest.raises(ReferenceNotFoundError, match=missing):
        resolve(reference)


def test_a_reference_leads_back() -> None:
    assert resolve(refer(resolve)) is resolve
    with pytest.raises(ReferenceNotFoundError):
        refer(lambda: None)


def test_a_file_with_a_dot_in_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scenes.v2.py").write_text("x = 1")
    with pytest.raises(ReferenceNotFoundError, match="a dot in its name; rename it"):
        resolve(f"{tmp_path}/scenes.v2.py:x")


def test_a_type_that_only_type_checkers_import_may_be_returned(tmp_path: Path) -> None:
    (tmp_path / "figreel_checked.py").write_text(
        "from __future__ import annotations\n"
        "from typing import TYPE_CHECKING\n"
        "from server import Catalog\n"
        "if TYPE_CHECKING:\n"
        "    from matplotlib.animation import FuncAnimation\n"
        "catalog = Catalog()\n"
        "@catalog.animation\n"
        "def wave(count: int = 3) -> FuncAnimation: ...\n"
    )
    (entry,) = resolve(f"{tmp_path}/figreel_checked.py:catalog")
    assert entry.values({"count": 4}).arguments == {"count": 4}


def test_a_file_hidden_by_a_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("x = 1")
    with pytest.raises(ReferenceNotFoundError, match="hidden"):
        resolve(f"{tmp_path}/json.py:x")


def test_an_error_inside_a_module_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "figreel_broken.py").write_text("import not_there_at_all")
    with pytest.raises(ModuleNotFoundError, match="not_there_at_all"):
        resolve(f"{tmp_path}/figreel_broken.py:x")
