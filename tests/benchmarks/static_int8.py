"""The vision tower with fixed ranges for what flows through it: bytes times bytes, all decided beforehand.

Built and measured here, and not part of the product yet. Where there is VNNI it takes 0.36 of float32's time,
against 0.42 of the product's own way, which rounds what flows as it comes, and is 3.3 % off on pictures that
recorded no ranges, against 2.5 %. Without VNNI it is as slow as float32 (0.96), and 5.5 % off, as sums of
bytes are cut off there.

Ranges are recorded on some pictures and judged on others. Each channel is scaled by what it and its weights
reach (SmoothQuant, Xiao et al. 2022, https://arxiv.org/abs/2211.10438), so that a few strong channels do not
cost the others their bits.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from altaloud.vision.blip import vision_graphs
from altaloud.vision.blip.graphs import Builder
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.processor import Compiler, Precision
from altaloud.vision.blip.weights import Checkpoint
from benchmarks.blip_figures import _installed
from benchmarks.result import Result
from drawings import Drawing, drawing

_ROUNDS = 5
_Ranges = list[tuple[Any, Any]]  # of each linear layer's input: the least and the most of each channel


class _Recorder(Builder):
    """Hands out what each linear layer is given."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint, "float32")
        self.extremes: list[Any] = []

    def dense(self, x: Any, weight: Any, bias: Any) -> Any:
        axes = self.integers(0, 1)
        self.extremes += [self.op.reduce_min(x, axes), self.op.reduce_max(x, axes)]
        return super().dense(x, weight, bias)


class _Static(Builder):
    """Rounds what each linear layer is given to one of 256 values."""

    def __init__(self, checkpoint: Checkpoint, ranges: _Ranges, largest: int) -> None:
        super().__init__(checkpoint, "int8")
        self._ranges = iter(ranges)
        self._largest = largest  # of a weight's byte

    def dense(self, x: Any, weight: Any, bias: Any) -> Any:
        least, most = next(self._ranges)
        reach = np.maximum(np.maximum(-least, most), 1e-6)
        scale = np.sqrt(reach / np.maximum(np.abs(weight).max(axis=0), 1e-6)).astype(np.float32)
        low, high = float((least / scale).min()), float((most / scale).max())
        given = [self.constant(bound * scale[None, None]) for bound in (low, high)]
        rounded = self.op.fake_quantize(x, *given, self.constant(low), self.constant(high), 256)
        scaled = weight * scale
        factor = np.maximum(np.abs(scaled).max(axis=1, keepdims=True), 1e-12) / self._largest
        stored = self.op.constant(np.rint(scaled / factor).astype(np.int8))
        matrix = self.op.multiply(self.op.convert(stored, "f32"), self.constant(factor))
        return self.op.add(self.op.matmul(rounded, matrix, False, True), self.constant(bias))


def static_int8(folder: Path) -> Iterator[Result]:
    """Measure the tower's error and time, in processor seconds of one thread, against float32 and "fast"."""
    return measure(_installed(folder))


def measure(model: Path) -> Iterator[Result]:
    """Do it with an installed checkpoint."""
    checkpoint = Checkpoint(model)
    used = [natural(seed) for seed in range(3)] + [drawing(seed, 900, 600) for seed in range(100, 103)]
    judged = [natural(50), drawing(1, 900, 600)]
    ranges = _record(checkpoint, used)
    exact = _compiled(checkpoint, whole(Builder(checkpoint, "float32")), "reference")
    expected = [_run(checkpoint, exact, picture) for picture in judged]
    floats = median(_seconds(checkpoint, exact, judged[0]) for _ in range(_ROUNDS))
    del exact
    for name, largest in (("8 bits", 127), ("7 bits", 63)):
        graph = _compiled(checkpoint, whole(_Static(checkpoint, ranges, largest)), "reference")
        errors = [
            float(np.linalg.norm(_run(checkpoint, graph, picture) - right) / np.linalg.norm(right))
            for picture, right in zip(judged, expected, strict=True)
        ]
        yield Result(f"static int8 vision, weights of {name}, feature error", max(errors), "relative")
        seconds = median(_seconds(checkpoint, graph, judged[0]) for _ in range(_ROUNDS))
        yield Result(f"static int8 vision, weights of {name}", 1e3 * seconds, "ms", 1e3 * floats)
    fast = _compiled(checkpoint, whole(Builder(checkpoint, "int8")), "fast")
    seconds = median(_seconds(checkpoint, fast, judged[0]) for _ in range(_ROUNDS))
    yield Result("the product's vision, fast", 1e3 * seconds, "ms", 1e3 * floats)


def natural(seed: int, columns: int = 600, rows: int = 400) -> Drawing:
    """Return a picture with a photograph's statistics: coarse shapes stronger than fine ones."""
    random = np.random.default_rng(seed)
    wave = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.fftfreq(columns)[None]) + 1 / columns
    layers = [np.fft.ifft2(np.fft.fft2(random.normal(size=(rows, columns))) / wave).real for _ in range(3)]
    mixed = np.stack(
        [layers[0], 0.8 * layers[0] + 0.6 * layers[1], 0.7 * layers[0] + 0.7 * layers[2]], axis=-1
    )
    bright = 128 + 60 * (mixed - mixed.mean()) / mixed.std()
    return Drawing(columns, rows, bright.clip(0, 255).astype(np.uint8).tobytes())


def whole(build: Builder) -> Any:
    """Return the whole tower, "features" first among its outputs."""
    shape = build.checkpoint.vision
    pixels = build.input("pixels", (1, 3, shape.side, shape.side))
    places = build.input("positions", (1, shape.tokens(shape.side), shape.width))
    x = vision_graphs.embed(build, pixels, places)
    for layer in range(shape.layers):
        x = vision_graphs.vision_layer(build, x, layer)
    outputs = [("features", build.norm(x, "vision_model.post_layernorm", shape.epsilon))]
    extremes = build.extremes if isinstance(build, _Recorder) else []
    return build.model(
        outputs + [(f"extreme{at}", node) for at, node in enumerate(extremes)], [pixels, places]
    )


def _record(checkpoint: Checkpoint, pictures: list[Drawing]) -> _Ranges:
    graph = _compiled(checkpoint, whole(_Recorder(checkpoint)), "reference")
    seen = []
    for picture in pictures:
        request = graph(_inputs(checkpoint, picture))
        count = len(request.model_outputs) - 1
        seen.append([np.array(request.get_tensor(f"extreme{at}").data) for at in range(count)])
    least = [np.min(each, axis=0) for each in list(zip(*seen, strict=True))[0::2]]
    most = [np.max(each, axis=0) for each in list(zip(*seen, strict=True))[1::2]]
    return list(zip(least, most, strict=True))


def _compiled(checkpoint: Checkpoint, model: Any, precision: Precision) -> Any:
    return Compiler(precision, threads=1).compile(lambda: model)


def _inputs(checkpoint: Checkpoint, picture: Drawing) -> dict[str, Any]:
    side = checkpoint.vision.side
    return {"pixels": preprocess(picture, side), "positions": vision_graphs.positions(checkpoint, side)}


def _run(checkpoint: Checkpoint, graph: Any, picture: Drawing) -> Any:
    return np.array(graph(_inputs(checkpoint, picture)).get_tensor("features").data)


def _seconds(checkpoint: Checkpoint, graph: Any, picture: Drawing) -> float:
    inputs = _inputs(checkpoint, picture)
    begun = process_time()
    graph(inputs)
    return process_time() - begun
