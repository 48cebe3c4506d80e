"""BLIP on the processor against transformers' `generate` in float32, on the same full-size random weights.

Twelve words are forced, since a random network does not end its sentences as a trained one does. The ways
are measured in turn, round after round, so that whatever else the machine does disturbs all alike.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from altaloud.vision.blip import conversion
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.parts import STEP
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.processor import Precision
from altaloud.vision.blip.runtime import finish
from altaloud.vision.blip.step_decoder import StepDecoder
from altaloud.vision.blip.threads import cores
from benchmarks.result import Result
from checkpoints import install_random
from drawings import drawing

_WORDS = 12
_ROUNDS = 4
_PRECISIONS: tuple[Precision, ...] = ("fastest", "fast", "accurate", "reference")
_PICTURE = drawing(0, 1200, 800)


def captions(folder: Path) -> Iterator[Result]:
    """Measure a whole caption in every precision with one thread and with two, and its parts."""
    model = _installed(folder)
    reference = _reference(model)
    for threads in sorted({1, min(2, cores())}):
        ways: dict[str, Callable[[], object]] = {"generate": _generate(reference, threads)}
        captioners = {precision: _captioner(model, precision, threads) for precision in _PRECISIONS}
        for precision, captioner in captioners.items():
            ways[precision] = lambda captioner=captioner: _caption(captioner)  # type: ignore[misc]
        fast = captioners["fast"]
        seen = finish(fast.see([_PICTURE]))[0]
        keys = fast._keys(seen)
        ways["fast: looking"] = lambda fast=fast: finish(fast.see([_PICTURE]))  # type: ignore[misc]
        ways["fast: writing"] = lambda fast=fast, keys=keys: _write(fast, keys)  # type: ignore[misc]
        taken = _in_turn(ways)
        baseline = taken.pop("generate")
        yield Result(f"caption, generate, {threads} threads", baseline, "ms")
        for name, value in taken.items():
            yield Result(f"caption, {name}, {threads} threads", value, "ms", baseline)


def resolutions(folder: Path) -> Iterator[Result]:
    """Measure a caption of smaller pictures against the checkpoint's own size, one thread."""
    model = _installed(folder)
    ways = {side: _captioner(model, "fast", 1, side) for side in (384, 288, 224)}
    taken = _in_turn({str(side): lambda way=way: _caption(way) for side, way in ways.items()})  # type: ignore[misc]
    for side, value in taken.items():
        yield Result(f"caption, fast, {side} pixels, 1 thread", value, "ms", taken["384"])


def pieces(folder: Path) -> Iterator[Result]:
    """Measure what it costs to look in pieces, between which a more wanted picture may go first."""
    from altaloud.vision.blip.graphs import Builder
    from altaloud.vision.blip.parts import shapes
    from altaloud.vision.blip.processor import Compiler
    from altaloud.vision.blip.vision_graphs import piece

    fast = _captioner(_installed(folder), "fast", 1)
    checkpoint = fast._checkpoint
    tower = Compiler("fast", threads=1).compile(
        lambda: piece(Builder(checkpoint, "int8"), range(checkpoint.vision.layers)),
        shapes(checkpoint, "vision0", checkpoint.vision.side),
    )

    def at_once() -> object:
        return tower({"pixels": preprocess(_PICTURE, 384), "positions": fast._positions})

    taken = _in_turn({"whole": at_once, "pieces": lambda: finish(fast.see([_PICTURE]))})
    yield Result("vision in pieces, 1 thread", taken["pieces"], "ms", taken["whole"])


def accuracy(folder: Path) -> Iterator[Result]:
    """Measure how far every precision is from transformers in float32, on pictures of drawn shapes."""
    import torch

    model = _installed(folder)
    reference = _reference(model)
    pictures = [drawing(seed) for seed in range(4)]
    begin = reference.config.text_config.bos_token_id
    expected = []
    for picture in pictures:
        with torch.inference_mode():
            features = reference.vision_model(torch.from_numpy(preprocess(picture, 384)))[0]
            made = reference.text_decoder.generate(
                input_ids=torch.tensor([[begin]]), encoder_hidden_states=features, do_sample=False,
                max_new_tokens=_WORDS, min_new_tokens=_WORDS,
                return_dict_in_generate=True, output_logits=True,
            )  # fmt: skip
        expected.append((features.numpy(), made.sequences[0].tolist(), torch.cat(made.logits).numpy()))
    for precision in _PRECISIONS:
        captioner = _captioner(model, precision, 1)
        errors = [_errors(captioner, *pair) for pair in zip(pictures, expected, strict=True)]
        names = ("features", "first scores", "mean log-probability, in nats", "words that differ")
        for name, worst in zip(names, np.max(errors, axis=0).tolist(), strict=True):
            yield Result(f"error of {precision}, {name}", worst, "of 4 pictures the worst")


def _errors(captioner: OpenVinoCaptioner, picture: Any, expected: Any) -> tuple[float, ...]:
    """Return the errors of features, of the first scores, of the mean, and the words that differ."""
    features, ids, logits = expected
    seen = finish(captioner.see([picture]))[0]
    decoder = StepDecoder(captioner._checkpoint, captioner._graphs[STEP])
    memory = decoder.begin(captioner._keys(seen))
    # The reference's own words are given, so that every step can be compared.
    ours = np.array([decoder.read(memory, token) for token in ids[:-1]])
    theirs = logits - np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1, keepdims=True))
    theirs -= logits.max(1, keepdims=True)
    chosen = (np.arange(len(ours)), ids[1:])
    return (
        _relative(seen.tokens, features),
        _relative(ours[0] - ours[0].mean(), logits[0] - logits[0].mean()),
        float(abs(ours[chosen].mean() - theirs[chosen].mean())),
        float((ours.argmax(1) != logits.argmax(1)).sum()),
    )


def _relative(ours: Any, expected: Any) -> float:
    return float(np.linalg.norm(ours - expected) / np.linalg.norm(expected))


def ceilings(folder: Path) -> Iterator[Result]:
    """Measure what this machine can do, and how long a caption would take at that."""
    from altaloud.vision import silent_openvino

    model = _installed(folder)
    ov = silent_openvino.load()
    threads = min(2, cores())
    rows = ov.opset13.parameter([577, 768], ov.Type.f32)
    weights = ov.opset13.constant(np.ones((3072, 768), np.float32))
    network = ov.Model([ov.opset13.matmul(rows, weights, False, True)], [rows])
    settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
    request = ov.Core().compile_model(network, "CPU", settings).create_infer_request()
    given = np.ones((577, 768), np.float32)
    seconds = min(_seconds(lambda: request.infer([given], share_inputs=True)) for _ in range(30))
    arithmetic = 2 * 577 * 768 * 3072 / seconds
    source, target = np.ones(50_000_000, np.float32), np.empty(50_000_000, np.float32)
    memory = 2 * source.nbytes / min(_seconds(lambda: np.copyto(target, source)) for _ in range(5))
    yield Result("float32 arithmetic", arithmetic / 1e9, "GFLOP/s")
    yield Result("memory, one thread copies", memory / 1e9, "GB/s")
    # 111 GFLOP for the picture, 16.3 for keys and values; each word reads the decoder's weights once.
    floor = 127.3e9 / arithmetic + _WORDS * 123e6 / memory
    captioner = _captioner(model, "fast", threads)
    _caption(captioner)
    taken = median(_seconds(lambda: _caption(captioner)) for _ in range(_ROUNDS))
    yield Result("caption, fast, against the floor of float32 arithmetic", 1e3 * taken, "ms", 1e3 * floor)


_COLD = """
import sys, time
begun = time.time()
from pathlib import Path
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.runtime import finish
from benchmarks.blip_figures import _PICTURE, _caption

if sys.argv[2] == "product":
    captioner = OpenVinoCaptioner(Path(sys.argv[1]), model="full@1")
    _caption(captioner)
first = time.time()
for _ in range(2 if sys.argv[2] == "product" else 0):
    _caption(captioner)
import json
status = Path("/proc/self/status").read_text("ascii").split()
# Not getrusage, which also counts the process that started this one.
print(json.dumps([first, int(status[status.index("VmHWM:") + 1]) * 1024 / 1e6]))
"""


def cold(folder: Path) -> Iterator[Result]:
    """Measure from the process's start to its first caption, and the memory it takes at its peak."""
    model = _installed(folder)
    conversion.ensure(model)
    first = _cold(model)  # reads the files into the system's cache, and leaves compiled graphs
    cached, uncached = [], []
    for _ in range(_ROUNDS):
        cached.append(_cold(model))
        _forget_compiled(model)
        uncached.append(_cold(model))
    yield Result("cold start to the first caption, compiled before", _middle(cached, 0), "s")
    yield Result("cold start to the first caption, compiled anew", _middle(uncached, 0), "s")
    yield Result("peak memory of the captioning process, compiled before", _middle(cached, 1), "MB")
    yield Result("peak memory of the captioning process, compiled anew", _middle([*uncached, first], 1), "MB")


def _middle(figures: list[tuple[float, float]], index: int) -> float:
    return median(each[index] for each in figures)


def _forget_compiled(model: Path) -> None:
    for blob in (conversion.folder_of(model) / "compiled").rglob("*.blob"):
        blob.unlink()


def _cold(model: Path) -> tuple[float, float]:
    """Return the seconds to the first caption, and the peak in MB after two more."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _COLD, str(model), "product"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    first, peak = json.loads(done.stdout)
    return first - begun, peak


def _installed(folder: Path) -> Path:
    model = install_random(folder, hidden=768, layers=12, heads=12, side=384)
    conversion.ensure(model)
    return model


def _reference(model: Path) -> Any:
    from transformers import BlipForConditionalGeneration

    return BlipForConditionalGeneration.from_pretrained(model).eval()


def _captioner(model: Path, precision: Precision, threads: int, side: int | None = None) -> OpenVinoCaptioner:
    made = OpenVinoCaptioner(model, model="full@1", precision=precision, max_threads=threads, side=side)
    # Compiled before the next one is made, which tries how many threads are free.
    assert all(graph.request for graph in made._graphs.values())
    return made


def _generate(reference: Any, threads: int) -> Callable[[], object]:
    import torch

    def run() -> object:
        torch.set_num_threads(threads)
        pixels = torch.from_numpy(preprocess(_PICTURE, 384))
        with torch.inference_mode():
            return reference.generate(
                pixel_values=pixels,
                max_new_tokens=_WORDS,
                min_new_tokens=_WORDS,
                do_sample=False,
                num_beams=1,
            )

    return run


def _caption(captioner: OpenVinoCaptioner) -> list[int]:
    return _write(captioner, captioner._keys(finish(captioner.see([_PICTURE]))[0]))


def _write(captioner: OpenVinoCaptioner, keys: Any) -> list[int]:
    decoder = StepDecoder(captioner._checkpoint, captioner._graphs[STEP])
    memory = decoder.begin(keys)
    ids = [captioner._checkpoint.text.begin]
    for _ in range(_WORDS):
        ids.append(int(decoder.read(memory, ids[-1]).argmax()))
    return ids


def _in_turn(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median milliseconds of each, after a round that only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(_ROUNDS + 1):
        for name, way in ways.items():
            seconds = _seconds(way)
            if turn:
                taken[name].append(1e3 * seconds)
    return {name: median(values) for name, values in taken.items()}


def _seconds(way: Callable[[], object]) -> float:
    begun = time.perf_counter()
    way()
    return time.perf_counter() - begun
