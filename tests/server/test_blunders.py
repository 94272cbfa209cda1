"""Mistakes of functions that could take a worker along, or its place."""

import asyncio
import html
from pathlib import Path
from typing import get_args

import pytest

from renderer import resolve
from tests.server.blunders import Child, Raised, Written
from tests.server.support import PATIENCE, Running, Start

BLUNDERS = Path(__file__).with_name("blunders.py")


@pytest.fixture
async def mistaken(start: Start) -> Running:
    return await start(resolve(f"{BLUNDERS}:catalog"), timeout=1000)


@pytest.mark.parametrize("what", get_args(Raised))
async def test_whatever_a_function_raises_is_a_mistake_that_its_worker_outlives(mistaken: Running, what: str) -> None:
    pids = mistaken.service.pool.pids
    problem = await mistaken.problem(f"/animations/raises.gif?what={what}")
    assert (problem["status"], problem["title"]) == (500, "The animation failed")
    assert (mistaken.service.pool.jobs, mistaken.service.pool.pids) == (1, pids)


async def test_a_function_may_refuse_a_parameter_with_an_exception_as_the_message(mistaken: Running) -> None:
    problem = await mistaken.problem("/animations/refuses.gif")
    assert (problem["status"], problem["errors"]) == (422, [{"field": "n", "message": "is not nice"}])


@pytest.mark.parametrize(("n", "said"), [(0, r"FileNotFoundError: there is no <\udcff>"), (1, r"is <\udcff>")])
async def test_a_text_that_no_encoding_has_is_escaped_in_both_forms_of_a_problem(
    start: Start, n: int, said: str
) -> None:
    server = await start(resolve(f"{BLUNDERS}:catalog"), debug=True)
    path = f"/animations/opens.gif?n={n}"
    problem = await server.problem(path)
    assert said in (problem["errors"][0]["message"] if n else problem["traceback"])
    page = await server.get(path, headers={"Accept": "text/html"})
    assert (page.status, page.headers["Content-Type"]) == (problem["status"], "text/html; charset=utf-8")
    assert html.escape(said) in page.body.decode()


@pytest.mark.parametrize("child", get_args(Child))
async def test_a_child_of_a_function_does_not_go_on_in_place_of_the_worker(mistaken: Running, child: str) -> None:
    answer = await mistaken.get(f"/animations/forks.gif?child={child}")
    assert (answer.status, answer.frames) == (200, 3)


@pytest.mark.parametrize("what", get_args(Written))
async def test_a_worker_that_sends_what_is_no_message_is_replaced(mistaken: Running, what: str) -> None:
    async with asyncio.timeout(PATIENCE):
        problem = await mistaken.problem(f"/animations/writes.gif?what={what.replace(' ', '+')}")
        assert (problem["status"], problem["title"]) == (500, "The animation crashed")
        assert (await mistaken.problem("/animations/refuses.gif"))["status"] == 422
