"""From the hub to a whole model in its folder, or to a part that the next run goes on with.

Order of work, so that being killed at any point costs little and never leaves half a model:
room on the disk, each file fetched and checked (small ones first), the pickle converted in a child
process, the record of digests written, the pickle deleted, the folder renamed.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from altaloud.errors import ChildCrashedError, DiskFullError, ModelDamagedError
from altaloud.vision.blip import convert, digests, making
from altaloud.vision.blip.digests import Record, Wanted
from altaloud.vision.blip.hub import Hub
from altaloud.vision.blip.pins import PICKLE, WEIGHTS, Pin
from altaloud.vision.blip.progress import Meter, Phase

SPARE_BYTES = 64 << 20  # left over for the store, the log and the rest of the computer


class Download:
    """One download of one model. The caller holds the model's lock."""

    def __init__(
        self,
        pin: Pin,
        models: Path,
        meter: Meter,
        *,
        endpoint: str,
        waits_seconds: Sequence[float],
        free_bytes: Callable[[Path], int],
    ) -> None:
        self._pin = pin
        self._models = models
        self._partial = models / f"{pin.name}.partial"
        self._meter = meter
        self._endpoint = endpoint
        self._waits_seconds = waits_seconds
        self._free_bytes = free_bytes

    def run(self) -> None:
        """Do what is missing. The errors are those of `Checkpoints.download`."""
        self._partial.mkdir(parents=True, exist_ok=True)
        for leftover in self._partial.glob("*.tmp"):  # of a run that was killed
            leftover.unlink()
        if not self._is_recorded():
            self._fetch_and_record()
        (self._partial / PICKLE).unlink(missing_ok=True)
        self._install()

    def _is_recorded(self) -> bool:
        """Whether an earlier run got as far as the record, and all that it names is whole."""
        record = Record.read(self._partial)
        return (
            record is not None
            and record.revision == self._pin.revision
            and all(
                (self._partial / file.name).exists() and self._is_right(file, self._partial / file.name)
                for file in record.wanted()
            )
        )

    def _fetch_and_record(self) -> None:
        with Hub(self._endpoint, waits_seconds=self._waits_seconds) as hub:
            wanted = sorted(self._wanted(hub), key=lambda file: file.size_bytes)
            self._check_room(self._missing_bytes(wanted) + _converted_bytes(wanted))
            before = 0
            for file in wanted:
                self._fetch(hub, file, before, sum(each.size_bytes for each in wanted))
                before += file.size_bytes
        pickle_digest = None
        if self._pin.has_pickle:
            self._check_room(_converted_bytes(wanted))
            pickle_digest = next(file.sha256 for file in wanted if file.name == PICKLE)
            self._convert()
        self._record(pickle_digest)

    def _wanted(self, hub: Hub) -> tuple[Wanted, ...]:
        """Return every file with what it must be: from our pins, else from the hub's metadata."""
        known = {
            file.name: Wanted(file.name, file.size_bytes, file.sha256)
            for file in self._pin.files
            if file.size_bytes is not None and file.sha256 is not None
        }
        if len(known) == len(self._pin.files):
            return tuple(known.values())
        told = hub.metadata(self._pin)
        for file in self._pin.files:
            if file.size_bytes not in (None, told[file.name].size_bytes):
                raise ModelDamagedError(f"{self._pin.name}: the hub's {file.name} is not the one pinned")
        unknown = {name: file for name, file in told.items() if name not in known}
        digests.refuse_change(self._models, self._pin.model, unknown)
        return (*known.values(), *unknown.values())

    def _missing_bytes(self, wanted: Iterable[Wanted]) -> int:
        there = {path.name: path.stat().st_size for path in self._partial.iterdir()}
        return sum(max(0, file.size_bytes - there.get(file.name, 0)) for file in wanted)

    def _check_room(self, needed_bytes: int) -> None:
        free = self._free_bytes(self._partial)
        if free < needed_bytes + SPARE_BYTES:
            raise DiskFullError(
                f"{self._pin.name} needs {_in_mb(needed_bytes + SPARE_BYTES)} more on the disk, "
                f"and {_in_mb(free)} are free"
            )

    def _fetch(self, hub: Hub, file: Wanted, before: int, total: int) -> None:
        path = self._partial / file.name
        hub.fetch(
            self._pin, file, path, lambda done: self._meter.at("downloading", file.name, before + done, total)
        )
        if not self._is_right(file, path):
            path.unlink()
            raise ModelDamagedError(
                f"{self._pin.name}: the {file.name} that came is not the one that was pinned; it was deleted",
                advice="Try again, perhaps on another network; something on the way changes files.",
            )

    def _is_right(self, file: Wanted, path: Path) -> bool:
        return file.matches(path, self._at("checking", file.name, file.size_bytes))

    def _at(self, phase: Phase, name: str, total: int) -> Callable[[int], None]:
        return lambda done: self._meter.at(phase, name, done, total)

    def _convert(self) -> None:
        """Write the safetensors file beside the pickle, in a process that gives its memory back."""
        source, target = self._partial / PICKLE, self._partial / WEIGHTS
        temporary = self._partial / f"{WEIGHTS}.{os.getpid()}.tmp"
        at = self._at("converting", WEIGHTS, source.stat().st_size)
        command = [sys.executable, "-P", "-m", convert.__name__, str(source), str(temporary)]
        with (
            making.complaints(self._partial) as said,
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
            ) as process,
        ):
            try:
                while process.poll() is None:
                    # Of the same size but for some kilobytes, so this tells how far it is.
                    at(min(_size(temporary), source.stat().st_size - 1))
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(0.2)
            finally:
                process.kill()  # only if `at` raised, which is how a person cancels
            complaint = making.last_line(said)
        if process.returncode == convert.EXIT_REFUSED:
            source.unlink()
            raise ModelDamagedError(f"{self._pin.name}: {complaint}")
        if process.returncode != 0:
            raise ChildCrashedError(
                f"converting {self._pin.name} ended with code {process.returncode}",
                advice="Close other programs to free memory and run the same command again.",
            )
        temporary.replace(target)
        at(source.stat().st_size)

    def _record(self, pickle_digest: str | None) -> None:
        files = {}
        for name in self._pin.installed_names:
            path = self._partial / name
            size = path.stat().st_size
            files[name] = {
                "bytes": size,
                "sha256": digests.sha256(path, self._at("checking", name, size)),
            }
        Record(self._pin.repository, self._pin.revision, files, pickle_digest).write(self._partial)

    def _install(self) -> None:
        """Give the folder its name. An older revision there goes first: its weights cannot be used."""
        target = self._models / self._pin.name
        if target.exists():
            remove_folder(target)
        self._partial.rename(target)


def remove_folder(folder: Path) -> None:
    """Delete a model's folder, so that being killed on the way never leaves half of one in its place."""
    going = folder.with_name(f"{folder.name}.{time.time_ns()}.removed")
    folder.rename(going)
    shutil.rmtree(going)


def _converted_bytes(wanted: Iterable[Wanted]) -> int:
    return sum(file.size_bytes for file in wanted if file.name == PICKLE)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _in_mb(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
