"""A voice that writes what it would say into a file, a line an utterance: for tests and other programs."""

import os
from pathlib import Path

from altaloud.errors import NoVoiceError

NAME = "file"


class FileVoice:
    """Writes in place of speaking. Chosen only by name."""

    name = NAME

    def __init__(self, path: Path | None) -> None:
        """Remember where to write.

        Raises:
            NoVoiceError: No file is named.
        """
        if path is None:
            raise NoVoiceError('voice = "file" needs a file', advice="Set voice_file in settings.toml.")
        self._path = path

    async def speak(self, text: str, *, language: str) -> "Written":
        """Write `text` as one line, which is in the file when this returns.

        Raises:
            NoVoiceError: The file cannot be written.
        """
        del language  # a file has no accent
        try:
            with open(self._path, "a", encoding="utf-8", opener=_for_its_owner) as file:
                file.write(f"{text}\n")
        except OSError as error:
            raise NoVoiceError(
                f"cannot write {self._path}: {error.strerror}",
                advice="Set voice_file to a file you may write.",
            ) from error
        return Written()

    async def prepare(self) -> None:
        """Do nothing: it begins fast enough."""

    async def close(self) -> None:
        """Do nothing: nothing is kept between two utterances."""


def _for_its_owner(path: str, flags: int) -> int:
    """Open a file that is made for its owner alone: what is said of a private page is private."""
    return os.open(path, flags, 0o600)


class Written:
    """An utterance that was over as soon as it began."""

    async def started(self) -> None:
        """Return at once."""

    async def stop(self) -> None:
        """Do nothing: what is written stays."""

    async def ended(self) -> None:
        """Return at once."""
