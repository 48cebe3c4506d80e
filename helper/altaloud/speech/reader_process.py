"""The parent's side of `screen_reader_child`: lines of JSON, answered by number."""

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

from altaloud.errors import NoVoiceError
from altaloud.speech.utterance import mortal

CHILD = (sys.executable, "-P", "-m", "altaloud.speech.screen_reader_child")
_ANSWERING_SECONDS = 20.0  # for the library to begin: up to 3.7 s, and far more on a busy machine
_HUSHING_SECONDS = 1.0
_ENDING_SECONDS = 1.0


class ReaderProcess:
    """One child that holds the library."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Listen to a child that `start` has just started."""
        self._process = process
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._has_begun = False  # the library answers
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls) -> "ReaderProcess":
        """Start the child."""
        return cls(
            await asyncio.create_subprocess_exec(
                *mortal(CHILD),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        return not self._listening.done()

    def ask(self, request: Mapping[str, object]) -> "asyncio.Future[None]":
        """Send a request; what is returned fails with NoVoiceError if it cannot be done."""
        loop = asyncio.get_running_loop()
        number, answer = next(self._numbers), loop.create_future()
        answer.add_done_callback(_looked_at)
        if not self.is_running:
            answer.set_exception(NoVoiceError("no screen reader is running that can be spoken through"))
            return answer
        self._waiting[number] = answer
        assert self._process.stdin is not None  # noqa: S101 (asked for in `start`)
        self._process.stdin.write(json.dumps({"number": number, **request}).encode() + b"\n")
        loop.call_later(_ANSWERING_SECONDS, self._give_up, number)
        return answer

    async def hush(self) -> None:
        """Silence the reader; a child that does not do it soon is ended."""
        answer = self.ask({"hush": True})
        if not self._has_begun:
            return  # nothing is heard yet; the child will drop what was to be said
        try:
            await asyncio.wait_for(asyncio.shield(answer), _HUSHING_SECONDS)
        except NoVoiceError:
            return  # it is gone, and no reader with it
        except TimeoutError:
            self._kill()

    async def close(self) -> None:
        """End the child."""
        assert self._process.stdin is not None  # noqa: S101 (asked for in `start`)
        self._process.stdin.close()
        await asyncio.wait([self._listening], timeout=_ENDING_SECONDS)
        self._kill()
        await asyncio.wait([self._listening])
        with suppress(BrokenPipeError, ConnectionResetError):
            await self._process.stdin.wait_closed()

    async def _listen(self) -> None:
        """Give each answer to whom it belongs, until the child ends."""
        assert self._process.stdout is not None  # noqa: S101 (asked for in `start`)
        while line := await self._process.stdout.readline():
            answer = self._waiting.pop(int(line), None)
            if answer is not None and not answer.done():
                answer.set_result(None)
            self._has_begun = True
        await self._process.wait()
        for number in list(self._waiting):
            self._give_up(number)

    def _give_up(self, number: int) -> None:
        answer = self._waiting.pop(number, None)
        if answer is not None and not answer.done():
            answer.set_exception(NoVoiceError("the screen reader cannot be spoken through"))

    def _kill(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # over in this moment
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)


def _looked_at(answer: "asyncio.Future[None]") -> None:
    """Take note of the failure, so that one nobody waits for (it was interrupted) is not reported as lost."""
    if not answer.cancelled():
        answer.exception()
