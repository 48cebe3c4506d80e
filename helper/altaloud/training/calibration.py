"""Temperature, kind head and thresholds: fitted on validation pictures, never on what trains or tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from altaloud.training import kind_head
from altaloud.training.classes import Classes
from altaloud.training.measuring import HARMLESS, Seen
from altaloud.training.scoring import Acceptable
from altaloud.vision.kinds import Kind
from altaloud.vision.starter_model import StarterModel
from altaloud.vision.starter_traits import NAMES as TRAITS

# Somewhat above what is promised (97 %, 2 %, 0.5 %), as other packs will be somewhat worse.
_PRECISION = 0.985
_UNKNOWN_NAMED = 0.019
_NO_ICON_NAMED = 0.002
_KIND_THRESHOLD = 0.4
_LEAST_DECORATIVE = 0.95  # silence is the worst mistake; a few hundred pictures show no rarer ones

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What stands beside the network in `labels.json`."""

    temperature: float
    icon_threshold: float
    kind_threshold: float
    decorative_threshold: float
    kind_head: kind_head.KindHead


def neutral() -> Calibration:
    """Return a calibration that changes nothing, to look at pictures before there is one."""
    head = kind_head.neutral(len(kind_head.NAMES) + len(TRAITS))
    return Calibration(1.0, 1.0, 0.0, 1.0, head)


def fit(
    icons: Sequence[Seen],
    others: Sequence[Seen],
    tuning: Sequence[Seen],
    *,
    classes: Classes,
    acceptable: Acceptable,
    loaded: Callable[[Calibration], StarterModel],
) -> Calibration:
    """Return what the pictures support.

    Args:
        icons: Validation icons, looked at with the neutral calibration.
        others: Pictures that are no icons, looked at likewise.
        tuning: Real pictures of any kind; of icons among them the name is not known.
        classes: The classes.
        acceptable: Which names are right.
        loaded: Returns the model with a calibration, to see what it would decide.
    """
    best = np.array([int(one.probabilities[: classes.other].argmax()) for one in icons])
    right = np.array(
        [_is_right(one, classes.icons[place], acceptable) for one, place in zip(icons, best, strict=True)]
    )
    temperature = _temperature(np.stack([one.probabilities for one in icons]), best, right)
    pictures = [*icons, *others, *tuning]
    examples = [
        kind_head.Example(
            probabilities=warmed(one.probabilities, temperature),
            traits=one.traits,
            # An icon may have the name of a kind: "table" is a sign as well.
            truth="icon" if one.icon is not None else one.truth,
            is_real=place >= len(pictures) - len(tuning),
        )
        for place, one in enumerate(pictures)
    ]
    head = kind_head.fit(examples, classes.other)
    # Everything is named and everything decorative is said, so that the thresholds can be chosen.
    bold = loaded(Calibration(temperature, 0.0, 0.0, 0.0, head))
    decided = [bold.decide(one.probabilities, one.traits) for one in examples]
    sure = np.array([guess.confidence if guess.icon else 0.0 for guess in decided])
    is_other = np.array([one.truth != "icon" for one in examples])
    silenced = [
        guess.confidence + 0.01
        for guess, one in zip(decided, pictures, strict=True)
        if guess.kind is Kind.decorative and one.truth not in HARMLESS
    ]
    unknown = np.array([one.truth not in classes.icons for one in icons])
    return Calibration(
        temperature=temperature,
        icon_threshold=_icon_threshold(sure[: len(icons)], right, unknown, sure[is_other]),
        kind_threshold=_KIND_THRESHOLD,
        decorative_threshold=min(0.995, max([_LEAST_DECORATIVE, *silenced])),
        kind_head=head,
    )


def warmed(probabilities: Numbers, temperature: float) -> Numbers:
    """Return probabilities at another temperature than 1."""
    scores = np.log(probabilities.clip(1e-30)) / temperature
    weights = np.exp(scores - scores.max())
    result: Numbers = weights / weights.sum()
    return result


def _is_right(seen: Seen, name: str, acceptable: Acceptable) -> bool:
    return seen.icon is not None and acceptable(name, seen.icon)


def _temperature(probabilities: Numbers, best: NDArray[np.int64], right: NDArray[np.bool_]) -> float:
    """Return the temperature with which the best name's probability says best whether the name is right."""
    scores, places = np.log(probabilities.clip(1e-30)), np.arange(len(best))

    def surprise(temperature: float) -> float:
        weights = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        sure = (weights[places, best] / weights.sum(axis=1)).clip(1e-6, 1 - 1e-6)
        return float(-np.where(right, np.log(sure), np.log(1 - sure)).mean())

    return float(min(np.arange(0.3, 2.01, 0.02), key=surprise))


def _icon_threshold(
    sure: Numbers, right: NDArray[np.bool_], unknown: NDArray[np.bool_], sure_others: Numbers
) -> float:
    """Return the lowest threshold that holds all three promises, with room to spare."""
    for threshold in np.arange(0.2, 0.996, 0.005):
        spoken = sure >= threshold
        if (
            (spoken & ~unknown).any()
            and right[spoken & ~unknown].mean() >= _PRECISION
            and (spoken & ~right)[unknown].mean() <= _UNKNOWN_NAMED
            and (sure_others >= threshold).mean() <= _NO_ICON_NAMED
        ):
            return float(threshold)
    return 0.995
