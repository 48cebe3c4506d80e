"""Saying things aloud: one at a time, and the newest wins.

A way of speaking is one module beside this one. None is loaded into the helper's own process.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from altaloud.errors import NoVoiceError
from altaloud.speech import espeak, file, pyttsx, screen_reader, sound
from altaloud.speech.automatic import AutomaticVoice
from altaloud.speech.utterance import Utterance, Voice
from altaloud.speech.words import plain


class Speaker:
    """Says one thing at a time with one voice."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._turn = asyncio.Lock()  # held while one utterance is exchanged for the next
        self._current: Utterance | None = None
        self._newest = object()

    @property
    def voice(self) -> Voice:
        """What it speaks with."""
        return self._voice

    async def say(self, text: str, *, language: str) -> None:
        """Interrupt what is being said, and say `text`. Returns when it can be heard.

        When something newer interrupts it first, it returns too: that is not a failure.

        Raises:
            NoVoiceError: There is no speech engine.
            NoSoundError: There is one, but nothing to play on.
        """
        ticket = self._newest = object()
        async with self._turn:
            if ticket is not self._newest:
                return  # it would be interrupted as soon as it began
            await self._stop_current()
            words = plain(text)
            if not words:
                return
            utterance = self._current = await self._voice.speak(words, language=language)
        await utterance.started()

    async def prepare(self) -> None:
        """Do now what would delay the first utterance; a screen reader's library takes seconds to begin.

        Raises:
            SpeechError: The voice could not speak.
        """
        await self._voice.prepare()

    async def hush(self) -> None:
        """Be silent at once."""
        self._newest = object()
        async with self._turn:
            await self._stop_current()

    async def finish(self) -> None:
        """Return when what is being said is over.

        Raises:
            SpeechError: It could not be heard to its end.
        """
        if self._current is not None:
            await self._current.ended()

    async def close(self) -> None:
        """Be silent, and leave no process behind."""
        await self.hush()
        await self._voice.close()

    async def _stop_current(self) -> None:
        if self._current is not None:
            await self._current.stop()
            self._current = None


class VoiceState(NamedTuple):
    """A voice and whether it could speak now."""

    name: str
    is_available: bool
    why_not: str  # empty if it is available


def choose(name: str, *, voice_file: Path | None, words_per_minute: int) -> Voice:
    """Return the voice that the settings name; "auto" for the best there is.

    Raises:
        NoVoiceError: There is no voice of that name, or it cannot speak on this computer.
    """
    make = _makers(voice_file, words_per_minute).get(name)
    if make is None:
        names = ", ".join(["auto", *_makers(None, words_per_minute)])
        raise NoVoiceError(f"there is no voice named {name}", advice=f"Set voice to one of: {names}.")
    return make()


def require_device(voice: Voice) -> None:
    """Look, within a millisecond or a few, for something that `voice` can play on.

    Raises:
        NoSoundError: There is certainly none. (A screen reader has its own, and a file needs none.)
    """
    if voice.name in (espeak.NAME, pyttsx.NAME):
        sound.require_device(os.environ)


async def require_audible(voice: Voice) -> None:
    """Look as `require_device` does, and ask the sound server where what it plays goes; up to a second.

    Raises:
        NoSoundError: Nothing that `voice` says can be heard.
    """
    require_device(voice)
    if voice.name in (espeak.NAME, pyttsx.NAME):
        await sound.require_audible_sink()


def voices(*, voice_file: Path | None, words_per_minute: int = 200) -> list[VoiceState]:
    """Return every voice and whether it could speak now. Starts short child processes."""
    states = []
    for name, make in _makers(voice_file, words_per_minute).items():
        if name == "auto":
            continue
        try:
            make()
            if name == screen_reader.NAME:
                screen_reader.require_available()
        except NoVoiceError as error:
            states.append(VoiceState(name, False, str(error)))
        else:
            states.append(VoiceState(name, True, ""))
    return states


def _makers(voice_file: Path | None, words_per_minute: int) -> dict[str, Callable[[], Voice]]:
    return {
        "auto": lambda: _automatic(words_per_minute),
        screen_reader.NAME: lambda: screen_reader.ScreenReaderVoice(words_per_minute=words_per_minute),
        espeak.NAME: lambda: espeak.EspeakVoice(words_per_minute=words_per_minute),
        pyttsx.NAME: lambda: pyttsx.PyttsxVoice(words_per_minute=words_per_minute),
        file.NAME: lambda: file.FileVoice(voice_file),
    }


def _automatic(words_per_minute: int) -> Voice:
    reader = screen_reader.ScreenReaderVoice(words_per_minute=words_per_minute)
    try:
        return AutomaticVoice(reader, _system_voice(words_per_minute))
    except NoVoiceError:
        if screen_reader.is_running():
            return reader
        raise


def _system_voice(words_per_minute: int) -> Voice:
    """Return espeak-ng on Linux and the system's voices elsewhere; each stands in for the other."""
    makers = _makers(None, words_per_minute)
    order = [espeak.NAME, pyttsx.NAME] if sys.platform == "linux" else [pyttsx.NAME, espeak.NAME]
    try:
        return makers[order[0]]()
    except NoVoiceError as first:
        try:
            return makers[order[1]]()
        except NoVoiceError:
            raise first from None  # the usual one is what the user should install
