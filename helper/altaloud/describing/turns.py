"""Whose turn it is: the most wanted first, one run at a time, one run per picture.

A page's hundred images wait here without a thread each, and an image that somebody
is looking at overtakes them all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

from altaloud.describing.description import Priority
from altaloud.errors import TooManyRequestsError

Result = TypeVar("Result")


@dataclass(eq=False)
class _Run(Generic[Result]):
    work: Callable[[], Awaitable[Result]]
    priority: Priority
    arrival: int
    answer: asyncio.Future[Result]
    askers: int = 0


class Turns(Generic[Result]):
    """A queue in front of something that can do one thing at a time. For one event loop."""

    def __init__(self, *, max_waiting: int) -> None:
        self._max_waiting = max_waiting
        self._waiting: dict[Hashable, _Run[Result]] = {}
        self._running: tuple[Hashable, _Run[Result]] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._arrivals = count()

    @property
    def waiting(self) -> int:
        """How many runs wait, the one in progress not counted."""
        return len(self._waiting)

    async def run(self, key: Hashable, priority: Priority, work: Callable[[], Awaitable[Result]]) -> Result:
        """Return what `work` returns, when its turn has come.

        Whoever asks for the `key` of a run that waits or goes on shares it, and lends it their
        priority. A run that nobody waits for any more is dropped; one that has begun is let finish,
        since ending it would cost its child process, and its answer may be wanted again.

        Raises:
            TooManyRequestsError: As many wait as are allowed to.
        """
        run = self._shared(key, priority) or self._queued(key, priority, work)
        run.askers += 1
        try:
            return await asyncio.shield(run.answer)
        finally:
            run.askers -= 1
            if run.askers == 0 and self._waiting.get(key) is run:
                del self._waiting[key]
                run.answer.cancel()

    async def close(self) -> None:
        """Drop all that waits and end what runs."""
        for run in self._waiting.values():
            run.answer.cancel()
        self._waiting.clear()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    def _shared(self, key: Hashable, priority: Priority) -> _Run[Result] | None:
        if self._running is not None and self._running[0] == key:
            return self._running[1]
        run = self._waiting.get(key)
        if run is not None:
            run.priority = min(run.priority, priority)
        return run

    def _queued(
        self, key: Hashable, priority: Priority, work: Callable[[], Awaitable[Result]]
    ) -> _Run[Result]:
        if len(self._waiting) >= self._max_waiting:
            raise TooManyRequestsError(f"{self._max_waiting} images are waiting already")
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        run = _Run(work, priority, next(self._arrivals), answer)
        self._waiting[key] = run
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work_off())
        return run

    async def _work_off(self) -> None:
        while self._waiting:
            key = min(self._waiting, key=lambda k: (self._waiting[k].priority, self._waiting[k].arrival))
            run = self._waiting.pop(key)
            self._running = (key, run)
            try:
                answer = await run.work()
            except asyncio.CancelledError:
                run.answer.cancel()
                raise
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked, not to the queue
                run.answer.set_exception(error)
                run.answer.exception()  # retrieved here, in case that nobody waits any more
            else:
                run.answer.set_result(answer)
            finally:
                self._running = None
