"""A child process of ours, as the helper sees it: ask, and it answers, the most wanted question first.

Models, codecs and hostile bytes live in child processes: their memory goes back to the system when they
end, and their crash is an error for the one request that caused it. The child's own side is `serving`.
"""

import asyncio
import contextlib
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from altaloud.errors import AltaloudError, ChildCrashedError, ChildTimeoutError
from altaloud.vision import frames
from altaloud.vision.questions import Question, Questions
from altaloud.vision.spawning import buried, kill, spawn
from altaloud.vision.urgency import Urgency


class Child:
    """One `python -m module` that is started when it is first asked, and again after it has ended."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] | Callable[[], Sequence[str]] = (),
        *,
        name: str,
        environment: Mapping[str, str] | None = None,
        limits_steps: bool = False,
    ) -> None:
        """Start nothing yet.

        Args:
            module: Calls `serving.serve` when run with `python -m`.
            arguments: Of its command line; those that may change are asked for at each start.
            name: What error messages call it, such as "decoder".
            environment: Variables on top of the few that every child gets.
            limits_steps: Each step of a request may take the request's time, as long as it says that one
                begins; else the whole request may. For a child whose word can be believed.
        """
        self._module = module
        self._arguments = arguments
        self._name = name
        self._environment = dict(environment or {})
        self._limits_steps = limits_steps
        self._life: _Life | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is there now; it may end by itself at any time."""
        return self.pid is not None

    @property
    def pid(self) -> int | None:
        """The process's number, or None when it is not running."""
        return self._life.pid if self._life else None

    async def ask(
        self,
        header: Mapping[str, object],
        body: bytes = b"",
        *,
        timeout_seconds: float,
        urgency: Urgency | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """Send one request and return the reply. Others may be asked meanwhile.

        Whoever cancels takes the request back; a step that has begun is finished all the same.

        Args:
            header: What `serving.Worker` reads.
            body: Bytes that go with it.
            timeout_seconds: The process is ended if it works on this, or on a step of it where steps are
                limited, for so long without doing other things.
            urgency: Of all requests the most wanted is worked on; by default it is that.

        Raises:
            ChildTimeoutError: It took too long.
            ChildCrashedError: The process ended at this, or its reply makes no sense.
            AltaloudError: The one that the child reports.
        """
        urgency = urgency or Urgency()
        frames.head({"ask": header}, body)  # refused here, if it is too much for a frame
        life = self._current()
        question = life.questions.add(header, body, timeout_seconds, urgency.value)
        life.look_up()
        with urgency.told_to(lambda value: life.hurry(question, value)):
            try:
                return await question.answer
            finally:
                life.take_back(question)

    async def close(self) -> None:
        """End the process. What was asked fails; a later request starts a new process."""
        life, self._life = self._life, None
        if life is not None and self._loop is asyncio.get_running_loop():
            await life.close()

    def _current(self) -> "_Life":
        """Return the life of the running loop: pipes cannot move from one loop to another."""
        loop = asyncio.get_running_loop()
        if self._life is not None and loop is not self._loop:
            self._life.abandon()
            self._life = None
        if self._life is None or self._life.is_over:
            self._loop = loop
            self._life = _Life(
                self._name, self._module, self._arguments, self._environment, limits_steps=self._limits_steps
            )
        return self._life


class _Life:
    """The process, started again after a crash as long as something is asked; and what is asked of it."""

    def __init__(
        self,
        name: str,
        module: str,
        arguments: Sequence[str] | Callable[[], Sequence[str]],
        environment: Mapping[str, str],
        *,
        limits_steps: bool,
    ) -> None:
        self._name = name
        self._module = module
        self._arguments = arguments
        self._environment = environment
        self._limits_steps = limits_steps
        self.questions = Questions()
        self._process: Process | None = None
        self._news = asyncio.Event()  # something is to be sent
        self._alarm: asyncio.TimerHandle | None = None
        self._watched: list[Question] = []  # whom it is for
        self._is_too_slow = False
        self._is_closed = False
        self._task = asyncio.create_task(self._live())

    @property
    def is_over(self) -> bool:
        """Whether no question can be asked any more."""
        return self._is_closed or self._task.done()

    @property
    def pid(self) -> int | None:
        """The process's number, or None when it is not running."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def look_up(self) -> None:
        """Send what there is to send."""
        self._news.set()

    def hurry(self, question: Question, urgency: int) -> None:
        """Want the answer more."""
        self.questions.hurry(question, urgency)
        self._news.set()

    def take_back(self, question: Question) -> None:
        """Want no answer any more; nothing, if it has come."""
        self.questions.take_back(question)
        self._news.set()

    async def close(self) -> None:
        """End the process; what is asked fails."""
        self._is_closed = True
        kill(self._process)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def abandon(self) -> None:
        """End the process of a loop that is no longer there."""
        self._is_closed = True
        kill(self._process)

    async def _live(self) -> None:
        try:
            while True:
                await self._one_process()
                if self.questions.is_empty:
                    return  # nothing is awaited between here and `is_over`
        finally:
            self.questions.fail_all(ChildCrashedError(f"the {self._name} was closed"))

    async def _one_process(self) -> None:
        """Start a process and speak with it until it ends; then decide what becomes of the questions."""
        try:
            arguments = self._arguments() if callable(self._arguments) else self._arguments
            self._process = process = await spawn(self._module, arguments, self._environment)
        except OSError as error:
            self.questions.fail_all(
                ChildCrashedError(f"cannot start the {self._name}: {error.strerror}"), cause=error
            )
            return
        except AltaloudError as error:  # of whoever tells the arguments
            self.questions.fail_all(error, cause=error.__cause__)
            return
        self._is_too_slow = False
        makes_sense = True
        sending = asyncio.create_task(self._send(process))
        try:
            await self._hear(process)
        except (ValueError, RecursionError, KeyError, TypeError):
            makes_sense = False
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            self._set_alarm(None)
            if not makes_sense or self._is_closed:
                kill(process)
            code = await buried(process)
            self._process = None
        self._judge(code, makes_sense=makes_sense)

    def _judge(self, code: int, *, makes_sense: bool) -> None:
        if self._is_too_slow:
            self.questions.blame(
                lambda question: ChildTimeoutError(
                    f"the {self._name} took longer than {question.timeout_seconds:g} s"
                )
            )
        elif not makes_sense:
            self.questions.blame(
                lambda _: ChildCrashedError(f"the {self._name} answered something that makes no sense")
            )
        elif code == 0:  # it unloaded itself, idle, just as we asked
            self.questions.ask_again(
                lambda _: ChildCrashedError(f"the {self._name} ends as soon as it is asked")
            )
        else:
            self.questions.blame(
                lambda _: ChildCrashedError(f"the {self._name} ended in the middle of its work")
            )

    async def _send(self, process: Process) -> None:
        """Write what is to be sent, the most wanted first, until the process ends."""
        if process.stdin is None:
            return
        with contextlib.suppress(ConnectionError):  # the end is noticed on the other pipe
            while True:
                self._news.clear()
                while message := self.questions.next_message():
                    if self._alarm is None:
                        self._rearm()
                    header, body = message
                    process.stdin.write(frames.head(header, body))
                    process.stdin.write(body)
                    await process.stdin.drain()
                await self._news.wait()

    async def _hear(self, process: Process) -> None:
        """Take in what the process says until it ends. ValueError and the like if that makes no sense."""
        if process.stdout is None:
            return
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                lengths = await process.stdout.readexactly(frames.LENGTHS.size)
                header_bytes, body_bytes = frames.checked_lengths(lengths)
                header = frames.checked_header(await process.stdout.readexactly(header_bytes))
                body = await process.stdout.readexactly(body_bytes)
                self._take(header, body)
                self._rearm()

    def _take(self, header: dict[str, Any], body: bytes) -> None:
        if "at" in header:
            self.questions.work_on([int(number) for number in header["at"]])
            if self._limits_steps:
                self._watched = []  # what begins now has all its time
            return
        number = int(header["id"])
        if "error" in header:
            self.questions.closed(number).fail(frames.reported_error(header))
        elif "dropped" in header:
            self.questions.closed(number)
        else:
            reply = dict(header["reply"])  # before the question is closed: what makes no sense answers nobody
            self.questions.closed(number).succeed(reply, body)

    def _rearm(self) -> None:
        """Give whoever is worked on their time, from when that began: no chatter makes it longer."""
        suspects = self.questions.suspects()
        if suspects != self._watched or self._alarm is None:
            self._set_alarm(max((each.timeout_seconds for each in suspects), default=None))
        self._watched = suspects

    def _set_alarm(self, seconds: float | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if seconds is not None:
            self._alarm = asyncio.get_running_loop().call_later(seconds, self._end_slow)

    def _end_slow(self) -> None:
        self._is_too_slow = True
        kill(self._process)
