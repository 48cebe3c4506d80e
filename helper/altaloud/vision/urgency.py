"""How much an answer is wanted, which may grow while the question waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Urgency:
    """A number, the smaller the more wanted. Whoever works on the question is told when it falls."""

    def __init__(self, value: int = 0) -> None:
        self._value = value
        self._listeners: list[Callable[[int], None]] = []

    @property
    def value(self) -> int:
        """The number now."""
        return self._value

    def want(self, value: int) -> None:
        """Want the answer at least this much; it is never wanted less than before."""
        if value < self._value:
            self._value = value
            for listener in self._listeners:
                listener(value)

    @contextmanager
    def told_to(self, listener: Callable[[int], None]) -> Iterator[None]:
        """Call `listener` with each new value, as long as this lasts."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)
