"""A child process of ours, as the helper sees it: ask, and it answers.

Models, codecs and hostile bytes live in child processes: their memory goes back to the system when they
end, and their crash is an error for one request. The child's own side is `serving`.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from altaloud import errors
from altaloud.errors import AltaloudError, ChildCrashedError, ChildTimeoutError
from altaloud.vision import frames

_MAX_MESSAGE_CHARACTERS = 500  # of an error, which a person hears
_READ_AHEAD_BYTES = 4 << 20  # asyncio's 64 KB would wake the loop hundreds of times for one picture

# What a child needs to start, find its libraries and speak the user's language; no secret of another
# program, nothing of ours.
_PASSED_ON = (
    "HOME LANG LANGUAGE PATH TMPDIR TEMP TMP TZ LD_LIBRARY_PATH DYLD_LIBRARY_PATH "
    "PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX VIRTUAL_ENV "
    "SYSTEMROOT SYSTEMDRIVE WINDIR USERPROFILE APPDATA LOCALAPPDATA PROGRAMFILES PROGRAMDATA COMSPEC PATHEXT "
    "NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE"
)
_PASSED_ON_PREFIXES = ("LC_", "CUDA_", "OMP_", "OPENVINO_")


class _EndedError(Exception):
    """The pipe closed before a whole reply came."""


class Child:
    """One `python -m module` that is started when it is first asked, and again after it has ended."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        name: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            module: Calls `serving.serve` when run with `python -m`.
            arguments: Of its command line.
            name: What error messages call it, such as "decoder".
            environment: Variables on top of the few that every child gets.
        """
        self._command = (sys.executable, "-P", "-m", module, *arguments)  # -P: never import from the folder
        self._name = name
        self._environment = dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        self._times_closed = 0

    @property
    def is_running(self) -> bool:
        """Whether the process is there now; it may end by itself at any time."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process's number, or None when it is not running."""
        return self._process.pid if self._process and self.is_running else None

    async def ask(
        self, header: Mapping[str, object], body: bytes = b"", *, timeout_seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send one request and return the reply. One at a time; the others wait, outside `timeout_seconds`.

        Cancelling ends the process, as the pipe would be out of step; the next request starts a new one.

        Raises:
            ChildTimeoutError: No whole reply in time.
            ChildCrashedError: The process ended, or its reply makes no sense.
            AltaloudError: The one that the child's `answer` raised.
        """
        frame = frames.head(header, body)
        turns, times_closed = self._turns(), self._times_closed
        async with turns:
            if times_closed != self._times_closed:
                raise ChildCrashedError(f"the {self._name} was closed")
            try:
                reply = await self._exchange(frame, body, timeout_seconds)
            except _EndedError:
                # Exit code 0 without a reply: it unloaded itself, idle, just as we asked.
                if await self._end() != 0 or times_closed != self._times_closed:
                    raise ChildCrashedError(f"the {self._name} ended in the middle of its work") from None
                reply = await self._exchange_again(frame, body, timeout_seconds)
        _raise_again(reply[0])
        return reply

    async def close(self) -> None:
        """End the process. A request in progress fails; a later one starts a new process."""
        self._times_closed += 1
        turns = self._turns()
        self._kill()
        async with turns:
            await self._end()

    def _turns(self) -> asyncio.Lock:
        """Return the lock of the running loop: locks and pipes cannot move from one loop to another."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._kill()
            self._process = None
            self._loop, self._lock = loop, asyncio.Lock()
        return self._lock

    async def _exchange_again(
        self, frame: bytes, body: bytes, timeout_seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        try:
            return await self._exchange(frame, body, timeout_seconds)
        except _EndedError:
            await self._end()
            raise ChildCrashedError(f"the {self._name} ends as soon as it is asked") from None

    async def _exchange(
        self, frame: bytes, body: bytes, timeout_seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Ask the process, starting it if need be; it is ended unless it gave a whole reply."""
        try:
            async with asyncio.timeout(timeout_seconds):
                process = await self._running()
                return await _converse(process, frame, body)
        except _EndedError:
            raise  # the caller wants its exit code
        except TimeoutError as error:
            await self._end(by_force=True)
            raise ChildTimeoutError(f"the {self._name} took longer than {timeout_seconds:g} s") from error
        except (ValueError, RecursionError) as error:
            await self._end(by_force=True)
            raise ChildCrashedError(f"the {self._name} answered something that makes no sense") from error
        except asyncio.CancelledError:
            await self._end(by_force=True)
            raise

    async def _running(self) -> asyncio.subprocess.Process:
        """Return the process, started if it was not there."""
        if self._process is None or self._process.returncode is not None:
            await self._end()
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,  # a traceback may hold what was in the image
                    limit=_READ_AHEAD_BYTES,
                    env=_environment() | self._environment,
                    # Ctrl+C in a terminal is for us, not for the child.
                    start_new_session=os.name == "posix",
                    creationflags=_creation_flags(),
                )
            except OSError as error:
                raise ChildCrashedError(f"cannot start the {self._name}: {error.strerror}") from error
        return self._process

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _end(self, *, by_force: bool = False) -> int:
        """Wait until the process and its pipes are gone; return its exit code (0 if there was none)."""
        process = self._process
        if process is None:
            return 0
        if by_force:
            self._kill()
        if process.stdin is not None:
            process.stdin.close()
        if process.stdout is not None:
            # A full buffer pauses the pipe, which would then never see its end.
            with contextlib.suppress(ConnectionError):
                while await process.stdout.read(_READ_AHEAD_BYTES):
                    pass
        code = await process.wait()
        self._process = None
        return code


async def _converse(
    process: asyncio.subprocess.Process, frame: bytes, body: bytes
) -> tuple[dict[str, Any], bytes]:
    """Write one request, read one reply. ValueError if the reply is not a frame."""
    if process.stdin is None or process.stdout is None:
        raise _EndedError
    try:
        process.stdin.write(frame)
        process.stdin.write(body)
        await process.stdin.drain()
        lengths = await process.stdout.readexactly(frames.LENGTHS.size)
        header_bytes, body_bytes = frames.checked_lengths(lengths)
        header = frames.checked_header(await process.stdout.readexactly(header_bytes))
        return header, await process.stdout.readexactly(body_bytes)
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise _EndedError from error


def _raise_again(header: Mapping[str, Any]) -> None:
    """Raise the error that the child reports, as the type it names if that is one of ours."""
    name = header.get("error")
    if name is None:
        return
    kind = getattr(errors, name, None) if isinstance(name, str) else None
    if not (isinstance(kind, type) and issubclass(kind, AltaloudError)):
        kind = ChildCrashedError
    advice = header.get("advice")
    raise kind(
        str(header.get("message", ""))[:_MAX_MESSAGE_CHARACTERS],
        advice=str(advice)[:_MAX_MESSAGE_CHARACTERS] if advice else None,
    )


def _environment() -> dict[str, str]:
    names = _PASSED_ON.split()
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in names or name.startswith(_PASSED_ON_PREFIXES)
    }


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0
