"""The child's side of the pipe: what a process that `child.Child` starts runs.

Apart from `child`, so that a child does not load asyncio for nothing. The requests and replies are
`frames`; what they say of themselves:

    to the child    {"id", "urgency", "alone", "ask"} + body    a request
                    {"id", "urgency"}                           it is wanted more than before
                    {"id", "cancel": true}                      nobody wants it any more
    from the child  {"at": [id, ...]}                           a step of what is worked on begins
                    {"id", "reply"} + body                      an answer
                    {"id", "error", "message", "advice"}        an AltaloudError
                    {"id", "dropped": true}                     cancelled
"""

import os
import select
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from io import FileIO
from typing import Any, NoReturn, TypeVar

from altaloud.errors import AltaloudError
from altaloud.vision import frames
from altaloud.vision.blip.runtime import Steps
from altaloud.vision.desk import Desk, Outcome, Reply, Worker

T = TypeVar("T")
Answer = Callable[[dict[str, Any], bytes], Reply]


class OneByOne:
    """A worker whose every job is one step: `answer` takes a request's header and body, returns a reply's."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def accept(self, header: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Keep the request as it is."""
        return header, body

    def rank(self, _job: tuple[dict[str, Any], bytes]) -> int:
        """All are alike."""
        return 0

    def together(self, _job: tuple[dict[str, Any], bytes]) -> tuple[Hashable, int]:
        """Each by itself."""
        return None, 1

    def begin(self, jobs: Sequence[tuple[dict[str, Any], bytes]]) -> Steps[Sequence[Reply]]:
        """Answer, without a pause."""
        yield from ()
        return [self._answer(header, body) for header, body in jobs]


def serve(
    worker: Worker[T],
    *,
    idle_seconds: float | Callable[[], float] | None = None,
    on_start: Callable[[], None] | None = None,
) -> NoReturn:
    """Be the child: do what comes on stdin until the parent goes, or nothing comes for a while.

    Ends the process. Call it once, from `python -m`. An `AltaloudError` of a job becomes its reply; any
    other exception ends the process, and the parent sees a crash.

    Args:
        worker: Does the jobs.
        idle_seconds: Without a request for so long, the process exits: memory goes back to the system. One
            that changes is asked for whenever the waiting begins.
        on_start: Called once the pipes are ours, before the first request: the last moment that needs files.
    """
    _die_with_parent()
    requests, replies = _take_pipes()
    if on_start:
        on_start()
    pipe = _Pipe(requests, replies, Desk(worker))
    while pipe.take_in(idle_seconds() if callable(idle_seconds) else idle_seconds):
        pipe.work()
    # At once: tearing down the libraries that hold models takes long, and may crash, for nothing.
    os._exit(0)


class _Pipe:
    """Takes requests in and gives replies out, between the steps of what is on the desk."""

    def __init__(self, requests: FileIO, replies: FileIO, desk: Desk[T]) -> None:
        self._requests = requests
        self._replies = replies
        self._desk = desk
        self._told: list[int] = []  # what the parent believes we work on

    def take_in(self, idle_seconds: float | None) -> bool:
        """Read all that has come, waiting only if there is nothing to do; return whether to go on."""
        while _comes(self._requests, 0 if not self._desk.is_empty else idle_seconds):
            if not self._read_one():
                return False
        return not self._desk.is_empty

    def work(self) -> None:
        """Do one step of the most wanted job."""
        unit = self._desk.take()
        self._tell([job.number for job in unit.jobs])
        for number, outcome in self._desk.advance(unit).items():
            self._reply(number, outcome)
        self._told = []  # the next step is told of by itself

    def _read_one(self) -> bool:
        """Read one frame; return whether the parent is still there.

        A function, so that no picture's worth of memory is held while we wait for the next.
        """
        lengths = _read(self._requests, frames.LENGTHS.size)
        if lengths is None:
            return False
        header_bytes, body_bytes = frames.checked_lengths(lengths)
        encoded, body = _read(self._requests, header_bytes), _read(self._requests, body_bytes)
        if encoded is None or body is None:
            return False
        self._take(frames.checked_header(encoded), body)
        return True

    def _take(self, header: Mapping[str, Any], body: bytes) -> None:
        number = header["id"]
        if "ask" in header:
            self._tell([number])  # if reading it ends us, it is this request's doing
            try:
                self._desk.add(number, header["urgency"], header["ask"], body, is_alone=header["alone"])
            except AltaloudError as error:
                self._reply(number, error)
        elif "urgency" in header:
            self._desk.hurry(number, header["urgency"])
        elif self._desk.drop(number):
            self._write({"id": number, "dropped": True})

    def _tell(self, numbers: list[int]) -> None:
        if numbers != self._told:
            self._told = numbers
            self._write({"at": numbers})

    def _reply(self, number: int, outcome: Outcome) -> None:
        if isinstance(outcome, AltaloudError):
            self._write({"id": number, **outcome.fields()})
        else:
            reply, body = outcome
            self._write({"id": number, "reply": reply}, body)

    def _write(self, header: Mapping[str, object], body: bytes = b"") -> None:
        for data in (frames.head(header, body), body):
            view = memoryview(data)
            while view:
                view = view[self._replies.write(view) :]


def _take_pipes() -> tuple[FileIO, FileIO]:
    """Keep stdin and stdout to ourselves: what a library prints goes to stderr, and it can read nothing."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(requests, os.O_BINARY)
        msvcrt.setmode(replies, os.O_BINARY)
    # Unbuffered: select below must see all that has come.
    return FileIO(requests, "r"), FileIO(replies, "w")


def _comes(requests: FileIO, seconds: float | None) -> bool:
    """Wait so long, None for ever; return whether a frame's first byte comes, or the pipe's end."""
    if sys.platform == "win32":
        return _comes_windows(requests, seconds)
    return bool(select.select([requests], [], [], seconds)[0])


if sys.platform == "win32":

    def _comes_windows(requests: FileIO, seconds: float | None) -> bool:
        """Look every 20 ms: an anonymous pipe cannot be waited for on Windows."""
        import _winapi
        import msvcrt
        import time

        handle = msvcrt.get_osfhandle(requests.fileno())
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                if _winapi.PeekNamedPipe(handle)[0]:
                    return True
            except BrokenPipeError:
                return True
            if until is not None and time.monotonic() >= until:
                return False
            time.sleep(0.02)


def _read(stream: FileIO, count: int) -> bytes | None:
    """Return exactly `count` bytes, or None if the parent has gone."""
    buffer = bytearray(count)
    view = memoryview(buffer)
    filled = 0
    while filled < count:
        got = stream.readinto(view[filled:])
        if not got:
            return None
        filled += got
    view.release()
    return bytes(buffer)


def _die_with_parent() -> None:
    """End when the parent is killed, even in the middle of a long computation; leave no core file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold the user's images
    if sys.platform == "linux":
        import ctypes
        import signal

        set_parent_death_signal = 1  # PR_SET_PDEATHSIG, linux/prctl.h
        ctypes.CDLL(None).prctl(set_parent_death_signal, int(signal.SIGKILL), 0, 0, 0)
