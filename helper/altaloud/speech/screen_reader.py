"""Speaking through the screen reader that is running, by prismatoid: the user's own voice, and braille.

The library is loaded by a child process alone: it links to each screen reader's own code, which may block
or crash. The child is kept between utterances, since the library takes seconds to begin (it asks the speech
server of Linux for its thousands of voices) and milliseconds to speak.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from altaloud.errors import NoVoiceError
from altaloud.speech import sound
from altaloud.speech.reader_process import CHILD, ReaderProcess

NAME = "screen-reader"
_ASKING_SECONDS = 20.0  # the library alone takes up to 3.7 s, and far more on a busy machine
_SPI_GETSCREENREADER = 0x0046  # winuser.h


class ScreenReaderVoice:
    """Speaks through a running screen reader, or through the speech server that it uses."""

    name = NAME

    def __init__(self, *, words_per_minute: int) -> None:
        """Remember the speed: the reader has its own, so it only says how long to wait."""
        self._words_per_minute = words_per_minute
        self._process: ReaderProcess | None = None
        self._starting = asyncio.Lock()  # `prepare` and the first `speak` may come together

    async def speak(self, text: str, *, language: str) -> "ReadUtterance":
        """Begin to say `text` in the reader's own voice, interrupting what it says.

        Raises:
            NoVoiceError: There is none, or the child cannot be started. (More, `started` tells.)
        """
        del language  # the reader's voice is the user's choice
        process = await self._running()
        seconds = 1 + 60 * len(text.split()) / self._words_per_minute
        return ReadUtterance(process, process.ask({"say": text}), seconds)

    async def prepare(self) -> None:
        """Start the child, and return when the library is ready.

        Raises:
            NoVoiceError: There is no screen reader to speak through.
        """
        await (await self._running()).ask({})

    async def close(self) -> None:
        """End the child."""
        if self._process is not None:
            await self._process.close()
            self._process = None

    async def _running(self) -> ReaderProcess:
        _require_server(os.environ)
        async with self._starting:
            if self._process is not None and not self._process.is_running:
                await self.close()
            if self._process is None:
                self._process = await ReaderProcess.start()
            return self._process


class ReadUtterance:
    """An utterance that the screen reader was asked to speak."""

    def __init__(self, process: ReaderProcess, answer: "asyncio.Future[None]", seconds: float) -> None:
        """Wait for the answer; `seconds` is how long it will take, since most readers cannot be asked."""
        self._process = process
        self._answer = answer
        self._over_at = asyncio.get_running_loop().time() + seconds
        self._stopped = asyncio.Event()

    async def started(self) -> None:
        """Return when the reader has taken the text."""
        await asyncio.shield(self._answer)

    async def stop(self) -> None:
        """Silence the reader; a text that it has not yet begun is dropped."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        await self._process.hush()

    async def ended(self) -> None:
        """Return when the reader must be through."""
        await self.started()
        remaining = self._over_at - asyncio.get_running_loop().time()
        try:
            await asyncio.wait_for(self._stopped.wait(), max(0, remaining))
        except TimeoutError:
            return


def is_running() -> bool:
    """Say quickly, without the library, whether a screen reader seems to be running."""
    if sys.platform == "win32":
        import ctypes

        is_on = ctypes.c_int(0)
        ctypes.windll.user32.SystemParametersInfoW(_SPI_GETSCREENREADER, 0, ctypes.byref(is_on), 0)
        return bool(is_on.value)
    if sys.platform == "darwin":
        found = subprocess.run(["/usr/bin/pgrep", "-qx", "VoiceOver"], check=False)
        return found.returncode == 0
    return any(_is_orca(process) for process in Path("/proc").glob("[0-9]*"))


def require_available() -> None:
    """Ask the library, in a child process, whether anything would speak.

    Raises:
        NoVoiceError: Nothing would, or it does not answer.
    """
    _require_server(os.environ)
    try:
        child = subprocess.run(CHILD, input=b"", capture_output=True, timeout=_ASKING_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise NoVoiceError(
            f"the screen reader did not answer within {_ASKING_SECONDS:.0f} seconds"
        ) from error
    if child.returncode != 0:
        raise NoVoiceError("no screen reader is running that can be spoken through")


def _require_server(environment: Mapping[str, str]) -> None:
    """On Linux, look for the speech server: the library would start one that nobody ends.

    Raises:
        NoVoiceError: None runs.
    """
    named = environment.get("SPEECHD_ADDRESS", "")
    if sys.platform != "linux" or named.startswith("inet_socket"):  # perhaps on another computer
        return
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    place = named.removeprefix("unix_socket:") or f"{runtime}/speech-dispatcher/speechd.sock"
    if not sound.answers(Path(place)):
        raise NoVoiceError("no screen reader's speech server is running")


def _is_orca(process: Path) -> bool:
    try:
        return (process / "comm").read_bytes() == b"orca\n" and process.stat().st_uid == os.getuid()
    except OSError:  # it ended while we looked
        return False
