"""The graphs of a checkpoint with their weights as bytes, written once, in a process of their own.

They lie in a folder of their own beside the model's, `<name>.openvino`, so that the model's stays as it was
published. It has its plain name only when it is whole. What another version of OpenVINO or of this module
wrote is made anew. `python -m altaloud.vision.blip.conversion MODEL TARGET` writes one.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from altaloud.errors import ChildCrashedError, DiskFullError, ModelDamagedError, ModelError
from altaloud.vision.blip.digests import RECORD, write_json
from altaloud.vision.blip.pins import WEIGHTS

_MADE = "made.json"
_FORMAT = 2  # counts changes of the graphs
EXIT_REFUSED = 3  # the last line on stderr says why


def folder_of(model: Path) -> Path:
    """Return where the graphs of the model in the folder `model` are, or will be."""
    return model.with_name(f"{model.name}.openvino")


def graph(model: Path, part: str) -> Path:
    """Return the file of one graph."""
    return folder_of(model) / f"{part}.xml"


def is_current(model: Path) -> bool:
    """Whether the graphs are there, made from these weights by this version of OpenVINO."""
    try:
        made = json.loads((folder_of(model) / _MADE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(made == _maker(model))


def ensure(model: Path, at: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Write the graphs if they are not there. Ending early, also by what `at` raises, leaves what was.

    Args:
        model: The folder of an installed model.
        at: Called with the bytes written and about how many there will be.

    Raises:
        ModelDamagedError: The weights are not those of a BLIP.
        DiskFullError: Too little room.
        ChildCrashedError: The process ended otherwise.
    """
    if is_current(model):
        return
    from filelock import FileLock

    target = folder_of(model)
    with FileLock(target.with_name(f"{target.name}.lock")):  # the other one's graphs are as good as ours
        if not is_current(model):
            _make(model, target, at)


def _make(model: Path, target: Path, at: Callable[[int, int], None]) -> None:
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    _forget(*target.parent.glob(f"{target.name}.*.partial"), *target.parent.glob(f"{target.name}.*.removed"))
    total = _converted_bytes(model)
    if shutil.disk_usage(target.parent).free < total:
        raise DiskFullError(f"converting {model.name} takes {total / 1e6:,.0f} MB, which the disk has not")
    _run(model, partial, lambda: at(min(_bytes_in(partial), total - 1), total))
    if target.exists():
        _forget(target)
    partial.rename(target)
    at(total, total)


def _run(model: Path, partial: Path, tell: Callable[[], None]) -> None:
    command = [sys.executable, "-P", "-m", __name__, str(model), str(partial)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            while process.poll() is None:
                tell()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.2)
        finally:
            if process.poll() is None:  # only if `tell` raised, which is how a person cancels
                process.kill()
        complaint = (process.stderr.read() if process.stderr else "").strip().rpartition("\n")[2]
    if process.returncode == EXIT_REFUSED:
        raise ModelDamagedError(complaint)
    if process.returncode != 0:
        raise ChildCrashedError(
            f"converting {model.name} ended with code {process.returncode}",
            advice="Close other programs to free memory and run the same command again.",
        )


def _forget(*folders: Path) -> None:
    """Delete, so that being killed on the way never leaves half of a folder under its name."""
    for folder in folders:
        going = folder.with_name(f"{folder.name}.removed")
        shutil.rmtree(going, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            folder.rename(going)
            shutil.rmtree(going)


def _maker(model: Path) -> dict[str, object]:
    """Return what the graphs depend on, as JSON gives it back."""
    record = json.loads((model / RECORD).read_text("utf-8"))
    weights = record["files"][WEIGHTS]["sha256"]
    return {"openvino": metadata.version("openvino"), "format": _FORMAT, "weights": weights}


def _converted_bytes(model: Path) -> int:
    """Return the room that the graphs will take, generously: a byte for each number of four."""
    return (model / WEIGHTS).stat().st_size * 3 // 10


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.bin"))


def convert(model: Path, target: Path) -> None:
    """Write every graph of `model` into the new folder `target`.

    Raises:
        ModelDamagedError: The weights are not those of a BLIP.
    """
    from altaloud.vision import silent_openvino
    from altaloud.vision.blip.parts import parts, shapes
    from altaloud.vision.blip.weights import Checkpoint

    openvino = silent_openvino.load()
    target.mkdir(parents=True)
    checkpoint = Checkpoint(model)
    for name, build in parts(checkpoint, "int8").items():
        built = build()
        built.reshape(shapes(checkpoint, name, checkpoint.vision.side))
        openvino.serialize(built, target / f"{name}.xml")
    write_json(target / _MADE, _maker(model))


def main(arguments: Sequence[str]) -> int:
    """Convert as the command line says; return the exit code."""
    model, target = map(Path, arguments)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        convert(model, target)
    except ModelError as error:
        print(error, file=sys.stderr)
        return EXIT_REFUSED
    return 0


def _end_with_parent() -> None:
    """End when nobody waits any more: the parent holds the other end of our standard input."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
