"""Batches to train on and sets to measure on: icons, photographs and drawn kinds, mixed in fixed shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from altaloud.training import augment
from altaloud.training.classes import KINDS, Classes
from altaloud.training.collection import Icon

_NAMED, _OTHER = 0.54, 0.13  # shares of a batch; the rest are kinds
_FEW_COUNT_MORE = 0.4  # a label is drawn as often as its count to this power
_KIND_SHARES = {
    "photo": 0.30,
    "bar chart": 0.06,
    "line chart": 0.06,
    "pie chart": 0.05,
    "scatter chart": 0.05,
    "diagram": 0.06,
    "table": 0.08,
    "text": 0.13,
    "screenshot": 0.11,
    "logo": 0.10,
    "illustration": 0.04,
    "decorative": 0.10,
    "blank": 0.02,
}
_MAY_FLIP = ("photo", "decorative", "illustration")


@dataclass(frozen=True, slots=True)
class Pictures:
    """Canonical pictures and their classes."""

    pixels: NDArray[np.uint8]  # (pictures, side, side, 3)
    classes: NDArray[np.int64]


class IconSet:
    """The icons of one split: where they lie among all drawings, and their classes."""

    def __init__(
        self,
        icons: list[Icon],
        pixels: NDArray[np.uint8],
        classes: Classes,
        split: str,
        set_aside: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        """Take a split's icons, without those whose pack and name are set aside."""
        self.places = np.array(
            [
                i
                for i, icon in enumerate(icons)
                if icon.split == split and (icon.pack, icon.name) not in set_aside
            ]
        )
        self.icons = [icons[place] for place in self.places]
        self.classes = np.array([classes.icon(icon.label) for icon in self.icons], dtype=np.int64)
        self._pixels = pixels

    def drawn(self, chosen: NDArray[Any]) -> tuple[Tensor, Tensor]:
        """Return drawings, float32 (icons, 4, SIDE, SIDE) in 0..1, and which are plain: bool (icons,)."""
        rgba = torch.from_numpy(self._pixels[self.places[chosen]]).permute(0, 3, 1, 2)
        brightest = (rgba[:, :3] * (rgba[:, 3:] > 64)).flatten(1).amax(dim=1)
        return rgba.float() / 255, brightest < 40


class Batches:
    """An endless supply of training batches; the step's number and the seed say what is in one."""

    def __init__(self, icons: IconSet, kinds: Pictures, classes: Classes, *, seed: int) -> None:
        self._icons, self._kinds, self._classes, self._seed = icons, kinds, classes, seed
        self._by_label = {label: np.flatnonzero(icons.classes == label) for label in np.unique(icons.classes)}
        self._labels = np.array([label for label in self._by_label if label != classes.other])
        weights = np.array([len(self._by_label[label]) for label in self._labels]) ** _FEW_COUNT_MORE
        self._label_weights = weights / weights.sum()
        self._by_kind = [np.flatnonzero(kinds.classes == classes.kind(kind)) for kind in KINDS]
        shares = np.array([_KIND_SHARES[kind] for kind in KINDS])
        self._kind_weights = shares / shares.sum()
        self._may_flip = torch.tensor([classes.kind(kind) for kind in _MAY_FLIP])

    def batch(self, size: int, *, step: int, rank: int) -> tuple[Tensor, Tensor]:
        """Return normalised pictures, float32 (size, 3, SIDE, SIDE), and classes, int64 (size,)."""
        numbers = np.random.default_rng([self._seed, step, rank])
        chance = augment.Chance(torch.Generator().manual_seed(int(numbers.integers(2**62))))
        named, other = int(size * _NAMED), int(size * _OTHER)
        labels = numbers.choice(self._labels, named, p=self._label_weights)
        labels = np.concatenate([labels, np.full(other, self._classes.other)])
        chosen = np.array([numbers.choice(self._by_label[label]) for label in labels])
        shown = augment.coarsened(augment.icons(*self._icons.drawn(chosen), chance), 0.4, chance)
        kinds = numbers.choice(len(KINDS), size - named - other, p=self._kind_weights)
        pictures, kind_classes = self._pictures(kinds, numbers, chance)
        both = augment.noisy(torch.cat([shown, pictures]), chance)
        return normalised(both), torch.cat([torch.from_numpy(labels), kind_classes])

    def _pictures(
        self, kinds: NDArray[Any], numbers: np.random.Generator, chance: augment.Chance
    ) -> tuple[Tensor, Tensor]:
        chosen = np.array([numbers.choice(self._by_kind[kind]) for kind in kinds])
        canonical = torch.from_numpy(self._kinds.pixels[chosen]).permute(0, 3, 1, 2).float() / 255
        classes = torch.from_numpy(self._kinds.classes[chosen])
        shown = augment.pictures(canonical, chance, may_flip=torch.isin(classes, self._may_flip))
        return augment.coarsened(shown, 0.08, chance), classes


def normalised(shown: Tensor) -> Tensor:
    """Return pictures in 0..1 as the model wants them; the same numbers as `starter_input.normalise`."""
    return (shown - 0.7) / 0.3
