"""The pictures that the model is measured on, in canonical form, drawn once and kept in the cache."""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from altaloud.training.collection import Collection, Icon
from altaloud.training.drawing import drawn
from altaloud.training.drawing.brush import font_files
from altaloud.training.kinds_cache import AMOUNTS
from altaloud.training.views import View
from altaloud.vision.starter_input import prepare
from altaloud.vision.starter_model import is_one_colour
from altaloud.vision.starter_traits import traits

Canonical = NDArray[np.uint8]  # (SIDE, SIDE, 3)
Seeable = tuple[Canonical, NDArray[np.float64]]

# As `sets` has them: never the seeds of training.
_DRAWN_SEEDS = {"validation": 5_000_000, "test": 9_000_000}


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture and what it truly is."""

    truth: str  # a label, "other icon", or a trained kind
    source: str
    icon: Icon | None
    canonical: Canonical
    traits: NDArray[np.float64]


class Samples:
    """Makes samples of one data folder."""

    def __init__(self, collection: Collection, cache: Path, fonts: tuple[Path, ...]) -> None:
        self._collection = collection
        self._cache = cache
        self._fonts = fonts
        self._icons = collection.icons()

    def icons(self, split: str, view: View, name: str, *, most: int | None = None) -> list[Sample]:
        """Return a split's icons, or `most` of them by chance, each drawn by `view` with its own chance."""
        icons = [icon for icon in self._icons if icon.split == split]
        if most is not None and most < len(icons):
            icons = random.Random(1).sample(icons, most)  # noqa: S311  # not for secrets
        key = "".join(icon.svg for icon in icons)

        def pictures() -> Iterator[NDArray[np.uint8]]:
            for number, icon in enumerate(icons):
                yield view(icon.svg, random.Random(f"{name} {number}"))  # noqa: S311  # not for secrets

        kept = self._kept(f"icons {split} {name} {key}", pictures)
        return [Sample(icon.label, icon.pack, icon, *one) for icon, one in zip(icons, kept, strict=True)]

    def others(self, split: str) -> list[Sample]:
        """Return a split's photographs, and kinds drawn with its seeds."""
        photos = [photo for photo in self._collection.photos() if photo.split == split]
        files = font_files(self._fonts)
        jobs = [
            (kind, _DRAWN_SEEDS[split] + number * len(AMOUNTS) + place)
            for place, (kind, many) in enumerate(AMOUNTS.items())
            for number in range(max(40, many // 20))
        ]

        chance = random.Random(1)  # noqa: S311  # not for secrets

        def pictures() -> Iterator[NDArray[np.uint8]]:
            for photo in photos:
                yield _enlarged(_read(photo.path), chance)
            for kind, seed in jobs:
                yield drawn(kind, seed, files)

        kept = self._kept(f"others {split} {files}", pictures)
        truths = [("photo", photo.source) for photo in photos] + [(kind, "drawn") for kind, _ in jobs]
        return [Sample(truth, source, None, *one) for (truth, source), one in zip(truths, kept, strict=True)]

    def _kept(self, key: str, pictures: Callable[[], Iterator[NDArray[np.uint8]]]) -> list[Seeable]:
        path = self._cache / f"seen-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
        if not path.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            made = [_seeable(picture) for picture in pictures()]
            partial = path.with_suffix(".part.npz")
            np.savez(partial, canonical=np.stack([c for c, _ in made]), traits=np.stack([t for _, t in made]))
            partial.replace(path)
        with np.load(path) as kept:
            return list(zip(kept["canonical"], kept["traits"], strict=True))


def real(folder: Path) -> list[Sample]:
    """Return a folder of real pictures, one sub-folder a kind; "<source>__<number>" names a file.

    A picture of one colour is blank, whatever its folder says: words as white as their page are none.
    """
    samples = []
    for path in sorted(folder.glob("*/*.*")):
        canonical, counted = _seeable(_read(path))
        truth = "blank" if is_one_colour(counted) else path.parent.name
        samples.append(Sample(truth, path.stem.split("__")[0], None, canonical, counted))
    return samples


def _seeable(rgb: NDArray[np.uint8]) -> Seeable:
    canonical = prepare(rgb)
    return canonical, traits(rgb, canonical)


def _enlarged(rgb: NDArray[np.uint8], chance: random.Random) -> NDArray[np.uint8]:
    """Return a photograph of 128 pixels at one of the sizes that pages have."""
    image = Image.fromarray(rgb)
    share = chance.choice([0.4, 0.7, 1.0, 1.5, 2.5, 4.0])
    size = round(image.width * share), round(image.height * share)
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def _read(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
