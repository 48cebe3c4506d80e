"""How many threads are fastest at the moment.

Threads that compute one layer together wait for the slowest of them, so where other programs keep cores
busy, fewer are faster: with one of two cores busy, two threads took half as long again as one. Hence a short
trial, and another one when the computer's load has changed.
"""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from altaloud.vision import silent_openvino

_ROWS, _WIDTH = 256, 768  # of the trial's matrices: a third of a GFLOP, some milliseconds
_RUNS = 3
_CLEARLY = 0.85  # of the time; for less, compiling everything again does not pay
_LOAD_MOVES = 0.75  # cores' worth
_SECONDS_BETWEEN = 30.0


def cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load() -> float | None:
    """Return how many cores' worth of work wait or run, over the last minute; None where nothing tells."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def trial_seconds(counts: tuple[int, ...]) -> Mapping[int, float]:
    """Return how long the same small work takes with each number of threads, now."""
    trials = {count: _trial(count) for count in counts}
    taken = dict.fromkeys(counts, 0.0)
    for _ in range(_RUNS):
        for count, run in trials.items():  # in turn, so that what else goes on disturbs all alike
            begun = time.perf_counter()
            run()
            taken[count] += time.perf_counter() - begun
    return taken


def _trial(threads: int) -> Callable[[], Any]:
    import numpy as np

    ov = silent_openvino.load()
    rows = ov.opset13.parameter([_ROWS, _WIDTH], ov.Type.f32)
    weights = ov.opset13.constant(np.full((_WIDTH, _WIDTH), 0.01, np.float32))
    network = ov.Model([ov.opset13.matmul(rows, weights, False, True)], [rows])
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    request = ov.Core().compile_model(network, "CPU", settings).create_infer_request()
    given = np.ones((_ROWS, _WIDTH), np.float32)
    request.infer([given])  # the first time prepares
    return lambda: request.infer([given], share_inputs=True)


class Threads:
    """The number of threads to compute with.

    Args:
        limit: At most so many; by default all cores.
        measure: Times some numbers of threads.
        load: Tells the computer's load.
        now: Tells the time, in seconds.
    """

    def __init__(
        self,
        limit: int | None = None,
        *,
        measure: Callable[[tuple[int, ...]], Mapping[int, float]] = trial_seconds,
        load: Callable[[], float | None] = load,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = max(1, min(limit or cores(), cores()))
        self._measure = measure
        self._load = load
        self._now = now
        self.count = self._limit
        self._choose()

    def have_changed(self) -> bool:
        """Try again if the load has moved since the last trial; return whether `count` is another now."""
        at_load = self._load()
        if at_load is None or self._at_load is None or self._now() - self._at < _SECONDS_BETWEEN:
            return False
        if abs(at_load - self._at_load) < _LOAD_MOVES:
            return False
        before = self.count
        self._choose()
        return self.count != before

    def _choose(self) -> None:
        self._at, self._at_load = self._now(), self._load()
        counts = tuple(sorted({1, (self._limit + 1) // 2, self._limit}))
        if len(counts) == 1:
            return
        taken = self._measure(counts)
        best = min(counts, key=lambda count: taken[count])
        if taken[best] < _CLEARLY * taken[self.count]:
            self.count = best
