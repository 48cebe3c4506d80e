"""The device is found by trying, and tried once."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from altaloud.errors import SettingsError
from altaloud.vision.blip import trial
from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.opening import Options
from altaloud.vision.blip.runtime import Answerer, Captioner, Matcher, Pixels, Steps
from altaloud.vision.blip.trial import Trial
from checkpoints import install_random


class Captioning:
    """Takes its time; or cannot be used at all."""

    model, precision, batch, threads = "small@1", "reference", 1, 1

    def __init__(self, device: str, seconds: float) -> None:
        self.device = device
        self._seconds = seconds

    def see(self, pictures: Sequence[Pixels]) -> Steps[Sequence[Any]]:
        yield
        return list(pictures)

    def caption(
        self, features: Sequence[Any], *, prompt: str = "", beams: int = 1
    ) -> Steps[Sequence[Caption]]:
        yield
        if self._seconds < 0:
            raise RuntimeError("no kernel image is available for execution on the device")
        time.sleep(self._seconds)
        return [Caption("a dog", -1.0, (1,), self.model) for _ in features]


class Ways:
    """The ways of a computer whose devices are so fast."""

    def __init__(self, **seconds: float) -> None:
        self._seconds = seconds
        self.tried: list[str] = []

    def __call__(self, device: str, _options: Options) -> "Ways.One":
        self.tried.append(device)
        return Ways.One(device, self._seconds[device])

    class One:
        def __init__(self, device: str, seconds: float) -> None:
            self._made = Captioning(device, seconds)
            self.notes: list[str] = []

        def captioner(self, _folder: Path, _model: str) -> Captioner:
            return self._made

        def answerer(self, _folder: Path, _model: str) -> Answerer:
            raise NotImplementedError

        def matcher(self, _folder: Path, _model: str) -> Matcher:
            raise NotImplementedError


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("models")
    install_random(models)
    return models


@pytest.fixture(autouse=True)
def not_tried_before(models: Path) -> None:
    (models / "fastest-device.json").unlink(missing_ok=True)


def decide(models: Path, ways: Ways, *, gpus: Sequence[str] = ("cuda",), **options: Any) -> Trial:
    return Trial(Checkpoints(models), Options(**options), models, ways, gpus=lambda: list(gpus))


@pytest.mark.parametrize(
    ("seconds", "fastest"), [({"cpu": 0.2, "cuda": 0.0}, "cuda"), ({"cpu": 0.0, "cuda": 0.2}, "cpu")]
)
def test_the_faster_one_is_taken_and_not_tried_again(
    models: Path, seconds: dict[str, float], fastest: str
) -> None:
    ways = Ways(**seconds)

    assert decide(models, ways).device() == fastest
    assert decide(models, ways).device() == fastest
    assert ways.tried == ["cpu", "cuda"]
    decide(models, ways, precision="accurate").device()
    assert ways.tried == ["cpu", "cuda"] * 2


def test_a_gpu_that_does_not_work_is_not_taken_and_why_is_said(models: Path) -> None:
    tried = decide(models, Ways(cpu=0.0, cuda=-1.0))

    assert tried.device() == "cpu"
    assert tried.notes == ["cuda cannot be used: RuntimeError."]


def test_the_devices_of_the_settings_are_not_questioned(models: Path) -> None:
    ways = Ways()

    assert decide(models, ways, device="cpu").device() == "cpu"
    assert decide(models, ways, device="cuda").device() == "cuda"
    assert ways.tried == []
    with pytest.raises(SettingsError, match="mps"):
        decide(models, ways, device="mps").device()


def test_without_a_model_to_try_with_the_gpu_is_taken(tmp_path: Path) -> None:
    assert decide(tmp_path, Ways()).device() == "cuda"
    assert not list(tmp_path.iterdir())


def test_a_computer_without_a_gpu_tries_nothing(models: Path) -> None:
    ways = Ways()

    assert decide(models, ways, gpus=()).device() == "cpu"
    assert ways.tried == []


def test_a_gpu_without_a_driver_is_not_usable() -> None:
    import torch

    assert ("cuda" in trial.usable_gpus()) == torch.cuda.is_available()
