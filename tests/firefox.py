"""Firefox, headless, driven by WebDriver BiDi (W3C), which it speaks by itself."""

import asyncio
import re
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import aiohttp

from tests.media import need_tool


class Firefox:
    """A page in Firefox.

    Parameters
    ----------
    address : str
        Where it listens.
    """

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = ThreadPoolExecutor(1)  # the test's own may have a loop that runs
        self._numbers = count()
        self._run(self._open(address))
        self._command("session.new", capabilities={})
        tree = self._command("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    def goto(self, url: str) -> None:
        """Load a page."""
        self._command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, function: str, argument: float = 0, *, frame: int | None = None) -> Any:
        """Call an asynchronous function of JavaScript with a number; return the text that it returns.

        It runs in the page, or in the frame of this number in the page.
        """
        context = self._context
        if frame is not None:
            (tree,) = self._command("browsingContext.getTree", root=context)["contexts"]
            context = tree["children"][frame]["context"]
        answer = self._command(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": context},
            arguments=[{"type": "number", "value": argument}],
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def close(self) -> None:
        """End the session."""
        self._run(self._socket.close())
        self._run(self._session.close())
        self._thread.shutdown()
        self._loop.close()

    async def _open(self, address: str) -> None:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(f"{address}/session", max_msg_size=0)

    def _command(self, method: str, **params: Any) -> Any:
        return self._run(self._sent({"id": next(self._numbers), "method": method, "params": params}))

    async def _sent(self, command: dict[str, Any]) -> Any:
        await self._socket.send_json(command)
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == command["id"]:
                assert answer["type"] == "success", answer
                return answer["result"]

    def _run(self, awaitable: Any) -> Any:
        return self._thread.submit(self._loop.run_until_complete, awaitable).result()


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Run Firefox inside the with block; skip the test if it is missing and may be."""
    path = need_tool("firefox-esr")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            path,
            "--headless",
            "--no-remote",
            "--profile",
            profile,
            "--remote-debugging-port",
            "0",
            "about:blank",
        ]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={"HOME": profile}) as process:
            assert process.stderr is not None
            try:
                said = (re.search(r"WebDriver BiDi listening on (ws://\S+)", line) for line in process.stderr)
                with closing(Firefox(next(found for found in said if found)[1])) as page:
                    yield page
            finally:
                process.terminate()
