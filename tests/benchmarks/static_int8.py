"""What `precision = "fastest"` brings: the product's own calibration and gate, and the time to look."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from altaloud.vision.blip import judging, samples
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.processor import Precision
from altaloud.vision.blip.runtime import finish
from benchmarks.blip_figures import _installed
from benchmarks.result import Result

_ROUNDS = 5
_PRECISIONS: tuple[Precision, ...] = ("reference", "fast", "fastest")


def static_int8(folder: Path) -> Iterator[Result]:
    """Measure errors and time, the time in processor seconds of one thread, against float32."""
    return measure(_installed(folder))


def measure(model: Path) -> Iterator[Result]:
    """Do it with an installed checkpoint."""
    found = judging.ensure(model)
    unit = f"of {found.pictures} pictures the worst"
    yield Result("error of fastest, features", found.feature_error, unit)
    yield Result("error of fastest, first scores", found.score_error, unit)
    captioners = {
        precision: OpenVinoCaptioner(model, model="full@1", precision=precision, max_threads=1)
        for precision in _PRECISIONS
    }
    picture = samples.judged()[0]
    taken: dict[Precision, list[float]] = {precision: [] for precision in _PRECISIONS}
    for turn in range(_ROUNDS + 1):
        for (
            precision,
            captioner,
        ) in captioners.items():  # in turn, so that all are disturbed alike
            begun = process_time()
            finish(captioner.see([picture]))
            if turn:  # the first round warms up
                taken[precision].append(1e3 * (process_time() - begun))
    for precision in _PRECISIONS[1:]:
        baseline = median(taken["reference"])
        yield Result(f"looking, {precision}, 1 thread", median(taken[precision]), "ms", baseline)
