"""The helper at work: every part built once, the server in front, and all of it ended in order."""

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvicorn

from altaloud.service.api import create_app
from altaloud.service.clients import Clients
from altaloud.service.connection import Connection
from altaloud.service.guard import Guard
from altaloud.service.opening import Opened, open_describer
from altaloud.service.pairing import Codes, Sessions
from altaloud.service.refusal import fields
from altaloud.settings import Home, Settings
from altaloud.speech.voice import Speaker, choose

_KEEP_ALIVE_SECONDS = 60  # an extension asks in bursts; a new connection for each costs a millisecond
_GRACE_SECONDS = 1  # for answers on their way when the helper is told to end


async def serve(
    home: Home, settings: Settings, listener: socket.socket, *, tray: bool, on_ready: Callable[[], None]
) -> None:
    """Answer on `listener` until SIGTERM or SIGINT; then end every process and close every file."""
    async with contextlib.AsyncExitStack() as parts:
        opened = await parts.enter_async_context(open_describer(home, settings))
        speaker = await parts.enter_async_context(_speaker(settings))
        clients = Clients(home.clients_file)
        parts.callback(clients.close)
        codes = Codes(home.clients_file)
        parts.callback(codes.close)
        port = listener.getsockname()[1]
        sessions = Sessions(clients, port=port)
        app = create_app(
            describer=opened.describer,
            speaker=speaker,
            clients=clients,
            sessions=sessions,
            codes=codes,
            language=settings.language,
            status=_Status(opened, speaker, port),
        )
        guard = Guard(app, port=port, sessions=sessions, max_image_bytes=settings.max_bytes)
        await server(guard, on_ready).serve(sockets=[listener])


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


@contextlib.asynccontextmanager
async def _speaker(settings: Settings) -> AsyncIterator[Speaker]:
    voice = choose(settings.voice, voice_file=settings.voice_file, words_per_minute=settings.words_per_minute)
    speaker = Speaker(voice)
    try:
        yield speaker
    finally:
        await speaker.close()


class _Status:
    """What `POST /v1/status` answers."""

    def __init__(self, opened: Opened, speaker: Speaker, port: int) -> None:
        self._opened = opened
        self._speaker = speaker
        self._port = port
        self._began = time.monotonic()

    def __call__(self) -> dict[str, Any]:
        describing = self._opened.describer.status()
        problem = self._opened.memory_error
        return {
            **describing,
            "version": version("altaloud"),
            "pid": os.getpid(),
            "port": self._port,
            "uptime_seconds": round(time.monotonic() - self._began, 1),
            "resident_bytes": resident_bytes(),
            "memory": {
                **describing["memory"],
                "is_lasting": problem is None,
                "problem": fields(problem) if problem else None,
            },
        }


def resident_bytes() -> int | None:
    """Return the memory that this process holds, or None where the system does not say it in a file."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
