"""Right or wrong, how sure one may be of a share, and how honest the confidences are."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from altaloud.training.collection import Collection, Icon

_Z = 1.96  # of a 95 % interval
_BINS = 15


@dataclass(frozen=True, slots=True)
class Share:
    """Some of many, with its 95 % interval after Wilson."""

    some: int
    many: int

    @property
    def value(self) -> float:
        """The share itself; 0 of 0 is 0."""
        return self.some / self.many if self.many else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (Wilson 1927, doi:10.2307/2276774)."""
        if self.many == 0:
            return 0.0, 1.0
        scale = 1 + _Z**2 / self.many
        middle = (self.value + _Z**2 / (2 * self.many)) / scale
        half = _Z * math.sqrt(self.value * (1 - self.value) / self.many + _Z**2 / (4 * self.many**2)) / scale
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%}; {self.some:,} of {self.many:,})"


class Acceptable:
    """Which names may be said for an icon: its label, a near one, or one that has the pack's own name."""

    def __init__(self, collection: Collection, judged: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take the labels' word, or also that of eyes on disputed drawings (`judged_names`)."""
        self._labels = collection.labels
        self._synonyms = {name: frozenset(label.synonyms) for name, label in collection.labels.items()}
        self._judged = judged or {}

    def __call__(self, said: str, icon: Icon) -> bool:
        """Return whether `said`, a label, is right for the icon."""
        if said == icon.label or said in self._judged.get(f"{icon.pack}/{icon.name}", ()):
            return True
        if icon.label not in self._labels:
            return False  # an icon outside the vocabulary has no right name
        near = said in self._labels[icon.label].near or icon.label in self._labels[said].near
        own = icon.name.replace("-", " ").replace("_", " ").lower()
        return near or own in self._synonyms[said]


def judged_names() -> dict[str, list[str]]:
    """Return names that are right for drawings of validation and test packs against their labels.

    Labels come from the packs' names, which nobody checked: a laptop called "notebook" is labelled as a book,
    "zoomin" as nothing. Every name said against its label (dark on white, and as pages mix them) was looked
    at in a contact sheet. Names said with the label were not looked at.
    """
    held: dict[str, list[str]] = json.loads((Path(__file__).parent / "judged.json").read_text("utf-8"))
    return held


def calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the mean distance between confidence and accuracy over 15 equal bins, weighted by size."""
    places = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for place in np.unique(places):
        inside = places == place
        error += inside.mean() * abs(float(confidences[inside].mean()) - float(right[inside].mean()))
    return error
