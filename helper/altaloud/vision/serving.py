"""The child's side of the pipe: what a process that `child.Child` starts runs.

Apart from `child`, so that a child does not load asyncio for nothing.
"""

import os
import select
import sys
from collections.abc import Callable, Mapping
from io import FileIO
from typing import Any, NoReturn

from altaloud.errors import AltaloudError
from altaloud.vision import frames

Answer = Callable[[dict[str, Any], bytes], tuple[Mapping[str, object], bytes]]


def serve(
    answer: Answer, *, idle_seconds: float | None = None, on_start: Callable[[], None] | None = None
) -> NoReturn:
    """Be the child: answer requests from stdin on stdout until the parent goes, or nothing comes for a while.

    Ends the process. Call it once, from `python -m`. An `AltaloudError` of `answer` becomes the reply; any
    other exception ends the process, and the parent sees a crash.

    Args:
        answer: Takes a request's header and body, returns those of the reply.
        idle_seconds: Without a request for so long, the process exits: memory goes back to the system.
        on_start: Called once the pipes are ours, before the first request: the last moment that needs files.
    """
    _die_with_parent()
    requests, replies = _take_pipes()
    if on_start:
        on_start()
    while _request_comes(requests, idle_seconds) and _answer_one(requests, replies, answer):
        pass
    # At once: tearing down the libraries that hold models takes long, and may crash, for nothing.
    os._exit(0)


def _answer_one(requests: FileIO, replies: FileIO, answer: Answer) -> bool:
    """Read one request and reply to it; return whether the parent is still there.

    A function, so that no picture's worth of memory is held while we wait for the next.
    """
    lengths = _read(requests, frames.LENGTHS.size)
    if lengths is None:
        return False
    header_bytes, body_bytes = frames.checked_lengths(lengths)
    encoded, body = _read(requests, header_bytes), _read(requests, body_bytes)
    if encoded is None or body is None:
        return False
    reply_body = b""
    try:
        reply, reply_body = answer(frames.checked_header(encoded), body)
    except AltaloudError as error:
        reply = {"error": type(error).__name__, "message": str(error), "advice": error.advice}
    _write(replies, frames.head(reply, reply_body))
    _write(replies, reply_body)
    return True


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


def _request_comes(requests: FileIO, idle_seconds: float | None) -> bool:
    """Wait for the next request's first byte; return whether one comes (the pipe's end counts as one)."""
    if idle_seconds is None:
        return True
    if sys.platform == "win32":
        return _request_comes_windows(requests, idle_seconds)
    return bool(select.select([requests], [], [], idle_seconds)[0])


if sys.platform == "win32":

    def _request_comes_windows(requests: FileIO, idle_seconds: float) -> bool:
        """Look every 20 ms: an anonymous pipe cannot be waited for on Windows."""
        import _winapi
        import msvcrt
        import time

        handle = msvcrt.get_osfhandle(requests.fileno())
        until = time.monotonic() + idle_seconds
        while time.monotonic() < until:
            try:
                if _winapi.PeekNamedPipe(handle)[0]:
                    return True
            except BrokenPipeError:
                return True
            time.sleep(0.02)
        return False


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


def _write(stream: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


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
