"""Starting and ending a `python -m` of ours, with its pipes."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence

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


async def spawn(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Process:
    """Start `python -m module`, its stdin and stdout ours.

    Raises:
        OSError: The system does not start it.
    """
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),  # -P: never import from the folder we are in
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may hold what was in the image
        limit=_READ_AHEAD_BYTES,
        env={**_inherited(), **environment},
        # Ctrl+C in a terminal is for us, not for the child.
        start_new_session=os.name == "posix",
        creationflags=_creation_flags(),
    )


def kill(process: Process | None) -> None:
    """End it at once, if it still runs."""
    if process is None or process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix":
            # `Process.kill` looks first whether it has ended, and so can take the exit code from asyncio.
            os.kill(process.pid, signal.SIGKILL)
        else:
            process.kill()


async def buried(process: Process) -> int:
    """Wait until a process that ends and its pipes are gone; return its exit code."""
    if process.stdin is not None:
        process.stdin.close()
    if process.stdout is not None:
        # A full buffer pauses the pipe, which would then never see its end.
        with contextlib.suppress(ConnectionError):
            while await process.stdout.read(_READ_AHEAD_BYTES):
                pass
    return await process.wait()


def _inherited() -> dict[str, str]:
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
