"""Names, kinds and thresholds: fitted on validation pictures, never on what trains or tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from altaloud.training import kind_head, naming_fit
from altaloud.training.classes import Classes
from altaloud.training.measuring import HARMLESS, Seen
from altaloud.training.scoring import Acceptable
from altaloud.vision.kinds import Kind
from altaloud.vision.starter_model import StarterModel, kind_evidence
from altaloud.vision.starter_traits import NAMES as TRAITS

# Somewhat above what is promised (97 %, 2 %, 0.5 %), as other packs will be somewhat worse.
_PRECISION = 0.974
_UNKNOWN_NAMED = 0.015
_NO_ICON_NAMED = 0.002
_KIND_THRESHOLD = 0.4
_LEAST_DECORATIVE = 0.9
_DECORATIVE_ROOM = 0.02  # above the content that looks most decorative
_NEVER = 1.01
LEAST_RELIABLE = 0.7  # names that fit less often, in the packs trained on, are not said

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What stands beside the network, in `labels.json` and `kinds.npz`."""

    naming: naming_fit.NamingWeights
    reliability: Mapping[str, float]  # by label
    icon_threshold: float
    kind_threshold: float
    decorative_threshold: float
    kind_head: kind_head.KindWeights


def neutral(reliability: Mapping[str, float]) -> Calibration:
    """Return a calibration that names everything, to look at pictures before there is one."""
    head = kind_head.neutral(len(kind_head.NAMES) + len(TRAITS))
    return Calibration(naming_fit.neutral(), reliability, 0.0, 0.0, _NEVER, head)


def fit(
    icons: Sequence[Seen],
    others: Sequence[Seen],
    tuning: Sequence[Seen],
    *,
    classes: Classes,
    acceptable: Acceptable,
    judged: Acceptable,
    reliability: Mapping[str, float],
    loaded: Callable[[Calibration], StarterModel],
) -> Calibration:
    """Return what the pictures support.

    Args:
        icons: Validation icons, looked at with the neutral calibration.
        others: Pictures that are no icons, or icons of unknown name, looked at likewise.
        tuning: Real pictures of any kind; of icons among them the name is not known.
        classes: The classes.
        acceptable: Which names are right, by the labels.
        judged: The same, disputed drawings looked at; for icons outside the vocabulary.
        reliability: How often a name fits, in the packs trained on.
        loaded: Returns the model with a calibration, to see what it would decide.
    """
    model = loaded(neutral(reliability))
    naming = naming_fit.fit(
        [model.witnesses(one.probabilities)[1] for one in icons], _right(icons, acceptable)
    )
    pictures = [*icons, *others, *tuning]
    examples = [
        kind_head.Example(
            probabilities=one.probabilities,
            traits=one.traits,
            # An icon may have the name of a kind: "table" is a sign as well.
            truth="icon" if one.icon is not None else one.truth,
            source=one.source if place >= len(pictures) - len(tuning) else None,
        )
        for place, one in enumerate(pictures)
    ]
    head, held_out = kind_head.fit(examples, classes.other)
    evidence = [kind_evidence(one.probabilities, one.traits, classes.other) for one in [*icons, *others]]
    fitted = head.shares(np.stack(evidence))
    # Everything is named, so that the threshold can be chosen.
    bold = loaded(Calibration(naming, reliability, 0.0, 0.0, _NEVER, head))
    sure = np.array(
        [
            bold.name(one.probabilities)[1] if bold.decide(one.probabilities, one.traits).icon else 0.0
            for one in pictures
        ]
    )
    is_other = np.array([one.truth != "icon" for one in examples])
    unknown = np.array([one.truth not in classes.icons for one in icons])
    right = np.where(unknown, _right(icons, judged), _right(icons, acceptable))
    return Calibration(
        naming=naming,
        reliability=reliability,
        icon_threshold=_icon_threshold(sure[: len(icons)], right, unknown, sure[is_other]),
        kind_threshold=_KIND_THRESHOLD,
        decorative_threshold=_decorative_threshold(pictures, np.concatenate([fitted, held_out])),
        kind_head=head,
    )


def _right(icons: Sequence[Seen], acceptable: Acceptable) -> NDArray[np.bool_]:
    return np.array([one.icon is not None and acceptable(one.best, one.icon) for one in icons])


def _decorative_threshold(pictures: Sequence[Seen], shares: Numbers) -> float:
    """Return a threshold that no content passes, real pictures by heads that never saw their like."""
    place = kind_head.NAMES.index(Kind.decorative.value)
    silenced = [
        float(share) + _DECORATIVE_ROOM
        for one, share in zip(pictures, shares[:, place], strict=True)
        if one.truth not in HARMLESS
    ]
    return min(_NEVER, max([_LEAST_DECORATIVE, *silenced]))


def _icon_threshold(
    sure: Numbers, right: NDArray[np.bool_], unknown: NDArray[np.bool_], sure_others: Numbers
) -> float:
    """Return the lowest threshold that holds all three promises, with room to spare."""
    for threshold in np.arange(0.2, 0.996, 0.005):
        spoken = sure >= threshold
        if (
            (spoken & ~unknown).any()
            and right[spoken & ~unknown].mean() >= _PRECISION
            and (spoken & ~right & unknown).sum() <= _UNKNOWN_NAMED * unknown.sum()
            and (sure_others >= threshold).sum() <= _NO_ICON_NAMED * len(sure_others)
        ):
            return float(threshold)
    return 0.995
