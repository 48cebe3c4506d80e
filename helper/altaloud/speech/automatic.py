"""The voice "auto": the running screen reader; where none runs or it fails, the system's own voice.

Decided anew for each utterance, since screen readers are switched on and off.
"""

import asyncio
from contextlib import suppress

from altaloud.errors import SpeechError
from altaloud.speech import screen_reader
from altaloud.speech.utterance import Utterance, Voice

# Another voice now is better than the right one too late: a screen reader's library can take seconds.
_PATIENCE_SECONDS = 1.0


class AutomaticVoice:
    """Speaks with one of two voices."""

    def __init__(self, reader: Voice, own: Voice) -> None:
        self._reader = reader
        self._own = own

    @property
    def name(self) -> str:
        """Which one would speak now."""
        return self._reader.name if screen_reader.is_running() else self._own.name

    async def speak(self, text: str, *, language: str) -> Utterance:
        """Begin to say `text` with whichever is there now."""
        if not screen_reader.is_running():
            return await self._own.speak(text, language=language)
        try:
            by_reader = await self._reader.speak(text, language=language)
        except SpeechError:
            return await self._own.speak(text, language=language)
        return _ReaderFirst(by_reader, self._own, text, language)

    async def prepare(self) -> None:
        """Get the screen reader's side ready, if one runs; whether it fails is seen when it must speak."""
        if screen_reader.is_running():
            with suppress(SpeechError):
                await self._reader.prepare()

    async def close(self) -> None:
        """End what is kept between two utterances."""
        await self._reader.close()
        await self._own.close()


class _ReaderFirst:
    """An utterance of the screen reader; of the system's own voice if that one fails to begin."""

    def __init__(self, by_reader: Utterance, own: Voice, text: str, language: str) -> None:
        self._speaking = by_reader
        self._own = own
        self._text = text
        self._language = language
        self._was_stopped = False

    async def started(self) -> None:
        """Return when one of the two can be heard."""
        try:
            await asyncio.wait_for(self._speaking.started(), _PATIENCE_SECONDS)
        except (SpeechError, TimeoutError):
            if self._was_stopped:
                return
            await self._speaking.stop()
            self._speaking = await self._own.speak(self._text, language=self._language)
            if self._was_stopped:  # while the other was being started
                await self._speaking.stop()
            await self._speaking.started()

    async def stop(self) -> None:
        """Silence whichever speaks."""
        self._was_stopped = True
        await self._speaking.stop()

    async def ended(self) -> None:
        """Return when it is over."""
        await self._speaking.ended()
