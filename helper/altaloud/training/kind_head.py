"""The last word on kinds: a small perceptron over what the network sees and what counting says.

Fitted on pictures that trained nothing: validation drawings, photographs and icons, and real tuning pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from altaloud.training.classes import KINDS
from altaloud.vision.starter_model import kind_evidence

NAMES = ("icon", *KINDS)
# Chosen by fourfold cross-validation on the tuning pictures.
_HIDDEN = 24
_STIFFNESS = 1e-3  # of the squared weights, against fitting a few hundred pictures by heart
_REAL_COUNTS = 6.0  # a real picture counts as much as so many drawn ones


@dataclass(frozen=True, slots=True)
class KindHead:
    """Weights over standardised evidence: a layer of tanh, then a row for icons and for each kind."""

    mean: list[float]
    spread: list[float]
    inner: list[list[float]]
    inner_bias: list[float]
    outer: list[list[float]]
    outer_bias: list[float]


@dataclass(frozen=True, slots=True)
class Example:
    """What one picture gives to fit on."""

    probabilities: NDArray[np.float64]
    traits: NDArray[np.float64]
    truth: str  # one of `NAMES`
    is_real: bool


def neutral(inputs: int) -> KindHead:
    """Return a head that sees nothing, to look at pictures before there is one."""
    many = len(NAMES)
    return KindHead([0.0] * inputs, [1.0] * inputs, [[0.0] * inputs], [0.0], [[0.0]] * many, [0.0] * many)


def fit(examples: Sequence[Example], icons: int) -> KindHead:
    """Return the head that fits best; the rarer a kind, the more each of its pictures counts."""
    seen = np.stack([kind_evidence(one.probabilities, one.traits, icons) for one in examples])
    truth = torch.tensor([NAMES.index(one.truth) for one in examples])
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    inputs = torch.from_numpy((seen - mean) / spread).float()
    importance = 1 / torch.bincount(truth, minlength=len(NAMES)).clamp(min=1).sqrt()[truth]
    importance *= torch.tensor([_REAL_COUNTS if one.is_real else 1.0 for one in examples])
    importance /= importance.mean()
    torch.manual_seed(0)
    inner, outer = torch.nn.Linear(inputs.shape[1], _HIDDEN), torch.nn.Linear(_HIDDEN, len(NAMES))
    parameters = [*inner.parameters(), *outer.parameters()]
    optimiser = torch.optim.LBFGS(parameters, max_iter=250, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        scores = outer(torch.tanh(inner(inputs)))
        wrong = torch.nn.functional.cross_entropy(scores, truth, reduction="none")
        total = (wrong * importance).mean() + _STIFFNESS * sum((p**2).sum() for p in parameters)
        total.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        return float(total.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # likewise
    return KindHead(
        mean=_rounded(mean),
        spread=_rounded(spread),
        inner=[_rounded(row) for row in inner.weight.detach().numpy()],
        inner_bias=_rounded(inner.bias.detach().numpy()),
        outer=[_rounded(row) for row in outer.weight.detach().numpy()],
        outer_bias=_rounded(outer.bias.detach().numpy()),
    )


def _rounded(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), 5) for value in values]
