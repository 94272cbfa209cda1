"""Settings of the whole suite."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Machines are shared: time proves nothing. A run of the suite tries the same examples each time; a search for new ones
# is one of its own, FIGREEL_SEARCH=1 make test.
settings.register_profile(
    "figreel", deadline=None, max_examples=50, print_blob=True, derandomize=not os.environ.get("FIGREEL_SEARCH")
)
settings.load_profile("figreel")


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are processors: some tests wait for servers and browsers."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Spare the garbage collector the modules and the tests themselves."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forget the modules that a test has imported from its own folder, and where it has looked for them."""
    paths, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = paths
    folder = str(tmp_path_factory.getbasetemp())
    for name in sys.modules.keys() - modules:
        if str(vars(sys.modules[name]).get("__file__")).startswith(folder):
            del sys.modules[name]
