"""How far a long work on a model's files is, for a person who waits."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Phase = Literal["downloading", "checking", "converting"]

_SECONDS_BETWEEN = 0.1  # more often would cost more than it tells
_WINDOW_SECONDS = 5.0  # the rate is that of the last seconds, so that it follows the network


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of it. While downloading, the bytes are those of the whole model, else of the file."""

    model: str
    file: str
    phase: Phase
    done_bytes: int
    total_bytes: int
    bytes_per_second: float | None  # None until there is something to measure
    seconds_left: float | None  # as above; of this phase alone


Report = Callable[[Progress], None]  # whatever it raises ends the work; what is there is kept for later


class Meter:
    """Measures the rate of one phase and reports, not too often."""

    def __init__(self, model: str, report: Report) -> None:
        self._model = model
        self._report = report
        self._phase: Phase | None = None
        self._file = ""
        self._reported = 0.0
        self._moments: deque[tuple[float, int]] = deque()  # seconds, bytes done

    def at(self, phase: Phase, file: str, done_bytes: int, total_bytes: int) -> None:
        """Note where the work is; report it if it is new, finished, or long since the last time."""
        now = time.monotonic()
        is_new = (phase, file) != (self._phase, self._file)
        if phase != self._phase or (phase != "downloading" and is_new):
            self._moments.clear()
        self._phase, self._file = phase, file
        self._moments.append((now, done_bytes))
        while now - self._moments[0][0] > _WINDOW_SECONDS:
            self._moments.popleft()
        if is_new or done_bytes >= total_bytes or now - self._reported >= _SECONDS_BETWEEN:
            self._reported = now
            self._report(self._progress(done_bytes, total_bytes))

    def _progress(self, done_bytes: int, total_bytes: int) -> Progress:
        assert self._phase is not None  # noqa: S101 - set by `at`, for the type checker
        (first, before), (last, after) = self._moments[0], self._moments[-1]
        rate = (after - before) / (last - first) if last > first and after > before else None
        left = (total_bytes - done_bytes) / rate if rate else None
        return Progress(self._model, self._file, self._phase, done_bytes, total_bytes, rate, left)
