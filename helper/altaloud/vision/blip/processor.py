"""OpenVINO on this computer's processor: how graphs are compiled for it."""

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

from altaloud.errors import ModelDamagedError
from altaloud.vision import mapped_files, silent_openvino

Precision = Literal["fastest", "fast", "accurate", "reference"]

# How a graph computes. Explicit, because OpenVINO's defaults differ between processors.
_BYTES = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128"}
_ARITHMETIC: Mapping[Precision, Mapping[str, str]] = {
    "fastest": _BYTES,  # and where ranges are fixed in the graph, bytes by those
    # Weights are bytes; on a processor with the instructions for it (VNNI, AMX), what they are multiplied
    # with becomes bytes too, in groups of 128 with a factor each: a sixth faster than in groups of 32, which
    # are 2.4 instead of 2.5 % off. Still larger ones gain nothing.
    "fast": _BYTES,
    "accurate": {"INFERENCE_PRECISION_HINT": "bf16", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"},
    "reference": {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"},
}

_CACHE = "CACHE_DIR"


class Compiler:
    """Compiles graphs side by side, in the background, in the order in which they are asked for.

    Args:
        precision: How they compute.
        threads: How many threads they compute with.
        cache: A folder for compiled graphs, of this configuration alone; without one nothing is kept.
    """

    def __init__(self, precision: Precision, *, threads: int, cache: Path | None = None) -> None:
        self._core = silent_openvino.load().Core()
        self._settings: dict[str, str | int] = {
            **_ARITHMETIC[precision],
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
        }
        if cache is not None:
            self._settings[_CACHE] = str(cache)
        self._pool = ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1))

    def compile(
        self, source: "Path | Callable[[], Any]", shapes: Mapping[str, list[int]] | None = None
    ) -> "Graph":
        """Return a graph that will be ready when it is first needed.

        Args:
            source: A file, or what builds the model.
            shapes: Of inputs that are to have others than the source's own. Without any, a file whose
                compiled form is cached is not read at all.
        """
        return Graph(self._pool.submit(self._compile, source, shapes))

    def _compile(self, source: "Path | Callable[[], Any]", shapes: Mapping[str, list[int]] | None) -> Any:
        model = source if isinstance(source, Path) else source()
        if shapes is not None:
            model = self._core.read_model(model) if isinstance(model, Path) else model
            model.reshape(dict(shapes))
        try:
            compiled = self._core.compile_model(model, "CPU", self._settings)
        except RuntimeError:
            if _CACHE not in self._settings:
                raise
            # Another process may be writing or deleting the same compiled graph. It only saves time.
            settings = {name: value for name, value in self._settings.items() if name != _CACHE}
            compiled = self._core.compile_model(model, "CPU", settings)
        request = compiled.create_infer_request()
        mapped_files.let_go()  # before the next graph's weights are there twice
        return request

    def close(self) -> None:
        """Ask for no more."""
        self._pool.shutdown(wait=False)


class Graph:
    """One compiled graph."""

    def __init__(self, request: "Future[Any]") -> None:
        self._future = request

    @property
    def request(self) -> Any:
        """The `openvino.InferRequest`, once it is compiled.

        Raises:
            ModelDamagedError: OpenVINO cannot read or compile it.
        """
        try:
            return self._future.result()
        except RuntimeError as error:
            raise ModelDamagedError("the model's graphs cannot be compiled") from error

    def forget(self) -> None:
        """Give its memory back; it cannot run until it is renewed."""
        gone: Future[Any] = Future()
        gone.set_exception(RuntimeError("it was not renewed"))
        self._future = gone

    def let_go(self) -> None:
        """Hold nothing any more of what it was last run on. Takes milliseconds."""
        request: Future[Any] = Future()
        request.set_result(self.request.get_compiled_model().create_infer_request())
        self._future = request

    def renew(self, other: "Graph") -> None:
        """Be what `other` is, also for whoever is about to run this one."""
        self._future = other._future

    def __call__(self, inputs: Mapping[str, Any]) -> Any:
        """Run it on `inputs`; return the request, whose outputs are good until the next run."""
        request = self.request
        request.infer(dict(inputs), share_inputs=True)
        return request

    def fill(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
        """Run it on `inputs` and have it write straight into the arrays `outputs`, by name."""
        openvino = silent_openvino.load()
        for name, array in outputs.items():
            self.request.set_tensor(name, openvino.Tensor(array, shared_memory=True))
        self(inputs)


def sums_bytes_exactly() -> bool:
    """Try whether this processor adds up products of bytes without cutting the sum off.

    Without the instructions for it (VNNI, AMX) sums of two products are cut off at 16 bits: what is computed
    with fixed ranges is then further off, and no faster.
    """
    import numpy as np

    ov = silent_openvino.load()
    op, width = ov.opset13, 512
    given = op.parameter([1, width], ov.Type.f32)
    bounds = [op.constant(np.float32(bound)) for bound in (0, 255, 0, 255)]
    weights = op.convert(op.constant(np.full((width, width), 127, np.int8)), "f32")
    factor = op.constant(np.ones((width, 1), np.float32))
    product = op.matmul(op.fake_quantize(given, *bounds, 256), op.multiply(weights, factor), False, True)
    request = ov.Core().compile_model(ov.Model([product], [given]), "CPU", _BYTES).create_infer_request()
    request.infer([np.full((1, width), 255, np.float32)])
    return bool((request.get_output_tensor(0).data == 255 * 127 * width).all())


def prune(caches: Path, keep: str) -> Path:
    """Delete the compiled graphs of other configurations than `keep`; return the folder of that one."""
    if caches.is_dir():
        for folder in caches.iterdir():
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)
    return caches / keep
