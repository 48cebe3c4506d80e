"""Speaking through the screen reader that is running, by prismatoid: the user's own voice, and braille.

The library is loaded by a child process alone: it links to each screen reader's own code, which may block or
crash.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from altaloud.errors import NoVoiceError, SpeechError
from altaloud.speech.utterance import ChildUtterance, Manner
from altaloud.speech.words import seconds_to_say

NAME = "screen-reader"
_CHILD = (sys.executable, "-m", "altaloud.speech.screen_reader_child")
_ASKING_SECONDS = 3.0
_SPI_GETSCREENREADER = 0x0046  # winuser.h


class ScreenReaderVoice:
    """Speaks through a running screen reader, or through the speech server that it uses."""

    name = NAME

    def __init__(self, *, words_per_minute: int) -> None:
        """Remember the speed: the reader has its own, so it only says how long to wait."""
        self._words_per_minute = words_per_minute

    async def speak(self, text: str, *, language: str) -> ChildUtterance:
        """Begin to say `text` in the reader's own voice, interrupting what it says.

        Raises:
            NoVoiceError: The child cannot be started. (That no reader runs, `started` tells.)
        """
        del language  # the reader's voice is the user's choice
        request = {"text": text, "words_per_minute": self._words_per_minute}
        return await ChildUtterance.start(
            _CHILD,
            json.dumps(request).encode() + b"\n",
            Manner(
                explain=_explain,
                limit_seconds=seconds_to_say(text, self._words_per_minute),
                announces=True,
                obeys=True,
            ),
        )


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
    try:
        child = subprocess.run(
            [*_CHILD, "--check"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASKING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoVoiceError(
            f"the screen reader did not answer within {_ASKING_SECONDS:.0f} seconds"
        ) from error
    if unavailable := _explain(child.returncode, ""):
        raise unavailable


def _explain(returncode: int, complaints: str) -> SpeechError | None:
    del complaints  # a screen reader's library may chat
    if returncode == 0:
        return None
    return NoVoiceError(
        "no screen reader is running that can be spoken through", advice="Start it, then try again."
    )


def _is_orca(process: Path) -> bool:
    try:
        return (process / "comm").read_bytes() == b"orca\n" and process.stat().st_uid == os.getuid()
    except OSError:  # it ended while we looked
        return False
