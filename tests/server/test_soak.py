"""Many renders in a row: nothing grows."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest

from tests.server.support import Start, children, until

RENDERS = 5000
AT_ONCE = 4


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def processes() -> int:
    """Count the fork server, what it has forked, and all else that this process has started."""
    ours = children(os.getpid())
    return len(ours) + sum(len(children(pid)) for pid in ours)


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_five_thousand_renders(start: Start) -> None:
    server = await start(workers=2, queue=AT_ONCE, worker_jobs=300, cache_memory="4MiB")
    seeds = iter(range(RENDERS))
    samples: list[tuple[int, int]] = []
    warm_descriptors = warm_processes = 0

    async def client() -> None:
        nonlocal warm_descriptors, warm_processes
        for seed in seeds:
            kind = "dies.gif?how=exit&at=-1&frames=" if seed % 100 == 99 else "quick.gif?seed="
            answer = await server.get(f"/animations/{kind}{seed % 100 + 1 if 'dies' in kind else seed}")
            assert answer.status == (500 if "dies" in kind else 200)
            if seed % 100 == 0:
                samples.append((seed, resident()))
            if seed == RENDERS // 5:
                warm_descriptors, warm_processes = descriptors(), processes()

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    await until(lambda: server.service.pool.alive == 2)  # the last renders ended their processes
    late = [sample for sample in samples if sample[0] > RENDERS // 5]
    slope, _ = np.polyfit([seed for seed, _ in late], [size for _, size in late], 1)
    figures = f"{slope:.0f} bytes a render, {descriptors()} descriptors after {warm_descriptors}"
    print(f"{figures}, {processes()} processes after {warm_processes}")  # noqa: T201 -- shown by pytest -s
    assert descriptors() <= warm_descriptors + 8
    assert processes() <= warm_processes + 2
    assert server.service.admission.inside == 0
    assert len(server.service.flights) == 0
    assert slope * RENDERS < 24 << 20, f"{slope:.0f} bytes a render"
