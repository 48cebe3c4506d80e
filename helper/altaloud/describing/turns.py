"""Whose turn it is: the most wanted first, so many at once, one run per picture.

A page's hundred images wait here without a thread each, and an image that somebody
is looking at overtakes them all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Generic, TypeVar

from altaloud.describing.description import Priority
from altaloud.errors import TooManyRequestsError
from altaloud.vision.urgency import Urgency

Result = TypeVar("Result")
Work = Callable[[Urgency], Awaitable[Result]]


@dataclass(eq=False)
class _Run(Generic[Result]):
    work: Work[Result]
    urgency: Urgency
    arrival: int
    nbytes: int
    answer: asyncio.Future[Result]
    askers: int = 0
    task: asyncio.Task[Result] | None = None

    @property
    def is_focused(self) -> bool:
        return self.urgency.value == Priority.focused


class Turns(Generic[Result]):
    """A queue in front of something that can do a few things at a time. For one event loop.

    Args:
        max_waiting: One more is told to come back later.
        max_waiting_bytes: So is one that brings more than this with what waits, unless it is focused.
        at_once: So many go on at a time.
        focused_beside: So many more, if they are focused.
        max_running_bytes: No further run that is not focused begins, if together they would hold more.
        may_begin: Tells whether there is room for the result of one that is not focused; see `look_again`.
        when_freed: Called when a run no longer holds its bytes.
    """

    def __init__(
        self,
        *,
        max_waiting: int,
        max_waiting_bytes: int | None = None,
        at_once: int = 1,
        focused_beside: int = 0,
        max_running_bytes: int | None = None,
        may_begin: Callable[[], bool] = lambda: True,
        when_freed: Callable[[], None] = lambda: None,
    ) -> None:
        self._max_waiting = max_waiting
        self._max_waiting_bytes = max_waiting_bytes
        self._at_once = at_once
        self._focused_beside = focused_beside
        self._max_running_bytes = max_running_bytes
        self._may_begin = may_begin
        self._when_freed = when_freed
        self._waiting: dict[Hashable, _Run[Result]] = {}
        self._running: dict[Hashable, _Run[Result]] = {}
        self._ending: set[_Run[Result]] = set()  # begun, and wanted no more
        self._arrivals = count()

    @property
    def waiting(self) -> int:
        """How many runs wait, those in progress not counted."""
        return len(self._waiting)

    @property
    def held_bytes(self) -> int:
        """What the runs hold, those in progress included."""
        return sum(run.nbytes for run in (*self._waiting.values(), *self._begun()))

    async def run(self, key: Hashable, priority: Priority, work: Work[Result], *, nbytes: int = 0) -> Result:
        """Return what `work` returns, when its turn has come.

        Whoever asks for the `key` of a run that waits or goes on shares it, and lends it their
        priority. A run that nobody waits for any more is dropped, begun or not.

        Raises:
            TooManyRequestsError: As many wait as are allowed to.
        """
        run = self._shared(key, priority) or self._queued(key, priority, work, nbytes)
        run.askers += 1
        # Soon, not now: of those that ask in one go the most wanted is to be first.
        asyncio.get_running_loop().call_soon(self.look_again)
        try:
            return await asyncio.shield(run.answer)
        finally:
            run.askers -= 1
            if run.askers == 0 and not run.answer.done():
                self._drop(key, run)

    def look_again(self) -> None:
        """Begin what may begin; `may_begin` may have changed its mind."""
        while (key := self._next()) is not None:
            run = self._running[key] = self._waiting.pop(key)
            run.task = asyncio.create_task(_work(run))
            run.task.add_done_callback(partial(self._ended, key, run))

    async def close(self) -> None:
        """Drop all that waits and end what runs."""
        for run in self._waiting.values():
            run.answer.cancel()
        self._waiting.clear()
        tasks = [run.task for run in self._begun() if run.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _shared(self, key: Hashable, priority: Priority) -> _Run[Result] | None:
        run = self._running.get(key) or self._waiting.get(key)
        if run is not None:
            run.urgency.want(priority)
        return run

    def _queued(self, key: Hashable, priority: Priority, work: Work[Result], nbytes: int) -> _Run[Result]:
        if len(self._waiting) >= self._max_waiting:
            raise TooManyRequestsError(f"{self._max_waiting} are waiting already")
        waiting_bytes = sum(run.nbytes for run in self._waiting.values())
        limit = self._max_waiting_bytes
        if (
            limit is not None
            and waiting_bytes + nbytes > limit
            and priority != Priority.focused
            and waiting_bytes
        ):
            raise TooManyRequestsError(
                f"images of {waiting_bytes // 1_000_000} megabytes are waiting already"
            )
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        run = _Run(work, Urgency(priority), next(self._arrivals), nbytes, answer)
        self._waiting[key] = run
        return run

    def _next(self) -> Hashable | None:
        """Return the key of the run that is to begin now, if one may."""
        if not self._waiting:
            return None
        key = min(self._waiting, key=lambda k: (self._waiting[k].urgency.value, self._waiting[k].arrival))
        run, begun = self._waiting[key], list(self._begun())
        if len(begun) >= self._at_once + (self._focused_beside if run.is_focused else 0):
            return None
        if run.is_focused or (self._fits(run, begun) and self._may_begin()):
            return key
        return None

    def _fits(self, run: _Run[Result], begun: list[_Run[Result]]) -> bool:
        limit = self._max_running_bytes
        return limit is None or not begun or sum(each.nbytes for each in begun) + run.nbytes <= limit

    def _begun(self) -> Iterator[_Run[Result]]:
        yield from self._running.values()
        yield from self._ending

    def _drop(self, key: Hashable, run: _Run[Result]) -> None:
        if self._waiting.get(key) is run:
            del self._waiting[key]
            run.answer.cancel()
            self._when_freed()
        elif self._running.get(key) is run and run.task is not None:
            del self._running[key]
            self._ending.add(run)  # whoever asks now must not share what is about to be cancelled
            run.task.cancel()

    def _ended(self, key: Hashable, run: _Run[Result], task: asyncio.Task[Result]) -> None:
        """Pass the outcome on. A callback, since a task cancelled before its first step runs nothing."""
        if task.cancelled():
            run.answer.cancel()
        elif (error := task.exception()) is not None:
            run.answer.set_exception(error)
            run.answer.exception()  # retrieved here, in case that nobody waits any more
        else:
            run.answer.set_result(task.result())
        if self._running.get(key) is run:
            del self._running[key]
        self._ending.discard(run)
        self._when_freed()
        self.look_again()


async def _work(run: _Run[Result]) -> Result:
    return await run.work(run.urgency)
