"""On a GPU: how long a caption takes, and how many come a second with more of them together.

Against transformers' `generate`, with the same full-size random weights, in 16 bits both. Without a GPU there
is nothing to measure, and nothing is printed but that.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from altaloud.vision.blip.opening import ByTorch, Options
from altaloud.vision.blip.pins import CAPTIONER
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.runtime import finish
from altaloud.vision.blip.trial import usable_gpus
from benchmarks.engine_figures import FULL_SIZE
from benchmarks.result import Result
from checkpoints import install_random
from drawings import drawing

_BATCHES = (1, 2, 4, 8, 16, 32, 64)
_ROUNDS = 5


def gpu(folder: Path) -> Iterator[Result]:
    """Measure every size of batch on the first GPU that torch can use."""
    gpus = usable_gpus()
    if not gpus:
        print("no GPU that torch can use: nothing to measure", file=sys.stderr)
        return
    yield from batches(folder, gpus[0])


def batches(folder: Path, device: str, sizes: tuple[int, ...] = _BATCHES, **shape: int) -> Iterator[Result]:
    """Measure on `device`; `shape` is of the checkpoint, by default the published one's."""
    import torch

    model = install_random(folder / "models", CAPTIONER, **(shape or FULL_SIZE))
    captioner: Any = ByTorch(device, Options()).captioner(model, "random@1")
    reference = _reference(model, device, captioner.precision)
    side = (shape or FULL_SIZE)["side"]
    for size in sizes:
        captioner.batch = size
        pictures = [drawing(seed) for seed in range(size)]
        pixels = torch.cat([torch.from_numpy(preprocess(picture, side)) for picture in pictures])
        pixels = pixels.to(device=device, dtype=getattr(torch, captioner.precision))
        ours = _seconds(lambda pictures=pictures: finish(captioner.caption(finish(captioner.see(pictures)))))  # type: ignore[misc]
        theirs = _seconds(lambda pixels=pixels: _generate(reference, pixels))  # type: ignore[misc]
        name = f"{size} captions together, {device}, {captioner.precision}"
        yield Result(name, round(ours * 1000, 1), "ms", round(theirs * 1000, 1))
        yield Result(f"{name}, images a second", round(size / ours, 2), "1/s", round(size / theirs, 2))


def _reference(model: Path, device: str, precision: str) -> Any:
    from transformers import BlipForConditionalGeneration

    return BlipForConditionalGeneration.from_pretrained(model, dtype=precision).eval().to(device)


def _generate(reference: Any, pixels: Any) -> None:
    import torch

    with torch.inference_mode():
        reference.generate(pixel_values=pixels, max_new_tokens=30, do_sample=False)


def _seconds(work: Callable[[], object]) -> float:
    """Return the best of some rounds; words come back to the processor, so the GPU has finished by then."""
    work()
    taken = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)
