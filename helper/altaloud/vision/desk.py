"""What a child process has on its desk: jobs that advance in steps, the most wanted first.

A job is a generator that yields wherever a more wanted one may go first. Jobs that say so are begun
together, as a GPU likes them; one that is more wanted than they never waits for them to be many.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from altaloud.errors import AltaloudError
from altaloud.vision.blip.runtime import Steps

T = TypeVar("T")
Reply = tuple[Mapping[str, object], bytes]
Outcome = Reply | AltaloudError


class Worker(Protocol[T]):
    """Who does the jobs. `T` is a request as it is kept until its turn."""

    def accept(self, header: dict[str, Any], body: bytes) -> T:
        """Read a request; at once, so keep little of it."""

    def rank(self, job: T) -> int:
        """Tell how long it takes, roughly: of equally wanted jobs the quick ones, of small rank, go first."""

    def together(self, job: T) -> tuple[Hashable, int]:
        """Tell with which others it may be begun (those of an equal key), and how many these may be."""

    def begin(self, jobs: Sequence[T]) -> Steps[Sequence[Reply]]:
        """Do the jobs; return their replies in the same order. An `AltaloudError` is a reply to each."""


@dataclass(eq=False)
class _Job(Generic[T]):
    number: int
    urgency: int
    arrival: int
    is_alone: bool  # never begun with others
    content: T


class _Unit(Generic[T]):
    """Jobs that advance together."""

    def __init__(self, jobs: Sequence[_Job[T]], steps: Steps[Sequence[Reply]]) -> None:
        self.jobs = jobs
        self.steps = steps
        self.wanted: set[int] = {job.number for job in jobs}


class Desk(Generic[T]):
    """The jobs of one process. For one thread."""

    def __init__(self, worker: Worker[T]) -> None:
        self._worker = worker
        self._arrivals = count()
        self._waiting: dict[int, _Job[T]] = {}
        self._begun: list[_Unit[T]] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self._waiting and not self._begun

    def add(self, number: int, urgency: int, header: dict[str, Any], body: bytes, *, is_alone: bool) -> None:
        """Take a request.

        Raises:
            AltaloudError: It cannot be done.
        """
        content = self._worker.accept(header, body)
        self._waiting[number] = _Job(number, urgency, next(self._arrivals), is_alone, content)

    def hurry(self, number: int, urgency: int) -> None:
        """Want the answer to a request more, or less, than before."""
        for job in (*self._waiting.values(), *(job for unit in self._begun for job in unit.jobs)):
            if job.number == number:
                job.urgency = urgency

    def drop(self, number: int) -> bool:
        """Forget a request that nobody wants answered any more; return whether it was here."""
        if self._waiting.pop(number, None) is not None:
            return True
        for unit in self._begun:
            if number in unit.wanted:
                unit.wanted.remove(number)
                if not unit.wanted:
                    unit.steps.close()
                    self._begun.remove(unit)
                return True
        return False

    def take(self) -> _Unit[T]:
        """Return the most wanted unit, begun if need be. The desk must not be empty."""
        waiting = min(self._waiting.values(), key=self._order, default=None)
        begun = min(self._begun, key=self._unit_order, default=None)
        if begun is not None and (waiting is None or self._unit_order(begun) < self._order(waiting)):
            return begun
        if waiting is None:
            raise LookupError("there is nothing to do")
        jobs = self._companions(waiting)
        for job in jobs:
            del self._waiting[job.number]
        unit = _Unit(jobs, self._worker.begin([job.content for job in jobs]))
        self._begun.append(unit)
        return unit

    def advance(self, unit: _Unit[T]) -> Mapping[int, Outcome]:
        """Do one step of `unit`; return the answers that this gave, by the requests' numbers."""
        outcomes: Sequence[Outcome]
        try:
            next(unit.steps)
        except StopIteration as end:
            outcomes = end.value
        except AltaloudError as error:
            outcomes = [error] * len(unit.jobs)
        else:
            return {}
        self._begun.remove(unit)
        pairs = zip(unit.jobs, outcomes, strict=True)
        return {job.number: outcome for job, outcome in pairs if job.number in unit.wanted}

    def _companions(self, first: _Job[T]) -> list[_Job[T]]:
        """Return `first` and those to begin with it: whoever focuses an image waits for no other's."""
        key, most = self._worker.together(first.content)
        if first.is_alone or most <= 1:
            return [first]
        others = sorted(
            (
                job
                for job in self._waiting.values()
                if job is not first and not job.is_alone and self._worker.together(job.content)[0] == key
            ),
            key=self._order,
        )
        if first.urgency == 0:
            others = [job for job in others if job.urgency == 0]
        return [first, *others[: most - 1]]

    def _order(self, job: _Job[T]) -> tuple[int, int, int]:
        return job.urgency, self._worker.rank(job.content), job.arrival

    def _unit_order(self, unit: _Unit[T]) -> tuple[int, int, int]:
        return min(self._order(job) for job in unit.jobs if job.number in unit.wanted)
