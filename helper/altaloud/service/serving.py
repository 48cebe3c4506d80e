"""The helper at work: every part built once, the server in front, and all of it ended in order."""

import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from altaloud.service.api import create_app
from altaloud.service.clients import Clients
from altaloud.service.guard import Guard
from altaloud.service.opening import Opened, open_describer
from altaloud.service.pairing import Codes, Sessions
from altaloud.service.refusal import fields
from altaloud.service.server import server
from altaloud.settings import Home, Settings
from altaloud.speech.voice import Speaker, choose


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
