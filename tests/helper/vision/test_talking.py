"""BLIP in the engine: pictures in batches, a GPU that is too small, a device that is not there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from altaloud.errors import DeviceFullError, SettingsError
from altaloud.vision.album import Album, Small, shrunk
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.opening import ByTorch, Opener, Options
from altaloud.vision.blip.pins import CAPTIONER
from altaloud.vision.blip.runtime import Captioner, Pixels, Steps, finish
from altaloud.vision.blip.torch_blip import Seen, TorchCaptioner
from altaloud.vision.desk import Desk
from altaloud.vision.engine_process import Models
from altaloud.vision.talking import Talking
from checkpoints import install_random
from drawings import drawing

SIDE = 96
PICTURES = [shrunk(drawing(seed), SIDE) for seed in range(7)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    torch.set_num_threads(1)  # they wait for each other busily, which takes minutes where other work goes on
    models = tmp_path_factory.mktemp("models")
    install_random(models, CAPTIONER)
    return models


class Batching(TorchCaptioner):
    """A captioner that takes four pictures together, and notes how many it took; or holds not one."""

    def __init__(self, folder: Path, model: str, *, device: str) -> None:
        super().__init__(folder, model=model, batch=4)
        self.device = device
        self.taken: list[int] = []

    def _see(self, pictures: Sequence[Pixels]) -> Steps[list[Seen]]:
        self.taken.append(len(pictures))
        if self.device == "cuda":
            raise DeviceFullError("the memory of cuda does not hold one picture")
        return (yield from super()._see(pictures))


class Way(ByTorch):
    """As on a GPU, on whatever is here."""

    made: Batching | None = None

    def __init__(self, device: str, options: Options) -> None:
        super().__init__("cpu", options)
        self._named = device

    def captioner(self, folder: Path, model: str) -> Captioner:
        Way.made = Batching(folder, model, device=self._named)
        return Way.made


def talking(models: Path, album: Album, *, device: Any = "cpu", gpus: Sequence[str] = ()) -> Talking:
    options = Options(precision="reference", device=device)
    opener = Opener(Checkpoints(models), options, models=models, way=Way, gpus=lambda: list(gpus))
    return Talking(models, options, album, opener=opener)


def header(picture: Small, **more: object) -> dict[str, Any]:
    values = {"width": SIDE, "height": SIDE, "columns": SIDE, "rows": SIDE, "fingerprint": "00" * 32}
    told = {**values, "transparent": 0.0, "format": "PNG"}
    asked = {"question": "caption", "picture": told, "keep": None, "prompt": "", "best_of_several": False}
    return {**asked, **more}


def test_captions_that_wait_are_made_together_and_a_focused_one_is_not_kept_waiting(models: Path) -> None:
    album = Album(max_bytes=10_000_000)
    desk = Desk(Models(talking(models, album), album, threads=1, idle_seconds=60))
    answers: dict[int, Any] = {}

    def ask(number: int, urgency: int) -> None:
        desk.add(number, urgency, header(PICTURES[number]), PICTURES[number].pixels, is_alone=False)

    def work_off() -> None:
        while not desk.is_empty:
            answers.update(desk.advance(desk.take()))

    ask(0, 0)
    work_off()  # loads the model, which then says how many it takes together
    for number in range(1, 6):
        ask(number, 2)
    ask(6, 0)
    work_off()

    assert Way.made is not None
    assert Way.made.taken == [1, 1, 4, 1]
    alone = TorchCaptioner(models / CAPTIONER, model="caption-base@82a3776")
    for number, picture in enumerate(PICTURES):
        (expected,) = finish(alone.caption(finish(alone.see([picture]))))
        assert answers[number][0]["caption"]["token_ids"] == expected.token_ids
        assert answers[number][0]["blip"]["batch"] == 4


def test_a_gpu_that_holds_not_one_picture_is_left_for_the_processor_and_the_status_says_so(
    models: Path,
) -> None:
    album = Album(max_bytes=10_000_000)
    speaker = talking(models, album, device="cuda", gpus=("cuda",))

    ((caption, _),) = finish(speaker.captions([(None, PICTURES[0])]))

    assert caption.token_ids
    state = speaker.state()
    assert state["device"] == "cpu"
    assert state["notes"] == ["The memory of the GPU is too small, so the processor is used."]


def test_a_device_of_the_settings_that_is_not_there_is_told(models: Path) -> None:
    speaker = talking(models, Album(max_bytes=1000), device="mps")

    with pytest.raises(SettingsError, match="mps"):
        finish(speaker.captions([(None, PICTURES[0])]))
