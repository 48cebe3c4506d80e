"""The voices of Windows and macOS by pyttsx3; on Linux only where espeak-ng is not installed as a program.

pyttsx3 speaks one text per process reliably (its issues 403, 419, 440), so each utterance has a child.
"""

import importlib.util
import json
import os
import shutil
import sys
import tempfile

from altaloud.errors import NoSoundError, NoVoiceError, SpeechError
from altaloud.speech import sound
from altaloud.speech.utterance import ChildUtterance, Manner
from altaloud.speech.words import seconds_to_say

NAME = "pyttsx3"
_CHILD = (sys.executable, "-P", "-m", "altaloud.speech.pyttsx_child")


class PyttsxVoice:
    """Speaks with the operating system's voices."""

    name = NAME

    def __init__(self, *, words_per_minute: int) -> None:
        """Make sure that the library has what it needs, without loading it.

        Raises:
            NoVoiceError: It has not.
        """
        if importlib.util.find_spec("pyttsx3") is None:
            raise NoVoiceError("pyttsx3 is not installed")
        if sys.platform == "linux" and shutil.which("aplay") is None:
            raise NoVoiceError("pyttsx3 needs aplay", advice="Install alsa-utils, or better espeak-ng.")
        self._words_per_minute = words_per_minute

    async def speak(self, text: str, *, language: str) -> "ChildUtterance":
        """Begin to say `text`.

        Raises:
            SpeechError: There is no sound device, or the child cannot be started.
        """
        sound.require_device(os.environ)
        request = {"text": text, "words_per_minute": self._words_per_minute, "language": language}
        # pyttsx3 writes what it will play to a temporary file, and a killed one leaves it behind.
        folder = tempfile.TemporaryDirectory(prefix="altaloud-", ignore_cleanup_errors=True)
        try:
            return await ChildUtterance.start(
                _CHILD,
                json.dumps(request).encode() + b"\n",
                Manner(
                    explain=_explain,
                    limit_seconds=seconds_to_say(text, self._words_per_minute),
                    plays=True,
                    announces=True,
                    leaves=folder.cleanup,
                ),
                variables={"TMPDIR": folder.name, "TEMP": folder.name, "TMP": folder.name},
            )
        except BaseException:
            folder.cleanup()
            raise

    async def prepare(self) -> None:
        """Do nothing: it begins fast enough."""

    async def close(self) -> None:
        """Do nothing: nothing is kept between two utterances."""


def _explain(returncode: int, complaints: str) -> SpeechError | None:
    """On Linux, pyttsx3 ends with status 0 when its player fails; only standard error tells."""
    if returncode != 0:
        return NoVoiceError("the system's voice failed")
    if any(line.startswith("aplay: ") for line in complaints.splitlines()):
        return NoSoundError("the sound device cannot be opened")
    return None
