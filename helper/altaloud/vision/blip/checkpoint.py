"""The models on this computer: which there are, getting them, checking them, removing them.

One folder a model, named as the model; `<name>.partial` is one on its way. A folder has its plain
name only when it is whole, so that looking for it is enough. Looking is all that the engine does, so what
downloads and converts is only loaded for that.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from altaloud.errors import (
    DiskFullError,
    ModelBusyError,
    ModelError,
    ModelMissingError,
    UnknownModelError,
)
from altaloud.vision.blip.digests import Record
from altaloud.vision.blip.hub import PUBLIC_HUB, WAITS_SECONDS
from altaloud.vision.blip.pins import WEIGHTS, Pin, load_pins
from altaloud.vision.blip.progress import Meter, Progress, Report

__all__ = ["Checkpoints", "Entry", "Progress", "Report"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One model, as a list shows it."""

    name: str
    repository: str
    revision: str
    licence: str
    download_bytes: int  # without the small files whose size only the hub knows
    state: Literal["installed", "partial", "absent"]
    disk_bytes: int  # what it takes now, whole or in part

    @property
    def is_installed(self) -> bool:
        """Whether it can be used."""
        return self.state == "installed"


def free_bytes(path: Path) -> int:
    """Return the room left on the disk of `path`."""
    import shutil

    return shutil.disk_usage(path).free


class Checkpoints:
    """The models kept in one folder.

    Args:
        folder: Made when something is downloaded.
        pins: What may be downloaded; by default those that ship with the product.
        endpoint: The hub; by default the one that HF_ENDPOINT names, else the public one.
        waits_seconds: Before each further try after a cut.
        free_bytes: Tells the room left on a path's disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pins: Mapping[str, Pin] | None = None,
        endpoint: str | None = None,
        waits_seconds: Sequence[float] = WAITS_SECONDS,
        free_bytes: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._folder = folder
        self._pins = load_pins() if pins is None else pins
        self._endpoint = endpoint or os.environ.get("HF_ENDPOINT") or PUBLIC_HUB
        self._waits_seconds = waits_seconds
        self._free_bytes = free_bytes

    def list(self) -> tuple[Entry, ...]:
        """Return every model there is, installed or not."""
        return tuple(self._entry(pin) for pin in self._pins.values())

    def size(self, name: str) -> int:
        """Return the bytes that a download fetches, for the user to agree to first.

        Raises:
            UnknownModelError: No model of that name.
        """
        return self._pin(name).download_bytes

    def is_installed(self, name: str) -> bool:
        """Whether the whole model is here, at the revision that is pinned. Looks, does not check digests."""
        pin = self._pin(name)
        record = Record.read(self._folder / name)
        return record is not None and record.revision == pin.revision

    def is_blip(self, name: str) -> bool:
        """Whether graphs are made of it.

        Raises:
            UnknownModelError: No model of that name.
        """
        return self._pin(name).is_blip

    def version(self, name: str) -> str:
        """Return name and revision, as captions carry it, such as "caption-base@82a3776".

        Raises:
            UnknownModelError: No model of that name.
        """
        return self._pin(name).model

    def installed_folder(self, name: str) -> Path:
        """Return the folder of an installed model.

        Raises:
            UnknownModelError, ModelMissingError
        """
        if not self.is_installed(name):
            raise ModelMissingError(
                f"{name} is not on this computer",
                advice=f"Run `altaloud models download {name}` once, while online.",
            )
        return self._folder / name

    def download(self, name: str, progress: Report = lambda _: None, *, precision: str = "fast") -> None:
        """Fetch, check and convert a model; returns when it is ready to run, at once if it is already.

        Where `precision` is "fastest", that is calibrated and judged, too: it takes some minutes, and the
        memory of the network in float32, so nobody else is to pay for it.

        What is there when this ends early, by an error, by Ctrl+C, by whatever `progress` raises, or by
        a kill, is kept for the next call, which goes on with it.

        Raises:
            UnknownModelError: No model of that name.
            ModelBusyError: Another process is at it.
            DiskFullError: Too little room; said before the first byte is fetched.
            DownloadError: The hub cannot be reached or refuses.
            ModelDamagedError: What came is not what was pinned; the file is deleted.
        """
        from altaloud.vision.blip import conversion, judging
        from altaloud.vision.blip.download import Download

        pin = self._pin(name)
        with _disk_errors(name), self._alone(name):
            meter = Meter(name, progress)
            if not self.is_installed(name):
                Download(
                    pin,
                    self._folder,
                    meter,
                    endpoint=self._endpoint,
                    waits_seconds=self._waits_seconds,
                    free_bytes=self._free_bytes,
                ).run()
            if pin.is_blip:
                model = self._folder / name
                conversion.ensure(model, lambda done, total: meter.at("converting", "graphs", done, total))
                if precision != "fastest":
                    return
                size = (model / WEIGHTS).stat().st_size  # so that it is told in bytes, like the rest
                judging.ensure(
                    model, lambda done, total: meter.at("converting", precision, size * done // total, size)
                )

    def verify(self, name: str, progress: Report = lambda _: None) -> None:
        """Read every byte of an installed model and of what was made from it, and compare.

        Damaged graphs count for nothing afterwards, and are made anew as if there were none.

        Raises:
            UnknownModelError, ModelMissingError
            ModelDamagedError: Names the files that are not as they were, or do not belong there.
        """
        from altaloud.vision.blip import verifying

        folder = self.installed_folder(name)
        meter = Meter(name, progress)
        with _disk_errors(name):
            verifying.verify(folder, self._pins[name], lambda *moment: meter.at("checking", *moment))

    def remove(self, name: str) -> int:
        """Delete a model and whatever part of it was fetched; return the bytes freed, 0 if none was there.

        Raises:
            UnknownModelError: No model of that name.
            ModelBusyError: It is being downloaded.
            ModelError: The system does not let go of it.
        """
        from altaloud.vision.blip.download import remove_folder

        self._pin(name)
        if not self._folder.exists():
            return 0
        with _disk_errors(name), self._alone(name):
            left = [path for end in ("removed", "partial") for path in self._folder.glob(f"{name}.*.{end}")]
            folders = [*self._parts(name), *left]
            freed = sum(map(_folder_bytes, folders))
            for folder in folders:
                remove_folder(folder)
        return freed

    def _pin(self, name: str) -> Pin:
        try:
            return self._pins[name]
        except KeyError:
            raise UnknownModelError(f"there is no model named {name}") from None

    def _entry(self, pin: Pin) -> Entry:
        parts = self._parts(pin.name)
        state: Literal["installed", "partial", "absent"] = "partial" if parts else "absent"
        return Entry(
            name=pin.name,
            repository=pin.repository,
            revision=pin.revision,
            licence=pin.licence,
            download_bytes=pin.download_bytes,
            state="installed" if self.is_installed(pin.name) else state,
            disk_bytes=sum(map(_folder_bytes, parts)),
        )

    def _parts(self, name: str) -> tuple[Path, ...]:
        folders = (self._folder / name, self._folder / f"{name}.partial", *self._made(name))
        return tuple(folder for folder in folders if folder.is_dir())

    def _made(self, name: str) -> tuple[Path, ...]:
        """Return where the graphs are that were made from a model, or will be."""
        from altaloud.vision.blip import calibration, conversion

        model = self._folder / name
        return conversion.folder_of(model), calibration.folder_of(model)

    @contextlib.contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Hold the model's lock, which the system lets go of when this process dies."""
        from filelock import FileLock, Timeout

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{name}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise ModelBusyError(f"another process is downloading or removing {name}") from error
        try:
            yield
        finally:
            lock.release()


@contextlib.contextmanager
def _disk_errors(name: str) -> Iterator[None]:
    """Say in our words what the disk refuses."""
    try:
        yield
    except BrokenPipeError:  # of whoever was told the progress; the disk knows no pipes
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"the disk is full; what is there of {name} is kept") from error
        raise ModelError(
            f"cannot write the files of {name}: {error.strerror}",
            advice="Stop the helper with `altaloud stop` and make sure that its folder is yours to write.",
        ) from error


def _folder_bytes(folder: Path) -> int:
    """Return the room that a folder takes, also while a download or a removal changes it."""
    total = 0
    for place, _, names in os.walk(folder):  # passes over a folder that has just gone
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += Path(place, name).stat().st_size
    return total
