"""Batches to train on and sets to measure on: icons, photographs and drawn kinds, mixed in fixed shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from altaloud.training import augment
from altaloud.training.classes import UNNAMED, Classes
from altaloud.training.collection import Icon

_NAMED, _OTHER = 0.54, 0.13  # shares of a batch; the rest are kinds
_FROM_PAGES = 0.45  # of the kinds, where real pages are to be had
_ICONS_FROM_PAGES = 0.2  # of what is from pages; nobody named them
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

    def __init__(
        self, icons: IconSet, kinds: Pictures, classes: Classes, *, seed: int, pages: Pictures | None = None
    ) -> None:
        """Take icons to name, pictures of kinds as they are drawn, and such of real pages, if there are."""
        self._icons, self._classes, self._seed = icons, classes, seed
        self._drawn = _Stock(kinds, classes, icons=0.0)
        self._pages = _Stock(pages, classes, icons=_ICONS_FROM_PAGES) if pages is not None else None
        self._by_label = {label: np.flatnonzero(icons.classes == label) for label in np.unique(icons.classes)}
        self._labels = np.array([label for label in self._by_label if label != classes.other])
        weights = np.array([len(self._by_label[label]) for label in self._labels]) ** _FEW_COUNT_MORE
        self._label_weights = weights / weights.sum()
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
        kinds = size - named - other
        from_pages = int(kinds * _FROM_PAGES) if self._pages is not None else 0
        parts = [
            (shown, torch.from_numpy(labels)),
            self._pictures(self._drawn, kinds - from_pages, numbers, chance),
        ]
        if self._pages is not None:
            parts.append(self._pictures(self._pages, from_pages, numbers, chance))
        everything = augment.noisy(torch.cat([pictures for pictures, _ in parts]), chance)
        return normalised(everything), torch.cat([those for _, those in parts])

    def _pictures(
        self, stock: "_Stock", many: int, numbers: np.random.Generator, chance: augment.Chance
    ) -> tuple[Tensor, Tensor]:
        pixels, classes = stock.some(many, numbers)
        shown = augment.pictures(pixels, chance, may_flip=torch.isin(classes, self._may_flip))
        return augment.coarsened(shown, 0.08, chance), classes


class _Stock:
    """Pictures by kind, of which each kind gives its share, however many it has."""

    def __init__(self, pictures: Pictures, classes: Classes, *, icons: float) -> None:
        self._pictures = pictures
        shares = {classes.kind(kind): (1 - icons) * share for kind, share in _KIND_SHARES.items()}
        shares[UNNAMED] = icons
        self._places = [np.flatnonzero(pictures.classes == number) for number in shares]
        weights = np.array([s if len(p) else 0.0 for s, p in zip(shares.values(), self._places, strict=True)])
        self._weights = weights / weights.sum()

    def some(self, many: int, numbers: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return some by chance: float32 (many, 3, side, side) in 0..1, and their classes."""
        kinds = numbers.choice(len(self._weights), many, p=self._weights)
        chosen = np.array([numbers.choice(self._places[kind]) for kind in kinds])
        pixels = torch.from_numpy(self._pictures.pixels[chosen]).permute(0, 3, 1, 2).float() / 255
        return pixels, torch.from_numpy(self._pictures.classes[chosen])


def normalised(shown: Tensor) -> Tensor:
    """Return pictures in 0..1 as the model wants them; the same numbers as `starter_input.normalise`."""
    return (shown - 0.7) / 0.3
