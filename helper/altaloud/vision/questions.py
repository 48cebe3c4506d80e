"""What is asked of a child process: what is to be sent, what is worked on, who is to blame for a crash."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from altaloud.errors import AltaloudError

_Message = tuple[Mapping[str, object], bytes]
_Verdict = Callable[["Question"], AltaloudError]


class Question:
    """One request and its answer to come."""

    def __init__(
        self, number: int, header: Mapping[str, object], body: bytes, timeout_seconds: float, urgency: int
    ) -> None:
        self.number = number
        self.header = header
        self.body = body
        self.timeout_seconds = timeout_seconds
        self.urgency = urgency
        self.answer: asyncio.Future[tuple[dict[str, Any], bytes]] = asyncio.get_running_loop().create_future()
        self.is_sent = False
        self.is_alone = False  # it may have ended a process, or another begun with it: now it goes by itself
        self.times_asked_again = 0

    def succeed(self, reply: dict[str, Any], body: bytes) -> None:
        """Give the answer to whoever still wants it."""
        if not self.answer.done():
            self.answer.set_result((reply, body))

    def fail(self, error: AltaloudError, cause: BaseException | None = None) -> None:
        """Give the error to whoever still wants the answer."""
        if not self.answer.done():
            error.__cause__ = cause
            self.answer.set_exception(error)
            self.answer.exception()  # retrieved here, in case that the loop ends before anybody looks


class Questions:
    """The open ones. For one event loop."""

    def __init__(self) -> None:
        self._open: dict[int, Question] = {}
        self._numbers = count(1)
        self._notes: deque[Mapping[str, object]] = deque()  # about questions already sent
        self._at: list[int] = []  # what the process says it works on

    @property
    def is_empty(self) -> bool:
        """Whether no answer is awaited."""
        return not self._open

    def add(
        self, header: Mapping[str, object], body: bytes, timeout_seconds: float, urgency: int
    ) -> Question:
        """Open a question."""
        question = Question(next(self._numbers), header, body, timeout_seconds, urgency)
        self._open[question.number] = question
        return question

    def hurry(self, question: Question, urgency: int) -> None:
        """Want its answer more."""
        question.urgency = urgency
        if question.is_sent and question.number in self._open:
            self._notes.append({"id": question.number, "urgency": urgency})

    def take_back(self, question: Question) -> None:
        """Want no answer any more. One that was sent stays open until the process has heard of it."""
        if question.number not in self._open:
            return
        question.answer.cancel()
        if question.is_sent:
            self._notes.append({"id": question.number, "cancel": True})
        else:
            del self._open[question.number]

    def next_message(self) -> _Message | None:
        """Return what is to be sent next, or None."""
        if self._notes:
            return self._notes.popleft(), b""
        unsent = (question for question in self._open.values() if not question.is_sent)
        question = min(unsent, key=lambda each: (each.urgency, each.number), default=None)
        if question is None:
            return None
        question.is_sent = True
        header = {
            "id": question.number,
            "urgency": question.urgency,
            "alone": question.is_alone,
            "ask": question.header,
        }
        return header, question.body

    def work_on(self, numbers: Sequence[int]) -> None:
        """Note what the process works on from now on."""
        self._at = list(numbers)

    def closed(self, number: int) -> Question:
        """Close a question and return it. KeyError if there is none of that number."""
        return self._open.pop(number)

    def suspects(self) -> list[Question]:
        """Return what the process works on; all that it was sent, where it has not said."""
        sent = [question for question in self._open.values() if question.is_sent]
        return [question for question in sent if question.number in self._at] or sent

    def blame(self, verdict: _Verdict) -> None:
        """Fail the question that ended the process; the others are for the next process.

        Of several that were begun together each is asked once more, by itself.
        """
        suspects = self.suspects()
        if len(suspects) > 1 and self._at:
            for question in suspects:
                question.is_alone = True
        else:
            for question in suspects:
                del self._open[question.number]
                question.fail(verdict(question))
        self._unsend()

    def ask_again(self, verdict: _Verdict) -> None:
        """Leave all for the next process; fail those for which that was done before."""
        for question in [each for each in self._open.values() if each.is_sent]:
            question.times_asked_again += 1
            if question.times_asked_again > 1:
                del self._open[question.number]
                question.fail(verdict(question))
        self._unsend()

    def fail_all(self, error: AltaloudError, *, cause: BaseException | None = None) -> None:
        """Fail every question."""
        for question in self._open.values():
            question.fail(type(error)(str(error), advice=error.advice), cause)
        self._open.clear()

    def _unsend(self) -> None:
        self._at = []
        self._notes.clear()
        self._open = {number: each for number, each in self._open.items() if not each.answer.done()}
        for question in self._open.values():
            question.is_sent = False
