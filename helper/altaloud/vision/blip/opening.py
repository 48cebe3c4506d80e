"""Which way of running BLIP this computer gets: by the settings, and by trial where they leave it open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import ANSWERER, CAPTIONER, MATCHER
from altaloud.vision.blip.threads import cores
from altaloud.vision.blip.trial import Trial, usable_gpus

if TYPE_CHECKING:
    from altaloud.vision.blip.runtime import Answerer, Captioner, Matcher

Precision = Literal["fastest", "fast", "accurate", "reference"]
Device = Literal["auto", "cpu", "cuda", "mps"]

_OWN_SIDE = 384  # of every published checkpoint, in pixels


@dataclass(frozen=True, slots=True)
class Options:
    """How BLIP is to be run."""

    precision: Precision = "fast"
    device: Device = "auto"
    resolution: int = _OWN_SIDE  # side of the square that pictures become, in pixels
    processor_share: int = 75  # percent of the cores that may be taken while the user works

    @property
    def side(self) -> int | None:
        """The side that is not the checkpoint's own, or None."""
        return self.resolution if self.resolution != _OWN_SIDE else None

    @property
    def threads(self) -> int:
        """As many threads as the share allows, at least one."""
        return max(1, round(cores() * self.processor_share / 100))

    @property
    def wants_fastest(self) -> bool:
        """Whether "fastest" is asked for where it makes a difference: on the processor, or perhaps there."""
        return self.precision == "fastest" and self.device in ("auto", "cpu")

    @property
    def prepared(self) -> Precision:
        """What models are to be made ready for beforehand: "fastest" where it may be used, else "fast"."""
        return "fastest" if self.wants_fastest and self.side is None else "fast"


class Way(Protocol):
    """One way of running the three checkpoints.

    `notes` says in plain words what of the options could not be had.
    """

    notes: list[str]

    def captioner(self, folder: Path, model: str) -> "Captioner":
        """Load the one that captions."""

    def answerer(self, folder: Path, model: str) -> "Answerer":
        """Load the one that answers."""

    def matcher(self, folder: Path, model: str) -> "Matcher":
        """Load the one that judges."""


class ByTorch:
    """Torch, on a GPU."""

    def __init__(self, device: str, options: Options) -> None:
        self._device = device
        self._options = options
        self.notes: list[str] = []

    def captioner(self, folder: Path, model: str) -> "Captioner":
        """Load the one that captions."""
        from altaloud.vision.blip.torch_blip import TorchCaptioner

        precision, side = self._options.precision, self._options.side
        return TorchCaptioner(folder, model=model, device=self._device, precision=precision, side=side)

    def answerer(self, folder: Path, model: str) -> "Answerer":
        """Load the one that answers."""
        from altaloud.vision.blip.torch_blip import TorchAnswerer

        precision, side = self._options.precision, self._options.side
        return TorchAnswerer(folder, model=model, device=self._device, precision=precision, side=side)

    def matcher(self, folder: Path, model: str) -> "Matcher":
        """Load the one that judges."""
        from altaloud.vision.blip.torch_blip import TorchMatcher

        precision, side = self._options.precision, self._options.side
        return TorchMatcher(folder, model=model, device=self._device, precision=precision, side=side)


class ByOpenVino:
    """OpenVINO, on the processor; torch is not loaded."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.notes: list[str] = []

    def captioner(self, folder: Path, model: str) -> "Captioner":
        """Load the one that captions."""
        from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner

        precision, side, threads = self._precision(folder), self._options.side, self._options.threads
        return OpenVinoCaptioner(folder, model=model, precision=precision, side=side, max_threads=threads)

    def answerer(self, folder: Path, model: str) -> "Answerer":
        """Load the one that answers."""
        from altaloud.vision.blip.openvino_blip import OpenVinoAnswerer

        precision, side, threads = self._precision(folder), self._options.side, self._options.threads
        return OpenVinoAnswerer(folder, model=model, precision=precision, side=side, max_threads=threads)

    def matcher(self, folder: Path, model: str) -> "Matcher":
        """Load the one that judges."""
        from altaloud.vision.blip.openvino_blip import OpenVinoMatcher

        precision, side, threads = self._precision(folder), self._options.side, self._options.threads
        return OpenVinoMatcher(folder, model=model, precision=precision, side=side, max_threads=threads)

    def _precision(self, folder: Path) -> Precision:
        """Return the one that is wanted, or "fast" where "fastest" is not known to be good enough."""
        if self._options.precision != "fastest":
            return self._options.precision
        why = why_not_fastest(folder, self._options)
        if why is None:
            return "fastest"
        self.notes.append(why)
        return "fast"


def why_not_fastest(folder: Path, options: Options) -> str | None:
    """Return in one sentence why "fast" is used instead of "fastest"; None where it is not.

    Nothing is judged here: that takes minutes, and an image may be waiting.

    Args:
        folder: An installed model.
        options: How it is to be run.
    """
    from altaloud.vision.blip import judging

    if options.side is not None:
        return (
            f'"fastest" is offered for images of {_OWN_SIDE} pixels alone, and the resolution is '
            f'{options.side}, so "fast" is used instead.'
        )
    found = judging.verdict(folder)
    if found is None:
        return (
            f'"fastest" is not judged yet for {folder.name} on this computer: it is when the helper starts, '
            'and "fast" is used until BLIP is loaded again.'
        )
    return None if found.is_offered else found.reason


def way(device: str, options: Options) -> Way:
    """Return how BLIP is run on `device`."""
    return ByOpenVino(options) if device == "cpu" else ByTorch(device, options)


class Opener:
    """Loads the checkpoints, all on the same device.

    Args:
        checkpoints: Those on this computer.
        options: How they are to be run.
        models: The folder in which the outcome of a trial is kept.
        way: Makes the way of running BLIP on a device.
        gpus: Tells which GPUs there are.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        options: Options,
        *,
        models: Path,
        way: Callable[[str, Options], Way] = way,
        gpus: Callable[[], list[str]] = usable_gpus,
    ) -> None:
        self._checkpoints = checkpoints
        self._options = options
        self._make_way = way
        self._trial = Trial(checkpoints, options, models, way, gpus=gpus)
        self._way: Way | None = None
        self._notes: list[str] = []

    @property
    def notes(self) -> Sequence[str]:
        """Why it is not what was to be expected, in plain words."""
        return [*self._notes, *(self._way.notes if self._way else ())]

    def captioner(self) -> "Captioner":
        """Load the model that captions.

        Raises:
            ModelMissingError: It is not on this computer.
            ModelDamagedError: Its files cannot be loaded.
            SettingsError: The device of the settings is not there.
        """
        folder = self._checkpoints.installed_folder(CAPTIONER)
        return self._chosen().captioner(folder, self._checkpoints.version(CAPTIONER))

    def answerer(self) -> "Answerer":
        """Load the model that answers questions. Raises as `captioner`."""
        folder = self._checkpoints.installed_folder(ANSWERER)
        return self._chosen().answerer(folder, self._checkpoints.version(ANSWERER))

    def matcher(self) -> "Matcher":
        """Load the model that judges whether a sentence fits. Raises as `captioner`."""
        folder = self._checkpoints.installed_folder(MATCHER)
        return self._chosen().matcher(folder, self._checkpoints.version(MATCHER))

    def fall_back(self) -> None:
        """Load on the processor from now on: the GPU's memory does not hold one picture."""
        self._notes.append("The memory of the GPU is too small, so the processor is used.")
        self._way = self._make_way("cpu", self._options)

    def _chosen(self) -> Way:
        if self._way is None:
            self._way = self._make_way(self._trial.device(), self._options)
            self._notes += self._trial.notes
        return self._way
