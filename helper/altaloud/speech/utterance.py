"""One utterance: a child process in a session of its own, which can be silenced with all that it started.

Killing a voice alone is not enough: pyttsx3 leaves a player talking. The text goes in by standard input,
since everybody on the computer can read the arguments of a process.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from altaloud.errors import NoSoundError, NoVoiceError, SpeechError
from altaloud.speech import sound

# What fails does so within this: espeak-ng without a device took 30 to 60 ms.
FAILING_SECONDS = 0.25
_STARTING_SECONDS = 5.0  # for a child that says when it speaks; the first import from a cold disk is slow
_ENDING_SECONDS = 2.0  # for the system to take a killed child away
_LONGEST_COMPLAINT = 8_000  # characters kept of a child's standard error


class Utterance(Protocol):
    """Something being said."""

    async def started(self) -> None:
        """Return when it can be heard, or when it was stopped before.

        Raises:
            SpeechError: It cannot.
        """

    async def stop(self) -> None:
        """Silence it, if it is not over."""

    async def ended(self) -> None:
        """Return when it is over.

        Raises:
            SpeechError: It could not be heard.
        """


class Voice(Protocol):
    """One way of speaking."""

    @property
    def name(self) -> str:
        """What the settings call it."""

    async def speak(self, text: str, *, language: str) -> Utterance:
        """Begin to say `text`: one plain line, not empty.

        Raises:
            SpeechError: It cannot be said.
        """

    async def prepare(self) -> None:
        """Do now what would delay the first utterance.

        Raises:
            SpeechError: It could not speak.
        """

    async def close(self) -> None:
        """End what it keeps between two utterances."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a child behaves."""

    # From the exit status and what was written to standard error: what went wrong, or None.
    explain: Callable[[int, str], SpeechError | None]
    limit_seconds: float  # it is ended after this; a sound server can stall for ever
    plays: bool = False  # on the sound device, so there must be one
    announces: bool = False  # writes a line to standard output when it begins to speak
    leaves: Callable[[], None] | None = None  # takes away what it leaves behind, when it is over


class ChildUtterance:
    """An utterance that a child process speaks."""

    def __init__(self, process: asyncio.subprocess.Process, manner: Manner) -> None:
        """Watch a child that `start` has just started."""
        self._process = process
        self._manner = manner
        self._was_stopped = False
        self._watch = asyncio.create_task(self._watched())

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        text: bytes,
        manner: Manner,
        variables: Mapping[str, str] | None = None,
    ) -> "ChildUtterance":
        """Start `command` and give it `text`.

        Raises:
            NoVoiceError: There is no such program.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *mortal(command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE if manner.announces else asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                env=os.environ | dict(variables or {}),
            )
        except OSError as error:
            raise NoVoiceError(f"{os.path.basename(command[0])} cannot be started") from error
        assert process.stdin is not None  # noqa: S101 (asked for above)
        process.stdin.write(text)  # less than a pipe holds, so nobody has to wait for the child to read
        process.stdin.close()
        return cls(process, manner)

    async def started(self) -> None:
        """Return when it can be heard, as far as that can be known."""
        if self._manner.plays:
            await self._audible()
        if self._manner.announces:
            await self._announcement()
        await asyncio.wait([self._watch], timeout=FAILING_SECONDS)
        if self._watch.done():
            await self.ended()

    async def stop(self) -> None:
        """Silence it: at once, with everything that it has started."""
        if self._watch.done():
            return
        self._was_stopped = True
        self._kill()
        await asyncio.wait([self._watch], timeout=_ENDING_SECONDS)

    async def ended(self) -> None:
        """Return when it is over."""
        error = await asyncio.shield(self._watch)
        if error is not None and not self._was_stopped:
            raise error

    async def _audible(self) -> None:
        try:
            await sound.require_audible_sink()
        except NoSoundError:
            await self.stop()
            raise

    async def _announcement(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 (asked for in `start`)
        try:
            await asyncio.wait_for(self._process.stdout.readline(), _STARTING_SECONDS)
        except TimeoutError as error:
            await self.stop()
            raise NoVoiceError(f"the voice said nothing within {_STARTING_SECONDS:.0f} seconds") from error

    async def _watched(self) -> SpeechError | None:
        """Wait until nothing of the child is left; return what went wrong."""
        try:
            complaints = await asyncio.wait_for(self._complaints(), self._manner.limit_seconds)
        except TimeoutError:
            self._kill()
            complaints = await self._complaints()
        returncode = await self._process.wait()
        assert self._process.stdin is not None  # noqa: S101 (asked for in `start`)
        self._process.stdin.close()
        with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read everything
            await self._process.stdin.wait_closed()
        if self._manner.leaves is not None:
            self._manner.leaves()
        return self._manner.explain(returncode, complaints)

    async def _complaints(self) -> str:
        """Return the beginning of standard error, when the last process that can write to it has ended."""
        assert self._process.stderr is not None  # noqa: S101 (asked for in `start`)
        kept = b""
        while part := await self._process.stderr.read(4096):
            kept = (kept + part)[:_LONGEST_COMPLAINT]
        return kept.decode("utf-8", "replace")

    def _kill(self) -> None:
        if sys.platform == "win32":
            tree = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
            return
        with suppress(ProcessLookupError):  # over in this moment
            os.killpg(self._process.pid, signal.SIGKILL)


def mortal(command: Sequence[str]) -> list[str]:
    """Let the child be ended by the system when the helper is killed, where a tool for that is at hand."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [*([setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []), *command]
