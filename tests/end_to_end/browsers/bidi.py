"""One WebDriver BiDi connection: a request and its answer at a time, over a WebSocket.

https://w3c.github.io/webdriver-bidi/
"""

import itertools
import json
import time
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import connect


class BidiError(Exception):
    """The browser refused a command, or a script in it failed."""


class BidiConnection:
    """A session with a browser that was started with --remote-debugging-port."""

    def __init__(self, address: str) -> None:
        self._open = ExitStack()
        # A screenshot is larger than the library's usual limit; the other side is our own browser.
        self._socket = self._open.enter_context(connect(f"{address}/session", max_size=None))
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        self.send("session.new", {"capabilities": {}})

    def send(self, method: str, parameters: dict[str, Any], *, seconds: float = 120) -> dict[str, Any]:
        """Return the answer to one command.

        Raises:
            BidiError: The browser refused it.
            TimeoutError: It did not answer within `seconds`.
        """
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        end = time.monotonic() + seconds
        while True:
            message = json.loads(self._socket.recv(timeout=max(0.0, end - time.monotonic())))
            if message.get("id") != number:
                self.events.append(message)  # or the answer to a command that was given up
                continue
            if message["type"] == "error":
                raise BidiError(f"{method}: {message['error']}: {message['message']}")
            result: dict[str, Any] = message["result"]
            return result

    def evaluate(self, context: str, expression: str) -> Any:
        """Return the JavaScript expression's value in a browsing context, awaited, through JSON."""
        answer = self.send(
            "script.evaluate",
            {
                "expression": f"(async () => JSON.stringify(await ({expression})))()",
                "target": {"context": context},
                "awaitPromise": True,
                "userActivation": True,
            },
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    def close(self) -> None:
        """Hang up."""
        self._open.close()
