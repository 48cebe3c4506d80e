"""What the shipped model makes of pictures: the figures of the model card.

Everything goes through `StarterModel` as the engine runs it, picture by picture: preparation, converted
network, thresholds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from altaloud.training.classes import KINDS, Classes
from altaloud.training.collection import Icon
from altaloud.training.samples import Sample
from altaloud.training.scoring import Acceptable, Share, calibration_error
from altaloud.vision.kinds import Kind
from altaloud.vision.starter_model import StarterGuess, StarterModel

Numbers = NDArray[np.float64]

HARMLESS = ("decorative", "blank")  # nothing is lost when these are passed over in silence
PRODUCT_KINDS = {
    **dict.fromkeys(("bar chart", "line chart", "pie chart", "scatter chart", "diagram"), Kind.chart),
    "illustration": Kind.unknown,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture, what it truly is, and what the model made of it."""

    truth: str  # a label, "other icon", or a trained kind
    source: str
    icon: Icon | None
    probabilities: Numbers
    best: str  # the likeliest name, said or not
    sureness: float  # of that name
    guess: StarterGuess
    canonical: NDArray[np.uint8]
    traits: Numbers


class Looker:
    """The shipped model, asked about many pictures."""

    def __init__(self, folder: Path) -> None:
        self.model = StarterModel(folder)

    def look(self, samples: Iterable[Sample]) -> list[Seen]:
        """Look at pictures one by one, as the engine does."""
        seen = []
        for sample in samples:
            probabilities = self.model.probabilities(sample.canonical)
            guess = self.model.decide(probabilities, sample.traits)
            picture = sample.canonical, sample.traits
            best = self.model.name(probabilities)
            seen.append(Seen(sample.truth, sample.source, sample.icon, probabilities, *best, guess, *picture))
        return seen


@dataclass(frozen=True, slots=True)
class IconFigures:
    """How well icons are named."""

    strict: Share  # best name is the label, whatever the confidence
    lenient: Share  # the same, near names and synonyms right
    precision: Share  # of names said
    coverage: Share  # named, of those that have a name here
    precision_at_65: Share  # if the threshold were set to name 65 %
    unknown_named: Share  # of icons outside the vocabulary; not those whose name was judged right
    calibration: float
    kind: Share  # known to be an icon


def icon_figures(seen: Sequence[Seen], classes: Classes, acceptable: Acceptable) -> IconFigures:
    """Measure icons: those with a name here, and "other icon" apart."""
    named = [one for one in seen if one.truth in classes.icons]
    unknown = [one for one in seen if one.truth not in classes.icons]
    right = _right(named, acceptable)
    sure = np.array([one.sureness for one in named])
    spoken = np.array([one.guess.icon is not None for one in named])
    covered = np.argsort(-sure)[: round(0.65 * len(named))]
    all_sure = np.array([one.sureness for one in (*named, *unknown)])
    unknown_right = _right(unknown, acceptable)
    named_wrongly = np.array([one.guess.icon is not None for one in unknown], dtype=bool) & ~unknown_right
    all_right = np.concatenate([right, unknown_right])
    return IconFigures(
        strict=Share(sum(one.best == one.truth for one in named), len(named)),
        lenient=Share(int(right.sum()), len(named)),
        precision=Share(int((right & spoken).sum()), int(spoken.sum())),
        coverage=Share(int(spoken.sum()), len(named)),
        precision_at_65=Share(int(right[covered].sum()), len(covered)),
        unknown_named=Share(int(named_wrongly.sum()), len(unknown)),
        calibration=calibration_error(all_sure, all_right),
        kind=Share(sum(one.guess.kind is Kind.icon for one in seen), len(seen)),
    )


def _right(seen: Sequence[Seen], acceptable: Acceptable) -> NDArray[np.bool_]:
    return np.array([one.icon is not None and acceptable(one.best, one.icon) for one in seen], dtype=bool)


def product_kind(truth: str) -> Kind:
    """Return what the product calls a trained kind; labels of icons are icons."""
    if truth in PRODUCT_KINDS:
        return PRODUCT_KINDS[truth]
    return Kind(truth) if truth in KINDS else Kind.icon


def kind_right(seen: Sequence[Seen]) -> Share:
    """Return how many kinds are right; saying "unknown" of a known kind is wrong."""
    return Share(sum(one.guess.kind is product_kind(one.truth) for one in seen), len(seen))


def kind_right_when_said(seen: Sequence[Seen]) -> Share:
    """Return how many kinds are right among those that are said."""
    said = [one for one in seen if one.guess.kind is not Kind.unknown]
    return Share(sum(one.guess.kind is product_kind(one.truth) for one in said), len(said))


def named_though_no_icon(seen: Sequence[Seen]) -> Share:
    """Return how many pictures that are no icons were given an icon's name."""
    others = [one for one in seen if product_kind(one.truth) is not Kind.icon]
    return Share(sum(one.guess.icon is not None for one in others), len(others))


def content_called_decorative(seen: Sequence[Seen]) -> Share:
    """Return how many pictures with content were called decorative or blank."""
    content = [one for one in seen if one.truth not in HARMLESS]
    return Share(sum(one.guess.kind in (Kind.decorative, Kind.blank) for one in content), len(content))


def confusion(seen: Sequence[Seen]) -> dict[str, dict[str, int]]:
    """Return how often each true kind (row) was called what (column)."""
    table: dict[str, dict[str, int]] = {}
    for one in seen:
        row = table.setdefault(
            product_kind(one.truth).value if one.truth != "illustration" else one.truth, {}
        )
        row[one.guess.kind.value] = row.get(one.guess.kind.value, 0) + 1
    return table


def worst_labels(
    seen: Sequence[Seen], classes: Classes, acceptable: Acceptable
) -> list[tuple[str, Share, str]]:
    """Return the twenty labels named worst, and what they are taken for; labels seen five times or more."""
    groups: dict[str, list[str]] = {}
    wrong: dict[str, list[str]] = {}
    for one in seen:
        if one.truth not in classes.icons or one.icon is None:
            continue
        groups.setdefault(one.truth, []).append(one.best)
        if not acceptable(one.best, one.icon):
            wrong.setdefault(one.truth, []).append(one.best)
    rows = []
    for label, names in groups.items():
        mistaken = wrong.get(label, [])
        if len(names) >= 5:
            usual = max(set(mistaken), key=mistaken.count) if mistaken else ""
            rows.append((label, Share(len(names) - len(mistaken), len(names)), usual))
    return sorted(rows, key=lambda row: (row[1].value, -row[1].many))[:20]
