"""Reading every byte of an installed model, and of the graphs that were made from it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip import calibration, conversion, made
from altaloud.vision.blip.conversion import COMPILED
from altaloud.vision.blip.digests import RECORD, Record
from altaloud.vision.blip.pins import Pin

At = Callable[[str, int, int], None]  # a file's name, the bytes that were read of it, and those there are


def verify(folder: Path, pin: Pin, at: At) -> None:
    """Compare with what was published, then the graphs with what was written.

    Damaged graphs count for nothing afterwards, and are made anew as if there were none. What was compiled of
    them cannot be compared with anything: it is thrown away, and compiled anew within a second.

    Raises:
        ModelDamagedError: Names the files that are not as they were, or do not belong there.
    """
    if wrong := _not_as_published(folder, pin, at):
        raise ModelDamagedError(f"{pin.name}: not as published: {', '.join(sorted(wrong))}")
    shutil.rmtree(conversion.folder_of(folder) / COMPILED, ignore_errors=True)
    damaged = []
    for made_by in (conversion, calibration):
        if made_by.is_current(folder):  # else they count for nothing anyway
            damaged += made.damaged(made_by.folder_of(folder), at)
    if damaged:
        raise ModelDamagedError(
            f"{pin.name}: damaged since they were made from it: {', '.join(sorted(damaged))}",
            advice="They are made anew when the helper is stopped and started, or now by `altaloud models "
            f"download {pin.name}`, which fetches nothing again.",
        )


def _not_as_published(folder: Path, pin: Pin, at: At) -> set[str]:
    record = Record.read(folder)
    if record is None:
        raise ModelDamagedError(f"{pin.name}: {RECORD} cannot be read")
    wanted = {file.name: file for file in record.wanted()}
    # Our pins win over the record, which anything that can change a weight can change as well.
    pinned = {file.name: file.sha256 for file in pin.files if file.sha256}
    wrong = {
        file.name
        for file in wanted.values()
        if file.sha256 != pinned.get(file.name, file.sha256) or not file.is_in(folder, at)
    }
    expected = {*pin.installed_names, RECORD}
    return wrong | {path.name for path in folder.iterdir()} - expected | (expected - {RECORD} - set(wanted))
