"""The helper as a process: start, stop, and whether it runs.

One helper a home, held by a lock that the system lets go of when its holder dies, however it dies. The
runtime file says where the helper is; it counts only while the lock is held.
"""

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from altaloud.errors import AltaloudError, HelperNotRunningError, HelperRunningError, PortTakenError
from altaloud.service.refusal import error_from
from altaloud.settings import Home, Settings

_START_SECONDS = 30.0  # a cold disk and a keyring that asks are slow
_STOP_SECONDS = 5.0  # for an orderly end; then it is ended
_LOCK_SECONDS = 0.5  # `running` holds the lock for a moment while it looks
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Running:
    """A helper that runs."""

    pid: int
    port: int


def run(
    home: Home,
    settings: Settings,
    *,
    port: int | None = None,
    tray: bool = True,
    on_ready: Callable[[Running], None] = lambda _running: None,
) -> None:
    """Be the helper until SIGTERM or SIGINT.

    Args:
        home: Where everything is kept.
        settings: Read from there.
        port: Instead of the one in `settings`; 0 takes any free one.
        tray: Show an icon where there is a display.
        on_ready: Called once, when requests are answered.

    Raises:
        HelperRunningError: This home has one already.
        PortTakenError: Another program listens there.
        AltaloudError: The system does not let it listen there.
        RememberingError: The list of browsers and programs is damaged or cannot be used.
    """
    # Late: the command line imports this module to talk to a helper, and needs none of the server for that.
    import asyncio

    from altaloud.service import log
    from altaloud.service.serving import serve

    home.prepare()
    os.umask(0o077)
    with _alone(home):
        home.runtime_file.unlink(missing_ok=True)  # left behind by one that was killed
        with _bound(settings.port if port is None else port) as listener:
            here = Running(os.getpid(), listener.getsockname()[1])
            handler = log.begin(home.log_file)

            def ready() -> None:
                _write(home.runtime_file, here)
                on_ready(here)

            try:
                asyncio.run(serve(home, settings, listener, tray=tray, on_ready=ready))
            finally:
                home.runtime_file.unlink(missing_ok=True)
                handler.close()


def start(home: Home, settings: Settings, *, port: int | None = None, tray: bool = True) -> Running:
    """Start a helper in the background; return when it answers.

    Raises:
        HelperRunningError, PortTakenError, RememberingError: As `run`.
        AltaloudError: It ended before it was ready, or was not ready in time.
    """
    home.prepare()
    if running(home) is not None:
        raise HelperRunningError("the helper is running already")
    if settings.voice_file is not None:  # the helper runs in another folder
        settings = settings.model_copy(update={"voice_file": settings.voice_file.absolute()})
    job = {
        "home": str(home.path),
        "is_moved": home.is_moved,
        "settings": settings.model_dump(mode="json"),
        "port": port,
        "tray": tray,
    }
    with tempfile.TemporaryFile("a+") as words, tempfile.TemporaryFile("a+") as complaints:
        command = [sys.executable, "-P", "-m", "altaloud.service.background", json.dumps(job)]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=words, stderr=complaints, cwd=home.path, **_detached()
        )
        _wait_for_words(process, words)
        return _started(_read(words), _read(complaints))


def stop(home: Home) -> None:
    """End the helper: in order, or after 5 s by force.

    Raises:
        HelperNotRunningError: None runs.
        AltaloudError: It goes on in spite of everything.
    """
    found = running(home)
    if found is None:
        raise HelperNotRunningError("the helper is not running", advice="There is nothing to stop.")
    for signal_number, seconds in ((signal.SIGTERM, _STOP_SECONDS), (_HARD, _STOP_SECONDS)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, signal_number)
        if _wait(lambda: _is_free(home), seconds):
            break
    else:
        raise AltaloudError(
            f"the helper, process {found.pid}, does not end", advice="End that process yourself, or log out."
        )
    home.runtime_file.unlink(missing_ok=True)
    _wait(lambda: not _is_alive(found.pid), 1.0)  # the lock is let go of just before the end


def running(home: Home) -> Running | None:
    """Return the helper of this home, or None. What a killed one left behind is seen through."""
    try:
        fields = json.loads(home.runtime_file.read_text("utf-8"))
        found = Running(int(fields["pid"]), int(fields["port"]))
    except (OSError, ValueError, KeyError, TypeError):  # none, or not one of ours
        return None
    return found if _is_alive(found.pid) and not _is_free(home) else None


# Windows knows no signal that lets a process without a window end in order: there it is ended at once. The
# store survives that as it survives a power cut.
_HARD = getattr(signal, "SIGKILL", signal.SIGTERM)


@contextlib.contextmanager
def _alone(home: Home) -> Iterator[None]:
    lock = FileLock(home.lock_file, timeout=_LOCK_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise HelperRunningError("the helper is running already") from error
    try:
        yield
    finally:
        lock.release()


def _is_free(home: Home) -> bool:
    try:
        with FileLock(home.lock_file, timeout=0, mode=0o600):
            return True
    except Timeout:
        return False


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # there os.kill is no question: it ends the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's: the number was given again
        return False
    try:
        # One that has ended keeps its number until it is collected, which in a container may be never.
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True  # no such file on this system: it is there


@contextlib.contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    # The protocol is named: only then does asyncio switch off Nagle's algorithm, which costs 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Elsewhere this frees a port that has just been left; on Windows it would let others take ours.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()
        except OSError as error:
            raise _not_bound(port, error) from error
        yield listener
    finally:
        listener.close()


def _not_bound(port: int, error: OSError) -> AltaloudError:
    if error.errno == errno.EADDRINUSE:
        return PortTakenError(f"port {port} is taken by another program")
    return AltaloudError(
        f"the helper cannot listen on port {port}: {error.strerror}",
        advice="Choose a port above 1023 with `altaloud start --port N`.",
    )


def _write(path: Path, here: Running) -> None:
    draft = path.with_name(f"{path.name}.{here.pid}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"pid": here.pid, "port": here.port}, file)
    draft.replace(path)


def _detached() -> dict[str, Any]:
    if sys.platform == "win32":
        # Out of the job of a browser that asked for the helper: it would end with the browser.
        return {
            "creationflags": subprocess.DETACHED_PROCESS
            | subprocess.CREATE_NEW_PROCESS_GROUP
            | subprocess.CREATE_BREAKAWAY_FROM_JOB
        }
    return {"start_new_session": True}


def _wait_for_words(process: "subprocess.Popen[bytes]", words: IO[str]) -> None:
    """Wait until the helper has said that it is ready, or why it is not; end it if it does not."""
    if not _wait(lambda: process.poll() is not None or _read(words).endswith("\n"), _START_SECONDS):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise AltaloudError("the helper was not ready in time")
    if sys.platform == "win32":
        process.returncode = 0  # it goes on; nobody waits for it
    else:
        process.wait()  # the helper is that one's child, and goes on


def _started(words: str, complaints: str) -> Running:
    if not words.endswith("\n"):
        last = complaints.strip().rpartition("\n")[2] or "without a word"
        raise AltaloudError(f"the helper ended before it was ready: {last}")
    said = json.loads(words)
    if "error" in said:
        raise error_from(said)
    return Running(said["pid"], said["port"])


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
