"""espeak-ng as a program: 30 ms to the first sound, under 10 ms to silence."""

import os
import shutil
import subprocess

from altaloud.errors import NoSoundError, NoVoiceError, SpeechError
from altaloud.speech import sound
from altaloud.speech.utterance import ChildUtterance, Manner
from altaloud.speech.words import seconds_to_say

NAME = "espeak-ng"
_ASKING_SECONDS = 5.0
# Where the name of a language is another one here.
_ALIASES = {"zh": "cmn", "no": "nb", "iw": "he", "in": "id", "zh-hk": "yue", "zh-tw": "cmn"}
_FALLBACK = "en"  # a text in a language without a voice is better heard badly than not at all


class EspeakVoice:
    """Speaks with espeak-ng."""

    name = NAME

    def __init__(self, *, words_per_minute: int) -> None:
        """Find the program and ask it which languages it speaks.

        Raises:
            NoVoiceError: It is not installed or does not work.
        """
        program = shutil.which(NAME)
        if program is None:
            raise NoVoiceError("espeak-ng is not installed")
        self._program = program
        self._words_per_minute = words_per_minute
        self._languages = _languages(program)

    async def speak(self, text: str, *, language: str) -> ChildUtterance:
        """Begin to say `text`.

        Raises:
            SpeechError: There is no sound device, or the program is gone.
        """
        sound.require_device(os.environ)
        return await ChildUtterance.start(
            # -b 1: the text is UTF-8
            [
                self._program,
                "-v",
                self._voice(language),
                "-s",
                str(self._words_per_minute),
                "-b",
                "1",
                "--stdin",
            ],
            text.encode(),
            Manner(explain=_explain, limit_seconds=seconds_to_say(text, self._words_per_minute), plays=True),
        )

    async def prepare(self) -> None:
        """Do nothing: it begins fast enough."""

    async def close(self) -> None:
        """Do nothing: nothing is kept between two utterances."""

    def _voice(self, language: str) -> str:
        """Return the nearest there is: "pt-BR" has a voice of its own, "de-AT" is spoken as "de"."""
        whole = language.lower()
        primary = whole.partition("-")[0]
        wanted = (whole, _ALIASES.get(whole), primary, _ALIASES.get(primary))
        return next((name for name in wanted if name in self._languages), _FALLBACK)


def _languages(program: str) -> frozenset[str]:
    try:
        answer = subprocess.run(
            [program, "--voices"], capture_output=True, timeout=_ASKING_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoVoiceError("espeak-ng does not answer") from error
    # A heading; then: priority, language, age and gender, name, file, other languages
    rows = [line.split() for line in answer.stdout.decode("utf-8", "replace").splitlines()[1:]]
    languages = frozenset(row[1] for row in rows if len(row) > 1)
    if not languages:
        raise NoVoiceError("espeak-ng has no voices", advice="Install espeak-ng-data.")
    return languages


def _explain(returncode: int, complaints: str) -> SpeechError | None:
    """espeak-ng ends with status 0 when it cannot play; only a line on standard error tells."""
    if returncode != 0:
        return NoVoiceError("espeak-ng failed")
    if any(line.startswith("error:") for line in complaints.splitlines()):
        return NoSoundError("the sound device cannot be opened")
    return None
