"""uvicorn, set up for one machine and one port: its own server, quiet while nobody asks."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator

import uvicorn

from altaloud.service.connection import Connection
from altaloud.service.guard import Guard

_KEEP_ALIVE_SECONDS = 60  # an extension asks in bursts; a new connection for each costs a millisecond
_GRACE_SECONDS = 1  # for answers on their way when the helper is told to end


def server(guard: Guard, on_ready: Callable[[], None]) -> "Server":
    """Return the server for an app behind its guard."""
    config = uvicorn.Config(
        guard,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return Server(config, on_ready)


class Server(uvicorn.Server):
    """uvicorn's, but sleeping while nobody asks, and ending on a signal without repeating it."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._end = asyncio.Event()

    def end(self) -> None:
        """Answer what is on its way and stop."""
        self.should_exit = True
        self._end.set()

    async def main_loop(self) -> None:
        """Wait for the end. uvicorn's own loop wakes ten times a second, on a laptop's battery."""
        self._on_ready()
        await self._end.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on a signal. uvicorn would raise it again afterwards, before our own parts are closed."""
        loop = asyncio.get_running_loop()

        def take(_number: int, _frame: object) -> None:
            loop.call_soon_threadsafe(self.end)

        before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
