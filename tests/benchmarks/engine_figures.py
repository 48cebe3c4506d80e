"""The engine at work, with a full-size random checkpoint: a page of photographs, a focused one among them,
its memory, and what questions and the choice among captions cost.

The weights are random and the figures are not: the work is the same whatever the numbers in it.
"""

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
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
IMAGES = 100  # of the design's page
_BASELINE_IMAGES = 5  # of the same page, one after the other; their mean stands for all
_PHOTOGRAPH = EXAMPLES / "photograph.webp"


def page_of_photographs(folder: Path, images: int = IMAGES) -> Iterator[Result]:
    """Describe a page's distinct photographs at once; then a focused one while others wait; memory.

    Beside the time there are the processor's seconds, of all processes of the helper: they say more where the
    machine is busy with other work. Both compute with one thread: several would count waiting for each other.
    """
    with _helper(folder) as helper:
        pages = [_photographs(count, first) for first, count in ((0, images), (1000, IMAGES))]
        with _client(helper) as client:
            _caption(client, _photographs(1, 5000)[0])  # loads the model
            alone = median(_seconds(partial(_caption, client, image)) for image in _photographs(5, 6000))
            worked, began = _processor_seconds(helper), time.perf_counter()
            with ThreadPoolExecutor(images) as askers:
                captions = list(askers.map(lambda image: _caption(client, image), pages[0]))
            page, worked = time.perf_counter() - began, _processor_seconds(helper) - worked
        focused, peak = _focused_seconds(helper, pages[1])
    assert len(set(captions)) > images // 10  # parts of one photograph, told by a random network
    one_by_one, theirs = (
        seconds * images / _BASELINE_IMAGES
        for seconds in _sequential_seconds(folder, pages[0][:_BASELINE_IMAGES])
    )
    yield Result(f"page of {images} photographs, all described", round(page, 2), "s", round(one_by_one, 2))
    yield Result("the same, of the processor", round(worked, 2), "s", round(theirs, 2))
    yield Result("photograph, focused, alone", round(alone, 3), "s")
    yield Result(f"photograph, focused, while {IMAGES} wait", round(focused, 3), "s", round(alone, 3))
    yield Result("engine peak, resident, after that page", peak, "MB")


def questions_and_choices(folder: Path) -> Iterator[Result]:
    """Measure questions, the first and a further one, judging, and the best of several, against a caption."""
    models = folder / "models"
    for name in (CAPTIONER, ANSWERER, MATCHER):
        ensure(install_random(models, name, **FULL_SIZE))  # as at the end of a download
    pictures = [_small(seed) for seed in range(4)]
    options = Options(processor_share=1)  # one thread, whose processor seconds are measured
    plain = Talking(_only(models, folder / "plain", CAPTIONER), options, Album(max_bytes=48_000_000))
    whole = Talking(models, options, album := Album(max_bytes=48_000_000))
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
            worked = time.process_time()
            way(number)
            taken[name].append(time.process_time() - worked)
    # The first round loads.
    seconds = {name: round(median(times[1:]), 3) for name, times in taken.items()}
    baseline = seconds.pop("caption")
    yield Result("caption, not judged", baseline, "processor s")
    for name, value in seconds.items():
        yield Result(name, value, "processor s", baseline)


@contextmanager
def _helper(folder: Path) -> Iterator[Helper]:
    helper = Helper(folder / "page", settings="processor_share = 1\n")  # one thread
    ensure(install_random(helper.home / "models", CAPTIONER, **FULL_SIZE))
    helper.start()
    try:
        with _client(helper) as client:
            _caption(client, _photographs(1, 5000)[0])  # compiles, which is kept
        helper.stop()
        helper.start()
        yield helper
    finally:
        helper.stop_if_running()


def _focused_seconds(helper: Helper, page: list[bytes]) -> tuple[float, float]:
    """Return how long a focused photograph takes while a page waits, and the engine's peak in MB.

    The helper is stopped afterwards: nobody needs what still waits then.
    """
    with _client(helper) as waiting, _client(helper) as focused, ThreadPoolExecutor(len(page)) as askers:
        asked: list[Future[str]] = [
            askers.submit(_caption, waiting, image, priority="background") for image in page
        ]
        wait(asked, return_when=FIRST_COMPLETED)
        taken = [
            _seconds(partial(_caption, focused, image, priority="focused")) for image in _photographs(5, 9000)
        ]
        assert sum(each.done() for each in asked) < len(page)
        peak = _peak_megabytes(psutil.Process(focused.status()["engine"]["pid"]))
        helper.stop()
    return median(taken), peak


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


def _sequential_seconds(folder: Path, images: list[bytes]) -> tuple[float, float]:
    """Return how long transformers takes for the images one after the other, decoding included.

    With one thread. First the time, then the processor's.
    """
    import torch
    from transformers import BlipForConditionalGeneration

    torch.set_num_threads(1)
    network: Any = BlipForConditionalGeneration.from_pretrained(folder / "page" / "models" / CAPTIONER).eval()

    def generate(data: bytes) -> None:
        image = Image.open(io.BytesIO(data)).convert("RGB")
        pixels = preprocess(Small(image.width, image.height, image.tobytes()), FULL_SIZE["side"])
        with torch.inference_mode():
            network.generate(pixel_values=torch.from_numpy(pixels), max_new_tokens=30, do_sample=False)

    generate(images[0])
    worked = time.process_time()
    taken = sum(_seconds(partial(generate, image)) for image in images)
    return taken, time.process_time() - worked


def _processor_seconds(helper: Helper) -> float:
    """Return what the helper and its children have taken of the processor so far."""
    root = psutil.Process(helper.runtime["pid"])
    return sum(sum(each.cpu_times()[:2]) for each in (root, *root.children(recursive=True)))


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
