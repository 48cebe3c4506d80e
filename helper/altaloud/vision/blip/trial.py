"""On which device BLIP is fastest here: by trying, since a name says little.

The trial loads the captioner on the processor and on the GPU, which takes seconds; so it is only made where
there seems to be a GPU, and what it said is kept until torch, the model or the settings change.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from altaloud.errors import AltaloudError, ModelError, SettingsError
from altaloud.vision.album import Small
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import CAPTIONER
from altaloud.vision.blip.runtime import finish

if TYPE_CHECKING:
    from altaloud.vision.blip.opening import Options, Way

_FILE = "fastest-device.json"
_SIDE = 384

# What the drivers of a GPU leave in the system, so that torch need not be loaded to see that there is none.
_DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "C:/Windows/System32/nvcuda.dll")


class Trial:
    """Decides on the device.

    Args:
        checkpoints: Of which the captioner is tried, if it is installed.
        options: The device that is wanted, and how it is to be used.
        models: The folder in which the outcome is kept.
        way: Makes the way of running BLIP on a device.
        gpus: Tells which GPUs there are.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        options: "Options",
        models: Path,
        way: "Callable[[str, Options], Way]",
        *,
        gpus: Callable[[], list[str]],
    ) -> None:
        self._checkpoints = checkpoints
        self._options = options
        self._file = models / _FILE
        self._way = way
        self._gpus = gpus
        self.notes: list[str] = []

    def device(self) -> str:
        """Return "cpu", "cuda" or "mps".

        Raises:
            SettingsError: The one of the settings is not there.
        """
        wanted = self._options.device
        if wanted == "cpu":
            return wanted
        if wanted != "auto":
            if wanted not in self._gpus():
                raise SettingsError(f'device = "{wanted}", but torch finds no such GPU')
            return wanted
        gpus = self._gpus()
        if not gpus:
            return "cpu"
        return self._kept() or self._fastest(["cpu", *gpus])

    def _fastest(self, devices: list[str]) -> str:
        if not self._checkpoints.is_installed(CAPTIONER):
            return devices[-1]  # nothing to try with; a GPU that torch can use is most likely faster
        seconds: dict[str, float] = {}
        for device in devices:
            try:
                seconds[device] = self._seconds(device)
            except ModelError:
                raise
            except (RuntimeError, OSError, AltaloudError) as error:
                self.notes.append(f"{device} cannot be used: {type(error).__name__}.")
        best = min(seconds, key=lambda device: seconds[device], default="cpu")
        self._keep(best, seconds)
        return best

    def _seconds(self, device: str) -> float:
        """Return how long one caption takes, once everything is loaded and warm."""
        way = self._way(device, self._options)
        captioner = way.captioner(
            self._checkpoints.installed_folder(CAPTIONER), self._checkpoints.version(CAPTIONER)
        )
        picture = Small(_SIDE, _SIDE, bytes(range(256)) * (_SIDE * _SIDE * 3 // 256))
        taken = 0.0
        for _ in range(2):
            began = time.perf_counter()
            finish(captioner.caption(finish(captioner.see([picture]))))
            taken = time.perf_counter() - began
        return taken

    def _about(self) -> Mapping[str, object]:
        """Return what the outcome holds for."""
        from importlib.metadata import version

        return {
            "torch": version("torch"),
            "model": self._checkpoints.version(CAPTIONER),
            "precision": self._options.precision,
            "resolution": self._options.resolution,
        }

    def _kept(self) -> str | None:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            return str(kept["device"]) if kept["about"] == self._about() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, device: str, seconds: Mapping[str, float]) -> None:
        kept = {"device": device, "seconds_a_caption": seconds, "about": self._about()}
        try:
            self._file.write_text(json.dumps(kept) + "\n", "utf-8")
        except OSError:
            self.notes.append("The outcome of the trial for the fastest device could not be kept.")


def usable_gpus() -> list[str]:
    """Return the GPUs that torch can use; torch is only loaded if there is a driver of one."""
    if sys.platform != "darwin" and not any(Path(driver).exists() for driver in _DRIVERS):
        return []
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [name for name, is_there in there.items() if is_there]
