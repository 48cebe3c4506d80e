"""Commands run in front of the user: progress while they run, a time limit, nothing left behind.

Standard library only: this runs before anything is installed.
"""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_HEARTBEAT_SECONDS = 20  # after this long without a line, say that it still goes on
_LAST_LINES = 15  # of the output, shown when a command fails
# Lines of pip, uv and apt-get that tell how far they are; the rest is kept for a failure.
_TELLING = re.compile(
    r"^\s*(Downloading .*\d ?[kMG]i?B|Installing collected|Setting up |Prepared |Installed )"
)
_WIDEST = 110


class SetupError(Exception):
    """Something could not be set up: `str(error)` says what, `advice` what the user can do."""

    def __init__(self, message: str, *, advice: str, output: str = "") -> None:
        super().__init__(message)
        self.advice = advice
        self.output = output  # the end of what the failed command printed


def say(words: str) -> None:
    """Print one line of plain words at once, even into a pipe."""
    print(words, flush=True)


def start(
    command: Sequence[str | Path], *, folder: Path | None = None, variables: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a command without input, both its outputs in one pipe, in a session of its own."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # so that `end` reaches all it started
    )


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a command and all that it started."""
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False, timeout=20
        )
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Sequence[str | Path],
    *,
    seconds: float,
    advice: str,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Run a command and tell how far it is.

    Raises:
        SetupError: It failed or took longer than `seconds`.
    """
    name = " ".join(str(part) for part in command)
    try:
        process = start(command, folder=folder, variables=variables)
    except OSError as error:
        raise SetupError(f"cannot start {command[0]}: {error.strerror}", advice=advice) from error
    lines: list[str] = []
    try:
        is_done = _follow(process, lines, seconds)
    except BaseException:
        end(process)
        raise
    if not is_done:
        end(process)
        raise SetupError(
            f"took longer than {seconds:.0f} seconds: {name}", advice=advice, output=_tail(lines)
        )
    if process.wait() != 0:
        raise SetupError(f"failed: {name}", advice=advice, output=_tail(lines))


def _follow(process: "subprocess.Popen[bytes]", lines: list[str], seconds: float) -> bool:
    """Collect the output, showing the telling lines; return False when the time is over."""
    arriving: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process, arriving), daemon=True).start()
    began = time.monotonic()
    while (left := began + seconds - time.monotonic()) > 0:
        try:
            line = arriving.get(timeout=min(left, _HEARTBEAT_SECONDS))
        except queue.Empty:
            say(f"  still working, {time.monotonic() - began:.0f} seconds so far")
            continue
        if line is None:
            return True
        lines.append(line)
        if _TELLING.match(line):
            say(f"  {line.strip()[:_WIDEST]}")
    return False


def _read(process: "subprocess.Popen[bytes]", arriving: "queue.SimpleQueue[str | None]") -> None:
    assert process.stdout is not None  # noqa: S101 - `start` made the pipe
    with process.stdout as output:
        for line in output:
            arriving.put(line.decode(errors="replace").rstrip())
    arriving.put(None)


def _tail(lines: Sequence[str]) -> str:
    return "\n".join(lines[-_LAST_LINES:])
