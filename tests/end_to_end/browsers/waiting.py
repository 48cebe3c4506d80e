"""Waiting for something that a browser or a process does in its own time, never for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_PAUSE_SECONDS = 0.05  # between two looks: short for a person, long for a processor


def wait_for(condition: Callable[[], Found | None], *, what: str, seconds: float = 40) -> Found:
    """Return the first result of `condition` that is true.

    Raises:
        TimeoutError: There was none within `seconds`; says `what` was awaited and what was last seen.
    """
    end = time.monotonic() + seconds
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s for {what}; last seen: {seen!r}")
        time.sleep(_PAUSE_SECONDS)
