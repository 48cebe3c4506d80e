"""The helper at work: every part built once, the server in front, and all of it ended in order."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from altaloud.errors import NoVoiceError, SpeechError
from altaloud.service.api import create_app
from altaloud.service.clients import Clients
from altaloud.service.downloading import Downloads
from altaloud.service.guard import Guard
from altaloud.service.opening import Opened, open_describer, options_of
from altaloud.service.pairing import Codes, Sessions
from altaloud.service.preparing import Preparing
from altaloud.service.server import server
from altaloud.service.tray import Tray
from altaloud.settings import Home, Settings
from altaloud.speech.voice import Speaker, choose, require_device


async def serve(
    home: Home, settings: Settings, listener: socket.socket, *, tray: bool, on_ready: Callable[[], None]
) -> None:
    """Answer on `listener` until SIGTERM or SIGINT; then end every process and close every file."""
    async with contextlib.AsyncExitStack() as parts:
        opened = await parts.enter_async_context(open_describer(home, settings))
        mouth = Mouth(settings)
        parts.push_async_callback(mouth.close)
        clients = Clients(home.clients_file)
        parts.callback(clients.close)
        codes = Codes(home.clients_file)
        parts.callback(codes.close)
        icon = Tray(home, os.environ, is_wanted=tray)
        parts.push_async_callback(icon.close)
        precision = options_of(settings).prepared
        preparing = Preparing(home.models, precision)
        port = listener.getsockname()[1]
        sessions = Sessions(clients, port=port)
        app = create_app(
            describer=opened.describer,
            speaker=mouth,
            clients=clients,
            sessions=sessions,
            codes=codes,
            downloads=Downloads(home.models, precision),
            language=settings.language,
            status=_Status(opened, mouth, icon, preparing, port),
        )
        guard = Guard(app, port=port, sessions=sessions, max_image_bytes=settings.max_bytes)
        await icon.start()
        for work in (mouth.prepare(), preparing.run()):
            parts.push_async_callback(_ended, asyncio.create_task(work))
        await server(guard, on_ready).serve(sockets=[listener])


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Mouth:
    """The voice of the settings, looked for again while there is none: a user may install one meanwhile."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._speaker: Speaker | None = None
        with contextlib.suppress(NoVoiceError):  # told in the status, and to whoever wants something said
            self._found()

    async def prepare(self) -> None:
        """Have the voice ready: a screen reader's library takes seconds to begin."""
        with contextlib.suppress(SpeechError):  # told in the status, and to whoever wants something said
            await self._found().prepare()

    async def say(self, text: str, *, language: str) -> None:
        """Begin to speak, in place of what is being spoken.

        Raises:
            SpeechError: Nothing can be heard, and why.
        """
        await self._found().say(text, language=language)

    async def hush(self) -> None:
        """Be silent at once."""
        if self._speaker is not None:
            await self._speaker.hush()

    async def close(self) -> None:
        """Be silent, and leave no process behind."""
        if self._speaker is not None:
            await self._speaker.close()

    def status(self) -> dict[str, Any]:
        """Return which voice is wanted, and what is wrong with it if something is."""
        try:
            require_device(self._found().voice)
        except SpeechError as error:
            return {"voice": self._settings.voice, "problem": error.fields()}
        return {"voice": self._settings.voice, "problem": None}

    def _found(self) -> Speaker:
        if self._speaker is None:
            wanted = self._settings
            self._speaker = Speaker(
                choose(wanted.voice, voice_file=wanted.voice_file, words_per_minute=wanted.words_per_minute)
            )
        return self._speaker


class _Status:
    """What `POST /v1/status` answers."""

    def __init__(self, opened: Opened, mouth: Mouth, icon: Tray, preparing: Preparing, port: int) -> None:
        self._opened = opened
        self._mouth = mouth
        self._icon = icon
        self._preparing = preparing
        self._port = port
        self._began = time.monotonic()

    def __call__(self) -> dict[str, Any]:
        return {
            **self._opened.describer.status(),
            "version": version("altaloud"),
            "pid": os.getpid(),
            "port": self._port,
            "uptime_seconds": round(time.monotonic() - self._began, 1),
            "resident_bytes": resident_bytes(),
            "speech": self._mouth.status(),
            "tray": self._icon.status(),
            "preparing": self._preparing.status(),
        }


def resident_bytes() -> int | None:
    """Return the memory that this process holds, or None where the system does not say it in a file."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
