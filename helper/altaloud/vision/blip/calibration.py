"""The vision tower of `precision = "fastest"`: bytes times bytes, by ranges recorded on this computer.

Its graphs lie beside the others, in `<name>.fastest`, and are versioned like them; the text side is that of
"fast". Whether it is good enough here is judged in `judging`. `python -m altaloud.vision.blip.calibration
MODEL TARGET` writes them.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from altaloud.vision.blip import made, making
from altaloud.vision.blip.pins import WEIGHTS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from altaloud.vision.blip.fixed_ranges import Range
    from altaloud.vision.blip.weights import Checkpoint

    Floats = npt.NDArray[np.float32]

_FORMAT = 1  # counts changes of the graphs, and of the pictures


def folder_of(model: Path) -> Path:
    """Return where the graphs of the model in the folder `model` are, or will be."""
    return model.with_name(f"{model.name}.fastest")


def graph(model: Path, piece: str) -> Path:
    """Return the file of one piece of the tower."""
    return folder_of(model) / f"{piece}.xml"


def is_current(model: Path) -> bool:
    """Whether the graphs are there, made from these weights by this version of OpenVINO."""
    return made.is_current(folder_of(model), model, _FORMAT)


def looks(model: Path) -> int:
    """Return how often a picture is looked at: by each piece of the tower in turn."""
    from altaloud.vision.blip import samples
    from altaloud.vision.blip.parts import vision_pieces
    from altaloud.vision.blip.weights import Checkpoint

    return samples.RECORDED * len(vision_pieces(Checkpoint(model)))


def ensure(model: Path, at: Callable[[int], None] = lambda _: None) -> None:
    """Write the graphs if they are not there. Ending early, also by what `at` raises, leaves what was.

    Args:
        model: The folder of an installed model.
        at: Called with how many pictures have been looked at, of `looks`.

    Raises:
        ModelDamagedError: The weights are not those of a BLIP.
        DiskFullError: Too little room.
        ChildCrashedError: The process ended otherwise.
    """
    if is_current(model):
        return
    from filelock import FileLock

    target = folder_of(model)
    with FileLock(target.with_name(f"{target.name}.lock")):
        if is_current(model):
            return
        # A tenth of the weights as they were published: the tower's, a byte each.
        with making.replaced(target, room_bytes=(model / WEIGHTS).stat().st_size // 10) as partial:
            making.run(__name__, model, partial, at=at)


def calibrate(model: Path, target: Path, at: Callable[[int], None] = lambda _: None) -> None:
    """Write the tower's graphs into the new folder `target`; tell each time a picture has been looked at."""
    from altaloud.vision import silent_openvino
    from altaloud.vision.blip.fixed_ranges import FixedRanges
    from altaloud.vision.blip.parts import shapes, vision_pieces
    from altaloud.vision.blip.vision_graphs import piece
    from altaloud.vision.blip.weights import Checkpoint

    openvino = silent_openvino.load()
    target.mkdir(parents=True)
    checkpoint = Checkpoint(model)
    for name, given in record(checkpoint, at):
        built = piece(FixedRanges(checkpoint, given), vision_pieces(checkpoint)[name])
        built.reshape(shapes(checkpoint, name, checkpoint.vision.side))
        openvino.serialize(built, target / f"{name}.xml")
    made.record(target, model, _FORMAT)


def record(checkpoint: "Checkpoint", at: Callable[[int], None]) -> "Iterator[tuple[str, Sequence[Range]]]":
    """Return the name of each piece of the tower with the range of what each of its layers is given."""
    import numpy as np

    from altaloud.vision.blip.fixed_ranges import Recorder, ranges
    from altaloud.vision.blip.parts import shapes, vision_pieces
    from altaloud.vision.blip.preprocess import preprocess
    from altaloud.vision.blip.processor import Compiler
    from altaloud.vision.blip.samples import recorded
    from altaloud.vision.blip.threads import cores
    from altaloud.vision.blip.vision_graphs import piece, positions

    side = checkpoint.vision.side
    compiler = Compiler("reference", threads=cores())
    flowing: list[dict[str, Floats]] = [
        {"pixels": preprocess(picture, side), "positions": positions(checkpoint, side)}
        for picture in recorded()
    ]
    done = 0
    for name, layers in vision_pieces(checkpoint).items():
        # One piece at a time, so that one piece is in memory.
        built = piece(Recorder(checkpoint), layers)
        built.reshape(shapes(checkpoint, name, side))
        graph = compiler.compile(lambda built=built: built)  # type: ignore[misc]
        seen: list[Range] | None = None
        for index, inputs in enumerate(flowing):
            request = graph(inputs)
            flowing[index] = {"tokens": np.array(request.get_output_tensor(0).data)}
            told = ranges(request)
            seen = (
                told if seen is None else [one.joined(other) for one, other in zip(seen, told, strict=True)]
            )
            done += 1
            at(done)
        yield name, seen or []
    compiler.close()


def main(arguments: Sequence[str]) -> int:
    """Calibrate as the command line says; return the exit code."""
    model, target = map(Path, arguments)
    return making.child(lambda at: calibrate(model, target, at))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
