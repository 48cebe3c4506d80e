"""Everything that training and measuring look at, loaded from the data folder and the cache."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from altaloud.training import augment
from altaloud.training.batches import Batches, IconSet, Pictures, normalised
from altaloud.training.classes import UNNAMED, Classes
from altaloud.training.collection import Collection
from altaloud.training.kinds_cache import AMOUNTS, canonical_file, drawn_kinds, photographs
from altaloud.training.rendering import rendered
from altaloud.vision.starter_input import SIDE

_BATCH = 128
# Far apart, so that no picture is drawn twice.
_FIRST_SEEDS = {"train": 1, "validation": 5_000_000, "test": 9_000_000}


@dataclass(frozen=True, slots=True)
class Sets:
    """One split of the data."""

    classes: Classes
    icons: IconSet
    kinds: Pictures
    pages: Pictures | None  # real ones, to learn from


def load(
    data: Path,
    cache: Path,
    fonts: tuple[Path, ...],
    split: str,
    report: Callable[[str], None],
    *,
    share: float = 1.0,
    doubtful: Path | None = None,
    real: Path | None = None,
) -> Sets:
    """Return one split: its packs' icons, its photographs, and kinds drawn with its own seeds.

    `share` of the pictures of each kind are drawn for training; fewer are ready sooner. Icons that the file
    `doubtful` names, if it is there, are left out. `real` is a folder as `collect` fills it: `teach` is
    learned from.
    """
    collection = Collection(data)
    icons = collection.icons()
    classes = collection.classes
    pixels = rendered(icons, cache)
    if split == "train":
        amounts = {kind: round(many * share) for kind, many in AMOUNTS.items()}
    else:
        amounts = {kind: max(40, many // 20) for kind, many in AMOUNTS.items()}
    drawn, names = drawn_kinds(amounts, cache, fonts, first_seed=_FIRST_SEEDS[split], report=report)
    photos = photographs([photo for photo in collection.photos() if photo.split == split], drawn.shape[1])
    kinds = Pictures(
        np.concatenate([drawn, photos]),
        np.array(
            [classes.kind(name) for name in names] + [classes.kind("photo")] * len(photos), dtype=np.int64
        ),
    )
    pages = pages_of(real / "teach", classes, drawn.shape[1]) if real is not None else None
    return Sets(classes, IconSet(icons, pixels, classes, split, set_aside(doubtful)), kinds, pages)


def pages_of(folder: Path, classes: Classes, side: int) -> Pictures:
    """Return real pictures, one sub-folder a kind, in canonical form; icons among them have no name."""
    files = sorted(folder.glob("*/*.png"))
    kinds = [file.parent.name for file in files]
    return Pictures(
        np.stack([canonical_file(file, side) for file in files]),
        np.array([UNNAMED if kind == "icon" else classes.kind(kind) for kind in kinds], dtype=np.int64),
    )


def set_aside(doubtful: Path | None) -> frozenset[tuple[str, str]]:
    """Return the packs and names of the icons that a file of `cleaning` sets aside."""
    if doubtful is None or not doubtful.exists():
        return frozenset()
    entries = json.loads(doubtful.read_text(encoding="utf-8"))
    return frozenset((entry["pack"], entry["name"]) for entry in entries)


def training_batches(sets: Sets, *, seed: int) -> Batches:
    """Return the endless supply of a split's batches."""
    return Batches(sets.icons, sets.kinds, sets.classes, seed=seed, pages=sets.pages)


@torch.no_grad()
def scores(sets: Sets, model: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
    """Return the model's scores of a split's icons (dark on white) and of its kinds."""
    many = len(sets.icons.icons)
    icons = [
        model(
            normalised(augment.plain_icons(sets.icons.drawn(np.arange(start, min(many, start + _BATCH)))[0]))
        )
        for start in range(0, many, _BATCH)
    ]
    kinds = [
        model(normalised(kind_tensor(sets.kinds, start)))
        for start in range(0, len(sets.kinds.classes), _BATCH)
    ]
    return torch.cat(icons).float(), torch.cat(kinds).float()


def kind_tensor(kinds: Pictures, start: int) -> Tensor:
    """Return a batch of kinds from `start`, reduced to the model's side: float32 in 0..1."""
    pixels = torch.from_numpy(kinds.pixels[start : start + _BATCH]).permute(0, 3, 1, 2).float() / 255
    return torch.nn.functional.interpolate(pixels, size=(SIDE, SIDE), mode="bilinear", antialias=True)


def accuracy(sets: Sets, model: Callable[[Tensor], Tensor]) -> str:
    """Return in one line: icons named strictly right, kinds right."""
    icons, kinds = scores(sets, model)
    truth = torch.from_numpy(sets.icons.classes)
    named = truth < sets.classes.other
    right = (icons.argmax(dim=1) == truth)[named].float().mean().item()
    kind_right = (kinds.argmax(dim=1) == torch.from_numpy(sets.kinds.classes)).float().mean().item()
    return f"validation: icons {right:.1%}, kinds {kind_right:.1%}"
