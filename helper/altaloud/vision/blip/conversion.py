"""The graphs of a checkpoint with their weights as bytes, written once, in a process of their own.

They lie in a folder of their own beside the model's, `<name>.openvino`, so that the model's stays as it was
published. It has its plain name only when it is whole. What another version of OpenVINO or of this module
wrote is made anew. `python -m altaloud.vision.blip.conversion MODEL TARGET` writes one.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from altaloud.vision.blip import made, making
from altaloud.vision.blip.pins import WEIGHTS

_FORMAT = 2  # counts changes of the graphs
COMPILED = "compiled"  # folder of what OpenVINO compiled of them here, within theirs


def folder_of(model: Path) -> Path:
    """Return where the graphs of the model in the folder `model` are, or will be."""
    return model.with_name(f"{model.name}.openvino")


def graph(model: Path, part: str) -> Path:
    """Return the file of one graph."""
    return folder_of(model) / f"{part}.xml"


def is_current(model: Path) -> bool:
    """Whether the graphs are there, made from these weights by this version of OpenVINO."""
    return made.is_current(folder_of(model), model, _FORMAT)


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
        if is_current(model):
            return
        total = _converted_bytes(model)
        with making.replaced(target, room_bytes=total) as partial:
            making.run(__name__, model, partial, at=lambda done: at(min(done, total - 1), total))
        at(total, total)


def _converted_bytes(model: Path) -> int:
    """Return the room that the graphs will take, generously: a byte for each number of four."""
    return (model / WEIGHTS).stat().st_size * 3 // 10


def convert(model: Path, target: Path, at: Callable[[int], None] = lambda _: None) -> None:
    """Write every graph of `model` into the new folder `target`; tell the bytes written.

    Raises:
        ModelDamagedError: The weights are not those of a BLIP.
    """
    from altaloud.vision import silent_openvino
    from altaloud.vision.blip.parts import parts, shapes
    from altaloud.vision.blip.weights import Checkpoint

    openvino = silent_openvino.load()
    target.mkdir(parents=True)
    checkpoint = Checkpoint(model)
    done = 0
    at(done)
    for name, build in parts(checkpoint, "int8").items():
        built = build()
        built.reshape(shapes(checkpoint, name, checkpoint.vision.side))
        openvino.serialize(built, target / f"{name}.xml")
        done += (target / f"{name}.bin").stat().st_size
        at(done)
    made.record(target, model, _FORMAT)


def main(arguments: Sequence[str]) -> int:
    """Convert as the command line says; return the exit code."""
    model, target = map(Path, arguments)
    return making.child(lambda at: convert(model, target, at))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
