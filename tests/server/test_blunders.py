"""Mistakes of functions that could take a worker along, or its place."""

import asyncio
import html
import logging
from pathlib import Path
from typing import get_args

import pytest

from renderer import resolve
from tests.server.blunders import Child, Mistake, Raised, Written
from tests.server.support import PATIENCE, Running, Start
from tests.server.test_logs import events

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


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("what", [one for one in get_args(Mistake) if one])
async def test_whatever_a_validator_raises_is_a_mistake_of_its_animation(
    start: Start, caplog: pytest.LogCaptureFixture, what: str, debug: bool
) -> None:
    server = await start(resolve(f"{BLUNDERS}:catalog"), debug=debug)
    with caplog.at_level(logging.ERROR, "figreel"):
        problems = [
            await server.problem(f"/animations/validates.gif?what={what}"),
            await server.problem("/animations/validates.gif", "POST", json={"what": what}),
            await server.problem(f"/animations/validates?what={what}"),
        ]
    for problem, line in zip(problems, events(caplog), strict=True):
        assert (problem["status"], problem["title"]) == (500, "The animation failed")
        assert ("in _check" in problem.get("traceback", "")) == debug
        said = {
            "event": "render failed",
            "animation": "validates",
            "format": "gif",
            "parameters": f'{{"what": "{what}"}}',
        }
        assert said.items() <= line.items()
        assert "in _check" in line["traceback"]
    assert server.service.pool.jobs == 0
    assert (await server.get("/animations/validates.gif")).frames == 3


async def test_a_function_may_refuse_a_parameter_with_an_exception_as_the_message(mistaken: Running) -> None:
    problem = await mistaken.problem("/animations/refuses.gif")
    assert (problem["status"], problem["errors"]) == (422, [{"field": "n", "message": "is not nice"}])


@pytest.mark.parametrize(("n", "said"), [(0, r"FileNotFoundError: there is no <\udcff>"), (1, r"is <\udcff>")])
async def test_a_text_that_no_encoding_has_is_escaped_in_the_log_and_in_both_forms_of_a_problem(
    start: Start, caplog: pytest.LogCaptureFixture, n: int, said: str
) -> None:
    server = await start(resolve(f"{BLUNDERS}:catalog"), debug=True)
    path = f"/animations/opens.gif?n={n}"
    problem = await server.problem(path)
    assert said in (problem["errors"][0]["message"] if n else problem["traceback"])
    page = await server.get(path, headers={"Accept": "text/html"})
    assert (page.status, page.headers["Content-Type"]) == (problem["status"], "text/html; charset=utf-8")
    assert html.escape(said) in page.body.decode()
    assert n or said in caplog.text


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
