"""What is made from a model's weights: in a process of its own, whole or not at all.

The process gives its memory back when it ends, and ends when nobody waits any more. It writes a line on its
standard output whenever it has come further, a number; what it refuses, it says on the last line of stderr.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TextIO

from altaloud.errors import ChildCrashedError, DiskFullError, ModelDamagedError, ModelError

EXIT_REFUSED = 3


def run(module: str, model: Path, *arguments: Path, at: Callable[[int], None]) -> None:
    """Run `python -m module MODEL ARGUMENTS…`.

    Args:
        module: Whose `main` ends with `child`.
        model: The folder of an installed model.
        arguments: Further ones.
        at: Called with each number that the process writes; whatever it raises ends the process.

    Raises:
        ModelDamagedError: The process refuses the model.
        ChildCrashedError: It ended otherwise.
    """
    command = [sys.executable, "-P", "-m", module, str(model), *map(str, arguments)]
    with (
        complaints(model.parent) as said,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - it is a pipe, for the type checker
        try:
            for line in process.stdout:
                at(int(line))
            process.wait()
        finally:
            if process.poll() is None:  # only if `at` raised, which is how a person cancels
                process.kill()
        complaint = last_line(said)
    if process.returncode == EXIT_REFUSED:
        raise ModelDamagedError(complaint)
    if process.returncode != 0:
        raise ChildCrashedError(
            f"preparing {model.name} ended with code {process.returncode}", advice=try_again(model.name)
        )


def complaints(folder: Path) -> IO[bytes]:
    """Return a place for a process's stderr: a pipe that nobody reads meanwhile would fill up and stop it.

    Args:
        folder: Where it has no name; what the process makes is written there as well.
    """
    return tempfile.TemporaryFile(dir=folder)


def last_line(said: IO[bytes]) -> str:
    """Return the last line of what a process complained."""
    said.seek(0)
    return said.read().decode("utf-8", "replace").strip().rpartition("\n")[2]


def try_again(model: str) -> str:
    """Return what to do where such a process ended by itself."""
    return (
        "Close other programs to free memory; it is tried again when the helper starts, or by `altaloud "
        f"models download {model}`."
    )


def child(work: Callable[[Callable[[int], None]], None]) -> int:
    """Be such a process: do `work`, which is given what tells how far it is; return the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    lines = own_stdout()
    try:
        work(lambda done: print(done, file=lines, flush=True))
    except ModelError as error:
        sys.stdout.flush()  # our complaint is the last line
        print(error, file=sys.stderr)
        return EXIT_REFUSED
    return 0


def own_stdout() -> TextIO:
    """Keep stdout to ourselves: what a library prints goes to stderr."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return lines


def _end_with_parent() -> None:
    """End when nobody waits any more: the parent holds the other end of our standard input."""
    os.read(0, 1)
    os._exit(1)


@contextlib.contextmanager
def replaced(target: Path, *, room_bytes: int) -> Iterator[Path]:
    """Give a place for a new folder, which takes `target`'s if nothing is raised.

    Raises:
        DiskFullError: There is less room than it needs.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    _forget(*target.parent.glob(f"{target.name}.*.partial"), *target.parent.glob(f"{target.name}.*.removed"))
    if shutil.disk_usage(target.parent).free < room_bytes:
        raise DiskFullError(f"making {target.name} takes {room_bytes / 1e6:,.0f} MB, which the disk has not")
    yield partial
    if target.exists():
        _forget(target)
    partial.rename(target)


def _forget(*folders: Path) -> None:
    """Delete, so that being killed on the way never leaves half of a folder under its name."""
    for folder in folders:
        going = folder.with_name(f"{folder.name}.removed")
        shutil.rmtree(going, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            folder.rename(going)
            shutil.rmtree(going)
