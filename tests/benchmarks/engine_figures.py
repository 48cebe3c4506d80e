"""The engine at work, with a full-size random checkpoint: a page of photographs, a focused one among them,
its memory, and what questions and the choice among captions cost.

The weights are random and the figures are not: the work is the same whatever the numbers in it.
"""

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
from PIL import Image

from altaloud.vision.album import Album, Small, shrunk
from altaloud.vision.blip.conversion import ensure
from altaloud.vision.blip.opening import Options
from altaloud.vision.blip.pins import ANSWERER, CAPTIONER, MATCHER
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.runtime import finish
from altaloud.vision.talking import Talking
from benchmarks.result import Result
from checkpoints import install_random
from end_to_end.api_client import ApiClient
from end_to_end.conftest import EXAMPLES
from end_to_end.helper_process import Helper

FULL_SIZE = {"hidden": 768, "layers": 12, "heads": 12, "side": 384}
_IMAGES = 100
_BASELINE_IMAGES = 5  # of the same page, one after the other; their mean stands for all
_PHOTOGRAPH = EXAMPLES / "photograph.webp"


def page_of_photographs(folder: Path) -> Iterator[Result]:
    """Describe a page's 100 distinct photographs at once; then a focused one while they wait; memory."""
    with _helper(folder) as helper:
        pages = [_photographs(count, first) for first, count in ((0, _IMAGES), (1000, _IMAGES))]
        with _client(helper) as client:
            _caption(client, _photographs(1, 5000)[0])  # loads the model
            alone = median(_seconds(partial(_caption, client, image)) for image in _photographs(5, 6000))
            began = time.perf_counter()
            with ThreadPoolExecutor(_IMAGES) as askers:
                captions = list(askers.map(lambda image: _caption(client, image), pages[0]))
            page = time.perf_counter() - began
            focused = _focused_seconds(client, pages[1])
            engine = psutil.Process(client.status()["engine"]["pid"])
            peak = _peak_megabytes(engine)
        assert len(set(captions)) > _IMAGES // 10  # parts of one photograph, told by a random network
    one_by_one = _sequential_seconds(folder, pages[0][:_BASELINE_IMAGES]) * _IMAGES / _BASELINE_IMAGES
    yield Result("page of 100 photographs, all described", round(page, 2), "s", round(one_by_one, 2))
    yield Result("photograph, focused, alone", round(alone, 3), "s")
    yield Result("photograph, focused, while 100 wait", round(focused, 3), "s", round(alone, 3))
    yield Result("engine peak, resident, after that page", peak, "MB")


def questions_and_choices(folder: Path) -> Iterator[Result]:
    """Measure questions, the first and a further one, judging, and the best of several, against a caption."""
    models = folder / "models"
    for name in (CAPTIONER, ANSWERER, MATCHER):
        ensure(install_random(models, name, **FULL_SIZE))  # as at the end of a download
    pictures = [_small(seed) for seed in range(4)]
    plain = Talking(_only(models, folder / "plain", CAPTIONER), Options(), Album(max_bytes=48_000_000))
    whole = Talking(models, Options(), album := Album(max_bytes=48_000_000))
    for number, picture in enumerate(pictures):
        album.keep(f"{number}", picture)
    ways: dict[str, Callable[[int], object]] = {
        "caption": lambda n: finish(plain.captions([(None, pictures[n])])),
        "caption, judged": lambda n: finish(whole.captions([(None, pictures[n])])),
        "best of several captions": lambda n: finish(whole.best_caption(None, pictures[n])),
        "question, the first": lambda n: finish(whole.answer(f"{n}", pictures[n], "how many dogs?")),
        "question, a further one": lambda n: finish(whole.answer(f"{n}", pictures[n], "is it on a beach?")),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(len(pictures)):
        for name, way in ways.items():  # in turn, so that what else goes on disturbs all alike
            taken[name].append(_seconds(partial(way, number)))
    # The first round loads.
    seconds = {name: round(median(times[1:]), 3) for name, times in taken.items()}
    baseline = seconds.pop("caption")
    yield Result("caption, not judged", baseline, "s")
    for name, value in seconds.items():
        yield Result(name, value, "s", baseline)


@contextmanager
def _helper(folder: Path) -> Iterator[Helper]:
    helper = Helper(folder / "page")
    ensure(install_random(helper.home / "models", CAPTIONER, **FULL_SIZE))
    with helper:
        yield helper


def _focused_seconds(client: ApiClient, page: list[bytes]) -> float:
    """Return how long a focused photograph takes while the others wait in the background."""
    with ThreadPoolExecutor(_IMAGES) as askers:
        waiting: list[Future[str]] = [
            askers.submit(_caption, client, image, priority="background") for image in page
        ]
        while not any(each.done() for each in waiting):
            time.sleep(0.05)
        taken = [
            _seconds(partial(_caption, client, image, priority="focused")) for image in _photographs(5, 9000)
        ]
        assert sum(each.done() for each in waiting) < _IMAGES
        for each in waiting:
            each.cancel()
    return median(taken)


def _caption(client: ApiClient, image: bytes, **request: object) -> str:
    description = client.describe(image, **request)
    assert description["caption"] is not None, description["kind"]
    return str(description["caption"])


def _photographs(count: int, first: int) -> list[bytes]:
    """Return parts of the example photograph, no two alike, as JPEG files."""
    whole = Image.open(_PHOTOGRAPH).convert("RGB")
    made = []
    for number in range(first, first + count):
        random = np.random.default_rng(number)
        width, height = (int(side * random.uniform(0.7, 0.95)) for side in whole.size)
        left, top = (
            int(random.integers(0, rest + 1)) for rest in (whole.width - width, whole.height - height)
        )
        file = io.BytesIO()
        whole.crop((left, top, left + width, top + height)).save(file, "JPEG", quality=90)
        made.append(file.getvalue())
    return made


def _small(seed: int) -> Small:
    image = Image.open(io.BytesIO(_photographs(1, seed)[0]))
    return shrunk(Small(image.width, image.height, image.tobytes()), FULL_SIZE["side"])


def _sequential_seconds(folder: Path, images: list[bytes]) -> float:
    """Return how long transformers takes for the images one after the other, decoding included."""
    import torch
    from transformers import BlipForConditionalGeneration

    network: Any = BlipForConditionalGeneration.from_pretrained(folder / "page" / "models" / CAPTIONER).eval()

    def generate(data: bytes) -> None:
        image = Image.open(io.BytesIO(data)).convert("RGB")
        pixels = preprocess(Small(image.width, image.height, image.tobytes()), FULL_SIZE["side"])
        with torch.inference_mode():
            network.generate(pixel_values=torch.from_numpy(pixels), max_new_tokens=30, do_sample=False)

    generate(images[0])
    return sum(_seconds(partial(generate, image)) for image in images)


def _only(models: Path, other: Path, name: str) -> Path:
    """Return a folder with one of the models."""
    other.mkdir()
    for folder in models.glob(f"{name}*/"):  # its graphs, too
        (other / folder.name).symlink_to(folder, target_is_directory=True)
    return other


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _client(helper: Helper) -> ApiClient:
    return ApiClient(**helper.add_key(), timeout_seconds=600)


def _peak_megabytes(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(kilobytes) * 1024 / 1e6, 1)
